//! What was said around a statement, oldest first, by ids: each post is fetched from its own author.

use serde_json::{Value, json};

use super::pages;
use crate::error::{Error, Result};
use crate::federation::wire::{context, documents};
use crate::node::Node;
use crate::posts;
use crate::statements::{self, Statement};
use crate::storage::{Conn, Place};

/// The approved answers to a statement.
///
/// # Errors
/// `NotFound` or `Gone`; `Invalid` for a page that is none.
pub fn replies(conn: &mut Conn, slug: &str, asked: Option<&str>) -> Result<Value> {
    let statement = statements::find_by_slug(conn, slug)?;
    let id = format!("{}/replies", statement.uri);
    let Some(asked) = asked else {
        let mut document = documents::counted(&id, statement.replies_count);
        document["@context"] = json!(context::ACTIVITY_STREAMS);
        document["first"] = json!(format!("{id}?page=true"));
        return Ok(document);
    };
    let answers = answers(conn, &statement, pages::read_onward(asked)?)?;
    Ok(pages::onward(&id, asked, ["CollectionPage", "items"], answers))
}

/// The conversation that a statement begins (FEP-7888): the statement, what the union says further in it, and the approved answers.
///
/// # Errors
/// `NotFound` where the statement joined another conversation, `Gone`.
pub fn conversation(conn: &mut Conn, node: &Node, slug: &str) -> Result<Value> {
    let statement = beginning(conn, node, slug)?;
    let own = statements::count_in_conversation(conn, &statement.context)?;
    let mut document = super::ordered(&statement.context, own + statement.replies_count);
    document["attributedTo"] = json!(node.identity.union.uri);
    document["first"] = json!(format!("{}?page=true", statement.context));
    Ok(document)
}

/// A page of a conversation.
///
/// # Errors
/// As for [`conversation`]; `Invalid` for a page that is none.
pub fn conversation_page(conn: &mut Conn, node: &Node, slug: &str, asked: &str) -> Result<Value> {
    let (statement, after) = (beginning(conn, node, slug)?, pages::read_onward(asked)?);
    let own = statements::list_in_conversation(conn, &statement.context, after, pages::PAGE_AND_ONE)?;
    let mut said = answers(conn, &statement, after)?;
    said.extend(own.into_iter().map(|own| ((own.published, own.id), own.uri)));
    said.sort();
    Ok(pages::onward(&statement.context, asked, ["OrderedCollectionPage", "orderedItems"], said))
}

fn answers(conn: &mut Conn, statement: &Statement, after: Option<Place>) -> Result<Vec<(Place, String)>> {
    let answers = posts::approved_answers(conn, statement.id, after, pages::PAGE_AND_ONE)?;
    Ok(answers.into_iter().map(|(post, _)| ((post.published, post.id), post.uri)).collect())
}

fn beginning(conn: &mut Conn, node: &Node, slug: &str) -> Result<Statement> {
    let statement = statements::find_by_slug(conn, slug)?;
    if statement.context == node.urls.context(slug) {
        Ok(statement)
    } else {
        Err(Error::not_found("This conversation"))
    }
}
