//! Follow, Accept and Reject of one, Undo of each, and Block, which ends all of it.

use crate::actors::{self, Actor};
use crate::alliances::{self, Follow, FollowState};
use crate::clock::Time;
use crate::delivery;
use crate::error::Result;
use crate::federation::outbox;
use crate::federation::wire::Reference;
use crate::node::Node;
use crate::storage::Conn;

/// Somebody follows the union: she is a follower from now on, and is told so. Whoever asks again, under another id since she missed the
/// Accept, gets one Accept of the newest Follow in place of the earlier. Nobody follows the instance actor.
pub(super) fn followed(
    conn: &mut Conn,
    node: &Node,
    speaker: &Actor,
    follow: &str,
    object: &str,
    now: Time,
) -> Result<()> {
    let union = &node.identity.union;
    if object != union.uri {
        return Ok(());
    }
    if let Some(earlier) = alliances::find(conn, speaker.id, union.id)? {
        take_back_accept(conn, &earlier)?;
    }
    alliances::add_follower(conn, speaker.id, union.id, follow, now)?;
    outbox::accept_follow(conn, node, speaker, follow, now)
}

/// An ally grants our Follow. An Accept of what we never asked is ignored.
pub(super) fn accepted(conn: &mut Conn, node: &Node, speaker: &Actor, id: &str, object: &Reference) -> Result<()> {
    match our_follow(conn, node, speaker, object)? {
        Some(follow) => alliances::answer(conn, follow.id, FollowState::Accepted, Some(id)),
        None => Ok(()),
    }
}

/// An ally denies our Follow, or ends it.
pub(super) fn rejected(conn: &mut Conn, node: &Node, speaker: &Actor, id: &str, object: &Reference) -> Result<()> {
    match our_follow(conn, node, speaker, object)? {
        Some(follow) => alliances::answer(conn, follow.id, FollowState::Rejected, Some(id)),
        None => Ok(()),
    }
}

/// Our own Follow of the speaker, if the activity speaks of it, by its id or by its parts.
fn our_follow(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<Option<Follow>> {
    let union = &node.identity.union;
    let Some(follow) = alliances::find(conn, union.id, speaker.id)? else { return Ok(None) };
    let by_id = object.id.as_ref() == Some(&follow.uri);
    // Some servers answer with a Follow whose id they did not keep.
    let by_parts = object.kind.as_deref() == Some("Follow")
        && object.actor.as_ref() == Some(&union.uri)
        && object.object.as_ref() == Some(&speaker.uri);
    Ok((by_id || by_parts).then_some(follow))
}

/// An ally takes back its answer to our Follow: without its Accept the Follow is ended, without its Reject it is asked still. Says whether
/// the Undo was about such an answer at all.
pub(super) fn answer_undone(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<bool> {
    let Some(follow) = alliances::find(conn, node.identity.union.id, speaker.id)? else { return Ok(false) };
    let (answered_by, then) = match follow.state {
        FollowState::Accepted => ("Accept", FollowState::Rejected),
        FollowState::Rejected => ("Reject", FollowState::Requested),
        FollowState::Requested => return Ok(false),
    };
    let by_id = object.id.is_some() && object.id == follow.answer_uri;
    let by_parts = object.kind.as_deref() == Some(answered_by) && object.object.as_ref() == Some(&follow.uri);
    if by_id || by_parts {
        alliances::answer(conn, follow.id, then, None)?;
    }
    Ok(by_id || by_parts)
}

/// Somebody wants nothing to do with the union any more: she follows it no longer, and it does not follow her. What she wrote stays, as it
/// would on any other server; she can delete it.
pub(super) fn blocked(conn: &mut Conn, node: &Node, speaker: &Actor, object: &str, now: Time) -> Result<()> {
    let union = &node.identity.union;
    if object != union.uri {
        return Ok(());
    }
    end(conn, node, speaker, now)?;
    match alliances::find(conn, union.id, speaker.id)? {
        Some(follow) => alliances::answer(conn, follow.id, FollowState::Rejected, None),
        None => Ok(()),
    }
}

/// Somebody stops following the union; says whether the Undo was about a Follow at all.
pub(super) fn unfollowed(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference, now: Time) -> Result<bool> {
    let union = &node.identity.union;
    let Some(follow) = alliances::find(conn, speaker.id, union.id)? else { return Ok(false) };
    let by_id = object.id.as_ref() == Some(&follow.uri);
    let by_parts = object.kind.as_deref() == Some("Follow") && object.object.as_ref() == Some(&union.uri);
    if !by_id && !by_parts {
        return Ok(false);
    }
    end(conn, node, speaker, now)?;
    Ok(true)
}

/// Somebody is a follower no more, and what she was told as one is forgotten.
fn end(conn: &mut Conn, node: &Node, follower: &Actor, now: Time) -> Result<()> {
    let union = node.identity.union.id;
    if let Some(follow) = alliances::find(conn, follower.id, union)? {
        take_back_accept(conn, &follow)?;
        alliances::remove(conn, follower.id, union)?;
    }
    if actors::has_own_inbox(conn, follower)? {
        delivery::forget_settled_at(conn, &follower.inbox, now)
    } else {
        Ok(())
    }
}

fn take_back_accept(conn: &mut Conn, follow: &Follow) -> Result<()> {
    follow.answer_uri.as_ref().map_or(Ok(()), |accept| delivery::take_back(conn, accept))
}
