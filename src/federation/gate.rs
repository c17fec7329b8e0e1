//! The gate: who speaks? Nothing behind it believes more than what it found out.

use axum::http::{HeaderMap, Method, Uri};

use super::remote::{Miss, Remote};
use super::wire::{Activity, Document};
use crate::actors::{self, Actor};
use crate::error::{Error, Result};
use crate::moderation::blocks;
use crate::node::Node;
use crate::storage::Conn;
use crate::transport::signature::{self, Claim, Request};
use crate::urls;

/// What the gate found out about a request to an inbox.
pub enum Admission {
    /// The actor of the activity signed the request itself.
    Speaker {
        /// Who speaks.
        actor: Box<Actor>,
        /// What was said.
        activity: Activity,
    },
    /// Somebody passed on what another is said to have said: nothing of it is believed until its origin confirms it.
    Forwarded {
        /// What is said to have been said.
        activity: Activity,
    },
    /// Nothing to do: an actor whom we never knew says that it is gone.
    Nothing,
}

/// Lets a request to an inbox in, or says why not.
///
/// # Errors
/// `Invalid` (400), `Unauthorized` (401) or `Forbidden` (403), before anything was stored; `Unavailable` (503) when the key cannot be had
/// now, so that the sender tries again.
pub async fn admit(node: &Node, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Admission> {
    let request = Request {
        method: method.as_str(),
        path_and_query: uri.path_and_query().map_or("/", |path| path.as_str()),
        headers,
        body,
    };
    let scheme = if node.config.insecure { "http" } else { "https" };
    let claim = signature::read_claim(&request, &node.config.domain, scheme, node.now())?;
    let document = Document::parse(body).map_err(|why| Error::invalid("body", why))?;
    let activity = Activity::read(&document.plain).map_err(|why| Error::invalid("activity", why))?;
    refuse_blocked(node, &claim, &activity).await?;
    if activity.is_own_end() && !is_known(node, &activity.actor).await? {
        return Ok(Admission::Nothing);
    }
    let signer = verified_signer(node, &claim, &activity).await?;
    if signer.uri != activity.actor {
        return Ok(Admission::Forwarded { activity });
    }
    if !activity.id.starts_with("urn:") && !urls::same_origin(&activity.id, &signer.uri) {
        return Err(Error::Forbidden("the activity's id lies on another server than its actor".to_owned()));
    }
    Ok(Admission::Speaker { actor: Box::new(signer), activity })
}

async fn refuse_blocked(node: &Node, claim: &Claim, activity: &Activity) -> Result<()> {
    let mut addresses = vec![claim.key_id.clone()];
    if urls::host_of(&claim.key_id) != urls::host_of(&activity.actor) {
        addresses.push(activity.actor.clone());
    }
    let blocked = node.db.read(move |conn| is_any_blocked(conn, &addresses)).await?;
    if blocked { Err(Error::Forbidden("this server is not welcome here".to_owned())) } else { Ok(()) }
}

fn is_any_blocked(conn: &mut Conn, addresses: &[String]) -> Result<bool> {
    for address in addresses {
        if blocks::is_address_blocked(conn, address)? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn is_known(node: &Node, uri: &str) -> Result<bool> {
    Ok(known(node, uri).await?.is_some())
}

async fn known(node: &Node, uri: &str) -> Result<Option<Actor>> {
    let uri = uri.to_owned();
    node.db.read(move |conn| actors::find(conn, &uri)).await
}

/// The actor whose key made the signature. One that says that it is gone, as its own server does, has no key left to ask for.
async fn verified_signer(node: &Node, claim: &Claim, activity: &Activity) -> Result<Actor> {
    let remote = Remote::for_inbound(node);
    let (actor, key) = match remote.key(&claim.key_id).await {
        Ok(found) => found,
        Err(Miss::Gone(what)) if activity.is_own_end() && urls::without_fragment(&claim.key_id) == activity.actor => {
            return known(node, &activity.actor)
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
        Err(Miss::Gone(_)) if activity.is_own_end() && activity.actor == actor.uri => return Ok(actor),
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
