//! The documents that we write: actors, statements as Notes, and activities about them.

use activitypub_federation::protocol::public_key::PublicKey;
use serde_json::{Map, Value, json};

use super::content;
use super::context::{self, PUBLIC};
use crate::actors::{Actor, Key};
use crate::clock::{Time, rfc3339};
use crate::config::Config;
use crate::crypto::Algorithm;
use crate::markup::fold_hashtag;
use crate::posts::Post;
use crate::statements::{Picture, Reading};
use crate::urls::Urls;

/// Mastodon cuts alternative texts there.
const MOST_ALT: usize = 1_500;

/// The union as an actor.
#[must_use]
pub fn union(actor: &Actor, keys: &[Key], config: &Config, urls: &Urls) -> Value {
    let id = &actor.uri;
    let mut document = base_actor(actor, keys, urls);
    document.extend(object(json!({
        "following": format!("{id}/following"),
        "followers": format!("{id}/followers"),
        "featured": format!("{id}/featured"),
        "featuredTags": format!("{id}/tags"),
        "discoverable": true,
        "indexable": true,
        "attributionDomains": [config.domain],
        "attachment": [property_value("Web", &actor.url.clone().unwrap_or_default())],
        "webfinger": actor.handle,
    })));
    Value::Object(document)
}

/// The actor that signs our fetches (FEP-2677).
#[must_use]
pub fn instance(actor: &Actor, keys: &[Key], urls: &Urls) -> Value {
    let mut document = base_actor(actor, keys, urls);
    document.insert("webfinger".to_owned(), json!(actor.handle));
    Value::Object(document)
}

fn base_actor(actor: &Actor, keys: &[Key], urls: &Urls) -> Map<String, Value> {
    let id = &actor.uri;
    object(json!({
        "@context": context::actor(),
        "id": id,
        "type": actor.kind,
        "preferredUsername": actor.handle.split('@').next(),
        "name": actor.name,
        "summary": actor.summary,
        "url": actor.url,
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "endpoints": {"sharedInbox": urls.shared_inbox()},
        "published": rfc3339(actor.created_at),
        "manuallyApprovesFollowers": false,
        "publicKey": keys.iter().find(|key| key.key.algorithm == Algorithm::Rsa).and_then(|key| public_key(key, id)),
        "assertionMethod": keys.iter().filter(|key| key.key.algorithm == Algorithm::Ed25519).map(|key| json!({
            "id": key.id,
            "type": "Multikey",
            "controller": id,
            "publicKeyMultibase": key.key.to_multibase(),
        })).collect::<Vec<_>>(),
    }))
}

fn public_key(key: &Key, owner: &str) -> Option<PublicKey> {
    Some(PublicKey { id: key.id.clone(), owner: owner.parse().ok()?, public_key_pem: key.key.to_pem() })
}

fn property_value(name: &str, address: &str) -> Value {
    json!({
        "type": "PropertyValue",
        "name": name,
        "value": format!("<a href=\"{address}\" rel=\"me nofollow noopener noreferrer\">{address}</a>"),
    })
}

/// A statement as a Note. Its collections stand as plain addresses, as in what is delivered, so that a proof over it stays true.
#[must_use]
pub fn note(reading: &Reading, author: &Actor, urls: &Urls) -> Value {
    let statement = &reading.statement;
    let id = &statement.uri;
    let details = statement.details();
    let text = content::of_reading(reading, urls);
    let mut document = object(json!({
        "@context": context::post(),
        "id": id,
        "type": "Note",
        "attributedTo": author.uri,
        "to": [PUBLIC],
        "cc": audience(reading, author),
        "url": id,
        "published": rfc3339(statement.published),
        "content": text,
        "contentMap": content_map(reading, &text),
        "sensitive": details.sensitive || details.content_warning.is_some(),
        "attachment": reading.pictures.iter().map(|picture| attachment(picture, urls)).collect::<Vec<_>>(),
        "tag": tags(reading, urls),
        "replies": format!("{id}/replies"),
        "likes": format!("{id}/likes"),
        "shares": format!("{id}/shares"),
        "context": context_of(reading),
        "interactionPolicy": interaction_policy(),
    }));
    let optional = [
        ("name", statement.title.clone()),
        ("summary", details.content_warning),
        ("updated", statement.updated.map(rfc3339)),
        ("inReplyTo", statement.in_reply_to.clone().or_else(|| statement.translates.clone())),
    ];
    for (property, value) in optional {
        if let Some(value) = value {
            document.insert(property.to_owned(), Value::String(value));
        }
    }
    Value::Object(document)
}

