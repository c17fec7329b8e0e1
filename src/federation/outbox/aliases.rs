//! Other addresses of the union (`alsoKnownAs`): only an actor that is listed there can move to ours and bring its followers (FEP-7628).

use super::profile::tell_of_change;
use crate::actors::{self, Actor};
use crate::error::{Error, Result};
use crate::federation::remote::{Handle, Remote};
use crate::node::Node;
use crate::profile;
use crate::storage::Conn;

/// Says that another actor, given by handle or address, is the union as well. The move itself is asked for at its own server.
///
/// # Errors
/// Why there is no such actor, or `Conflict` where it is listed already.
pub async fn add_alias(node: &Node, typed: &str) -> Result<Actor> {
    let actor = Remote::for_editor(node).resolve(typed).await?;
    if actor.local {
        return Err(Error::invalid("alias", "this is our own address; name the one that moves here"));
    }
    let (for_write, now, uri) = (node.clone(), node.now(), actor.uri.clone());
    node.db
        .write(move |conn| {
            profile::add_alias(conn, &uri, now)?;
            tell_of_change(conn, &for_write, now)
        })
        .await?;
    node.bell.notify_one();
    Ok(actor)
}

/// Says so no longer. The other server is not asked: it may be gone by now. Gives the address.
///
/// # Errors
/// `NotFound` where it is not listed.
pub async fn remove_alias(node: &Node, typed: &str) -> Result<String> {
    let (for_write, now, typed) = (node.clone(), node.now(), typed.trim().to_owned());
    let removed = node
        .db
        .write(move |conn| {
            let uri = known_address(conn, &typed)?;
            profile::remove_alias(conn, &uri)?;
            tell_of_change(conn, &for_write, now)?;
            Ok(uri)
        })
        .await?;
    node.bell.notify_one();
    Ok(removed)
}

fn known_address(conn: &mut Conn, typed: &str) -> Result<String> {
    let Some(handle) = Handle::parse(typed) else { return Ok(typed.to_owned()) };
    Ok(actors::find_by_handle(conn, &handle.to_string())?.map_or_else(|| typed.to_owned(), |actor| actor.uri))
}
