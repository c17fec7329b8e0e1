//! The outbox: what the union published and passed on.

use serde_json::Value;

use super::{pages, without_context};
use crate::error::Result;
use crate::federation::wire::documents;
use crate::node::Node;
use crate::reactions;
use crate::statements::{self, Statement};
use crate::storage::{Conn, Place};

/// The outbox by itself.
///
/// # Errors
/// Faults of the database.
pub fn outbox(conn: &mut Conn, node: &Node) -> Result<Value> {
    let total = statements::count_published(conn)? + reactions::count_boosted(conn, node.identity.union.id)?;
    Ok(pages::paged(&id(node), total))
}

fn id(node: &Node) -> String {
    format!("{}/outbox", node.identity.union.uri)
}

/// A page of the outbox, newest first, statements and boosts in one order.
///
/// # Errors
/// `Invalid` for a page that is none.
pub fn outbox_page(conn: &mut Conn, node: &Node, asked: &str) -> Result<Value> {
    let slice = pages::read(asked)?;
    let union = &node.identity.union;
    let mut said: Vec<(Place, Value)> = Vec::new();
    for statement in statements::list(conn, slice, pages::PAGE_AND_ONE)? {
        said.push(((statement.published, statement.id), created(conn, node, statement)?));
    }
    for (boost, post, author) in reactions::boosted_posts(conn, union.id, slice, pages::PAGE_AND_ONE)? {
        let document = documents::announce(&boost.uri, union, &post, &author, boost.created_at);
        said.push(((boost.created_at, boost.id), without_context(document)));
    }
    said.sort_by(|(one, _), (other, _)| other.cmp(one));
    Ok(pages::page(&id(node), asked, slice, said))
}

fn created(conn: &mut Conn, node: &Node, statement: Statement) -> Result<Value> {
    let published = statement.published;
    let reading = statements::read(conn, statement)?;
    let note = documents::note(&reading, &node.identity.union, &node.urls);
    Ok(without_context(documents::create(&without_context(note), published)))
}
