//! Collections that other servers read: always with their count, in pages by keyset, never a list of followers.

mod conversations;
mod featured;
mod outbox;
mod pages;

use serde_json::{Value, json};

use super::proof;
use super::wire::context;
use super::wire::documents::{self, quotes::quote_authorization};
use crate::alliances;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::posts;
use crate::reactions;
use crate::statements;
use crate::storage::Conn;

pub use conversations::{conversation, conversation_page, replies};
pub use featured::{featured, featured_tags, tagged};
pub use outbox::{outbox, outbox_page};

/// A collection that says no more than how many it holds.
fn ordered(id: &str, total: i64) -> Value {
    json!({"@context": context::ACTIVITY_STREAMS, "id": id, "type": "OrderedCollection", "totalItems": total})
}

fn without_context(mut document: Value) -> Value {
    if let Some(object) = document.as_object_mut() {
        object.shift_remove("@context");
    }
    document
}

/// Followers: their number only, since a public list of them exposes members.
///
/// # Errors
/// Faults of the database.
pub fn followers(conn: &mut Conn, node: &Node) -> Result<Value> {
    let union = &node.identity.union;
    Ok(ordered(&format!("{}/followers", union.uri), alliances::follower_count(conn)?))
}

/// Followed unions: their number only.
///
/// # Errors
/// Faults of the database.
pub fn following(conn: &mut Conn, node: &Node) -> Result<Value> {
    let union = &node.identity.union;
    Ok(ordered(&format!("{}/following", union.uri), alliances::following_count(conn, union.id)?))
}

/// The instance actor's outbox: it only fetches.
#[must_use]
pub fn instance_outbox(node: &Node) -> Value {
    let mut document = ordered(&format!("{}/outbox", node.identity.instance.uri), 0);
    document["orderedItems"] = json!([]);
    document
}

/// A statement as it is fetched: with its counts inline, and a proof made over just that.
///
/// # Errors
/// `NotFound` or `Gone`.
pub fn statement(conn: &mut Conn, node: &Node, slug: &str, now: Time) -> Result<Value> {
    let found = statements::find_by_slug(conn, slug)?;
    let reading = statements::read(conn, found)?;
    let mut note = documents::note(&reading, &node.identity.union, &node.urls);
    documents::inline_counts(&mut note, &reading);
    proof::prove(&mut note, &node.keyring.keys(conn)?.proof, now)?;
    Ok(note)
}

/// How many like a statement, or passed it on; who stays with us.
///
/// # Errors
/// `NotFound` or `Gone`.
pub fn reaction_count(conn: &mut Conn, slug: &str, which: &str) -> Result<Value> {
    let statement = statements::find_by_slug(conn, slug)?;
    let total = if which == "likes" { statement.likes_count } else { statement.boosts_count };
    let mut document = documents::counted(&format!("{}/{which}", statement.uri), total);
    document["@context"] = json!(context::ACTIVITY_STREAMS);
    Ok(document)
}

/// The `Create` of a statement, under the id that was delivered.
///
/// # Errors
/// `NotFound` or `Gone`.
pub fn create_of(conn: &mut Conn, node: &Node, slug: &str, now: Time) -> Result<Value> {
    let found = statements::find_by_slug(conn, slug)?;
    let published = found.published;
    let reading = statements::read(conn, found)?;
    let mut note = documents::note(&reading, &node.identity.union, &node.urls);
    proof::prove(&mut note, &node.keyring.keys(conn)?.proof, now)?;
    let mut create = documents::create(&note, published);
    proof::prove(&mut create, &node.keyring.keys(conn)?.proof, now)?;
    Ok(create)
}

/// The stamp that allows a quote (FEP-044f), for as long as its statement stands.
///
/// # Errors
/// `NotFound`.
pub fn quote(conn: &mut Conn, node: &Node, slug: &str, id: &str) -> Result<Value> {
    let missing = || Error::not_found("This permission to quote");
    let stamp = node.urls.quote(slug, id);
    if stamp.contains(char::is_control) {
        return Err(missing());
    }
    let found = statements::find_quote(conn, &stamp)?.ok_or_else(missing)?;
    Ok(quote_authorization(&found, &node.identity.union))
}

/// A boost or another public activity of ours, as it was delivered.
///
/// # Errors
/// `NotFound`.
pub fn activity(conn: &mut Conn, node: &Node, id: &str) -> Result<Value> {
    if id.contains(char::is_control) {
        return Err(Error::not_found("This activity"));
    }
    let uri = node.urls.activity(id);
    // A boost that was taken back, whose post its author deleted, whose post waits for an editor or whose author is blocked, is gone for
    // readers too.
    let boost = reactions::find_boost(conn, node.identity.union.id, &uri)?;
    let boosted = match boost.and_then(|boost| boost.post_id) {
        Some(post_id) => posts::find_by_id(conn, post_id)?,
        None => None,
    };
    if boosted.is_none_or(|(post, author)| author.blocked || !post.review.may_be_shown()) {
        return Err(Error::not_found("This activity"));
    }
    let body = crate::delivery::activity(conn, &uri)?.ok_or_else(|| Error::not_found("This activity"))?;
    Ok(serde_json::from_str(&body)?)
}
