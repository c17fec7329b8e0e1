//! Heard activities in the database.

mod waiting;

use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::heard_activities;
use crate::storage::{Conn, each};

pub use waiting::{MOST_WAITING, MOST_WAITING_FOR_ONE, Waiting, due, take_back, try_again, wait, wait_no_longer};

/// Remembers an activity of an actor; says whether it is heard for the first time.
pub fn is_first(conn: &mut Conn, actor_uri: &str, activity_uri: &str, now: Time) -> Result<bool> {
    let row = (
        heard_activities::actor_uri.eq(actor_uri),
        heard_activities::activity_uri.eq(activity_uri),
        heard_activities::heard_at.eq(now),
    );
    let added = each!(conn, conn => diesel::insert_into(heard_activities::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(added > 0)
}

/// Whether an actor said one activity for the first time before another; also where the former is forgotten, since what is older is forgotten
/// first.
pub fn is_older(conn: &mut Conn, actor_uri: &str, activity_uri: &str, other: &str) -> Result<bool> {
    let mut heard_at = |uri: &str| {
        let row = heard_activities::table.find((actor_uri, uri)).select(heard_activities::heard_at);
        row.first::<Time>(conn).optional()
    };
    let (one, other) = (heard_at(activity_uri)?, heard_at(other)?);
    Ok(one < other)
}

/// Forgets what was heard before a time.
pub fn forget_older(conn: &mut Conn, before: Time) -> Result<()> {
    diesel::delete(heard_activities::table.filter(heard_activities::heard_at.lt(before))).execute(conn)?;
    Ok(())
}
