//! Follow relations in the database.

mod moves;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{actors, follows};
use crate::storage::{self, Conn, each, text_enum};

pub use moves::{Move, MoveState, ask_about_move, decide_move, moves, open_move};

text_enum! {
    /// How far a Follow has come.
    FollowState {
        /// Sent, not answered.
        Requested = "requested",
        /// Answered with Accept.
        Accepted = "accepted",
        /// Answered with Reject.
        Rejected = "rejected",
    }
}

/// One actor's Follow of another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = follows)]
pub struct Follow {
    /// Row number.
    pub id: i64,
    /// Id of the Follow activity.
    pub uri: String,
    /// Who follows.
    pub follower_id: i64,
    /// Who is followed.
    pub followee_id: i64,
    /// How far it has come.
    pub state: FollowState,
    /// Id of the Accept or Reject that answered it, theirs or ours.
    pub answer_uri: Option<String>,
}

/// The relation between two actors.
pub fn find(conn: &mut Conn, follower_id: i64, followee_id: i64) -> Result<Option<Follow>> {
    let between = follows::follower_id.eq(follower_id).and(follows::followee_id.eq(followee_id));
    Ok(each!(conn, conn => follows::table.filter(between).select(Follow::as_select()).first(conn)).optional()?)
}

/// Notes that our union asks to follow somebody. Asking again renews the request under its new id.
pub fn request(conn: &mut Conn, follower_id: i64, followee_id: i64, uri: &str, now: Time) -> Result<()> {
    upsert(conn, follower_id, followee_id, uri, FollowState::Requested, now)
}

/// Notes the id of the newest Follow of somebody who accepted an earlier one.
pub fn ask_again(conn: &mut Conn, follower_id: i64, followee_id: i64, uri: &str) -> Result<()> {
    let between = follows::follower_id.eq(follower_id).and(follows::followee_id.eq(followee_id));
    diesel::update(follows::table.filter(between)).set(follows::uri.eq(uri)).execute(conn)?;
    Ok(())
}

/// Notes that somebody follows our union.
pub fn add_follower(conn: &mut Conn, follower_id: i64, followee_id: i64, uri: &str, now: Time) -> Result<()> {
    upsert(conn, follower_id, followee_id, uri, FollowState::Accepted, now)
}

fn upsert(conn: &mut Conn, follower_id: i64, followee_id: i64, uri: &str, state: FollowState, now: Time) -> Result<()> {
    let row = (
        follows::uri.eq(uri),
        follows::follower_id.eq(follower_id),
        follows::followee_id.eq(followee_id),
        follows::state.eq(state),
        follows::created_at.eq(now),
    );
    each!(conn, conn => diesel::insert_into(follows::table)
        .values(row)
        .on_conflict((follows::follower_id, follows::followee_id))
        .do_update()
        .set((follows::uri.eq(uri), follows::state.eq(state), follows::answer_uri.eq(None::<String>)))
        .execute(conn))?;
    Ok(())
}

/// Notes how far a Follow of ours has come by an answer (Accept or Reject, with its id), or by the end of one.
pub fn answer(conn: &mut Conn, follow_id: i64, state: FollowState, answer: Option<&str>) -> Result<()> {
    diesel::update(follows::table.find(follow_id))
        .set((follows::state.eq(state), follows::answer_uri.eq(answer)))
        .execute(conn)?;
    Ok(())
}

/// Notes the id of our Accept of somebody's Follow, which goes with it.
pub fn note_accept(conn: &mut Conn, follower_id: i64, followee_id: i64, accept: &str) -> Result<()> {
    let between = follows::follower_id.eq(follower_id).and(follows::followee_id.eq(followee_id));
    diesel::update(follows::table.filter(between)).set(follows::answer_uri.eq(accept)).execute(conn)?;
    Ok(())
}

/// Ends a relation; says whether there was one.
pub fn remove(conn: &mut Conn, follower_id: i64, followee_id: i64) -> Result<bool> {
    let between = follows::follower_id.eq(follower_id).and(follows::followee_id.eq(followee_id));
    Ok(diesel::delete(follows::table.filter(between)).execute(conn)? > 0)
}

/// Whether a Follow stands accepted.
pub fn is_following(conn: &mut Conn, follower_id: i64, followee_id: i64) -> Result<bool> {
    Ok(find(conn, follower_id, followee_id)?.is_some_and(|follow| follow.state == FollowState::Accepted))
}

/// How many follow the union.
pub fn follower_count(conn: &mut Conn) -> Result<i64> {
    storage::count_of(conn, storage::Counted::Followers)
}

/// How many an actor follows.
pub fn following_count(conn: &mut Conn, actor_id: i64) -> Result<i64> {
    let accepted = follows::follower_id.eq(actor_id).and(follows::state.eq(FollowState::Accepted));
    Ok(follows::table.filter(accepted).select(count_star()).first(conn)?)
}

/// Who follows an actor, oldest first, by id and handle: for the operator only. There may be a hundred thousand.
pub fn followers(conn: &mut Conn, actor_id: i64) -> Result<Vec<(String, String, FollowState)>> {
    Ok(follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(actor_id))
        .order(follows::id)
        .select((actors::uri, actors::handle, follows::state))
        .load(conn)?)
}

/// Whom an actor follows or asked to follow, oldest first.
pub fn following(conn: &mut Conn, actor_id: i64) -> Result<Vec<(Follow, Actor)>> {
    Ok(follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(actor_id))
        .order(follows::id)
        .select((Follow::as_select(), Actor::as_select()))
        .load(conn)?)
}

/// The unions that ours follows, that accepted it, and that are not blocked: oldest first.
pub fn allies(conn: &mut Conn, union_id: i64) -> Result<Vec<Actor>> {
    let accepted = follows::follower_id.eq(union_id).and(follows::state.eq(FollowState::Accepted));
    Ok(follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::followee_id)))
        .filter(accepted.and(actors::blocked.eq(false)))
        .order(follows::id)
        .select(Actor::as_select())
        .load(conn)?)
}

/// The relations of one of our actors with actors that are marked as blocked, on either side.
pub fn with_blocked(conn: &mut Conn, actor_id: i64) -> Result<Vec<(Follow, Actor)>> {
    let theirs = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(actor_id).and(actors::blocked.eq(true)))
        .select((Follow::as_select(), Actor::as_select()))
        .load(conn)?;
    let ours: Vec<(Follow, Actor)> = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::followee_id)))
        .filter(follows::follower_id.eq(actor_id).and(actors::blocked.eq(true)))
        .select((Follow::as_select(), Actor::as_select()))
        .load(conn)?;
    Ok(theirs.into_iter().chain(ours).collect())
}
