//! New keys for our own actors, and that all who know the union hear of it.

use super::profile::tell_of_change;
use crate::actors::{self, FreshKeys};
use crate::error::Result;
use crate::node::Node;

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
