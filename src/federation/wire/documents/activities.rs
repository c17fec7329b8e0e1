//! Activities of ours: what we say about our statements, about others' posts, and to the unions that we follow.

use serde_json::{Value, json};

use super::featured_id;
use crate::actors::Actor;
use crate::clock::{Time, rfc3339};
use crate::federation::wire::context::{self, PUBLIC};
use crate::posts::Post;

/// `Create` of a Note.
#[must_use]
pub fn create(note: &Value, published: Time) -> Value {
    about_note("Create", &format!("{}/activity", id_of(note)), note, published)
}

/// `Update` of a Note, with an id of its own for every change.
#[must_use]
pub fn update(note: &Value, updated: Time) -> Value {
    about_note("Update", &update_id(id_of(note), updated), note, updated)
}

/// `Update` of an actor of ours, whose document stands in it whole.
#[must_use]
pub fn update_actor(id: &str, document: &Value, updated: Time) -> Value {
    let mut actor = document.clone();
    if let Some(members) = actor.as_object_mut() {
        members.shift_remove("@context");
    }
    json!({
        "@context": context::actor_with_proof(),
        "id": id,
        "type": "Update",
        "actor": document["id"],
        "published": rfc3339(updated),
        "to": [PUBLIC],
        "cc": [document["followers"]],
        "object": actor,
    })
}

/// The id of the `Update` of a statement at a time.
#[must_use]
pub fn update_id(statement: &str, updated: Time) -> String {
    format!("{statement}#updates/{}", updated.and_utc().timestamp_millis())
}

/// The id of the `Delete` of a statement.
#[must_use]
pub fn delete_id(statement: &str) -> String {
    format!("{statement}#delete")
}

fn about_note(kind: &str, id: &str, note: &Value, at: Time) -> Value {
    // The Note keeps its own context inside the activity: its proof was made over it.
    json!({
        "@context": note["@context"],
        "id": id,
        "type": kind,
        "actor": note["attributedTo"],
        "published": rfc3339(at),
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    })
}

fn id_of(document: &Value) -> &str {
    document["id"].as_str().unwrap_or_default()
}

/// `Add` to what an actor of ours put forward: the id of a statement, or a hashtag.
#[must_use]
pub fn add_to_featured(id: &str, actor: &Actor, thing: &Value) -> Value {
    about_featured("Add", id, actor, thing)
}

/// `Remove` from it.
#[must_use]
pub fn remove_from_featured(id: &str, actor: &Actor, thing: &Value) -> Value {
    about_featured("Remove", id, actor, thing)
}

/// Mastodon takes hashtags under this target as well: it knows no other.
fn about_featured(kind: &str, id: &str, actor: &Actor, thing: &Value) -> Value {
    json!({
        "@context": context::post(),
        "id": id,
        "type": kind,
        "actor": actor.uri,
        "to": [PUBLIC],
        "cc": actor.followers.iter().collect::<Vec<_>>(),
        "object": thing,
        "target": featured_id(actor),
    })
}

/// `Delete` of a statement that everybody could read.
#[must_use]
pub fn delete(statement: &str, actor: &Actor) -> Value {
    json!({
        "@context": context::post(),
        "id": delete_id(statement),
        "type": "Delete",
        "actor": actor.uri,
        "to": [PUBLIC],
        "cc": actor.followers.iter().collect::<Vec<_>>(),
        "object": {"id": statement, "type": "Tombstone"},
    })
}

/// `Announce` of somebody's post.
#[must_use]
pub fn announce(id: &str, actor: &Actor, post: &Post, author: &Actor, at: Time) -> Value {
    let followers = actor.followers.iter().cloned();
    json!({
        "@context": context::post(),
        "id": id,
        "type": "Announce",
        "actor": actor.uri,
        "published": rfc3339(at),
        "to": [PUBLIC],
        "cc": followers.chain([author.uri.clone()]).collect::<Vec<_>>(),
        "object": post.uri,
    })
}

/// `Undo` of an Announce of ours.
#[must_use]
pub fn undo_announce(announce: &str, actor: &Actor, post: &Post) -> Value {
    json!({
        "@context": context::post(),
        "id": format!("{announce}#undo"),
        "type": "Undo",
        "actor": actor.uri,
        "to": [PUBLIC],
        "cc": actor.followers.iter().collect::<Vec<_>>(),
        "object": {"id": announce, "type": "Announce", "actor": actor.uri, "object": post.uri},
    })
}

/// `Follow`, to its addressee only.
#[must_use]
pub fn follow(id: &str, actor: &str, object: &str) -> Value {
    json!({"@context": context::ACTIVITY_STREAMS, "id": id, "type": "Follow", "actor": actor, "to": [object], "object": object})
}

/// `Undo` of a Follow of ours.
#[must_use]
pub fn undo_follow(follow: &str, actor: &str, object: &str) -> Value {
    json!({
        "@context": context::ACTIVITY_STREAMS,
        "id": format!("{follow}#undo"),
        "type": "Undo",
        "actor": actor,
        "to": [object],
        "object": {"id": follow, "type": "Follow", "actor": actor, "object": object},
    })
}

/// `Accept` of somebody's Follow, which stands in it whole.
#[must_use]
pub fn accept_follow(id: &str, follow: &str, follower: &str, followee: &str) -> Value {
    json!({
        "@context": context::ACTIVITY_STREAMS,
        "id": id,
        "type": "Accept",
        "actor": followee,
        "to": [follower],
        "object": {"id": follow, "type": "Follow", "actor": follower, "object": followee},
    })
}
