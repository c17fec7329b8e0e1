//! What an activity amounts to. What it speaks of is fetched here, where it is missing.

use serde_json::Value;

use super::{Effect, featured, moves, or_later, quotes, relays, reports, waiting};
use crate::actors::Actor;
use crate::alliances;
use crate::error::{Error, Result};
use crate::federation::remote::{Miss, Remote};
use crate::federation::wire::{Action, Carried, RemoteNote, read};
use crate::node::Node;

/// Types what a speaker does, and fetches what is missing for it.
pub(super) async fn prepare(node: &Node, remote: &Remote<'_>, speaker: &Actor, action: Action) -> Result<Effect> {
    Ok(match action {
        Action::Follow { object } => Effect::Followed(object),
        Action::Accept { object } => Effect::FollowAccepted(object),
        Action::Reject { object } => Effect::FollowRejected(object),
        Action::Undo { object } => Effect::Undone(object),
        Action::Create { object } => match own_note(remote, speaker, &object).await? {
            Some(note) => Effect::Posted(Box::new(note)),
            None => Effect::Nothing,
        },
        Action::Update { object } => update(remote, speaker, &object).await?,
        Action::Delete { object } => Effect::Deleted(object),
        Action::Like { object } => Effect::Liked(object),
        Action::Announce { object } => boost(node, remote, speaker, object).await?,
        Action::Relay { activity } => relays::prepare(node, remote, speaker, &activity).await?,
        Action::Block { object } => Effect::Blocked(object),
        Action::Flag { objects, comment } => reports::prepare(node, objects, comment),
        Action::Move { object, target } => moves::prepare(node, remote, speaker, &object, &target).await?,
        Action::Add { object, target } => featured::prepare(node, remote, speaker, object, &target).await?,
        Action::Remove { object, target } => featured::prepare_removal(speaker, object, &target),
        Action::QuoteRequest { object, instrument } => {
            quotes::prepare(node, remote, speaker, object, &instrument).await?
        }
        Action::Other { .. } => Effect::Nothing,
    })
}

async fn update(remote: &Remote<'_>, speaker: &Actor, object: &Value) -> Result<Effect> {
    if read::id_of(object) == Some(speaker.uri.as_str()) {
        // What an actor says of itself is read at its own server, keys and all.
        or_later(remote.fetch_actor(&speaker.uri).await)?;
        return Ok(Effect::Nothing);
    }
    Ok(match own_note(remote, speaker, object).await? {
        Some(note) => Effect::Revised(Box::new(note)),
        None => Effect::Nothing,
    })
}

/// The post in an activity, if it is its speaker's own. A post given by its id alone is fetched.
async fn own_note(remote: &Remote<'_>, speaker: &Actor, object: &Value) -> Result<Option<RemoteNote>> {
    let foreign = || Error::Forbidden("the post is not its actor's own".to_owned());
    let fetched = match Carried::read(object, &speaker.uri) {
        Carried::Post(note) => return Ok(Some(*note)),
        Carried::Foreign => return Err(foreign()),
        Carried::Wrong(why) => return Err(Error::invalid("object", why)),
        Carried::Nothing(_) => return Ok(None),
        Carried::Id(id) => or_later(remote.note(&id).await)?,
    };
    match fetched {
        Some(note) if note.author != speaker.uri => Err(foreign()),
        fetched => Ok(fetched),
    }
}

/// What an ally passes on is fetched from its author; others' boosts count only where they are of our own statements. What is no post may
/// be an activity, as a Group passes it on.
async fn boost(node: &Node, remote: &Remote<'_>, speaker: &Actor, object: String) -> Result<Effect> {
    if node.urls.is_ours(&object) {
        return Ok(Effect::Boosted(object));
    }
    if !is_followed(node, speaker).await? {
        return Ok(Effect::Nothing);
    }
    match remote.post(&object).await {
        // By its id, whatever address of it was passed on.
        Ok((post, _)) => Ok(Effect::Boosted(post.uri)),
        Err(Miss::Wrong(_)) => relays::prepare_named(node, remote, speaker, &object).await,
        Err(miss) => waiting::without(miss, speaker, &object, || Action::Announce { object: object.clone() }),
    }
}

/// Whether the union follows somebody, and was accepted.
pub(super) async fn is_followed(node: &Node, speaker: &Actor) -> Result<bool> {
    let (union, speaker) = (node.identity.union.id, speaker.id);
    node.db.read(move |conn| alliances::is_following(conn, union, speaker)).await
}
