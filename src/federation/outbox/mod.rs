//! All that we tell others; only this room enqueues deliveries.
//!
//! Each function fetches what it needs first, then does everything in one transaction: the thing itself and all that it must cause.

mod aliases;
mod boosts;
mod edits;
mod featured;
mod follows;
mod keys;
mod moves;
mod pictures;
mod profile;
mod quotes;
mod references;
mod reports;
mod statements;
mod telling;

use serde_json::Value;

use super::proof;
pub(super) use super::wire::documents::quotes::AskedQuote;
use crate::actors::Actor;
use crate::clock::Time;
use crate::delivery::{self, Outgoing, Recipients};
use crate::error::Result;
use crate::node::Node;
use crate::storage::Conn;

pub use aliases::{add_alias, remove_alias};
pub use boosts::{boost, unboost};
pub use edits::edit;
pub use featured::{feature_tag, pin, unfeature_tag, unpin};
pub(super) use follows::accept_follow;
pub use follows::{Followed, follow, unfollow};
pub use keys::rotate_keys;
pub use moves::{accept_move, reject_move};
pub use profile::{ProfileChange, change_profile, remove_field, set_field};
pub(super) use quotes::answer_quote;
pub use reports::{Reported, report};
pub use statements::{Published, Repeated, publish, publish_due, publish_unless, withdraw};

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
    let said = Said { sender: &node.identity.union, statement_id, public: true };
    say(conn, &said, &document, to, now)
}

/// Says something to its addressee only: never with a proof, which would make it undeniable.
fn say_in_private(conn: &mut Conn, node: &Node, document: &Value, inbox: &str, now: Time) -> Result<()> {
    say_to_one(conn, &node.identity.union, document, inbox, now)
}

/// The same by the instance actor, where it is nobody's business who of us says it.
fn say_as_instance(conn: &mut Conn, node: &Node, document: &Value, inbox: &str, now: Time) -> Result<()> {
    say_to_one(conn, &node.identity.instance, document, inbox, now)
}

fn say_to_one(conn: &mut Conn, sender: &Actor, document: &Value, inbox: &str, now: Time) -> Result<()> {
    let to = Recipients { inboxes: vec![inbox.to_owned()], ..Recipients::default() };
    say(conn, &Said { sender, statement_id: None, public: false }, document, &to, now)?;
    Ok(())
}

/// How something is said.
struct Said<'a> {
    /// Whose key signs the requests.
    sender: &'a Actor,
    /// The statement that it is about.
    statement_id: Option<i64>,
    /// Whether everybody may fetch it.
    public: bool,
}

fn say(conn: &mut Conn, said: &Said<'_>, document: &Value, to: &Recipients, now: Time) -> Result<i64> {
    let outgoing = Outgoing {
        uri: document["id"].as_str().unwrap_or_default().to_owned(),
        sender_id: said.sender.id,
        statement_id: said.statement_id,
        public: said.public,
        body: document.to_string(),
    };
    delivery::enqueue(conn, &outgoing, to, now)
}
