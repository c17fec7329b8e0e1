//! Reports to other servers.

use serde_json::{Value, json};

use crate::actors::Actor;
use crate::federation::wire::context;

/// `Flag` of an actor, and of a post of it where there is one. The instance actor says it, so that nobody learns who reported.
#[must_use]
pub fn flag(id: &str, instance: &Actor, actor: &Actor, post: Option<&str>, comment: &str) -> Value {
    let objects: Vec<&str> = std::iter::once(actor.uri.as_str()).chain(post).collect();
    json!({
        "@context": context::ACTIVITY_STREAMS,
        "id": id,
        "type": "Flag",
        "actor": instance.uri,
        "to": [actor.uri],
        "object": objects,
        "content": comment,
    })
}
