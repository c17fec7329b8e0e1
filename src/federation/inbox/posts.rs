//! Create, Update and Delete of posts.

use super::private;
use crate::actors::Actor;
use crate::alliances;
use crate::clock::Time;
use crate::error::Result;
use crate::federation::wire::RemoteNote;
use crate::moderation::review;
use crate::node::Node;
use crate::posts::{self, Post, Review};
use crate::private_box;
use crate::reactions;
use crate::statements::{self, State};
use crate::storage::Conn;
use crate::urls;

/// Somebody published. Kept are answers in our conversations, what allies publish, and what names the union; nothing else.
pub(super) fn posted(conn: &mut Conn, node: &Node, speaker: &Actor, note: &RemoteNote, now: Time) -> Result<()> {
    if !note.is_public() {
        return private::posted(conn, node, speaker, note, now);
    }
    let known = posts::find(conn, &note.uri)?;
    let is_settled = known.as_ref().is_some_and(|post| post.statement_id.is_some() || post.author_id != speaker.id);
    if is_settled || posts::is_deleted(conn, &note.uri, &speaker.uri)? {
        return Ok(());
    }
    let statement_id = answered_statement(conn, note)?;
    if let Some(post) = known {
        // Somebody passed it on before it reached us as an answer.
        return statement_id.map_or(Ok(()), |statement_id| join(conn, node, post, statement_id, now));
    }
    let union = &node.identity.union;
    let is_ally = alliances::is_following(conn, union.id, speaker.id)?;
    let review = match statement_id {
        Some(_) if is_ally => Review::Approved,
        Some(_) => Review::Held,
        None if is_ally => Review::NotNeeded,
        None if note.names(&union.uri) => Review::Held,
        None => return Ok(()),
    };
    let new = note.to_keep(speaker.id, review, statement_id, now)?;
    if !private::opened(conn, speaker, note)? {
        return Ok(());
    }
    let is_too_long = review == Review::Held && posts::is_too_long_to_hold(&new);
    if is_too_long {
        return Ok(());
    }
    let Some(id) = posts::insert(conn, &new)? else { return Ok(()) };
    if let Some(statement_id) = statement_id {
        for waiting in posts::waiting_for(conn, &note.uri)? {
            join(conn, node, waiting, statement_id, now)?;
        }
    }
    match review {
        Review::Approved => count(conn, statement_id, 1),
        Review::Held => posts::keep_held_in_bounds(conn, id, speaker.id),
        _ => Ok(()),
    }
}

/// A post that we know turns out to belong to the conversation around a statement; and with it what answers it, and came before it.
fn join(conn: &mut Conn, node: &Node, post: Post, statement_id: i64, now: Time) -> Result<()> {
    let mut joining = vec![post];
    while let Some(post) = joining.pop() {
        let review = review_of(conn, node, &post)?;
        posts::adopt(conn, post.id, statement_id, review, now)?;
        if review == Review::Held {
            posts::keep_held_in_bounds(conn, post.id, post.author_id)?;
        }
        if review == Review::Approved {
            count(conn, Some(statement_id), 1)?;
        }
        joining.extend(posts::waiting_for(conn, &post.uri)?);
    }
    Ok(())
}

/// What becomes of a post that we know and that turns out to be an answer: what a person decided of it stays.
fn review_of(conn: &mut Conn, node: &Node, post: &Post) -> Result<Review> {
    let union = node.identity.union.id;
    let is_decided = matches!(post.review, Review::Approved | Review::Rejected);
    if is_decided {
        return Ok(post.review);
    }
    let is_welcome = alliances::is_following(conn, union, post.author_id)? || is_shown(conn, union, post)?;
    Ok(if is_welcome { Review::Approved } else { Review::Held })
}

/// The statement of ours that a post answers, directly or through an answer that we keep.
pub(super) fn answered_statement(conn: &mut Conn, note: &RemoteNote) -> Result<Option<i64>> {
    let Some(answered) = &note.in_reply_to else { return Ok(None) };
    if let Some((id, state)) = statements::state_of(conn, answered)? {
        return Ok((state == State::Published).then_some(id));
    }
    posts::conversation_of(conn, answered)
}

/// An author changed a post. A version that is not newer changes nothing; a changed answer of somebody whom the union does not follow waits
/// for an editor again, since what was approved was the older text; where it is too long for that it goes, or stays rejected as it was. One
/// that is no longer public leaves whoever wrote it.
pub(super) fn revised(conn: &mut Conn, node: &Node, speaker: &Actor, note: &RemoteNote, now: Time) -> Result<()> {
    if !note.is_public() {
        return private::revised(conn, node, speaker, note, now);
    }
    let Some(post) = posts::find(conn, &note.uri)? else { return posted(conn, node, speaker, note, now) };
    if post.author_id != speaker.id || !note.is_newer_than(post.updated) {
        return Ok(());
    }
    let newer = note.to_keep(speaker.id, post.review, post.statement_id, now)?;
    let union = node.identity.union.id;
    let is_ally = alliances::is_following(conn, union, speaker.id)?;
    let is_shown = is_shown(conn, union, &post)?;
    if !is_ally && posts::is_too_long_to_hold(&newer) {
        match post.review {
            Review::Rejected => return Ok(()),
            Review::NotNeeded if !is_shown => {}
            _ => return review::remove(conn, &post),
        }
    }
    posts::update(conn, &post, &newer)?;
    if is_ally || newer.looks_like(&post) || !is_shown {
        return Ok(());
    }
    posts::hold(conn, post.id, now)?;
    if post.review == Review::Approved {
        count(conn, post.statement_id, -1)?;
    }
    posts::keep_held_in_bounds(conn, post.id, post.author_id)
}

/// Whether a post stands on our pages by an editor's will: as an approved answer, or because the union passed it on.
fn is_shown(conn: &mut Conn, union: i64, post: &Post) -> Result<bool> {
    let is_passed_on = post.review == Review::NotNeeded && reactions::boost_of_post(conn, union, post.id)?.is_some();
    Ok(post.review == Review::Approved || is_passed_on)
}

/// An author withdraws a post: it goes everywhere, and a copy that arrives late is not kept.
pub(super) fn deleted(conn: &mut Conn, speaker: &Actor, id: &str, now: Time) -> Result<()> {
    match posts::find(conn, id)? {
        Some(post) if post.author_id == speaker.id => {
            private_box::remove(conn, id, speaker.id)?;
            posts::remember_deleted(conn, id, &speaker.uri, now)?;
            review::remove(conn, &post)
        }
        None if urls::same_origin(id, &speaker.uri) => {
            private_box::remove(conn, id, speaker.id)?;
            posts::remember_deleted(conn, id, &speaker.uri, now)
        }
        // Somebody else's, here or elsewhere.
        _ => Ok(()),
    }
}

/// The server of a post says that it is no more.
pub(super) fn vanished(conn: &mut Conn, id: &str, now: Time) -> Result<()> {
    let Some(post) = posts::find(conn, id)? else { return Ok(()) };
    let Some((_, author)) = posts::find_by_id(conn, post.id)? else { return Ok(()) };
    deleted(conn, &author, id, now)
}

fn count(conn: &mut Conn, statement_id: Option<i64>, by: i64) -> Result<()> {
    statement_id.map_or(Ok(()), |id| statements::add_to_replies_count(conn, id, by))
}
