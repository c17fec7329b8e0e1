//! Announce of somebody's post, and its Undo.

use super::say_in_public;
use crate::actors::Actor;
use crate::clock::{Time, new_id};
use crate::delivery::Recipients;
use crate::error::{Error, Result};
use crate::federation::remote::Remote;
use crate::federation::wire::documents;
use crate::node::Node;
use crate::posts::{self, Post};
use crate::reactions;
use crate::storage::Conn;

/// Passes a public post of somebody else on to our followers. Gives the number of deliveries.
///
/// # Errors
/// Why the post cannot be had or passed on.
pub async fn boost(node: &Node, address: &str) -> Result<(Post, i64)> {
    if node.urls.is_ours(address) {
        return Err(Error::invalid("boost", "this is our own statement; our followers have it already"));
    }
    let (post, author) = Remote::for_editor(node).post(address).await?;
    let (for_write, now) = (node.clone(), node.now());
    let boosted = node.db.write(move |conn| announce(conn, &for_write, post, &author, now)).await?;
    node.bell.notify_one();
    Ok(boosted)
}

fn announce(conn: &mut Conn, node: &Node, post: Post, author: &Actor, now: Time) -> Result<(Post, i64)> {
    let union = &node.identity.union;
    if reactions::boost_of_post(conn, union.id, post.id)?.is_some() {
        return Err(Error::Conflict("this post was passed on already".to_owned()));
    }
    let id = node.urls.activity(&new_id(now));
    reactions::boost_post(conn, union.id, post.id, &id, now)?;
    let document = documents::announce(&id, union, &post, author, now);
    let deliveries = say_in_public(conn, node, document, None, &followers_and(union, author), now)?;
    Ok((post, deliveries))
}

/// Takes a boost back.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn unboost(node: &Node, address: &str) -> Result<(Post, i64)> {
    let (for_write, now, address) = (node.clone(), node.now(), address.to_owned());
    let taken_back = node.db.write(move |conn| take_back(conn, &for_write, &address, now)).await?;
    node.bell.notify_one();
    Ok(taken_back)
}

fn take_back(conn: &mut Conn, node: &Node, address: &str, now: Time) -> Result<(Post, i64)> {
    let union = &node.identity.union;
    let not_boosted = || Error::not_found(format!("a boost of {address}"));
    let found = posts::find_by_address(conn, address)?.ok_or_else(not_boosted)?;
    let (post, author) = posts::find_by_id(conn, found.id)?.ok_or_else(not_boosted)?;
    let boost = reactions::boost_of_post(conn, union.id, post.id)?.ok_or_else(not_boosted)?;
    reactions::delete_boost(conn, boost.id)?;
    let document = documents::undo_announce(&boost.uri, union, &post);
    let deliveries = say_in_public(conn, node, document, None, &followers_and(union, &author), now)?;
    Ok((post, deliveries))
}

fn followers_and(union: &Actor, author: &Actor) -> Recipients {
    Recipients {
        followers_of: Some(union.id),
        inboxes: vec![author.delivery_inbox().to_owned()],
        ..Recipients::default()
    }
}
