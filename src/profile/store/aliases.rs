//! Other addresses of the union: an actor that is listed here may move to ours.

use diesel::prelude::*;

use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::schema::aliases;
use crate::storage::{Conn, each};

/// A union has one former address, or a few.
const MOST_ALIASES: usize = 20;

/// All of them, the oldest first.
pub fn aliases(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(aliases::table.order((aliases::created_at, aliases::uri)).select(aliases::uri).load(conn)?)
}

/// Adds one.
///
/// # Errors
/// `Conflict` where it is there already, or there are as many as may be.
pub fn add_alias(conn: &mut Conn, uri: &str, now: Time) -> Result<()> {
    if aliases(conn)?.len() >= MOST_ALIASES {
        return Err(Error::Conflict(format!("there are {MOST_ALIASES} aliases, which is the most; remove one first")));
    }
    let row = (aliases::uri.eq(uri), aliases::created_at.eq(now));
    let added =
        each!(conn, conn => diesel::insert_into(aliases::table).values(row).on_conflict_do_nothing().execute(conn))?;
    if added > 0 { Ok(()) } else { Err(Error::Conflict(format!("{uri} is an alias already"))) }
}

/// Removes one.
///
/// # Errors
/// `NotFound` where it is none.
pub fn remove_alias(conn: &mut Conn, uri: &str) -> Result<()> {
    let removed = diesel::delete(aliases::table.find(uri)).execute(conn)?;
    if removed > 0 { Ok(()) } else { Err(Error::not_found(format!("an alias {uri} (`picket alias list` shows them)"))) }
}
