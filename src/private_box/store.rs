//! The private box in the database.

use diesel::prelude::*;

use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{actors, private_posts};
use crate::storage::{Conn, each};

/// A post that was not meant for everybody.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = private_posts)]
pub struct PrivatePost {
    /// Row number.
    pub id: i64,
    /// Its id on the wire.
    pub uri: String,
    /// Its author.
    pub author_id: i64,
    /// Title: text.
    pub title: Option<String>,
    /// Content warning: text.
    pub summary: Option<String>,
    /// Sanitised HTML.
    pub content: String,
    /// Language tag.
    pub language: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// When it was last changed.
    pub updated: Option<Time>,
    /// When it reached us.
    pub received_at: Time,
}

/// A post as it is put into the box: already checked and cleaned.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = private_posts)]
pub struct NewPrivatePost {
    /// Its id on the wire.
    pub uri: String,
    /// Row number of its author.
    pub author_id: i64,
    /// Whether the union follows the author.
    pub from_ally: bool,
    /// Text.
    pub title: Option<String>,
    /// Text.
    pub summary: Option<String>,
    /// Sanitised HTML.
    pub content: String,
    /// Language tag.
    pub language: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// Publishing time.
    pub published: Time,
    /// Time of the last change.
    pub updated: Option<Time>,
    /// Arrival.
    pub received_at: Time,
}

pub(super) fn insert(conn: &mut Conn, post: &NewPrivatePost) -> Result<bool> {
    let added = each!(conn, conn => diesel::insert_into(private_posts::table)
        .values(post)
        .on_conflict_do_nothing()
        .execute(conn))?;
    Ok(added > 0)
}

/// A post by its id on the wire.
pub fn find(conn: &mut Conn, uri: &str) -> Result<Option<PrivatePost>> {
    let of = private_posts::uri.eq(uri);
    let found = each!(conn, conn => private_posts::table.filter(of).select(PrivatePost::as_select()).first(conn));
    Ok(found.optional()?)
}

/// A post by its row number.
pub fn find_by_id(conn: &mut Conn, id: i64) -> Result<Option<PrivatePost>> {
    Ok(private_posts::table.find(id).select(PrivatePost::as_select()).first(conn).optional()?)
}

/// What is in the box, newest first, without what came from blocked servers.
pub fn list(conn: &mut Conn, limit: i64) -> Result<Vec<(PrivatePost, Actor)>> {
    Ok(private_posts::table
        .inner_join(actors::table)
        .filter(actors::blocked.eq(false))
        .order(private_posts::id.desc())
        .limit(limit)
        .select((PrivatePost::as_select(), Actor::as_select()))
        .load(conn)?)
}

/// How many posts of strangers are in the box.
pub fn taken_by_strangers(conn: &mut Conn) -> Result<i64> {
    Ok(private_posts::table.filter(private_posts::from_ally.eq(false)).count().get_result(conn)?)
}

/// Puts the newer text of an author in place of the older; it is still as old as when it came.
pub fn replace(conn: &mut Conn, id: i64, newer: &NewPrivatePost) -> Result<()> {
    diesel::update(private_posts::table.find(id))
        .set((
            private_posts::title.eq(&newer.title),
            private_posts::summary.eq(&newer.summary),
            private_posts::content.eq(&newer.content),
            private_posts::language.eq(&newer.language),
            private_posts::updated.eq(newer.updated),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a post out, as an editor wishes; says whether it was there.
pub fn delete(conn: &mut Conn, id: i64) -> Result<bool> {
    Ok(diesel::delete(private_posts::table.find(id)).execute(conn)? > 0)
}

/// Takes a post out, as its author wishes; says whether it was there.
pub fn remove(conn: &mut Conn, uri: &str, author_id: i64) -> Result<bool> {
    let own = private_posts::uri.eq(uri).and(private_posts::author_id.eq(author_id));
    Ok(diesel::delete(private_posts::table.filter(own)).execute(conn)? > 0)
}

/// Takes out what came before a time.
pub fn forget_older(conn: &mut Conn, before: Time) -> Result<()> {
    diesel::delete(private_posts::table.filter(private_posts::received_at.lt(before))).execute(conn)?;
    Ok(())
}

/// Of an author, only so many stay. One more than those is looked for, not all of them counted.
pub(super) fn forget_all_but_newest_of(conn: &mut Conn, author_id: i64, most: i64) -> Result<()> {
    let own = private_posts::table.filter(private_posts::author_id.eq(author_id));
    let newest_first = own.order(private_posts::id.desc()).select(private_posts::id).limit(1).offset(most);
    let Some(surplus) = newest_first.first::<i64>(conn).optional()? else { return Ok(()) };
    let older = private_posts::author_id.eq(author_id).and(private_posts::id.le(surplus));
    diesel::delete(private_posts::table.filter(older)).execute(conn)?;
    Ok(())
}

/// Of all strangers together, only so many stay.
pub(super) fn forget_all_but_newest_of_strangers(conn: &mut Conn, most: i64) -> Result<()> {
    let theirs = private_posts::table.filter(private_posts::from_ally.eq(false));
    let newest_first = theirs.order(private_posts::id.desc()).select(private_posts::id).limit(1).offset(most);
    let Some(surplus) = newest_first.first::<i64>(conn).optional()? else { return Ok(()) };
    let older = private_posts::from_ally.eq(false).and(private_posts::id.le(surplus));
    diesel::delete(private_posts::table.filter(older)).execute(conn)?;
    Ok(())
}
