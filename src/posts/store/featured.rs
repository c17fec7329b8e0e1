//! Posts that followed unions pinned to their profiles.

use diesel::prelude::*;

use crate::actors::Actor;
use crate::alliances::FollowState;
use crate::clock::Time;
use crate::error::Result;
use crate::posts::Post;
use crate::storage::schema::{actors, featured_posts, follows, posts};
use crate::storage::{Conn, each};

/// Servers let their users pin five posts or so; what goes beyond this is not remembered.
const MOST_OF_AN_ACTOR: i64 = 20;

/// Notes that an actor pinned a post of its own.
pub fn feature(conn: &mut Conn, actor_id: i64, post_id: i64, now: Time) -> Result<()> {
    let pinned: i64 = featured_posts::table.filter(featured_posts::actor_id.eq(actor_id)).count().get_result(conn)?;
    if pinned >= MOST_OF_AN_ACTOR {
        return Ok(());
    }
    let row = (
        featured_posts::actor_id.eq(actor_id),
        featured_posts::post_id.eq(post_id),
        featured_posts::featured_at.eq(now),
    );
    each!(conn, conn => diesel::insert_into(featured_posts::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Notes that an actor pins a post no more.
pub fn unfeature(conn: &mut Conn, actor_id: i64, post_id: i64) -> Result<()> {
    diesel::delete(featured_posts::table.find((actor_id, post_id))).execute(conn)?;
    Ok(())
}

/// Posts that the actors whom `follower_id` follows have pinned, newest first.
pub fn featured(conn: &mut Conn, follower_id: i64, limit: i64) -> Result<Vec<(Post, Actor)>> {
    let followed = follows::table
        .filter(follows::follower_id.eq(follower_id).and(follows::state.eq(FollowState::Accepted)))
        .select(follows::followee_id);
    Ok(featured_posts::table
        .inner_join(posts::table.inner_join(actors::table))
        .filter(featured_posts::actor_id.eq_any(followed).and(actors::blocked.eq(false)))
        .order((posts::published.desc(), posts::id.desc()))
        .limit(limit)
        .select((Post::as_select(), Actor::as_select()))
        .load(conn)?)
}