/// A statement and its translations form one conversation, named after the statement that came first.
fn context_of(reading: &Reading) -> String {
    let first = reading.statement.translates.as_ref().unwrap_or(&reading.statement.uri);
    format!("{first}#conversation")
}

/// Followers, and every actor that is mentioned or addressed.
fn audience(reading: &Reading, author: &Actor) -> Vec<String> {
    author.followers.iter().cloned().chain(reading.mentions.iter().map(|actor| actor.uri.clone())).collect()
}

/// All languages of a statement. The original comes first (Mastodon takes the first key) and is byte-equal to `content` (others look for
/// that).
fn content_map(reading: &Reading, text: &str) -> Value {
    let mut map = object(json!({ reading.statement.language.clone(): text }));
    for translation in &reading.translations {
        map.entry(translation.language.clone()).or_insert_with(|| json!(content::of_statement(translation)));
    }
    Value::Object(map)
}

fn attachment(picture: &Picture, urls: &Urls) -> Value {
    json!({
        "type": "Image",
        "mediaType": picture.media_type,
        "url": urls.media(&picture.file),
        "name": picture.alt.chars().take(MOST_ALT).collect::<String>(),
        "width": picture.width,
        "height": picture.height,
        "blurhash": picture.blurhash,
        "focalPoint": [0.0, 0.0],
        "sensitive": picture.sensitive,
    })
}

fn tags(reading: &Reading, urls: &Urls) -> Vec<Value> {
    let hashtags = reading
        .tags
        .iter()
        .map(|tag| json!({"type": "Hashtag", "name": format!("#{tag}"), "href": urls.tag(&fold_hashtag(tag))}));
    let mentions = reading
        .mentions
        .iter()
        .map(|actor| json!({"type": "Mention", "name": format!("@{}", actor.handle), "href": actor.uri}));
    hashtags.chain(mentions).collect()
}

/// Everybody may answer, quote and boost a public statement; whether an answer is shown here is our editors' decision (GoToSocial's
/// interaction policies).
fn interaction_policy() -> Value {
    let everybody = json!({"automaticApproval": [PUBLIC], "manualApproval": []});
    json!({"canReply": everybody, "canQuote": everybody, "canAnnounce": everybody})
}

/// A collection that says no more than how many it holds.
#[must_use]
pub fn counted(id: &str, total: i64) -> Value {
    json!({"id": id, "type": "Collection", "totalItems": total})
}

/// Puts the collections of a Note inline with their counts, as a reader that fetches it expects.
pub fn inline_counts(note: &mut Value, reading: &Reading) {
    let statement = &reading.statement;
    let id = &statement.uri;
    let replies = json!({
        "id": format!("{id}/replies"),
        "type": "Collection",
        "totalItems": statement.replies_count,
        "first": format!("{id}/replies?page=true"),
    });
    note["replies"] = replies;
    note["likes"] = counted(&format!("{id}/likes"), statement.likes_count);
    note["shares"] = counted(&format!("{id}/shares"), statement.boosts_count);
}

/// `Create` of a Note.
#[must_use]
pub fn create(note: &Value, published: Time) -> Value {
    about_note("Create", &format!("{}/activity", id_of(note)), note, published)
}

/// `Update` of a Note, with an id of its own for every change.
#[must_use]
pub fn update(note: &Value, updated: Time) -> Value {
    let id = format!("{}#updates/{}", id_of(note), updated.and_utc().timestamp_millis());
    about_note("Update", &id, note, updated)
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

/// `Delete` of a statement that everybody could read.
#[must_use]
pub fn delete(statement: &str, actor: &Actor) -> Value {
    json!({
        "@context": context::post(),
        "id": format!("{statement}#delete"),
        "type": "Delete",
        "actor": actor.uri,
        "to": [PUBLIC],
        "cc": actor.followers.iter().collect::<Vec<_>>(),
        "object": {"id": statement, "type": "Tombstone"},
    })
}

/// What stands in the place of a withdrawn statement.
#[must_use]
pub fn tombstone(statement: &str) -> Value {
    json!({"@context": context::ACTIVITY_STREAMS, "id": statement, "type": "Tombstone"})
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

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
