//! Flag: a report about what is ours.

use super::Effect;
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::moderation::reports;
use crate::node::Node;
use crate::statements::{self, State};
use crate::storage::Conn;

/// What is reported, and why.
pub(super) struct Flagged {
    about: Vec<String>,
    comment: String,
}

/// More ids than this are not looked up.
const MOST_LOOKED_UP: usize = 50;

pub(super) fn prepare(node: &Node, objects: Vec<String>, comment: String) -> Effect {
    let about: Vec<String> = objects.into_iter().filter(|id| node.urls.is_ours(id)).take(MOST_LOOKED_UP).collect();
    if about.is_empty() { Effect::Nothing } else { Effect::Reported(Flagged { about, comment }) }
}

/// A server reports the union or statements of ours: kept for reviewers, without who reported. What is not public is not ours to speak of.
pub(super) fn reported(conn: &mut Conn, node: &Node, speaker: &Actor, flagged: &Flagged, now: Time) -> Result<()> {
    let mut about = Vec::new();
    for id in &flagged.about {
        if !about.contains(id) && is_public(conn, node, id)? {
            about.push(id.clone());
        }
    }
    if about.is_empty() {
        return Ok(());
    }
    reports::receive(conn, &speaker.host, &flagged.comment, &about, now)
}

fn is_public(conn: &mut Conn, node: &Node, id: &str) -> Result<bool> {
    let found = statements::state_of(conn, id)?;
    Ok(*id == node.identity.union.uri || found.is_some_and(|(_, state)| state == State::Published))
}
