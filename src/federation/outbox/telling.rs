//! What others are told of a statement that appears or changes.

use serde_json::Value;

use super::say_in_public;
use super::statements::Published;
use crate::clock::Time;
use crate::delivery::{self, Recipients};
use crate::error::Result;
use crate::federation::proof::prove;
use crate::federation::wire::documents;
use crate::node::Node;
use crate::statements::{self, Reading, State, Statement};
use crate::storage::Conn;

/// Tells everybody of a statement whose time has come.
pub(super) fn tell_of_new(conn: &mut Conn, node: &Node, statement: Statement, now: Time) -> Result<Published> {
    if statement.state != State::Published {
        return Ok(Published::of(statement, 0));
    }
    tell_of_translation(conn, node, &statement, now)?;
    // Mastodon gives an old post that is pushed today's place in every home feed, so backdated ones are listed only.
    if statement.backdated {
        return Ok(Published::of(statement, 0));
    }
    let reading = statements::read(conn, statement.clone())?;
    let note = proven_note(conn, node, &reading, now)?;
    let document = documents::create(&note, statement.published);
    let deliveries = say_in_public(conn, node, document, Some(statement.id), &audience(node, &reading), now)?;
    Ok(Published::of(statement, deliveries))
}

/// All languages of a statement stand in the original, so a new or changed translation changes it.
pub(super) fn tell_of_translation(conn: &mut Conn, node: &Node, translation: &Statement, now: Time) -> Result<()> {
    let Some(original) = &translation.translates else { return Ok(()) };
    let Some(original) = statements::find(conn, original)?.filter(|found| found.state == State::Published) else {
        return Ok(());
    };
    let original = statements::touch(conn, original.id, now)?;
    tell_of_change(conn, node, original, now)?;
    Ok(())
}

/// Tells everybody who heard of a statement what it says now.
pub(super) fn tell_of_change(conn: &mut Conn, node: &Node, statement: Statement, now: Time) -> Result<Published> {
    if statement.state != State::Published || statement.backdated {
        return Ok(Published::of(statement, 0));
    }
    let reading = statements::read(conn, statement.clone())?;
    let note = proven_note(conn, node, &reading, now)?;
    let to = Recipients { all_who_heard_of: Some(statement.id), ..audience(node, &reading) };
    let update = documents::update(&note, statement.updated.unwrap_or(now));
    let newest = id_of(&update).to_owned();
    let deliveries = say_in_public(conn, node, update, Some(statement.id), &to, now)?;
    // Whoever refused the statement, or was away, gets it late or once more, and may heed no Update: no older words leave.
    let mut create = documents::create(&note, statement.published);
    prove(&mut create, &node.keyring.keys(conn)?.proof, now)?;
    delivery::reword(conn, id_of(&create), &create.to_string())?;
    delivery::forget_older_updates(conn, statement.id, &newest)?;
    Ok(Published::of(statement, deliveries))
}

fn id_of(document: &Value) -> &str {
    document["id"].as_str().unwrap_or_default()
}

fn proven_note(conn: &mut Conn, node: &Node, reading: &Reading, now: Time) -> Result<Value> {
    let mut note = documents::note(reading, &node.identity.union, &node.urls);
    prove(&mut note, &node.keyring.keys(conn)?.proof, now)?;
    Ok(note)
}

/// Followers, and everybody who is mentioned, addressed or answered.
fn audience(node: &Node, reading: &Reading) -> Recipients {
    let mentioned = reading.mentions.iter().filter(|actor| !actor.local);
    Recipients {
        followers_of: Some(node.identity.union.id),
        all_who_heard_of: None,
        inboxes: mentioned.map(|actor| actor.delivery_inbox().to_owned()).collect(),
    }
}
