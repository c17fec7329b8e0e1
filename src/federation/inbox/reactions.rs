//! Like (and `EmojiReact`, which counts as one), Announce, and Undo of each.

use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::federation::wire::Reference;
use crate::statements::{self, State};
use crate::storage::Conn;
use crate::{posts, reactions};

/// The row number of a statement that the public may see.
fn public_statement(conn: &mut Conn, id: &str) -> Result<Option<i64>> {
    Ok(statements::state_of(conn, id)?.and_then(|(id, state)| (state == State::Published).then_some(id)))
}

/// Somebody likes a statement of ours.
pub(super) fn liked(conn: &mut Conn, speaker: &Actor, like: &str, id: &str, now: Time) -> Result<()> {
    match public_statement(conn, id)? {
        Some(statement_id) => reactions::add_like(conn, speaker.id, statement_id, like, now),
        None => Ok(()),
    }
}

/// Somebody passes on a statement of ours, or an ally somebody's post.
pub(super) fn boosted(conn: &mut Conn, speaker: &Actor, announce: &str, id: &str, now: Time) -> Result<()> {
    if let Some(statement_id) = public_statement(conn, id)? {
        return reactions::add_boost_of_statement(conn, speaker.id, statement_id, announce, now);
    }
    match posts::find(conn, id)? {
        Some(post) if reactions::boost_of_post(conn, speaker.id, post.id)?.is_none() => {
            reactions::boost_post(conn, speaker.id, post.id, announce, now)
        }
        _ => Ok(()),
    }
}

/// Somebody takes back a like or a boost.
pub(super) fn undone(conn: &mut Conn, speaker: &Actor, object: &Reference) -> Result<()> {
    if let Some(id) = &object.id
        && let Some(boost) = reactions::find_boost(conn, speaker.id, id)?
        && boost.post_id.is_some()
    {
        return reactions::delete_boost(conn, boost.id);
    }
    let by_object = match &object.object {
        Some(id) => statements::state_of(conn, id)?.map(|(id, _)| id),
        None => None,
    };
    let by_id = match &object.id {
        Some(id) => reactions::statement_of(conn, speaker.id, id)?,
        None => None,
    };
    let Some(statement_id) = by_object.or(by_id.map(|(_, id)| id)) else { return Ok(()) };
    match object.kind.as_deref().or(by_id.map(|(kind, _)| kind)) {
        Some("Like") => reactions::remove_like(conn, speaker.id, statement_id),
        // Some servers let her react several times beside her like, of which the first counts: only the Undo of that one does.
        Some("EmojiReact") if by_id.is_some() || object.id.is_none() => {
            reactions::remove_like(conn, speaker.id, statement_id)
        }
        Some("Announce") => reactions::remove_boost_of_statement(conn, speaker.id, statement_id),
        _ => Ok(()),
    }
}
