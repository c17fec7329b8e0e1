//! What the union says, from the draft to other servers and back out of the world.

mod boosts;
mod days;
mod edits;
mod repeated;
mod said;
mod translations;
mod withdrawals;

use serde_json::Value;

use crate::harness::{Person, Remote, TestNode, World};

/// A node with one follower on one other server.
async fn followed(world: &World) -> (TestNode, Remote, Person) {
    let (node, remote) = (world.node().await, world.remote().await);
    let follower = remote.person("amal");
    follower.follows(&node).await;
    node.deliver_all().await;
    remote.forget();
    (node, remote, follower)
}

fn text<'a>(value: &'a Value, property: &str) -> &'a str {
    value[property].as_str().unwrap_or_else(|| panic!("{property} in {value}"))
}
