//! Add and Remove: a followed union pins a post of its own to its profile, or takes it off.

use super::prepare::is_followed;
use super::{Effect, or_later};
use crate::actors::Actor;
use crate::alliances;
use crate::clock::Time;
use crate::error::Result;
use crate::federation::remote::Remote;
use crate::node::Node;
use crate::posts;
use crate::storage::Conn;
use crate::urls;

/// Counts where the collection is the speaker's own for pinned posts. A post that we do not know yet is fetched.
pub(super) async fn prepare(
    node: &Node,
    remote: &Remote<'_>,
    speaker: &Actor,
    object: String,
    target: &str,
) -> Result<Effect> {
    if !urls::same_origin(&object, &speaker.uri) || !is_followed(node, speaker).await? {
        return Ok(Effect::Nothing);
    }
    if featured_of(remote, speaker, target).await?.as_deref() != Some(target) {
        return Ok(Effect::Nothing);
    }
    let found = or_later(remote.post(&object).await)?;
    let own = found.filter(|(post, author)| author.id == speaker.id && post.uri == object);
    Ok(own.map_or(Effect::Nothing, |_| Effect::Featured(object)))
}

/// The collection of pinned posts. Of an actor that we met before we remembered it, the document is read anew.
async fn featured_of(remote: &Remote<'_>, speaker: &Actor, target: &str) -> Result<Option<String>> {
    if speaker.featured.is_some() || !urls::same_origin(target, &speaker.uri) {
        return Ok(speaker.featured.clone());
    }
    Ok(or_later(remote.fetch_actor(&speaker.uri).await)?.and_then(|actor| actor.featured))
}

pub(super) fn prepare_removal(speaker: &Actor, object: String, target: &str) -> Effect {
    if speaker.featured.as_deref() == Some(target) { Effect::Unfeatured(object) } else { Effect::Nothing }
}

pub(super) fn featured(conn: &mut Conn, node: &Node, speaker: &Actor, id: &str, now: Time) -> Result<()> {
    let followed = alliances::is_following(conn, node.identity.union.id, speaker.id)?;
    match posts::find(conn, id)? {
        Some(post) if followed && post.author_id == speaker.id => posts::feature(conn, speaker.id, post.id, now),
        _ => Ok(()),
    }
}

pub(super) fn unfeatured(conn: &mut Conn, speaker: &Actor, id: &str) -> Result<()> {
    posts::find(conn, id)?.map_or(Ok(()), |post| posts::unfeature(conn, speaker.id, post.id))
}
