//! New keys for our own actors, and that all who know the union hear of it.

use super::say_in_public;
use crate::actors::{self, FreshKeys};
use crate::alliances;
use crate::clock::Time;
use crate::delivery::Recipients;
use crate::error::Result;
use crate::federation::wire::documents;
use crate::node::Node;
use crate::storage::Conn;

/// Gives the union and the instance actor new keys under new ids, and tells followers and followed unions. Gives the number of deliveries.
///
/// From the commit on, every process of this node signs with the new keys, what already waits to be delivered included. Whoever remembers an
/// old key meets an id that it does not know and asks for the actor, so no old key needs to vouch for the new one.
///
/// # Errors
/// `Internal` when no keys can be made; faults of the database, with nothing changed.
pub async fn rotate_keys(node: &Node) -> Result<i64> {
    let (for_union, for_instance) = (FreshKeys::generate()?, FreshKeys::generate()?);
    let (for_write, now) = (node.clone(), node.now());
    let told = node.db.write(move |conn| {
        actors::rotate(conn, &for_write.identity.union, &for_union, now)?;
        actors::rotate(conn, &for_write.identity.instance, &for_instance, now)?;
        tell_of_change(conn, &for_write, now)
    });
    let told = told.await?;
    node.bell.notify_one();
    Ok(told)
}

/// Says that the union's own document changed.
fn tell_of_change(conn: &mut Conn, node: &Node, now: Time) -> Result<i64> {
    let union = &node.identity.union;
    let keys = actors::keys(conn, union.id)?;
    let document = documents::update_actor(&documents::union(union, &keys, &node.config, &node.urls), now);
    let followed = alliances::following(conn, union.id)?;
    let to = Recipients {
        followers_of: Some(union.id),
        inboxes: followed.iter().map(|(_, actor)| actor.delivery_inbox().to_owned()).collect(),
        ..Recipients::default()
    };
    say_in_public(conn, node, document, None, &to, now)
}
