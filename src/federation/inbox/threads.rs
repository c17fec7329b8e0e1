//! The conversations around our statements, also where nobody tells us of an answer: the way up from an answer that we are told of, and
//! looks at those that we show, in which answers between others appear. Whatever is found so is held as if it had been sent to us.

use std::time::Duration;

use chrono::TimeDelta;

use super::posts as arrivals;
use crate::actors::{self, Actor};
use crate::alliances;
use crate::clock::Time;
use crate::delivery;
use crate::error::{Error, Result};
use crate::federation::remote::{MOST_ABOVE, Miss, Remote};
use crate::federation::wire::RemoteNote;
use crate::moderation::{blocks, review};
use crate::node::Node;
use crate::posts::{self, Post, Review};
use crate::statements::{self, State, Statement};
use crate::storage::{self, Conn};

/// How long the conversation around a statement is looked at.
const LOOKED_AT_FOR: TimeDelta = TimeDelta::days(7);
/// How often at most, and how often at least: the older the statement, the more seldom.
const SOONEST: TimeDelta = TimeDelta::hours(1);
const LATEST: TimeDelta = TimeDelta::days(1);
/// So many posts of one conversation are looked for.
const MOST_IN_CONVERSATION: i64 = 1_000;
/// So many posts are looked at in one go.
const AT_ONCE: i64 = 20;
/// One look takes no longer than this, so that a slow server does not hold up the looks at others.
const LOOK_PATIENCE: Duration = Duration::from_secs(30);
/// An activity waits no longer than this for the way up: its sender waits as well.
const PATIENCE: Duration = Duration::from_secs(12);

/// Fetches what is missing between an answer and a conversation of ours, and keeps it. Nothing is asked unless there is a reason to believe
/// that the answer concerns us: a stranger must not be able to make us read the fediverse.
///
/// # Errors
/// Faults of ours only.
pub(super) async fn reach_up(node: &Node, remote: &Remote<'_>, speaker: &Actor, note: &RemoteNote) -> Result<()> {
    let Some(answered) = note.in_reply_to.as_deref().filter(|_| note.is_public()) else { return Ok(()) };
    // Most answers are to a statement itself: nothing is missing.
    if node.urls.is_ours(answered) {
        return Ok(());
    }
    let (union, speaker) = (&node.identity.union, speaker.id);
    let is_ours = note.context.as_ref().is_some_and(|context| node.urls.is_ours(context));
    let union_id = union.id;
    let concerns_us = note.names(&union.uri)
        || is_ours
        || node.db.read(move |conn| alliances::is_following(conn, union_id, speaker)).await?;
    if !concerns_us {
        return Ok(());
    }
    tokio::time::timeout(PATIENCE, keep_above(node, remote, answered)).await.unwrap_or(Ok(()))
}

/// The same for a post that a person of ours answers.
///
/// # Errors
/// Faults of ours only.
pub async fn keep_above(node: &Node, remote: &Remote<'_>, answered: &str) -> Result<()> {
    let chain = remote.above(answered).await?;
    if chain.is_empty() {
        return Ok(());
    }
    let (node, now) = (node.clone(), node.now());
    node.db.clone().write(move |conn| keep(conn, &node, &chain, now)).await
}

/// Keeps posts of one conversation, in an order in which what is answered comes first. Their authors may have been blocked, or have gone, while
/// they were asked for.
fn keep(conn: &mut Conn, node: &Node, found: &[(RemoteNote, Actor)], now: Time) -> Result<()> {
    storage::keep_rules(conn)?;
    for (note, author) in found {
        if actors::is_welcome(conn, author.id)? && arrivals::answered_statement(conn, note)?.is_some() {
            arrivals::posted(conn, node, author, note, now)?;
        }
    }
    Ok(())
}

