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
use crate::urls;

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
        return own(node, field, super::statements::ours(node, address).await?, published).map(Some);
    }
    let (post, author) = remote.post(address).await?;
    threads::keep_above(node, remote, &post.uri).await?;
    let id = post.id;
    let context = node.db.read(move |conn| context_of(conn, id)).await?;
    Ok(Some(Reference { uri: post.uri, context, author: Some(author) }))
}

/// The original of what a draft translates. Whoever names a translation means the statement that has it: all its languages stand together.
///
/// # Errors
/// As for [`referenced`].
pub(super) async fn translated(
    node: &Node,
    remote: &Remote<'_>,
    address: Option<&str>,
    published: Time,
) -> Result<Option<Reference>> {
    let field = "translates";
    let Some(address) = address.filter(|address| node.urls.is_ours(address)) else {
        return referenced(node, remote, (field, address), published).await;
    };
    let named = super::statements::ours(node, address).await?;
    let Some(original) = named.translates.clone() else { return own(node, field, named, published).map(Some) };
    let uri = original.clone();
    match node.db.read(move |conn| statements::find(conn, &uri)).await? {
        Some(original) => own(node, field, original, published).map(Some),
        None => referenced(node, remote, (field, Some(&original)), published).await,
    }
}

/// The id that an address in a draft stands for by what is kept here; the address itself where nothing is.
///
/// # Errors
/// Faults of the database.
pub(super) async fn named_now(node: &Node, field: &'static str, address: &str) -> Result<String> {
    let (address, is_ours) = (address.to_owned(), node.urls.is_ours(address));
    let named = move |conn: &mut Conn| {
        if !is_ours {
            return Ok(posts::find_by_address(conn, &address)?.map_or(address, |post| post.uri));
        }
        let Some(statement) = statements::find(conn, urls::of_page(&address))? else { return Ok(address) };
        let original = statement.translates.filter(|_| field == "translates");
        Ok(original.unwrap_or(statement.uri))
    };
    node.db.read(named).await
}

fn own(node: &Node, field: &str, statement: Statement, published: Time) -> Result<Reference> {
    if statement.state == State::Scheduled && published < statement.published {
        return Err(too_early(node, field, &statement));
    }
    Ok(Reference { uri: statement.uri, context: Some(statement.context), author: None })
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
