//! What has gone from where it was: posts that are no more, actors that moved.

use super::{Found, Miss, Remote};
use crate::actors::Actor;
use crate::federation::wire::actor::read_actor;
use crate::federation::wire::read;
use crate::posts::Post;

impl Remote<'_> {
    /// Whether the server of a public post says that it is no more: by 404, 410, or a Tombstone.
    ///
    /// # Errors
    /// Why the server did not say.
    pub async fn has_vanished(&self, post: &Post) -> Found<bool> {
        match self.fetch(&post.uri).await {
            Ok((document, id)) => Ok(id == post.uri && read::kind(&document.plain) == Some("Tombstone")),
            Err(Miss::Gone(_) | Miss::Absent(_)) => Ok(true),
            Err(miss) => Err(miss),
        }
    }

    /// The actor that another moved to, if both say so now: the old one by `movedTo`, the new one by `alsoKnownAs` (FEP-7628).
    ///
    /// # Errors
    /// Why it is not so.
    pub async fn moved(&self, from: &str, to: &str) -> Found<Actor> {
        let old = self.document(from).await?.plain;
        if read::id(&old, "id").as_deref() != Some(from) || read::id(&old, "movedTo").as_deref() != Some(to) {
            return Err(Miss::Wrong(format!("{from} does not say that it moved to {to}")));
        }
        let new = self.document(to).await?.plain;
        if !read::ids(&new, "alsoKnownAs").iter().any(|alias| alias == from) {
            return Err(Miss::Wrong(format!("{to} does not say that it was {from}")));
        }
        let mut actor = read_actor(&new).map_err(Miss::Wrong)?;
        if actor.uri != to {
            return Err(Miss::Wrong(format!("{to} is not an actor's own id")));
        }
        self.confirm_handle(&mut actor, &new).await;
        self.keep(actor).await
    }
}