/// Looks at the answers whose time has come: at each at its own server, whether it is still there and still says the same, and at the
/// answers to it.
///
/// # Errors
/// Faults of ours only.
pub async fn look_around(node: &Node) -> Result<()> {
    let now = node.now();
    for (post, author) in node.db.read(move |conn| posts::due_for_a_look(conn, now, AT_ONCE)).await? {
        match tokio::time::timeout(LOOK_PATIENCE, look_at(node, post, author)).await.unwrap_or(Ok(())) {
            // Too much is asked at this moment; the next look will find it.
            Err(Error::Unavailable(why)) => tracing::debug!(why, "an answer could not be looked at now"),
            looked => looked?,
        }
    }
    Ok(())
}

async fn look_at(node: &Node, post: Post, author: Actor) -> Result<()> {
    let (id, host, now) = (post.id, author.host.clone(), node.now());
    let Some(room) = node.db.write(move |conn| begin_look(conn, id, &host, now)).await? else { return Ok(()) };
    let remote = Remote::for_look(node);
    let note = match remote.note(&post.uri).await {
        Ok(note) if note.uri == post.uri && note.author == author.uri => note,
        // Only what its server does not have any more is gone here too.
        Err(Miss::Absent(_) | Miss::Gone(_)) => {
            return node.db.write(move |conn| review::remove(conn, &post)).await;
        }
        Err(Miss::Ours(error)) => return Err(error),
        _ => return Ok(()),
    };
    let below = if room { remote.below(&note).await? } else { Vec::new() };
    let (node, now) = (node.clone(), node.now());
    node.db.clone().write(move |conn| end_look(conn, &node, &(note, author), &below, now)).await
}

/// Notes that a post is looked at now, and when it is again. Says whether there is room for more answers; `None` where it is not looked at
/// after all: another process does, its server is away, or its statement is.
fn begin_look(conn: &mut Conn, id: i64, host: &str, now: Time) -> Result<Option<bool>> {
    let Some(post) = posts::lock(conn, id)? else { return Ok(None) };
    let statement = match post.statement_id {
        Some(id) => Some(statements::get(conn, id)?).filter(|statement| statement.state == State::Published),
        None => None,
    };
    let is_mine = posts::look_next(conn, id, statement.as_ref().and_then(|statement| next_look(statement, now)), now)?;
    let Some(statement) = statement.filter(|_| is_mine) else { return Ok(None) };
    if delivery::is_away(conn, host)? || blocks::is_blocked(conn, host)? {
        return Ok(None);
    }
    let is_small = posts::count_in_conversation(conn, statement.id)? < MOST_IN_CONVERSATION;
    Ok(Some(is_small && posts::depth(conn, &post, MOST_ABOVE)? < MOST_ABOVE))
}

/// When an answer to a statement is looked at again: every hour at first, then more seldom, and at last not any more.
fn next_look(statement: &Statement, now: Time) -> Option<Time> {
    let age = now - statement.published;
    (age < LOOKED_AT_FOR).then(|| now + (age / 4).clamp(SOONEST, LATEST))
}

/// An answer that we show changed: there may be new answers to it, too.
pub(super) fn look_soon(conn: &mut Conn, note: &RemoteNote, now: Time) -> Result<()> {
    match posts::find(conn, &note.uri)? {
        Some(post) if post.review == Review::Approved => posts::look_by(conn, post.id, now + SOONEST),
        _ => Ok(()),
    }
}

fn end_look(
    conn: &mut Conn,
    node: &Node,
    (note, author): &(RemoteNote, Actor),
    below: &[(RemoteNote, Actor)],
    now: Time,
) -> Result<()> {
    storage::keep_rules(conn)?;
    // Its server may have been blocked while it was asked: what is hidden is not counted either.
    if !actors::is_welcome(conn, author.id)? {
        return Ok(());
    }
    arrivals::revised(conn, node, author, note, now)?;
    let still_shown = posts::find(conn, &note.uri)?.is_some_and(|post| post.review == Review::Approved);
    if still_shown { keep(conn, node, below, now) } else { Ok(()) }
}
