//! Followers, as rows in a node's database: nobody is asked.

use picket::actors::{self, RemoteActor};
use picket::alliances;
use picket::node::Node;

/// A follower on a server, by the address that all its ids begin with. Its server has one inbox for all.
pub fn follower(base: &str, number: usize) -> RemoteActor {
    let (_, host) = base.split_once("://").expect("an address");
    let uri = format!("{base}/users/{number}");
    RemoteActor {
        kind: "Person".to_owned(),
        handle: format!("worker{number}@{host}"),
        host: host.to_owned(),
        name: "A worker".to_owned(),
        summary: String::new(),
        url: None,
        inbox: format!("{uri}/inbox"),
        shared_inbox: Some(format!("{base}/inbox")),
        outbox: None,
        followers: None,
        icon: None,
        featured: None,
        indexable: false,
        keys: Vec::new(),
        uri,
    }
}

/// Inserts them all at once, and says how many.
pub async fn add(node: &Node, followers: Vec<RemoteActor>) -> usize {
    let (count, union, now) = (followers.len(), node.identity.union.id, node.now());
    node.db
        .write(move |conn| {
            for follower in &followers {
                let actor = actors::save_remote(conn, follower, false, now)?;
                alliances::add_follower(conn, actor.id, union, &format!("{}#follow", actor.uri), now)?;
            }
            Ok(())
        })
        .await
        .expect("followers");
    count
}
