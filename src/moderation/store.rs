//! Domain blocks in the database.

mod reports;

use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::domain_blocks;
use crate::storage::{Conn, each};

pub use reports::Report;
pub(super) use reports::{close_report, count_open_reports, delete_closed_reports, insert_report, list_reports};

pub(super) fn insert(conn: &mut Conn, domain: &str, now: Time) -> Result<()> {
    let row = (domain_blocks::domain.eq(domain), domain_blocks::created_at.eq(now));
    each!(conn, conn => diesel::insert_into(domain_blocks::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, domain: &str) -> Result<bool> {
    Ok(diesel::delete(domain_blocks::table.find(domain)).execute(conn)? > 0)
}

pub(super) fn list(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(domain_blocks::table.order(domain_blocks::domain).select(domain_blocks::domain).load(conn)?)
}

/// Whether any of these domains is blocked. A look by key for each, since on SQLite a list of any length would be a statement that must
/// be prepared anew each time.
pub(super) fn any(conn: &mut Conn, domains: &[&str]) -> Result<bool> {
    let blocked = domain_blocks::table.select(domain_blocks::domain);
    for domain in domains {
        if blocked.find(*domain).first::<String>(conn).optional()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
