//! Nothing is lost, nothing comes twice, nobody waits for somebody else: through outages of weeks, wrong clocks, and beside other workers.

mod answers;
mod corrections;
mod outages;
mod receipts;
mod refusals;
mod sharing;
mod signed;

use crate::harness::{Remote, TestNode, World};

/// A node with a follower on a server of its own.
async fn with_follower(world: &World) -> (TestNode, Remote) {
    let (node, mut remotes) = followed_on(world, 1).await;
    (node, remotes.remove(0))
}

/// A node whose union is followed by one person on each of so many servers.
async fn followed_on(world: &World, servers: usize) -> (TestNode, Vec<Remote>) {
    let node = world.node().await;
    let mut remotes = Vec::new();
    for _ in 0..servers {
        let remote = world.remote().await;
        remote.person("amal").follows(&node).await;
        remotes.push(remote);
    }
    node.deliver_all().await;
    for remote in &remotes {
        remote.forget();
    }
    (node, remotes)
}

/// The titles of what arrived, in order.
fn titles(remote: &Remote) -> Vec<String> {
    remote
        .heard_of("Create")
        .iter()
        .map(|create| create["object"]["name"].as_str().expect("a title").to_owned())
        .collect()
}
