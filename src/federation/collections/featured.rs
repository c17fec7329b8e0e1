//! What the union puts forward: pinned statements, and hashtags of its campaigns.

use serde_json::{Value, json};

use super::pages;
use crate::error::Result;
use crate::federation::wire::{context, documents};
use crate::node::Node;
use crate::statements;
use crate::storage::{Conn, Slice};

/// Pinned statements by their ids, the last pinned first: Mastodon and GoToSocial fetch each from its own address whatever stands here.
///
/// # Errors
/// Faults of the database.
pub fn featured(conn: &mut Conn, node: &Node) -> Result<Value> {
    let pinned: Vec<String> = statements::pinned(conn)?.into_iter().map(|statement| statement.uri).collect();
    let mut document =
        super::ordered(&documents::featured_id(&node.identity.union), pinned.len().try_into().unwrap_or(i64::MAX));
    document["orderedItems"] = json!(pinned);
    Ok(document)
}

/// Hashtags that the union puts forward, as Mastodon reads them: objects with `href` and `name`.
///
/// # Errors
/// Faults of the database.
pub fn featured_tags(conn: &mut Conn, node: &Node) -> Result<Value> {
    let hashtags = statements::featured(conn)?;
    let items: Vec<Value> = hashtags.iter().map(|hashtag| documents::hashtag(&hashtag.name, &node.urls)).collect();
    Ok(json!({
        "@context": context::post(),
        "id": format!("{}/tags", node.identity.union.uri),
        "type": "Collection",
        "totalItems": items.len(),
        "items": items,
    }))
}

/// The statements with a hashtag: by itself, or a page of their ids.
///
/// # Errors
/// `NotFound` for a hashtag that no public statement has, `Invalid` for a page that is none.
pub fn tagged(conn: &mut Conn, node: &Node, name: &str, asked: Option<&str>) -> Result<Value> {
    let hashtag = statements::hashtag(conn, name)?;
    let id = node.urls.tag(&hashtag.tag);
    let Some(asked) = asked else { return Ok(pages::paged(&id, hashtag.statements_count)) };
    let slice: Slice = pages::read(asked)?;
    let tagged = statements::list_tagged(conn, &hashtag.tag, slice, pages::PAGE_AND_ONE)?;
    let ids = tagged.into_iter().map(|statement| ((statement.published, statement.id), json!(statement.uri)));
    Ok(pages::page(&id, asked, slice, ids.collect()))
}
