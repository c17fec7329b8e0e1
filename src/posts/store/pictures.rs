//! Which pictures of others our pages show: those of posts and actors that are shown themselves.

use diesel::prelude::*;

use super::{Picture, Post, Review, find_by_id};
use crate::actors::Actor;
use crate::alliances;
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::{actors, boosts, posts};

/// Whose pictures our pages show.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Row number of the union.
    pub union: i64,
    /// Whether its pages show whom it follows, which may endanger either.
    pub allies: bool,
}

fn is_shown_ally(conn: &mut Conn, shown: &Shown, actor_id: i64) -> Result<bool> {
    Ok(shown.allies && alliances::is_following(conn, shown.union, actor_id)?)
}

/// A picture of a post that is shown, by its number in it. None where the post waits for an editor, was rejected, or is of somebody
/// blocked, and none where the union has nothing to do with it, or does not show whom it follows.
pub fn shown_picture(conn: &mut Conn, shown: &Shown, post_id: i64, number: usize) -> Result<Option<Picture>> {
    let Some((post, author)) = find_by_id(conn, post_id)? else { return Ok(None) };
    let is_shown = !author.blocked && is_shown(conn, shown, &post)?;
    Ok(if is_shown { post.pictures().into_iter().nth(number) } else { None })
}

/// Approved, by somebody whom the union follows, or passed on by the union; neither held nor rejected.
fn is_shown(conn: &mut Conn, shown: &Shown, post: &Post) -> Result<bool> {
    match post.review {
        Review::Held | Review::Rejected => Ok(false),
        Review::Approved => Ok(true),
        Review::NotNeeded => {
            let boost = boosts::table.filter(boosts::post_id.eq(post.id).and(boosts::actor_id.eq(shown.union)));
            let passed_on: Option<i64> = boost.select(boosts::id).first(conn).optional()?;
            Ok(passed_on.is_some() || is_shown_ally(conn, shown, post.author_id)?)
        }
    }
}

/// An actor of whom something is shown: a union that ours follows, or somebody whose post was approved or passed on.
pub fn shown_author(conn: &mut Conn, shown: &Shown, actor_id: i64) -> Result<Option<Actor>> {
    let welcome = actors::id.eq(actor_id).and(actors::blocked.eq(false));
    let found: Option<Actor> = actors::table.filter(welcome).select(Actor::as_select()).first(conn).optional()?;
    let Some(actor) = found else { return Ok(None) };
    if is_shown_ally(conn, shown, actor_id)? {
        return Ok(Some(actor));
    }
    let own = posts::table.filter(posts::author_id.eq(actor_id));
    let approved: Option<i64> =
        own.filter(posts::review.eq(Review::Approved)).select(posts::id).first(conn).optional()?;
    let passed_on: Option<i64> = boosts::table
        .inner_join(posts::table.on(boosts::post_id.eq(posts::id.nullable())))
        .filter(boosts::actor_id.eq(shown.union).and(posts::author_id.eq(actor_id)))
        .filter(posts::review.eq(Review::NotNeeded))
        .select(posts::id)
        .first(conn)
        .optional()?;
    Ok(approved.or(passed_on).map(|_| actor))
}
