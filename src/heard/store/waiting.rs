//! Activities that speak of what lies on a server of somebody else, which did not answer when they came.

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::waiting_activities;
use crate::storage::{Conn, each};

/// So many wait for one server, and so many in all; what comes when there is no room is let go.
pub const MOST_WAITING_FOR_ONE: i64 = 100;
/// See [`MOST_WAITING_FOR_ONE`].
pub const MOST_WAITING: i64 = 1_000;
/// How long one waits before each try, in minutes: a day in all.
const PAUSES: [i64; 6] = [5, 30, 2 * 60, 5 * 60, 8 * 60, 8 * 60];

/// An activity that waits.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = waiting_activities)]
pub struct Waiting {
    /// Row number.
    pub id: i64,
    /// Who said it.
    pub actor_id: i64,
    /// Its id.
    pub uri: String,
    /// What was said, as whoever keeps it wrote it.
    pub action: String,
    /// The server whose answer is missing.
    pub host: String,
    /// How often it was tried again.
    pub tries: i32,
}

impl Waiting {
    /// Whether it has been tried for the last time once the try that begins now is over.
    #[must_use]
    pub fn is_last_try(&self) -> bool {
        usize::try_from(self.tries).is_ok_and(|tries| tries + 1 >= PAUSES.len())
    }
}

/// Lets an activity wait for a server, where there is room.
pub fn wait(conn: &mut Conn, actor_id: i64, uri: &str, action: &str, host: &str, now: Time) -> Result<()> {
    let for_one = waiting_activities::table.filter(waiting_activities::host.eq(host)).count();
    if for_one.get_result::<i64>(conn)? >= MOST_WAITING_FOR_ONE
        || waiting_activities::table.count().get_result::<i64>(conn)? >= MOST_WAITING
    {
        return Ok(());
    }
    let row = (
        waiting_activities::actor_id.eq(actor_id),
        waiting_activities::uri.eq(uri),
        waiting_activities::action.eq(action),
        waiting_activities::host.eq(host),
        waiting_activities::tries.eq(0),
        waiting_activities::next_try_at.eq(next_try(0, now)),
    );
    each!(conn, conn => diesel::insert_into(waiting_activities::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

fn next_try(tries: i32, now: Time) -> Time {
    let pause = usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries)).unwrap_or(&PAUSES[PAUSES.len() - 1]);
    now + TimeDelta::minutes(*pause)
}

/// What is to be tried again now, the longest due first.
pub fn due(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<Waiting>> {
    let due = waiting_activities::table.filter(waiting_activities::next_try_at.le(now));
    Ok(due.order(waiting_activities::next_try_at).limit(limit).select(Waiting::as_select()).load(conn)?)
}

/// Begins a try; says whether it was due still.
pub fn try_again(conn: &mut Conn, waiting: &Waiting, now: Time) -> Result<bool> {
    let due = waiting_activities::id.eq(waiting.id).and(waiting_activities::next_try_at.le(now));
    let tries = waiting.tries + 1;
    let begun = diesel::update(waiting_activities::table.filter(due))
        .set((waiting_activities::tries.eq(tries), waiting_activities::next_try_at.eq(next_try(tries, now))))
        .execute(conn)?;
    Ok(begun > 0)
}

/// Lets an activity wait no longer; says whether it still did.
pub fn wait_no_longer(conn: &mut Conn, id: i64) -> Result<bool> {
    Ok(diesel::delete(waiting_activities::table.find(id)).execute(conn)? > 0)
}

/// The same for one that its speaker took back.
pub fn take_back(conn: &mut Conn, actor_id: i64, uri: &str) -> Result<()> {
    let theirs = waiting_activities::actor_id.eq(actor_id).and(waiting_activities::uri.eq(uri));
    diesel::delete(waiting_activities::table.filter(theirs)).execute(conn)?;
    Ok(())
}
