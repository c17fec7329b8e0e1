//! Hashtags of our statements: which statements have one, how many, and which the union puts forward.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{State, Statement};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::markup::fold_hashtag;
use crate::storage::schema::{hashtags, statement_tags, statements};
use crate::storage::{Conn, Slice, each, sliced};

/// More than Mastodon keeps of an account are not put forward.
const MOST_FEATURED: i64 = 10;

/// A hashtag that public statements have, or that the union puts forward.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hashtags)]
pub struct Hashtag {
    /// Folded, without `#`: the same for every spelling.
    pub tag: String,
    /// As it was first written, without `#`.
    pub name: String,
    /// How many public statements have it.
    pub statements_count: i64,
    /// Since when the union puts it forward.
    pub featured_at: Option<Time>,
}

/// Notes the hashtags of a statement, in the same order as [`count`], which counts them once the statement is public.
pub(super) fn insert(conn: &mut Conn, statement_id: i64, names: &[String]) -> Result<()> {
    let published: Time = statements::table.find(statement_id).select(statements::published).first(conn)?;
    let in_order: BTreeMap<String, &String> = names.iter().map(|name| (fold_hashtag(name), name)).collect();
    for (tag, name) in in_order {
        know(conn, &tag, name)?;
        diesel::insert_into(statement_tags::table)
            .values((
                (statement_tags::statement_id.eq(statement_id), statement_tags::published.eq(published)),
                (statement_tags::tag.eq(tag), statement_tags::name.eq(name)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Makes sure that there is a row for a hashtag.
pub(super) fn know(conn: &mut Conn, tag: &str, name: &str) -> Result<()> {
    let row = (hashtags::tag.eq(tag), hashtags::name.eq(name));
    each!(conn, conn => diesel::insert_into(hashtags::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Counts a statement more or less at each of its hashtags, always in one order: so no two writers wait for each other.
pub(super) fn count(conn: &mut Conn, statement_id: i64, by: i64) -> Result<()> {
    let its = statement_tags::table.filter(statement_tags::statement_id.eq(statement_id)).order(statement_tags::tag);
    for tag in its.select(statement_tags::tag).load::<String>(conn)? {
        diesel::update(hashtags::table.find(tag))
            .set(hashtags::statements_count.eq(hashtags::statements_count + by))
            .execute(conn)?;
    }
    Ok(())
}

/// A hashtag in any spelling.
///
/// # Errors
/// `NotFound` for one that no public statement has, unless the union puts it forward.
pub fn hashtag(conn: &mut Conn, name: &str) -> Result<Hashtag> {
    let nothing = || Error::not_found("This hashtag");
    // PostgreSQL takes no NUL in a text; no hashtag has a control character.
    if name.is_empty() || name.contains(char::is_control) {
        return Err(nothing());
    }
    let found: Option<Hashtag> =
        hashtags::table.find(fold_hashtag(name)).select(Hashtag::as_select()).first(conn).optional()?;
    found.filter(|hashtag| hashtag.statements_count > 0 || hashtag.featured_at.is_some()).ok_or_else(nothing)
}

/// A part of the published statements with a hashtag, which is given folded, newest first.
pub fn list_tagged(conn: &mut Conn, tag: &str, slice: Slice, limit: i64) -> Result<Vec<Statement>> {
    let tagged = statements::table
        .inner_join(statement_tags::table)
        .filter(statement_tags::tag.eq(tag).and(statements::state.eq(State::Published)))
        .select(Statement::as_select())
        .into_boxed();
    let part = sliced!(tagged, slice, statement_tags::published, statement_tags::statement_id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// The hashtags that the union puts forward, in the order in which it did so.
pub fn featured(conn: &mut Conn) -> Result<Vec<Hashtag>> {
    let put_forward = hashtags::table.filter(hashtags::featured_at.is_not_null());
    Ok(put_forward.order((hashtags::featured_at, hashtags::tag)).select(Hashtag::as_select()).load(conn)?)
}

/// Puts a hashtag forward, spelt as it is given, whether or not a statement has it yet.
///
/// # Errors
/// `Conflict` where it is put forward already, or as many are as there may be.
pub fn feature(conn: &mut Conn, name: &str, now: Time) -> Result<Hashtag> {
    let tag = fold_hashtag(name);
    know(conn, &tag, name)?;
    if hashtags::table.find(&tag).select(hashtags::featured_at).first::<Option<Time>>(conn)?.is_some() {
        return Err(Error::Conflict(format!("#{name} is put forward already")));
    }
    let featured: i64 = hashtags::table.filter(hashtags::featured_at.is_not_null()).select(count_star()).first(conn)?;
    if featured >= MOST_FEATURED {
        let why = format!("{MOST_FEATURED} hashtags are put forward, which is the most; take one back first");
        return Err(Error::Conflict(why));
    }
    diesel::update(hashtags::table.find(&tag))
        .set((hashtags::featured_at.eq(now), hashtags::name.eq(name)))
        .execute(conn)?;
    Ok(hashtags::table.find(&tag).select(Hashtag::as_select()).first(conn)?)
}

/// Puts a hashtag forward no longer.
///
/// # Errors
/// `NotFound` where it was not put forward.
pub fn unfeature(conn: &mut Conn, name: &str) -> Result<Hashtag> {
    let put_forward = hashtags::tag.eq(fold_hashtag(name)).and(hashtags::featured_at.is_not_null());
    let found: Option<Hashtag> =
        hashtags::table.filter(put_forward).select(Hashtag::as_select()).first(conn).optional()?;
    let hashtag = found.ok_or_else(|| Error::not_found(format!("#{name} among the featured hashtags")))?;
    diesel::update(hashtags::table.find(&hashtag.tag)).set(hashtags::featured_at.eq(None::<Time>)).execute(conn)?;
    Ok(hashtag)
}
