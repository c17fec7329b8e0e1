//! Follow, Accept, Reject and Undo of a Follow.

use crate::actors::Actor;
use crate::alliances;
use crate::clock::Time;
use crate::error::Result;
use crate::federation::outbox;
use crate::federation::wire::Reference;
use crate::node::Node;
use crate::storage::Conn;

/// Somebody follows the union: she is a follower from now on, and is told so. Nobody follows the instance actor.
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
    alliances::add_follower(conn, speaker.id, union.id, follow, now)?;
    outbox::accept_follow(conn, node, speaker, follow, now)
}

/// An ally grants our Follow. An Accept of what we never asked is ignored.
pub(super) fn accepted(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<()> {
    if is_our_follow(conn, node, speaker, object)? {
        alliances::accept(conn, node.identity.union.id, speaker.id)?;
    }
    Ok(())
}

/// An ally denies our Follow, or ends it.
pub(super) fn rejected(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<()> {
    if is_our_follow(conn, node, speaker, object)? {
        alliances::reject(conn, node.identity.union.id, speaker.id)?;
    }
    Ok(())
}

/// Whether an activity speaks of our own Follow of the speaker, by its id or by its parts.
fn is_our_follow(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<bool> {
    let union = &node.identity.union;
    let Some(follow) = alliances::find(conn, union.id, speaker.id)? else { return Ok(false) };
    let by_id = object.id.as_ref() == Some(&follow.uri);
    // Some servers answer with a Follow whose id they did not keep.
    let by_parts = object.kind.as_deref() == Some("Follow")
        && object.actor.as_ref() == Some(&union.uri)
        && object.object.as_ref() == Some(&speaker.uri);
    Ok(by_id || by_parts)
}

/// Somebody stops following the union; says whether the Undo was about a Follow at all.
pub(super) fn unfollowed(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference) -> Result<bool> {
    let union = &node.identity.union;
    let Some(follow) = alliances::find(conn, speaker.id, union.id)? else { return Ok(false) };
    let by_id = object.id.as_ref() == Some(&follow.uri);
    let by_parts = object.kind.as_deref() == Some("Follow") && object.object.as_ref() == Some(&union.uri);
    if !by_id && !by_parts {
        return Ok(false);
    }
    alliances::remove(conn, speaker.id, union.id)
}
