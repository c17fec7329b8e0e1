//! Posts as parts of conversations: what answers what, and when a shown answer is looked at again.

use diesel::prelude::*;

use super::{Post, Review, index};
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{actors, posts};
use crate::storage::{Conn, each};

/// Posts that answer this one, and belong to no conversation of ours yet: they came before it.
pub fn waiting_for(conn: &mut Conn, uri: &str) -> Result<Vec<Post>> {
    let waiting = posts::in_reply_to.eq(uri).and(posts::statement_id.is_null());
    let ids = posts::table.filter(waiting).order(posts::id).select(posts::id);
    let ids: Vec<i64> = each!(conn, conn => ids.load(conn))?;
    // There are none, nearly always.
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(posts::table.filter(posts::id.eq_any(ids)).order(posts::id).select(Post::as_select()).load(conn)?)
}

/// The statement of ours around which the conversation of a post is.
pub fn conversation_of(conn: &mut Conn, uri: &str) -> Result<Option<i64>> {
    let found: Option<Option<i64>> =
        posts::table.filter(posts::uri.eq(uri)).select(posts::statement_id).first(conn).optional()?;
    Ok(found.flatten())
}

/// Notes that a post which we knew already turns out to be an answer to a statement of ours.
pub fn adopt(conn: &mut Conn, id: i64, statement_id: i64, review: Review, now: Time) -> Result<()> {
    let next_look = (review == Review::Approved).then_some(now);
    let held_at = (review == Review::Held).then_some(now);
    diesel::update(posts::table.find(id))
        .set((
            posts::statement_id.eq(statement_id),
            posts::review.eq(review),
            posts::next_look.eq(next_look),
            posts::held_at.eq(held_at),
        ))
        .execute(conn)?;
    index::renew(conn, id)
}

/// How many posts are kept in the conversation around a statement, shown or not.
pub fn count_in_conversation(conn: &mut Conn, statement_id: i64) -> Result<i64> {
    Ok(posts::table.filter(posts::statement_id.eq(statement_id)).count().get_result(conn)?)
}

/// How many posts are above a post in its conversation; counted up to `most`.
pub fn depth(conn: &mut Conn, post: &Post, most: usize) -> Result<usize> {
    let (mut depth, mut next) = (0, post.in_reply_to.clone());
    while let Some(uri) = next.filter(|_| depth < most) {
        let above = posts::table.filter(posts::uri.eq(uri)).select(posts::in_reply_to);
        let Some(answered) = above.first::<Option<String>>(conn).optional()? else { break };
        (depth, next) = (depth + 1, answered);
    }
    Ok(depth)
}

/// Answers whose next look is due, the longest due first; none of blocked servers.
pub fn due_for_a_look(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<(Post, Actor)>> {
    Ok(posts::table
        .inner_join(actors::table)
        .filter(posts::next_look.le(now).and(actors::blocked.eq(false)))
        .order(posts::next_look)
        .limit(limit)
        .select((Post::as_select(), Actor::as_select()))
        .load(conn)?)
}

/// Sets the time of the next look at an answer that is due; says whether it still was.
pub fn look_next(conn: &mut Conn, id: i64, next: Option<Time>, now: Time) -> Result<bool> {
    let due = posts::table.filter(posts::id.eq(id).and(posts::next_look.le(now)));
    Ok(diesel::update(due).set(posts::next_look.eq(next)).execute(conn)? > 0)
}

/// Has an answer looked at by a time, where none is set.
pub fn look_by(conn: &mut Conn, id: i64, time: Time) -> Result<()> {
    let unset = posts::table.filter(posts::id.eq(id).and(posts::next_look.is_null()));
    diesel::update(unset).set(posts::next_look.eq(time)).execute(conn)?;
    Ok(())
}
