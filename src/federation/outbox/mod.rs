//! All that we tell others; only this room enqueues deliveries.
//!
//! Each function fetches what it needs first, then does everything in one transaction: the thing itself and all that it must cause.

mod boosts;
mod follows;
mod keys;
mod statements;

use serde_json::Value;

use super::proof;
use crate::clock::Time;
use crate::delivery::{self, Outgoing, Recipients};
use crate::error::Result;
use crate::node::Node;
use crate::storage::Conn;

pub use boosts::{boost, unboost};
pub(super) use follows::accept_follow;
pub use follows::{Followed, follow, unfollow};
pub use keys::rotate_keys;
pub use statements::{Published, edit, publish, publish_due, withdraw};

/// Says something that everybody may read: with a proof, and to be fetched by its id.
fn say_in_public(
    conn: &mut Conn,
    node: &Node,
    mut document: Value,
    statement_id: Option<i64>,
    to: &Recipients,
    now: Time,
) -> Result<i64> {
    proof::prove(&mut document, &node.keyring.keys(conn)?.proof, now)?;
    say(conn, node, &document, statement_id, true, to, now)
}

/// Says something to its addressee only: never with a proof, which would make it undeniable.
fn say_in_private(conn: &mut Conn, node: &Node, document: &Value, inbox: &str, now: Time) -> Result<()> {
    let to = Recipients { inboxes: vec![inbox.to_owned()], ..Recipients::default() };
    say(conn, node, document, None, false, &to, now)?;
    Ok(())
}

fn say(
    conn: &mut Conn,
    node: &Node,
    document: &Value,
    statement_id: Option<i64>,
    public: bool,
    to: &Recipients,
    now: Time,
) -> Result<i64> {
    let outgoing = Outgoing {
        uri: document["id"].as_str().unwrap_or_default().to_owned(),
        sender_id: node.identity.union.id,
        statement_id,
        public,
        body: document.to_string(),
    };
    delivery::enqueue(conn, &outgoing, to, now)
}
