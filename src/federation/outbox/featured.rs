//! What the union puts forward: pinned statements, hashtags of its campaigns.

use serde_json::{Value, json};

use super::say_in_public;
use crate::clock::{Time, new_id};
use crate::delivery::Recipients;
use crate::error::{Error, Result};
use crate::federation::wire::documents;
use crate::markup;
use crate::node::Node;
use crate::statements::{self, Hashtag, State, Statement};
use crate::storage::Conn;

/// Pins a statement of ours. Gives the number of deliveries.
///
/// # Errors
/// `NotFound` or `Gone` where there is none, `Conflict` where it cannot be pinned.
pub async fn pin(node: &Node, address: &str) -> Result<(Statement, i64)> {
    let statement = super::statements::ours(node, address).await?;
    let (for_write, now) = (node.clone(), node.now());
    in_one_transaction(node, move |conn| {
        let statement = statements::lock(conn, statement.id)?;
        if statement.state == State::Withdrawn {
            return Err(Error::Gone("This statement".to_owned()));
        }
        statements::pin(conn, &statement, now)?;
        let deliveries = say_added(conn, &for_write, &json!(statement.uri), now)?;
        Ok((statement, deliveries))
    })
    .await
}

/// Takes the pin from a statement of ours. Gives the number of deliveries.
///
/// # Errors
/// `NotFound` where it has none.
pub async fn unpin(node: &Node, address: &str) -> Result<(Statement, i64)> {
    let statement = super::statements::ours(node, address).await?;
    let (for_write, now) = (node.clone(), node.now());
    in_one_transaction(node, move |conn| {
        if !statements::unpin(conn, statement.id)? {
            return Err(Error::not_found(format!("{} among the pinned statements", statement.uri)));
        }
        let deliveries = say_removed(conn, &for_write, &json!(statement.uri), now)?;
        Ok((statement, deliveries))
    })
    .await
}

/// Puts a hashtag forward. Gives the number of deliveries.
///
/// # Errors
/// `Invalid` for what is no hashtag, `Conflict` where it cannot be put forward.
pub async fn feature_tag(node: &Node, name: &str) -> Result<(Hashtag, i64)> {
    let name = hashtag_name(name)?;
    let (for_write, now) = (node.clone(), node.now());
    in_one_transaction(node, move |conn| {
        let hashtag = statements::feature(conn, &name, now)?;
        let deliveries = say_added(conn, &for_write, &documents::hashtag(&hashtag.name, &for_write.urls), now)?;
        Ok((hashtag, deliveries))
    })
    .await
}

/// Puts a hashtag forward no longer. Gives the number of deliveries.
///
/// # Errors
/// `Invalid` for what is no hashtag, `NotFound` where it was not put forward.
pub async fn unfeature_tag(node: &Node, name: &str) -> Result<(Hashtag, i64)> {
    let name = hashtag_name(name)?;
    let (for_write, now) = (node.clone(), node.now());
    in_one_transaction(node, move |conn| {
        let hashtag = statements::unfeature(conn, &name)?;
        let deliveries = say_removed(conn, &for_write, &documents::hashtag(&hashtag.name, &for_write.urls), now)?;
        Ok((hashtag, deliveries))
    })
    .await
}

/// A hashtag as people write it, with `#` or without.
fn hashtag_name(typed: &str) -> Result<String> {
    let name = typed.trim().trim_start_matches(['#', '＃']);
    if markup::is_hashtag(name) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid(
        "hashtag",
        format!("{typed:?} is none; write one word of letters, digits and _, such as Lockout"),
    ))
}

async fn in_one_transaction<T, F>(node: &Node, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
{
    let done = node.db.write(work).await?;
    node.bell.notify_one();
    Ok(done)
}

fn say_added(conn: &mut Conn, node: &Node, thing: &Value, now: Time) -> Result<i64> {
    let document = documents::add_to_featured(&id(node, "adds", now), &node.identity.union, thing);
    say_in_public(conn, node, document, None, &followers(node), now)
}

fn say_removed(conn: &mut Conn, node: &Node, thing: &Value, now: Time) -> Result<i64> {
    let document = documents::remove_from_featured(&id(node, "removes", now), &node.identity.union, thing);
    say_in_public(conn, node, document, None, &followers(node), now)
}

/// Leads to the collection, which says what is true now.
fn id(node: &Node, what: &str, now: Time) -> String {
    format!("{}#{what}/{}", documents::featured_id(&node.identity.union), new_id(now))
}

fn followers(node: &Node) -> Recipients {
    Recipients { followers_of: Some(node.identity.union.id), ..Recipients::default() }
}
