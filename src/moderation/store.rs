//! Rules about servers in the database.
//!
//! Names are looked up by key, one or three at a time: on SQLite a list of any length would be a statement that must be prepared anew each
//! time.

mod reports;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::domains::Domain;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{domain_allows, domain_blocks, settings};
use crate::storage::{Conn, each};

pub use reports::Report;
pub(super) use reports::{close_report, count_open_reports, delete_closed_reports, insert_report, list_reports};

/// The name of the setting that says whether the allow list counts.
const ALLOW_LIST: &str = "allow_list";

/// A blocked domain.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = domain_blocks)]
pub struct Block {
    /// The domain, in its plain form.
    pub domain: String,
    /// Why, for those who run this node.
    pub reason: Option<String>,
    /// Since when.
    pub created_at: Time,
}

pub(super) fn insert_block(conn: &mut Conn, domain: &Domain, reason: Option<&str>, now: Time) -> Result<bool> {
    let row = (
        domain_blocks::domain.eq(domain.as_str()),
        domain_blocks::reason.eq(reason),
        domain_blocks::created_at.eq(now),
    );
    let added = each!(conn, conn => diesel::insert_into(domain_blocks::table).values(row).on_conflict_do_nothing().execute(conn))?;
    if added == 0 && reason.is_some() {
        let known = domain_blocks::table.find(domain.as_str());
        diesel::update(known).set(domain_blocks::reason.eq(reason)).execute(conn)?;
    }
    Ok(added > 0)
}

pub(super) fn delete_block(conn: &mut Conn, domain: &Domain) -> Result<bool> {
    Ok(diesel::delete(domain_blocks::table.find(domain.as_str())).execute(conn)? > 0)
}

pub(super) fn blocks(conn: &mut Conn) -> Result<Vec<Block>> {
    Ok(domain_blocks::table.order(domain_blocks::domain).select(Block::as_select()).load(conn)?)
}

/// Whether any of these domains is blocked, and whether the allow list counts: both are asked about every activity.
pub(super) fn rules_about<'a>(conn: &mut Conn, names: impl Iterator<Item = &'a str>) -> Result<(bool, bool)> {
    let names: Vec<&str> = names.collect();
    let mut rules = (false, false);
    for [first, second, third] in names.chunks(3).filter_map(in_threes) {
        let named =
            domain_blocks::domain.eq(first).or(domain_blocks::domain.eq(second)).or(domain_blocks::domain.eq(third));
        let is_blocked = exists(domain_blocks::table.filter(named));
        rules = diesel::select((is_blocked, exists(settings::table.find(ALLOW_LIST)))).get_result(conn)?;
        if rules.0 {
            break;
        }
    }
    Ok(rules)
}

/// One to three names as three, of which the last may stand there again.
fn in_threes<'a>(names: &[&'a str]) -> Option<[&'a str; 3]> {
    let last = *names.last()?;
    Some(std::array::from_fn(|index| names.get(index).copied().unwrap_or(last)))
}

pub(super) fn insert_allow(conn: &mut Conn, domain: &Domain, now: Time) -> Result<bool> {
    let row = (domain_allows::domain.eq(domain.as_str()), domain_allows::created_at.eq(now));
    let added = each!(conn, conn => diesel::insert_into(domain_allows::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(added > 0)
}

pub(super) fn delete_allow(conn: &mut Conn, domain: &Domain) -> Result<bool> {
    Ok(diesel::delete(domain_allows::table.find(domain.as_str())).execute(conn)? > 0)
}

pub(super) fn allowed(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(domain_allows::table.order(domain_allows::domain).select(domain_allows::domain).load(conn)?)
}

/// Whether any of these domains is on the allow list.
pub(super) fn is_any_allowed<'a>(conn: &mut Conn, names: impl Iterator<Item = &'a str>) -> Result<bool> {
    let allowed = domain_allows::table.select(domain_allows::domain);
    for name in names {
        if allowed.find(name).first::<String>(conn).optional()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn has_allow_list(conn: &mut Conn) -> Result<bool> {
    Ok(settings::table.find(ALLOW_LIST).select(settings::key).first::<String>(conn).optional()?.is_some())
}

/// The allow list counts as long as the setting stands.
pub(super) fn set_allow_list(conn: &mut Conn, on: bool) -> Result<()> {
    if on {
        let row = (settings::key.eq(ALLOW_LIST), settings::value.eq("true"));
        each!(conn, conn => diesel::insert_into(settings::table).values(row).on_conflict_do_nothing().execute(conn))?;
    } else {
        diesel::delete(settings::table.find(ALLOW_LIST)).execute(conn)?;
    }
    Ok(())
}
