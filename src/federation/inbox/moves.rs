//! Move: a followed union says that it is to be found elsewhere.

use super::prepare::is_followed;
use super::{Effect, waiting};
use crate::actors::Actor;
use crate::alliances;
use crate::clock::Time;
use crate::error::Result;
use crate::federation::remote::Remote;
use crate::federation::wire::Action;
use crate::node::Node;
use crate::storage::Conn;

/// Both places are asked: the old actor must name the new one, and the new one the old. Who merely follows us follows anew by herself.
pub(super) async fn prepare(
    node: &Node,
    remote: &Remote<'_>,
    speaker: &Actor,
    object: &str,
    target: &str,
) -> Result<Effect> {
    if object != speaker.uri || target == speaker.uri || !is_followed(node, speaker).await? {
        return Ok(Effect::Nothing);
    }
    let again = || Action::Move { object: object.to_owned(), target: target.to_owned() };
    match remote.moved(&speaker.uri, target).await {
        Ok(target) => Ok(Effect::Moved(Box::new(target))),
        Err(miss) => waiting::without(miss, speaker, target, again),
    }
}

/// Nothing happens before a person says yes: a thief with the keys could say this as well.
pub(super) fn moved(conn: &mut Conn, node: &Node, speaker: &Actor, target: &Actor, now: Time) -> Result<()> {
    let union = node.identity.union.id;
    if !alliances::is_following(conn, union, speaker.id)? {
        return Ok(());
    }
    alliances::ask_about_move(conn, speaker.id, target.id, now)
}
