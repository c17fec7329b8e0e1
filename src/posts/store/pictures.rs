//! Which pictures of others our pages show: those of posts and actors that are shown themselves.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

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

/// Whether what a post answers still stands.
const STANDS: &str = "EXISTS (SELECT 1 FROM statements s WHERE s.id = posts.statement_id AND s.state = 'published')";

/// Whether among some posts there is one that an editor approved as an answer to what still stands, or one that the union passed on.
macro_rules! any_is_shown {
    ($conn:expr, $shown:expr, $which:expr) => {{
        let approved = posts::review.eq(Review::Approved).and(sql::<Bool>(STANDS));
        let answer = posts::table.filter($which.and(approved)).select(posts::id).first::<i64>($conn).optional()?;
        let passed_on = boosts::table
            .inner_join(posts::table.on(boosts::post_id.eq(posts::id.nullable())))
            .filter(boosts::actor_id.eq($shown.union).and($which))
            .filter(posts::review.eq_any([Review::NotNeeded, Review::Approved]))
            .select(posts::id);
        answer.is_some() || passed_on.first::<i64>($conn).optional()?.is_some()
    }};
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

/// By somebody whom the union follows, approved, or passed on; neither held nor rejected.
fn is_shown(conn: &mut Conn, shown: &Shown, post: &Post) -> Result<bool> {
    let is_seen = matches!(post.review, Review::Approved | Review::NotNeeded);
    Ok(is_seen && (is_shown_ally(conn, shown, post.author_id)? || any_is_shown!(conn, shown, posts::id.eq(post.id))))
}

/// An actor of whom something is shown: a union that ours follows, or somebody whose post was approved or passed on.
pub fn shown_author(conn: &mut Conn, shown: &Shown, actor_id: i64) -> Result<Option<Actor>> {
    let welcome = actors::id.eq(actor_id).and(actors::blocked.eq(false));
    let found: Option<Actor> = actors::table.filter(welcome).select(Actor::as_select()).first(conn).optional()?;
    let Some(actor) = found else { return Ok(None) };
    let is_shown = is_shown_ally(conn, shown, actor_id)? || any_is_shown!(conn, shown, posts::author_id.eq(actor_id));
    Ok(is_shown.then_some(actor))
}
