//! What somebody passes on without a proof that the gate believes: its origin is asked.

use super::Effect;
use crate::actors::Actor;
use crate::error::Result;
use crate::federation::remote::{Miss, Remote};
use crate::federation::wire::activity::version_id;
use crate::federation::wire::{Action, Activity, read};
use crate::node::Node;
use crate::posts;
use crate::urls;

/// Asks the origin of a forwarded activity whether it is true: only what the origin itself shows is believed.
pub(super) async fn confirm(
    node: &Node,
    remote: &Remote<'_>,
    activity: Activity,
) -> Result<Option<(Actor, Activity, Effect)>> {
    let id = match &activity.action {
        Action::Create { object } | Action::Update { object } => read::id_of(object).map(str::to_owned),
        Action::Delete { object } => return confirm_deletion(node, remote, object.clone(), activity).await,
        _ => None,
    };
    let Some(id) = id.filter(|id| urls::same_origin(id, &activity.actor)) else { return Ok(None) };
    let Ok(note) = remote.note(&id).await else { return Ok(None) };
    let Ok(author) = remote.actor(&note.author).await else { return Ok(None) };
    // The id names this version, so that a later, newer one is heard as well.
    let confirmed =
        Activity { id: version_id(&note.uri, note.updated), actor: author.uri.clone(), action: activity.action };
    Ok(Some((author, confirmed, Effect::Revised(Box::new(note)))))
}

/// A forwarded Delete is believed when the origin no longer has the post.
async fn confirm_deletion(
    node: &Node,
    remote: &Remote<'_>,
    object: String,
    activity: Activity,
) -> Result<Option<(Actor, Activity, Effect)>> {
    let Some((post, author)) = known_post(node, &object).await? else { return Ok(None) };
    let gone = matches!(remote.note(&post.uri).await, Err(Miss::Absent(_) | Miss::Gone(_)));
    Ok((gone && author.uri == activity.actor).then_some((author, activity, Effect::Deleted(object))))
}

async fn known_post(node: &Node, uri: &str) -> Result<Option<(posts::Post, Actor)>> {
    let uri = uri.to_owned();
    node.db
        .read(move |conn| match posts::find(conn, &uri)? {
            Some(post) => posts::find_by_id(conn, post.id),
            None => Ok(None),
        })
        .await
}
