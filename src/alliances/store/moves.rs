//! Followed unions that say that they moved: questions to a person.

use diesel::prelude::*;

use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{actors, moves};
use crate::storage::{Conn, each, text_enum};

text_enum! {
    /// What became of the question.
    MoveState {
        /// Nobody decided yet.
        Asked = "asked",
        /// Ours follows the union at its new address.
        Accepted = "accepted",
        /// Ours stays where it was.
        Rejected = "rejected",
    }
}

/// A followed union's word that it is to be found elsewhere now, verified at both places.
#[derive(Debug, Clone)]
pub struct Move {
    /// Row number.
    pub id: i64,
    /// The union as ours follows it.
    pub from: Actor,
    /// Where it says that it moved to.
    pub to: Actor,
    /// What became of it.
    pub state: MoveState,
    /// When it reached us.
    pub heard_at: Time,
}

/// Whoever holds the keys of a union can move it again and again: no more questions than this are kept of one.
const MOST_OF_A_UNION: i64 = 5;

/// Keeps the question whether to follow a union to its new address. One that was asked before is not asked again, whatever was decided.
pub fn ask_about_move(conn: &mut Conn, old_actor_id: i64, new_actor_id: i64, now: Time) -> Result<()> {
    let kept: i64 = moves::table.filter(moves::old_actor_id.eq(old_actor_id)).count().get_result(conn)?;
    if kept >= MOST_OF_A_UNION {
        return Ok(());
    }
    let row = (
        moves::old_actor_id.eq(old_actor_id),
        moves::new_actor_id.eq(new_actor_id),
        moves::state.eq(MoveState::Asked),
        moves::heard_at.eq(now),
    );
    each!(conn, conn => diesel::insert_into(moves::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// The questions, newest first: those that nobody decided, or all.
pub fn moves(conn: &mut Conn, all: bool, limit: i64) -> Result<Vec<Move>> {
    load(conn, None, all, limit)
}

/// A question that nobody decided yet.
pub fn open_move(conn: &mut Conn, id: i64) -> Result<Option<Move>> {
    Ok(load(conn, Some(id), false, 1)?.pop())
}

fn load(conn: &mut Conn, id: Option<i64>, all: bool, limit: i64) -> Result<Vec<Move>> {
    let mut found = moves::table
        .order(moves::id.desc())
        .limit(limit)
        .select((moves::id, moves::state, moves::heard_at, moves::old_actor_id, moves::new_actor_id))
        .into_boxed();
    if let Some(id) = id {
        found = found.filter(moves::id.eq(id));
    }
    if !all {
        found = found.filter(moves::state.eq(MoveState::Asked));
    }
    let rows: Vec<(i64, MoveState, Time, i64, i64)> = found.load(conn)?;
    rows.into_iter()
        .map(|(id, state, heard_at, from, to)| {
            Ok(Move { id, from: actor(conn, from)?, to: actor(conn, to)?, state, heard_at })
        })
        .collect()
}

fn actor(conn: &mut Conn, id: i64) -> Result<Actor> {
    Ok(actors::table.find(id).select(Actor::as_select()).first(conn)?)
}

/// Notes what a person decided; says whether this call did it (another may have been first).
pub fn decide_move(conn: &mut Conn, id: i64, state: MoveState) -> Result<bool> {
    let open = moves::table.filter(moves::id.eq(id).and(moves::state.eq(MoveState::Asked)));
    Ok(diesel::update(open).set(moves::state.eq(state)).execute(conn)? > 0)
}
