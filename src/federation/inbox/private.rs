//! Posts that were not meant for everybody: into the private box, or nowhere.

use crate::actors::Actor;
use crate::alliances;
use crate::clock::Time;
use crate::error::Result;
use crate::federation::wire::RemoteNote;
use crate::moderation::review;
use crate::node::Node;
use crate::posts;
use crate::private_box;
use crate::storage::Conn;

/// Somebody wrote in private. Kept is what names the union, and what followed unions write to their followers; nothing else.
pub(super) fn posted(conn: &mut Conn, node: &Node, speaker: &Actor, note: &RemoteNote, now: Time) -> Result<()> {
    let union = &node.identity.union;
    let is_known = posts::find(conn, &note.uri)?.is_some();
    if is_known || posts::is_deleted(conn, &note.uri, &speaker.uri)? {
        return Ok(());
    }
    let from_ally = alliances::is_following(conn, union.id, speaker.id)?;
    if from_ally || note.names(&union.uri) {
        private_box::keep(conn, &note.to_keep_in_private(speaker.id, from_ally, now))?;
    }
    Ok(())
}

/// An author changed a private post, or made a public one private: then it leaves every public place.
pub(super) fn revised(conn: &mut Conn, node: &Node, speaker: &Actor, note: &RemoteNote, now: Time) -> Result<()> {
    if let Some(public) = posts::find(conn, &note.uri)? {
        if public.author_id != speaker.id || !note.is_newer_than(public.updated) {
            return Ok(());
        }
        review::remove(conn, &public)?;
    }
    let Some(older) = private_box::find(conn, &note.uri)? else { return posted(conn, node, speaker, note, now) };
    if older.author_id != speaker.id || !note.is_newer_than(older.updated) {
        return Ok(());
    }
    let from_ally = alliances::is_following(conn, node.identity.union.id, speaker.id)?;
    let newer = note.to_keep_in_private(speaker.id, from_ally, now);
    if private_box::is_too_long(&newer) {
        return private_box::remove(conn, &note.uri, speaker.id).map(drop);
    }
    private_box::replace(conn, older.id, &newer)
}

/// An author's public version of a post: where it is newer than the private one in the box, that leaves. Says whether the public one holds.
pub(super) fn opened(conn: &mut Conn, speaker: &Actor, note: &RemoteNote) -> Result<bool> {
    let Some(private) = private_box::find(conn, &note.uri)? else { return Ok(true) };
    // A version that does not say when it was made may be the older one, which arrived late.
    if private.updated.is_some() && note.updated <= private.updated {
        return Ok(false);
    }
    private_box::remove(conn, &note.uri, speaker.id)
}
