//! Pinned statements: those that stand first.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{State, Statement};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::Conn;
use crate::storage::schema::{pins, statements};

/// What everybody pins, nobody reads: Mastodon allows five as well.
const MOST: i64 = 5;

/// Pins a statement.
///
/// # Errors
/// `Conflict` for one that is not public or pinned already, and where as many are pinned as may be.
pub fn pin(conn: &mut Conn, statement: &Statement, now: Time) -> Result<()> {
    if statement.state != State::Published {
        return Err(Error::Conflict("this statement is not published yet; pin it once it is".to_owned()));
    }
    if is_pinned(conn, statement.id)? {
        return Err(Error::Conflict("this statement is pinned already".to_owned()));
    }
    if pins::table.select(count_star()).first::<i64>(conn)? >= MOST {
        return Err(Error::Conflict(format!("{MOST} statements are pinned, which is the most; unpin one first")));
    }
    let row = (pins::statement_id.eq(statement.id), pins::pinned_at.eq(now));
    diesel::insert_into(pins::table).values(row).execute(conn)?;
    Ok(())
}

fn is_pinned(conn: &mut Conn, statement_id: i64) -> Result<bool> {
    Ok(pins::table.find(statement_id).select(count_star()).first::<i64>(conn)? > 0)
}

/// Takes the pin from a statement; says whether there was one.
pub fn unpin(conn: &mut Conn, statement_id: i64) -> Result<bool> {
    Ok(diesel::delete(pins::table.find(statement_id)).execute(conn)? > 0)
}

/// The pinned statements that are public, the last pinned first.
pub fn pinned(conn: &mut Conn) -> Result<Vec<Statement>> {
    Ok(statements::table
        .inner_join(pins::table)
        .filter(statements::state.eq(State::Published))
        .order((pins::pinned_at.desc(), pins::statement_id.desc()))
        .select(Statement::as_select())
        .load(conn)?)
}
