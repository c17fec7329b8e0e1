//! What a statement answers or translates.

use crate::actors::Actor;
use crate::clock::{Time, rfc3339_in};
use crate::error::{Error, Result};
use crate::federation::inbox::threads;
use crate::federation::remote::Remote;
use crate::node::Node;
use crate::posts;
use crate::statements::{self, State, Statement};
use crate::storage::Conn;

/// A post that a statement speaks of.
pub(super) struct Reference {
    /// Its id.
    pub(super) uri: String,
    /// The conversation that it belongs to, where that has a name.
    pub(super) context: Option<String>,
    /// Who wrote it; `None` where it is our own.
    pub(super) author: Option<Actor>,
}

/// The post at an address that a field of a draft may name; and what is missing above it, where it stands in a conversation of ours.
///
/// # Errors
/// Why there is none; `Invalid` where it is a statement of ours that nobody is to know of yet when the draft is published.
pub(super) async fn referenced(
    node: &Node,
    remote: &Remote<'_>,
    (field, address): (&str, Option<&str>),
    published: Time,
) -> Result<Option<Reference>> {
    let Some(address) = address else { return Ok(None) };
    if node.urls.is_ours(address) {
        let statement = super::statements::ours(node, address).await?;
        if statement.state == State::Scheduled && published < statement.published {
            return Err(too_early(node, field, &statement));
        }
        return Ok(Some(Reference { uri: statement.uri, context: Some(statement.context), author: None }));
    }
    let (post, author) = remote.post(address).await?;
    threads::keep_above(node, remote, &post.uri).await?;
    let id = post.id;
    let context = node.db.read(move |conn| context_of(conn, id)).await?;
    Ok(Some(Reference { uri: post.uri, context, author: Some(author) }))
}

fn too_early(node: &Node, field: &str, statement: &Statement) -> Error {
    let why = format!(
        "the statement at {} is published at {} only, and this one would tell of it before; give this one the same date or a later one",
        statement.uri,
        rfc3339_in(statement.published, node.config.time_zone)
    );
    Error::invalid(field, why)
}

/// The name of a post's conversation: ours, where it is around a statement of ours, else the one that its author gave.
fn context_of(conn: &mut Conn, post_id: i64) -> Result<Option<String>> {
    let Some((post, _)) = posts::find_by_id(conn, post_id)? else { return Ok(None) };
    match post.statement_id {
        Some(statement_id) => Ok(Some(statements::get(conn, statement_id)?.context)),
        None => Ok(post.context),
    }
}
