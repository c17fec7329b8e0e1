//! Actors of ours as documents.

use activitypub_federation::protocol::public_key::PublicKey;
use serde_json::{Map, Value, json};

use super::object;
use crate::actors::{Actor, Key};
use crate::clock::rfc3339;
use crate::config::Config;
use crate::crypto::Algorithm;
use crate::federation::wire::context;
use crate::markup;
use crate::profile::{Field, Picture, Profile};
use crate::urls::Urls;

/// The union as an actor.
#[must_use]
pub fn union(profile: &Profile, keys: &[Key], config: &Config, urls: &Urls) -> Value {
    let union = &profile.union;
    let id = &union.uri;
    let mut document = base_actor(union, keys, urls);
    document.extend(object(json!({
        "following": format!("{id}/following"),
        "followers": format!("{id}/followers"),
        "featured": featured_id(union),
        "featuredTags": format!("{id}/tags"),
        "discoverable": true,
        "indexable": true,
        "attributionDomains": [config.domain],
        "attachment": profile.fields.iter().map(property_value).collect::<Vec<_>>(),
        "webfinger": union.handle,
    })));
    if !profile.aliases.is_empty() {
        document.insert("alsoKnownAs".to_owned(), json!(profile.aliases));
    }
    for (property, picture) in [("icon", &profile.icon), ("image", &profile.image)] {
        if let Some(picture) = picture {
            document.insert(property.to_owned(), image(picture, urls));
        }
    }
    Value::Object(document)
}

/// The id of the collection of what an actor of ours pinned: the target of Add and Remove.
#[must_use]
pub fn featured_id(actor: &Actor) -> String {
    format!("{}/featured", actor.uri)
}

fn image(picture: &Picture, urls: &Urls) -> Value {
    json!({
        "type": "Image",
        "mediaType": picture.media_type,
        "url": urls.media(&picture.file),
        "width": picture.width,
        "height": picture.height,
        "blurhash": picture.blurhash,
    })
}

/// The actor that signs our fetches (FEP-2677).
#[must_use]
pub fn instance(actor: &Actor, keys: &[Key], urls: &Urls) -> Value {
    let mut document = base_actor(actor, keys, urls);
    document.insert("webfinger".to_owned(), json!(actor.handle));
    Value::Object(document)
}

/// An actor as far as it takes to verify what it says: who it is, where to find it, and its keys.
#[must_use]
pub fn keys_only(actor: &Value) -> Value {
    const SHOWN: [&str; 7] = ["@context", "id", "type", "preferredUsername", "inbox", "publicKey", "assertionMethod"];
    SHOWN.into_iter().filter_map(|name| Some((name.to_owned(), actor.get(name)?.clone()))).collect()
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

/// A field as Mastodon reads it: it verifies a link only where the value is nothing but the link, with its address as its text.
fn property_value(field: &Field) -> Value {
    let value = markup::escape_html(&field.value);
    let value = match field.link() {
        Some(_) => format!("<a href=\"{value}\" rel=\"me nofollow noopener noreferrer\">{value}</a>"),
        None => value,
    };
    json!({"type": "PropertyValue", "name": field.label, "value": value})
}
