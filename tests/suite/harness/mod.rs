//! The harness: a world with nodes of ours and servers of others, on loopback, with one clock.
//!
//! A node is the real server with a database of its own, without the workers: a test delivers by hand, so nothing sleeps. Servers of
//! others are scripted ([`Remote`]), since they must be able to lie. At the end of a test its world asserts that no delivery is left
//! pending, unless the test said that it expects so.

mod chance;
mod database;
mod node;
mod person;
mod remote;

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use picket::clock::{Clock, Time};
use picket::federation::outbox;
use picket::posts::{NewPost, Review, Visibility};
use serde_json::Value;

pub use chance::Chance;
pub use database::{Database, count, execute, other_connection, texts};
pub use node::{Answered, Door, TestNode};
pub use person::{Letter, Person};
pub use remote::{Asked, Remote, Reply};

pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
pub const ACTIVITY_JSON: &str = "application/activity+json";

/// Makes two tests of each function, one for each database: `name::sqlite` and `name::postgres`.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $(mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($world: &$crate::harness::World) $body

            $(#[$meta])*
            #[tokio::test]
            async fn sqlite() {
                let world = $crate::harness::World::on($crate::harness::Database::Sqlite);
                body(&world).await;
                world.finish().await;
            }

            $(#[$meta])*
            #[tokio::test]
            async fn postgres() {
                let Some(database) = $crate::harness::Database::postgres() else { return };
                let world = $crate::harness::World::on(database);
                body(&world).await;
                world.finish().await;
            }
        })+
    };
}
pub(crate) use on_both_databases;

/// Everything that one test has.
pub struct World {
    /// The time of all nodes and servers of this test.
    pub clock: Clock,
    /// Names that anybody here looked up; each leads to this machine.
    pub names: Arc<Mutex<Vec<String>>>,
    database: Database,
    nodes: Mutex<Vec<node::Watched>>,
}

impl World {
    pub fn on(database: Database) -> Self {
        Self { clock: Clock::default(), names: Arc::default(), database, nodes: Mutex::default() }
    }

    /// A node with the usual settings.
    pub async fn node(&self) -> TestNode {
        self.node_with(&[]).await
    }

    /// A node with settings of its own beside or over the usual.
    pub async fn node_with(&self, settings: &[(&str, &str)]) -> TestNode {
        let node = TestNode::start(self, &self.database, settings).await;
        self.nodes.lock().expect("nobody panicked").push(node.watched());
        node
    }

    /// A server of somebody else.
    pub async fn remote(&self) -> Remote {
        Remote::start(self.clock.clone(), "127.0.0.1").await
    }

    /// The same under a name, which leads here as every name does.
    pub async fn remote_named(&self, name: &str) -> Remote {
        Remote::start(self.clock.clone(), name).await
    }

    /// Lets time pass.
    pub fn pass(&self, by: chrono::TimeDelta) {
        self.clock.advance(by);
    }

    /// Asserts that nothing is left undone.
    pub async fn finish(self) {
        let nodes = std::mem::take(&mut *self.nodes.lock().expect("nobody panicked"));
        for node in nodes {
            node.assert_nothing_undelivered().await;
        }
    }
}

/// A union on another server, which the node's union follows.
pub async fn ally(node: &TestNode, remote: &Remote) -> Person {
    let ally = remote.person("ally");
    followed(node, remote, &ally).await;
    ally
}

/// A node, the server of its one follower, which is down, and a statement that was given up there after seventeen days of tries.
pub async fn given_up(world: &World) -> (TestNode, Remote, i64) {
    let (node, remote) = (world.node().await, world.remote().await);
    remote.person("amal").follows(&node).await;
    node.deliver_all().await;
    remote.go_down().await;
    let statement = node.publish("# One").await.statement.id;
    for _ in 0..17 {
        node.deliver_all().await;
        world.pass(TimeDelta::days(1));
    }
    (node, remote, statement)
}

/// Lets the node's union follow somebody, and be accepted; gives the Accept.
pub async fn followed(node: &TestNode, remote: &Remote, person: &Person) -> Value {
    outbox::follow(&node.node, &person.id).await.expect("asked");
    node.deliver_all().await;
    let accept = person.activity("Accept", remote.heard_of("Follow").pop().expect("a Follow"));
    person.says(node, &accept).await;
    accept
}

/// The id of a document.
pub fn id(document: &Value) -> &str {
    document["id"].as_str().expect("an id")
}

/// The values of a property that may be one or many.
pub fn all(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.clone(),
        one => vec![one.clone()],
    }
}

/// A post of somebody, as a row that nobody sent.
pub fn post(uri: String, author_id: i64, review: Review, now: Time) -> NewPost {
    NewPost {
        uri,
        author_id,
        kind: "Note".to_owned(),
        visibility: Visibility::Public,
        review,
        title: None,
        summary: None,
        content: "<p>x</p>".to_owned(),
        language: None,
        sensitive: false,
        url: None,
        in_reply_to: None,
        statement_id: None,
        pictures: "[]".to_owned(),
        published: now,
        updated: None,
        received_at: now,
        context: None,
        next_look: None,
    }
}
