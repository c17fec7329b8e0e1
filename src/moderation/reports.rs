//! Reports (Flag) of other servers about what is ours, kept for reviewers. Of who reported, only the server is kept.

use super::store;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::markup;
use crate::storage::Conn;

pub use super::store::Report;

const MOST_CHARACTERS: usize = 2_000;
const MOST_ABOUT: usize = 20;
/// Reports that wait for a person: one server cannot fill the list, and all together not the disk.
const MOST_OPEN_OF_A_SERVER: i64 = 50;
const MOST_OPEN: i64 = 1_000;

/// Keeps a report about these ids of ours; its comment, which may be HTML, becomes plain text. What goes beyond the limits is not kept.
pub fn receive(conn: &mut Conn, host: &str, comment: &str, about: &[String], now: Time) -> Result<()> {
    let (of_server, of_all) = store::count_open_reports(conn, host)?;
    if of_server >= MOST_OPEN_OF_A_SERVER || of_all >= MOST_OPEN {
        return Ok(());
    }
    let comment: String = markup::plain_text(comment).chars().take(MOST_CHARACTERS).collect();
    store::insert_report(conn, host, comment.trim(), &about[..about.len().min(MOST_ABOUT)], now)
}

/// Reports, newest first: those that wait, or all.
pub fn list(conn: &mut Conn, all: bool, limit: i64) -> Result<Vec<Report>> {
    store::list_reports(conn, all, limit)
}

/// Puts a report away.
///
/// # Errors
/// `NotFound` when no such report waits.
pub fn close(conn: &mut Conn, id: i64, now: Time) -> Result<()> {
    let closed = store::close_report(conn, id, now)?;
    if closed { Ok(()) } else { Err(Error::not_found(format!("an open report with the number {id}"))) }
}

/// Forgets reports that were closed before a time.
pub fn forget_older(conn: &mut Conn, before: Time) -> Result<()> {
    store::delete_closed_reports(conn, before)
}
