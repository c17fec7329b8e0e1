//! Actors of other servers, as their documents tell of them.

use serde_json::Value;

use super::read;
use crate::actors::{Key, RemoteActor};
use crate::crypto::PublicKey;
use crate::markup;
use crate::urls;

/// Types that are actors.
pub const KINDS: [&str; 5] = ["Organization", "Person", "Service", "Group", "Application"];
/// Longer biographies, in bytes of safe HTML, are left out: anybody may have us keep one.
const MOST_SUMMARY: usize = 16 * 1024;
/// Real actors have two or three keys.
const MOST_KEYS: usize = 10;

/// Reads an actor's document.
///
/// What lies on another server than the actor itself is left out: a key there would be somebody else's, an inbox there would send our
/// deliveries to whomever the document names.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn read_actor(document: &Value) -> Result<RemoteActor, String> {
    let kind = read::kind_among(document, &KINDS).ok_or("the document is no actor")?.to_owned();
    let uri = read::id(document, "id").ok_or("the actor has no id")?;
    let host = urls::host_of(&uri).ok_or("the actor's id is no http address")?;
    let on_its_server = |address: &String| urls::same_origin(address, &uri);
    let inbox = read::id(document, "inbox").filter(on_its_server).ok_or("the actor has no inbox on its own server")?;
    let shared_inbox = document.get("endpoints").and_then(|endpoints| read::id(endpoints, "sharedInbox"));
    let user_name = read::text(document, "preferredUsername").unwrap_or_default();
    Ok(RemoteActor {
        handle: handle(&user_name, &host, &uri),
        name: markup::plain_name(&read::text_or_map(document, "name").unwrap_or(user_name)),
        summary: summary(document),
        url: read::page(document),
        shared_inbox: shared_inbox.filter(on_its_server),
        outbox: read::id(document, "outbox"),
        featured: read::id(document, "featured").filter(on_its_server),
        followers: read::id(document, "followers"),
        icon: read::values(document, "icon").first().and_then(|icon| read::page(icon)),
        indexable: is_indexable(document),
        keys: keys(document, &uri),
        uri,
        kind,
        host,
        inbox,
    })
}

/// Whether it lets others find what it wrote (FEP-5feb): whoever does not say so does not.
fn is_indexable(document: &Value) -> bool {
    document.get("indexable").and_then(Value::as_bool).unwrap_or_default()
}

fn summary(document: &Value) -> String {
    // What is twice as long as it may be is not even cleaned.
    let said = read::text_or_map(document, "summary").filter(|html| html.len() <= 2 * MOST_SUMMARY);
    let safe = said.map(|html| markup::remote_html(&html));
    safe.filter(|html| html.len() <= MOST_SUMMARY).unwrap_or_default()
}

/// `name@host`; an actor without a user name is known by the last part of its id.
fn handle(user_name: &str, host: &str, uri: &str) -> String {
    let plain = markup::plain_name(user_name);
    let name = if plain.is_empty() || plain.contains(['@', '/', ' ']) {
        markup::plain_name(uri.trim_end_matches('/').rsplit('/').next().unwrap_or("unknown"))
    } else {
        plain
    };
    format!("{name}@{host}")
}

/// All keys that an actor's document lists: `publicKey` (PEM) and `assertionMethod` (Multikey, FEP-521a).
fn keys(document: &Value, owner: &str) -> Vec<Key> {
    let pem = read::values(document, "publicKey").into_iter().filter_map(|value| pem_key(value, owner));
    let multikeys = read::values(document, "assertionMethod").into_iter().filter_map(|value| multikey(value, owner));
    pem.chain(multikeys).take(MOST_KEYS).collect()
}

/// The actor that a document of a key names as its owner.
#[must_use]
pub fn key_owner(document: &Value) -> Option<String> {
    read::id(document, "owner").or_else(|| read::id(document, "controller"))
}

/// Whether an actor's document has no keys at all.
#[must_use]
pub fn is_keyless(document: &Value) -> bool {
    ["publicKey", "assertionMethod"].iter().all(|property| document.get(property).is_none())
}

/// Whether an actor's document lists a key, whole or by its id alone.
#[must_use]
pub fn lists_key(document: &Value, key_id: &str) -> bool {
    let listed = ["publicKey", "assertionMethod"].iter().flat_map(|property| read::ids(document, property));
    listed.into_iter().any(|id| id == key_id)
}

/// A `publicKey` whose owner, where it names one, is the given actor.
#[must_use]
pub fn pem_key(value: &Value, owner: &str) -> Option<Key> {
    let key = PublicKey::from_pem(&read::text(value, "publicKeyPem")?)?;
    own_key(value, "owner", owner, key)
}

fn multikey(value: &Value, owner: &str) -> Option<Key> {
    let key = PublicKey::from_multibase(&read::text(value, "publicKeyMultibase")?)?;
    own_key(value, "controller", owner, key)
}

fn own_key(value: &Value, owner_property: &str, owner: &str, key: PublicKey) -> Option<Key> {
    let id = read::id(value, "id").filter(|id| urls::same_origin(id, owner))?;
    let named = read::id(value, owner_property);
    named.is_none_or(|named| named == owner).then_some(Key { id, key })
}
