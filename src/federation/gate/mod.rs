//! The gate: who speaks? Nothing behind it believes more than what it found out.

mod proven;
pub(super) mod signer;

use axum::http::{HeaderMap, Method, Uri};

use super::remote::Remote;
use super::wire::{Activity, Document};
use crate::actors::{self, Actor};
use crate::crypto::PublicKey;
use crate::error::{Error, Result};
use crate::moderation::blocks;
use crate::node::Node;
use crate::storage::Conn;
use crate::transport::signature::{self, Claim, Request};
use crate::urls;

/// What the gate found out about a request to an inbox.
pub enum Admission {
    /// The actor of the activity signed the request itself, or somebody passed on what its own key proves to be its word.
    Speaker {
        /// Who speaks.
        actor: Box<Actor>,
        /// What was said.
        activity: Activity,
        /// Whether the actor signed the request itself: then it is there now, and says this now.
        in_person: bool,
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
    let known = known_key(node, &claim, &activity).await?;
    if activity.is_own_end() && signer::known(node, &activity.actor).await?.is_none() {
        return Ok(Admission::Nothing);
    }
    let ended = activity.is_own_end().then_some(activity.actor.as_str());
    let signer = signer::verified(node, &Remote::for_claim(node), &claim, known, ended).await?;
    // Its server is welcome, but the domain in its handle is not.
    if signer.blocked {
        return Err(not_welcome());
    }
    node.limits.admit_speaker(signer.id, &signer.host, node.now())?;
    if signer.uri != activity.actor {
        return forwarded(node, &proven::Said { body, document: &document, activity: &activity }).await;
    }
    if !activity.has_own_id() {
        return Err(Error::Forbidden("the activity's id lies on another server than its actor".to_owned()));
    }
    if let Some(raw) = &document.raw {
        proven::note_broken(node, raw, &signer).await?;
    }
    Ok(Admission::Speaker { actor: Box::new(signer), activity, in_person: true })
}

async fn forwarded(node: &Node, said: &proven::Said<'_>) -> Result<Admission> {
    // Its server is welcome, but the domain in its handle is not: neither its word nor its server is asked for.
    if signer::known(node, &said.activity.actor).await?.is_some_and(|actor| actor.blocked) {
        return Err(not_welcome());
    }
    Ok(match proven::speaker(node, said).await? {
        Some((actor, activity)) => Admission::Speaker { actor: Box::new(actor), activity, in_person: false },
        None => Admission::Forwarded { activity: said.activity.clone() },
    })
}

/// What we know of the key that a signature names, unless somebody is blocked whom the request speaks for.
async fn known_key(node: &Node, claim: &Claim, activity: &Activity) -> Result<Option<(Actor, PublicKey)>> {
    let (key_id, actor) = (claim.key_id.clone(), activity.actor.clone());
    let read = move |conn: &mut Conn| {
        let known = actors::find_key(conn, &key_id)?;
        let owner = known.as_ref().map(|(owner, _)| owner);
        let blocked = is_blocked(conn, owner, &key_id)? || is_blocked(conn, owner, &actor)?;
        Ok((known, blocked))
    };
    let (known, blocked) = node.db.read(read).await?;
    if blocked { Err(not_welcome()) } else { Ok(known) }
}

/// Whether the server of an address may not be heard. An actor whom we know bears the mark of the rules about its server, whatever they are.
fn is_blocked(conn: &mut Conn, known: Option<&Actor>, address: &str) -> Result<bool> {
    let lives_there =
        |actor: &&Actor| urls::without_fragment(address) == actor.uri || urls::same_origin(address, &actor.uri);
    match known.filter(lives_there) {
        Some(actor) => Ok(actor.blocked),
        None => blocks::is_address_blocked(conn, address),
    }
}

fn not_welcome() -> Error {
    Error::Forbidden("this server is not welcome here".to_owned())
}
