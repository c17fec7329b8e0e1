//! Heard activities in the database.

use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::heard_activities;
use crate::storage::{Conn, each};

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

/// Whether there is anything to forget: a look that takes no lock.
pub fn is_any_older(conn: &mut Conn, before: Time) -> Result<bool> {
    let older =
        heard_activities::table.filter(heard_activities::heard_at.lt(before)).select(heard_activities::activity_uri);
    Ok(older.first::<String>(conn).optional()?.is_some())
}

/// Forgets what was heard before a time.
pub fn forget_older(conn: &mut Conn, before: Time) -> Result<()> {
    diesel::delete(heard_activities::table.filter(heard_activities::heard_at.lt(before))).execute(conn)?;
    Ok(())
}
