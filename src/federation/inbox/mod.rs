//! All that another server can make us do. The one match below is the whole of it.
//!
//! What is missing is fetched first, outside any transaction; then one transaction asks whether the activity was heard before, does what
//! it says, and enqueues what must be answered. The caller answers 202 only after the commit.

mod follows;
mod forwarded;
mod posts;
mod private;
mod reactions;

use serde_json::Value;

use super::gate::Admission;
use super::remote::{Miss, Remote};
use super::wire::{Action, Activity, RemoteNote, read};
use crate::actors::{self, Actor};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::moderation::blocks;
use crate::node::Node;
use crate::storage::Conn;
use crate::{delivery, heard, urls};

/// What was heard, with all that had to be fetched, ready for the transaction.
struct Heard {
    speaker: Actor,
    activity: Activity,
    effect: Effect,
}

/// What an activity amounts to, once what it speaks of is at hand.
enum Effect {
    Followed,
    FollowAccepted,
    FollowRejected,
    Undone,
    Posted(Box<RemoteNote>),
    Revised(Box<RemoteNote>),
    Deleted(String),
    Liked(String),
    Boosted(String),
    Nothing,
}

/// Does what an admitted activity says.
///
/// # Errors
/// `Invalid` or `Forbidden` where the activity speaks of what is not its actor's own; faults of the database.
pub async fn receive(node: &Node, admission: Admission) -> Result<()> {
    let remote = Remote::for_inbound(node);
    let (speaker, activity, effect) = match admission {
        Admission::Nothing => return Ok(()),
        Admission::Speaker { actor, activity } => {
            let effect = prepare(node, &remote, &actor, &activity).await?;
            (*actor, activity, effect)
        }
        Admission::Forwarded { activity } => match forwarded::confirm(node, &remote, activity).await? {
            Some(confirmed) => confirmed,
            None => return Ok(()),
        },
    };
    let heard = Heard { speaker, activity, effect };
    let (for_write, now) = (node.clone(), node.now());
    node.db.write(move |conn| take_in(conn, &for_write, &heard, now)).await?;
    node.bell.notify_one();
    Ok(())
}

/// Types what the activity amounts to, and fetches what is missing for it.
async fn prepare(node: &Node, remote: &Remote<'_>, speaker: &Actor, activity: &Activity) -> Result<Effect> {
    Ok(match &activity.action {
        Action::Follow { .. } => Effect::Followed,
        Action::Accept { .. } => Effect::FollowAccepted,
        Action::Reject { .. } => Effect::FollowRejected,
        Action::Undo { .. } => Effect::Undone,
        Action::Create { object } => match own_note(remote, speaker, object).await? {
            Some(note) => Effect::Posted(Box::new(note)),
            None => Effect::Nothing,
        },
        Action::Update { object } => prepare_update(remote, speaker, object).await?,
        Action::Delete { object } => Effect::Deleted(object.clone()),
        Action::Like { object } => Effect::Liked(object.clone()),
        Action::Announce { object } => prepare_boost(node, remote, speaker, object).await?,
        Action::Other { .. } => Effect::Nothing,
    })
}

async fn prepare_update(remote: &Remote<'_>, speaker: &Actor, object: &Value) -> Result<Effect> {
    if read::id_of(object) == Some(speaker.uri.as_str()) {
        // What an actor says of itself is read at its own server, keys and all.
        return match remote.fetch_actor(&speaker.uri).await {
            Err(Miss::Ours(error)) => Err(error),
            Err(Miss::Unreachable(why)) => Err(Error::Unavailable(why)),
            _ => Ok(Effect::Nothing),
        };
    }
    Ok(match own_note(remote, speaker, object).await? {
        Some(note) => Effect::Revised(Box::new(note)),
        None => Effect::Nothing,
    })
}

