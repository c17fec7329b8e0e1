//! Rules about servers in the database.
//!
//! Names are looked up by key, one after the other: on SQLite a list of any length would be a statement that must be prepared anew each
//! time.

mod reports;

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

/// Whether any of these domains is blocked.
pub(super) fn is_any_blocked<'a>(conn: &mut Conn, names: impl Iterator<Item = &'a str>) -> Result<bool> {
    let blocked = domain_blocks::table.select(domain_blocks::domain);
    for name in names {
        if blocked.find(name).first::<String>(conn).optional()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
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
