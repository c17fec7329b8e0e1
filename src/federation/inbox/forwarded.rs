//! What somebody passes on without a proof that the gate believes: its origin is asked, and only what that shows is believed.

use super::{Effect, Heard};
use crate::actors::Actor;
use crate::error::Result;
use crate::federation::remote::Remote;
use crate::federation::wire::activity::version_id;
use crate::federation::wire::{Action, Activity, RemoteNote, read};
use crate::node::Node;
use crate::posts::{self, Post};
use crate::urls;

/// Asks the origin of a forwarded activity whether it is true.
pub(super) async fn confirm(node: &Node, remote: &Remote<'_>, activity: &Activity) -> Result<Option<Heard>> {
    match &activity.action {
        Action::Create { object } | Action::Update { object } => {
            let Some(id) = read::id_of(object).filter(|id| urls::same_origin(id, &activity.actor)) else {
                return Ok(None);
            };
            let Some((author, note)) = refetched(remote, id).await else { return Ok(None) };
            // The id names this version, so that a later, newer one is heard as well.
            let id = version_id(&note.uri, note.updated);
            Ok(Some(Heard { speaker: author, id, in_person: false, effect: Effect::Revised(Box::new(note)) }))
        }
        Action::Delete { object } => {
            let Some((post, author)) = known_post(node, object).await? else { return Ok(None) };
            if author.uri != activity.actor || !remote.has_vanished(&post).await.unwrap_or_default() {
                return Ok(None);
            }
            // Not the id that was forwarded: whoever forwards could use up the ids of what the author has yet to say.
            let id = format!("urn:confirmed:gone:{}", post.uri);
            Ok(Some(Heard { speaker: author, id, in_person: false, effect: Effect::Vanished(post.uri) }))
        }
        _ => Ok(None),
    }
}

/// A post as its server has it now, with its author. One that cannot be had now is not worth a second try: its author's own word may come.
async fn refetched(remote: &Remote<'_>, id: &str) -> Option<(Actor, RemoteNote)> {
    let note = remote.note(id).await.ok()?;
    let author = remote.actor(&note.author).await.ok()?;
    Some((author, note))
}

/// A post that we keep, by its id, with its author.
pub(super) async fn known_post(node: &Node, uri: &str) -> Result<Option<(Post, Actor)>> {
    let uri = uri.to_owned();
    node.db
        .read(move |conn| match posts::find(conn, &uri)? {
            Some(post) => posts::find_by_id(conn, post.id),
            None => Ok(None),
        })
        .await
}
