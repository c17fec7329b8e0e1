//! Filling the index with what was there before it, or anew with words that are made differently; a part at a time, and where it stopped
//! it goes on.

use super::store::{progress, set_progress};
use crate::error::Result;
use crate::storage::Conn;

/// Which rules made the words of the index. With another number it is filled anew at the next start.
const VERSION: u32 = 3;
/// Rows of one transaction, so that others write in between: to take the old words of a row out of the index takes milliseconds.
const ROWS: i64 = 10;
const DONE: &str = "done";

/// Puts the entries of some rows, after one row number and at most so many; gives the last, or none where there are no more.
pub type Part = fn(&mut Conn, i64, i64) -> Result<Option<i64>>;

/// Fills the next part; says whether there is more to do.
///
/// # Errors
/// Faults of the database.
pub fn fill(conn: &mut Conn, parts: &[Part]) -> Result<bool> {
    let Some((number, after)) = next(conn)? else { return Ok(false) };
    let Some(part) = parts.get(number) else {
        begin_filled(conn)?;
        return Ok(false);
    };
    match part(conn, after, ROWS)? {
        Some(last) => set_progress(conn, &format!("{VERSION} {number} {last}"))?,
        None => set_progress(conn, &format!("{VERSION} {} 0", number + 1))?,
    }
    Ok(true)
}

/// Whether everything is filled.
///
/// # Errors
/// Faults of the database.
pub fn is_filled(conn: &mut Conn) -> Result<bool> {
    Ok(next(conn)?.is_none())
}

/// Notes that there is nothing to fill: what a new node publishes is put into the index with it.
///
/// # Errors
/// Faults of the database.
pub fn begin_filled(conn: &mut Conn) -> Result<()> {
    set_progress(conn, &format!("{VERSION} {DONE}"))
}

/// Has everything filled anew. What is there meanwhile is found as before.
///
/// # Errors
/// Faults of the database.
pub fn begin_anew(conn: &mut Conn) -> Result<()> {
    set_progress(conn, &format!("{VERSION} 0 0"))
}

/// The part and the row number after which it goes on; none where all is done.
fn next(conn: &mut Conn) -> Result<Option<(usize, i64)>> {
    let begin = Some((0, 0));
    let Some(progress) = progress(conn)? else { return Ok(begin) };
    let mut words = progress.split(' ');
    if words.next() != Some(VERSION.to_string().as_str()) {
        return Ok(begin);
    }
    Ok(match (words.next(), words.next()) {
        (Some(DONE), _) => None,
        (Some(part), Some(after)) => part.parse().ok().zip(after.parse().ok()).or(begin),
        _ => begin,
    })
}
