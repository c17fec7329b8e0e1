//! Whose key made the signature of a request?

use crate::actors::{self, Actor};
use crate::crypto::PublicKey;
use crate::error::{Error, Result};
use crate::federation::remote::{Miss, Remote};
use crate::node::Node;
use crate::transport::signature::Claim;
use crate::urls;

/// The actor whose key made the signature; a key that is not known is asked for. An actor that says that it is gone (`ended`), as its own server
/// does, has no key left to ask for.
pub(in crate::federation) async fn verified(
    node: &Node,
    remote: &Remote<'_>,
    claim: &Claim,
    known_key: Option<(Actor, PublicKey)>,
    ended: Option<&str>,
) -> Result<Actor> {
    let found = match known_key {
        Some(known) => Ok(known),
        None => remote.key(&claim.key_id).await,
    };
    let (actor, key) = match found {
        Ok(found) => found,
        Err(Miss::Gone(what)) if ended == Some(urls::without_fragment(&claim.key_id)) => {
            return known(node, urls::without_fragment(&claim.key_id))
                .await?
                .filter(|actor| !actor.local)
                .ok_or_else(|| no_key(Miss::Gone(what)));
        }
        Err(miss) => return Err(no_key(miss)),
    };
    if actor.local {
        return Err(Error::Unauthorized("nobody else signs with our keys".to_owned()));
    }
    if claim.verify(&key) {
        return Ok(actor);
    }
    // The actor may have a new key under the old name.
    let asked_again = match remote.check_keys_again(&actor).await {
        Err(Miss::Gone(_)) if ended == Some(actor.uri.as_str()) => return Ok(actor),
        asked => asked.map_err(no_key)?,
    };
    if asked_again {
        let (actor, key) = remote.key(&claim.key_id).await.map_err(no_key)?;
        if claim.verify(&key) {
            return Ok(actor);
        }
    }
    Err(Error::Unauthorized("the signature does not fit the key".to_owned()))
}

fn no_key(miss: Miss) -> Error {
    match miss {
        Miss::Ours(error) => error,
        Miss::Unreachable(why) => Error::Unavailable(format!("the key cannot be fetched now ({why})")),
        Miss::Refused(why) => Error::Forbidden(format!("the key is not fetched: {why}")),
        Miss::Absent(_) | Miss::Gone(_) | Miss::Wrong(_) => {
            Error::Unauthorized(format!("the key cannot be used: {miss}"))
        }
    }
}

/// The actor of an id, where we met it before.
pub(super) async fn known(node: &Node, uri: &str) -> Result<Option<Actor>> {
    let uri = uri.to_owned();
    node.db.read(move |conn| actors::find(conn, &uri)).await
}
