//! Collections that other servers read: always with their count, in pages by keyset, never a list of followers.

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
use crate::statements::{self, Statement};
use crate::storage::Conn;

const PAGE: i64 = 20;

/// A place in a list that is ordered by time and row number: what the address of a page carries.
pub type Place = (Time, i64);

/// Reads a place from `page=TIME-ROW`; `page=true` is the beginning.
///
/// # Errors
/// `Invalid` for anything else.
pub fn read_place(text: &str) -> Result<Option<Place>> {
    if text == "true" {
        return Ok(None);
    }
    let wrong = || Error::invalid("page", "this is no page of the collection; start at its first");
    let (millis, row) = text.split_once('-').ok_or_else(wrong)?;
    let time = chrono::DateTime::from_timestamp_millis(millis.parse().map_err(|_| wrong())?).ok_or_else(wrong)?;
    Ok(Some((time.naive_utc(), row.parse().map_err(|_| wrong())?)))
}

fn write_place((time, row): Place) -> String {
    format!("{}-{row}", time.and_utc().timestamp_millis())
}

/// A collection by itself: its count, and where its first page is.
#[must_use]
pub fn ordered(id: &str, total: i64, paged: bool) -> Value {
    let mut document =
        json!({"@context": context::ACTIVITY_STREAMS, "id": id, "type": "OrderedCollection", "totalItems": total});
    if paged {
        document["first"] = json!(format!("{id}?page=true"));
    }
    document
}

fn page(id: &str, asked: &str, items: &[Value], next: Option<Place>, kind: &str, items_name: &str) -> Value {
    let mut document = json!({
        "@context": context::post(),
        "id": format!("{id}?page={asked}"),
        "type": kind,
        "partOf": id,
        items_name: items,
    });
    if let Some(place) = next {
        document["next"] = json!(format!("{id}?page={}", write_place(place)));
    }
    document
}

/// The outbox: what the union published and passed on.
///
/// # Errors
/// Faults of the database.
pub fn outbox(conn: &mut Conn, node: &Node) -> Result<Value> {
    let total = statements::count_published(conn)? + reactions::count_boosted(conn, node.identity.union.id)?;
    Ok(ordered(&outbox_id(node), total, true))
}

fn outbox_id(node: &Node) -> String {
    format!("{}/outbox", node.identity.union.uri)
}

/// A page of the outbox, newest first, statements and boosts in one order.
///
/// # Errors
/// `Invalid` for a place that is none.
pub fn outbox_page(conn: &mut Conn, node: &Node, asked: &str) -> Result<Value> {
    let before = read_place(asked)?;
    let union = &node.identity.union;
    let mut entries: Vec<(Place, Value)> = Vec::new();
    for statement in statements::list(conn, before, PAGE)? {
        let place = (statement.published, statement.id);
        entries.push((place, created(conn, node, statement)?));
    }
    for (boost, post, author) in reactions::boosted_posts(conn, union.id, before, PAGE)? {
        let document = documents::announce(&boost.uri, union, &post, &author, boost.created_at);
        entries.push(((boost.created_at, boost.id), without_context(document)));
    }
    entries.sort_by(|(one, _), (other, _)| other.cmp(one));
    let full = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = if entries.len() >= full { entries.get(full - 1).map(|(place, _)| *place) } else { None };
    let items: Vec<Value> = entries.into_iter().take(full).map(|(_, item)| item).collect();
    Ok(page(&outbox_id(node), asked, &items, next, "OrderedCollectionPage", "orderedItems"))
}

fn created(conn: &mut Conn, node: &Node, statement: Statement) -> Result<Value> {
    let published = statement.published;
    let reading = statements::read(conn, statement)?;
    let note = documents::note(&reading, &node.identity.union, &node.urls);
    Ok(without_context(documents::create(&without_context(note), published)))
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
    Ok(ordered(&format!("{}/followers", union.uri), alliances::follower_count(conn, union.id)?, false))
}

/// Followed unions: their number only.
///
/// # Errors
/// Faults of the database.
pub fn following(conn: &mut Conn, node: &Node) -> Result<Value> {
    let union = &node.identity.union;
    Ok(ordered(&format!("{}/following", union.uri), alliances::following_count(conn, union.id)?, false))
}

