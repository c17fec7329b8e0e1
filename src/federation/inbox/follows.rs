//! Follow, Accept and Reject of one, Undo of each, and Block, which ends all of it.

use super::{Effect, Heard};
use crate::actors::{self, Actor};
use crate::alliances::{self, Follow, FollowState};
use crate::clock::Time;
use crate::delivery;
use crate::error::Result;
use crate::federation::outbox;
use crate::federation::wire::Reference;
use crate::heard;
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

/// Whether a Follow or its Undo that was heard before is said anew. Some servers give the same id each time (Misskey; Pixelfed, whose Follow has
/// none): then what was undone since is asked again, and what was asked again since is undone again.
///
/// A copy that somebody caught and sends again looks the same. What bounds that is the time in the signature of the request, an hour: so only what
/// the speaker signed itself counts, and no proof, which stays good. And a late copy of an Undo, under an id that is used once, ends no later Follow.
pub(super) fn is_said_anew(conn: &mut Conn, node: &Node, heard: &Heard) -> Result<bool> {
    let Heard { speaker, id, in_person, effect } = heard;
    let union = &node.identity.union;
    match effect {
        _ if !in_person => Ok(false),
        Effect::Followed(object) => Ok(*object == union.uri && alliances::find(conn, speaker.id, union.id)?.is_none()),
        Effect::Undone(object) => match her_follow(conn, node, speaker, object)? {
            // Asked anew under an id that is older than the Undo which ended it: her server uses ids again.
            Some(follow) => {
                Ok(object.id.as_ref() == Some(&follow.uri) || heard::is_older(conn, &speaker.uri, &follow.uri, id)?)
            }
            None => Ok(false),
        },
        _ => Ok(false),
    }
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
    let names_it = her_follow(conn, node, speaker, object)?.is_some();
    if names_it {
        end(conn, node, speaker, now)?;
    }
    Ok(names_it)
}

/// The speaker's Follow of the union, if the activity speaks of it, by its id or by its parts.
fn her_follow(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<Option<Follow>> {
    let union = &node.identity.union;
    let Some(follow) = alliances::find(conn, speaker.id, union.id)? else { return Ok(None) };
    let by_id = object.id.as_ref() == Some(&follow.uri);
    let by_parts = object.kind.as_deref() == Some("Follow") && object.object.as_ref() == Some(&union.uri);
    Ok((by_id || by_parts).then_some(follow))
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