/// The post in an activity, if it is its speaker's own. A post given by its id alone is fetched.
async fn own_note(remote: &Remote<'_>, speaker: &Actor, object: &Value) -> Result<Option<RemoteNote>> {
    let note = if object.is_object() && object.get("type").is_some() {
        RemoteNote::read(object).ok()
    } else {
        let Some(id) = read::id_of(object).filter(|id| urls::same_origin(id, &speaker.uri)) else { return Ok(None) };
        match remote.note(id).await {
            Ok(note) => Some(note),
            Err(Miss::Ours(error)) => return Err(error),
            Err(Miss::Unreachable(why)) => return Err(Error::Unavailable(why)),
            Err(_) => None,
        }
    };
    let Some(note) = note else { return Ok(None) };
    if note.author != speaker.uri || !urls::same_origin(&note.uri, &speaker.uri) {
        return Err(Error::Forbidden("the post is not its actor's own".to_owned()));
    }
    Ok(Some(note))
}

/// What an ally passes on is fetched from its author; others' boosts count only where they are of our own statements.
async fn prepare_boost(node: &Node, remote: &Remote<'_>, speaker: &Actor, object: &str) -> Result<Effect> {
    if !node.urls.is_ours(object) {
        let (union, speaker) = (node.identity.union.id, speaker.id);
        let followed = node.db.read(move |conn| crate::alliances::is_following(conn, union, speaker)).await?;
        if !followed {
            return Ok(Effect::Nothing);
        }
        let author = match remote.post(object).await {
            Ok((_, author)) => author,
            Err(Miss::Ours(error)) => return Err(error),
            Err(Miss::Unreachable(why)) => return Err(Error::Unavailable(why)),
            Err(_) => return Ok(Effect::Nothing),
        };
        // We may have met the author before its server was blocked.
        if node.db.read(move |conn| blocks::is_blocked(conn, &author.host)).await? {
            return Ok(Effect::Nothing);
        }
    }
    Ok(Effect::Boosted(object.to_owned()))
}

/// The transaction: once for each activity.
fn take_in(conn: &mut Conn, node: &Node, heard: &Heard, now: Time) -> Result<()> {
    let (speaker, activity) = (&heard.speaker, &heard.activity);
    if blocks::is_blocked(conn, &speaker.host)? || !heard::is_first(conn, &speaker.uri, &activity.id, now)? {
        return Ok(());
    }
    // Whoever speaks to us is there: what waits for its server may leave.
    delivery::host_is_back(conn, &speaker.host, now)?;
    match (&heard.effect, &activity.action) {
        (Effect::Followed, Action::Follow { object }) => {
            follows::followed(conn, node, speaker, &activity.id, object, now)
        }
        (Effect::FollowAccepted, Action::Accept { object }) => follows::accepted(conn, node, speaker, object),
        (Effect::FollowRejected, Action::Reject { object }) => follows::rejected(conn, node, speaker, object),
        (Effect::Undone, Action::Undo { object }) => undone(conn, node, speaker, object),
        (Effect::Posted(note), _) => posts::posted(conn, node, speaker, note, now),
        (Effect::Revised(note), _) => posts::revised(conn, node, speaker, note, now),
        (Effect::Deleted(id), _) if *id == speaker.uri => forget(conn, speaker),
        (Effect::Deleted(id), _) => posts::deleted(conn, speaker, id, now),
        (Effect::Liked(id), _) => reactions::liked(conn, speaker, &activity.id, id, now),
        (Effect::Boosted(id), _) => reactions::boosted(conn, speaker, &activity.id, id, now),
        _ => Ok(()),
    }
}

/// An Undo may name what it takes back whole or by its id alone; it reaches only what its own speaker did.
fn undone(conn: &mut Conn, node: &Node, speaker: &Actor, object: &super::wire::Reference) -> Result<()> {
    if object.actor.as_ref().is_some_and(|actor| *actor != speaker.uri) {
        return Ok(());
    }
    if follows::unfollowed(conn, node, speaker, object)? {
        return Ok(());
    }
    reactions::undone(conn, speaker, object)
}

/// An actor is gone: so is all that it left here.
fn forget(conn: &mut Conn, speaker: &Actor) -> Result<()> {
    let touched = crate::reactions::statements_touched_by(conn, speaker.id)?;
    actors::delete(conn, speaker.id)?;
    crate::statements::recount(conn, &touched)
}