/// Pinned statements; nothing can be pinned yet.
#[must_use]
pub fn featured(node: &Node) -> Value {
    empty(&format!("{}/featured", node.identity.union.uri), "OrderedCollection", "orderedItems")
}

/// Hashtags that the union puts forward; none yet.
#[must_use]
pub fn featured_tags(node: &Node) -> Value {
    empty(&format!("{}/tags", node.identity.union.uri), "Collection", "items")
}

/// A collection that holds nothing.
#[must_use]
pub fn empty(id: &str, kind: &str, items: &str) -> Value {
    json!({"@context": context::ACTIVITY_STREAMS, "id": id, "type": kind, "totalItems": 0, items: []})
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

/// The approved answers to a statement, by their ids: each is fetched from its own author.
///
/// # Errors
/// `NotFound` or `Gone`; `Invalid` for a place that is none.
pub fn replies(conn: &mut Conn, slug: &str, asked: Option<&str>) -> Result<Value> {
    let statement = statements::find_by_slug(conn, slug)?;
    let id = format!("{}/replies", statement.uri);
    let Some(asked) = asked else {
        let mut document = documents::counted(&id, statement.replies_count);
        document["@context"] = json!(context::ACTIVITY_STREAMS);
        document["first"] = json!(format!("{id}?page=true"));
        return Ok(document);
    };
    let answers = posts::approved_answers(conn, statement.id, read_place(asked)?, PAGE)?;
    let next = answers.get(usize::try_from(PAGE - 1).unwrap_or(usize::MAX)).map(|(post, _)| (post.published, post.id));
    let items: Vec<Value> = answers.into_iter().map(|(post, _)| json!(post.uri)).collect();
    Ok(page(&id, asked, &items, next, "CollectionPage", "items"))
}

/// The conversation that a statement begins (FEP-7888): the statement, what the union says further in it, and the approved answers.
///
/// # Errors
/// `NotFound` where the statement joined another conversation, `Gone`.
pub fn conversation(conn: &mut Conn, node: &Node, slug: &str) -> Result<Value> {
    let statement = beginning(conn, node, slug)?;
    let own = statements::count_in_conversation(conn, &statement.context)?;
    let mut document = ordered(&statement.context, own + statement.replies_count, true);
    document["attributedTo"] = json!(node.identity.union.uri);
    Ok(document)
}

/// A page of a conversation, oldest first, by ids: each post is fetched from its own author.
///
/// # Errors
/// As for [`conversation`]; `Invalid` for a place that is none.
pub fn conversation_page(conn: &mut Conn, node: &Node, slug: &str, asked: &str) -> Result<Value> {
    let (statement, after) = (beginning(conn, node, slug)?, read_place(asked)?);
    let mut entries: Vec<(Place, String)> = statements::list_in_conversation(conn, &statement.context, after, PAGE)?
        .into_iter()
        .map(|said| ((said.published, said.id), said.uri))
        .collect();
    let answers = posts::approved_answers(conn, statement.id, after, PAGE)?;
    entries.extend(answers.into_iter().map(|(post, _)| ((post.published, post.id), post.uri)));
    entries.sort();
    let full = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = if entries.len() >= full { entries.get(full - 1).map(|(place, _)| *place) } else { None };
    let items: Vec<Value> = entries.into_iter().take(full).map(|(_, uri)| json!(uri)).collect();
    Ok(page(&statement.context, asked, &items, next, "OrderedCollectionPage", "orderedItems"))
}

fn beginning(conn: &mut Conn, node: &Node, slug: &str) -> Result<Statement> {
    let statement = statements::find_by_slug(conn, slug)?;
    if statement.context == node.urls.context(slug) {
        Ok(statement)
    } else {
        Err(Error::not_found("This conversation"))
    }
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
    // A boost that was taken back, or whose post its author deleted, is gone for readers too.
    if reactions::find_boost(conn, node.identity.union.id, &uri)?.is_none() {
        return Err(Error::not_found("This activity"));
    }
    let body = crate::delivery::activity(conn, &uri)?.ok_or_else(|| Error::not_found("This activity"))?;
    Ok(serde_json::from_str(&body)?)
}
