//! Posts that wait for an editor. Strangers fill this room, so it is bounded: whoever writes too much pushes out her own older posts first.
//! What somebody whom the union follows, or the union itself, passed on is not pushed out.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::{NewPost, Review, index};
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{boosts, posts};
use crate::storage::{Conn, each};

/// So many held posts of one author; the one that was held first goes first.
pub const MOST_HELD_OF_ONE: i64 = 100;
/// So many held posts of all authors together; the one that was held first goes first.
pub const MOST_HELD: i64 = 10_000;
/// So many more may be held for a moment.
pub const SURPLUS: i64 = 50;
/// Longer posts, in bytes of safe HTML with all that stands beside it, are not held.
pub const LONGEST_HELD: usize = 64 * 1024;

/// Whether a post is longer than what a stranger may have held.
#[must_use]
pub fn is_too_long_to_hold(post: &NewPost) -> bool {
    let texts = [&post.title, &post.summary, &post.url, &post.in_reply_to, &post.context];
    let beside: usize = texts.into_iter().flatten().map(String::len).sum();
    post.content.len() + post.pictures.len() + beside > LONGEST_HELD
}

/// Lets a post that was shown wait for an editor again.
pub fn hold(conn: &mut Conn, id: i64, now: Time) -> Result<()> {
    diesel::update(posts::table.find(id))
        .set((posts::review.eq(Review::Held), posts::held_at.eq(now), posts::next_look.eq(None::<Time>)))
        .execute(conn)?;
    index::renew(conn, id)
}

/// Forgets the surplus after a post was held: of its author each time, of all authors each time that [`SURPLUS`] more posts are kept, since
/// that look walks along all that is held. One more than may stay is looked for, none is counted.
pub fn keep_held_in_bounds(conn: &mut Conn, id: i64, author_id: i64) -> Result<()> {
    let held = posts::table
        .filter(posts::held_at.is_not_null())
        .order((posts::held_at.desc(), posts::id.desc()))
        .select((posts::held_at.assume_not_null(), posts::id))
        .limit(1);
    let of_author = held.filter(posts::author_id.eq(author_id)).offset(MOST_HELD_OF_ONE);
    if let Some((time, id)) = each!(conn, conn => of_author.first(conn)).optional()? {
        let own = posts::table.filter(posts::author_id.eq(author_id));
        diesel::delete(own.filter(held_until(time, id)).filter(not(is_passed_on()))).execute(conn)?;
    }
    if id % SURPLUS != 0 {
        return Ok(());
    }
    if let Some((time, id)) = held.offset(MOST_HELD).first(conn).optional()? {
        diesel::delete(posts::table.filter(held_until(time, id)).filter(not(is_passed_on()))).execute(conn)?;
    }
    Ok(())
}

/// Forgets what has been held since before a time: nobody will decide on it any more.
pub fn forget_held(conn: &mut Conn, before: Time) -> Result<()> {
    let old = posts::table.filter(posts::held_at.lt(before)).filter(not(is_passed_on()));
    diesel::delete(old).execute(conn)?;
    Ok(())
}

/// What was held before a post or is that post. The first condition says nothing new, but it is the one that an index answers.
#[diesel::dsl::auto_type]
fn held_until(time: Time, id: i64) -> _ {
    posts::held_at.le(time).and(posts::held_at.lt(time).or(posts::id.le(id)))
}

/// How many posts wait for an editor.
pub fn count_held(conn: &mut Conn) -> Result<i64> {
    Ok(posts::table.filter(posts::held_at.is_not_null()).count().get_result(conn)?)
}

#[diesel::dsl::auto_type]
fn is_passed_on() -> _ {
    exists(boosts::table.filter(boosts::post_id.eq(posts::id.nullable())))
}
