//! What attackers do, and that nothing comes of it: an honest 4xx, no row, no request to where none may go.

mod floods;
mod forgeries;
mod forgeries_by_kind;
mod growth;
mod limits;
mod proofs;
mod servers;
mod signatures;
mod slowness;
mod threads;

use picket::transport::SignatureForm;

use crate::harness::{Letter, Person, Remote, TestNode, World};

const FORMS: [SignatureForm; 2] = [SignatureForm::Cavage, SignatureForm::Rfc9421];

/// A node, and a server whose people attack it.
async fn scene(world: &World) -> (TestNode, Remote, Person) {
    let (node, remote) = (world.node().await, world.remote().await);
    let person = remote.person("eve");
    (node, remote, person)
}

/// What an attack must leave as it was. An actor whose key was asked for is kept, so that it is not asked for again at the next attempt.
const TABLES: [&str; 7] = ["posts", "follows", "likes", "boosts", "heard_activities", "deliveries", "deleted_posts"];

async fn rows(node: &TestNode) -> Vec<(&'static str, i64)> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push((table, node.count(table).await));
    }
    rows
}

/// Sends an attack: it must be refused with this status, and change no row.
async fn assert_refused(node: &TestNode, letter: Letter, status: u16, what: &str) {
    let before = rows(node).await;
    let answered = letter.post(node).await;
    assert_eq!(answered.status, status, "{what}: {}", answered.body);
    assert!(!answered.body.contains("panicked") && answered.body.len() < 1_000, "{what}: {}", answered.body);
    assert_eq!(rows(node).await, before, "{what}");
}
