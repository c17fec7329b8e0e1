//! Follow, its Undo, and our Accept of others' Follows.

use super::say_in_private;
use crate::actors::Actor;
use crate::alliances::{self, FollowState};
use crate::clock::{Time, new_id};
use crate::error::{Error, Result};
use crate::federation::remote::Remote;
use crate::federation::wire::documents;
use crate::node::Node;
use crate::storage::Conn;

/// A union that ours follows, or asked to.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The other union.
    pub actor: Actor,
    /// How far the Follow has come.
    pub state: FollowState,
}

/// Asks to follow a union, given by handle, id or profile page. One that is followed already is asked again, and stays followed meanwhile: it may
/// have dropped us without a word, and where it has not, it accepts once more (as Mastodon and Picket do).
///
/// # Errors
/// Why it cannot be found or asked.
pub async fn follow(node: &Node, typed: &str) -> Result<Followed> {
    let actor = Remote::for_editor(node).resolve(typed).await?;
    if actor.local {
        return Err(Error::invalid("follow", "this is our own union"));
    }
    let (for_write, now) = (node.clone(), node.now());
    let followed = node
        .db
        .write(move |conn| {
            let union = for_write.identity.union.id;
            if !alliances::is_following(conn, union, actor.id)? {
                return ask(conn, &for_write, actor, now);
            }
            let id = say_follow(conn, &for_write, &actor, now)?;
            alliances::ask_again(conn, union, actor.id, &id)?;
            Ok(Followed { actor, state: FollowState::Accepted })
        })
        .await?;
    node.bell.notify_one();
    Ok(followed)
}

/// Asks a union that is not followed yet.
pub(super) fn ask(conn: &mut Conn, node: &Node, actor: Actor, now: Time) -> Result<Followed> {
    let union = &node.identity.union;
    if alliances::is_following(conn, union.id, actor.id)? {
        return Ok(Followed { actor, state: FollowState::Accepted });
    }
    let id = say_follow(conn, node, &actor, now)?;
    alliances::request(conn, union.id, actor.id, &id, now)?;
    Ok(Followed { actor, state: FollowState::Requested })
}

/// Sends a Follow; gives its id.
fn say_follow(conn: &mut Conn, node: &Node, actor: &Actor, now: Time) -> Result<String> {
    let id = node.urls.activity(&new_id(now));
    say_in_private(conn, node, &documents::follow(&id, &node.identity.union.uri, &actor.uri), &actor.inbox, now)?;
    Ok(id)
}

/// Stops following a union, or takes back the question.
///
/// # Errors
/// `NotFound` when ours does not follow it.
pub async fn unfollow(node: &Node, typed: &str) -> Result<Actor> {
    let actor = Remote::for_editor(node).resolve(typed).await?;
    let (for_write, now) = (node.clone(), node.now());
    let actor = node.db.write(move |conn| take_back(conn, &for_write, actor, now)).await?;
    node.bell.notify_one();
    Ok(actor)
}

pub(super) fn take_back(conn: &mut Conn, node: &Node, actor: Actor, now: Time) -> Result<Actor> {
    let union = &node.identity.union;
    let not_followed = || Error::not_found(format!("a Follow of @{}", actor.handle));
    let follow = alliances::find(conn, union.id, actor.id)?.ok_or_else(not_followed)?;
    alliances::remove(conn, union.id, actor.id)?;
    say_in_private(conn, node, &documents::undo_follow(&follow.uri, &union.uri, &actor.uri), &actor.inbox, now)?;
    Ok(actor)
}

/// Tells a follower that she is one.
pub(in crate::federation) fn accept_follow(
    conn: &mut Conn,
    node: &Node,
    follower: &Actor,
    follow: &str,
    now: Time,
) -> Result<()> {
    let id = node.urls.activity(&new_id(now));
    let union = &node.identity.union;
    let document = documents::accept_follow(&id, follow, &follower.uri, &union.uri);
    say_in_private(conn, node, &document, &follower.inbox, now)?;
    alliances::note_accept(conn, follower.id, union.id, &id)
}
