//! What speaks of something on a server of somebody else that does not answer now. Its sender is not asked to try again: it would hold back all
//! that it has to say to us, for days, because of a third server. What a followed union says so waits here, and is tried again for a day;
//! strangers' is let go, since they would fill the room.

use std::collections::HashSet;

use super::prepare::prepare;
use super::{Effect, Heard, do_what_is_said};
use crate::actors::{self, Actor};
use crate::alliances;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::federation::remote::{Miss, Remote};
use crate::federation::wire::Action;
use crate::heard::{self, Waiting};
use crate::node::Node;
use crate::storage::{self, Conn};
use crate::urls;

/// So many are tried in one round.
const AT_ONCE: i64 = 50;

/// What is to be done once a server answers.
pub(super) struct Later {
    host: String,
    action: Action,
}

/// What comes of an activity when what it speaks of cannot be had: nothing, where it never can. Where it may be had later, the speaker is to
/// try again if it lies on the speaker's own server.
pub(super) fn without(miss: Miss, speaker: &Actor, address: &str, action: impl FnOnce() -> Action) -> Result<Effect> {
    match miss {
        Miss::Unreachable(_) | Miss::Ours(Error::Unavailable(_)) if !urls::same_origin(address, &speaker.uri) => {
            let host = urls::host_of(address).unwrap_or_default();
            Ok(Effect::Waits(Later { host, action: action() }))
        }
        Miss::Unreachable(why) => Err(Error::Unavailable(why)),
        Miss::Ours(error) => Err(error),
        _ => Ok(Effect::Nothing),
    }
}

pub(super) fn keep(conn: &mut Conn, node: &Node, speaker: &Actor, id: &str, later: &Later, now: Time) -> Result<()> {
    if !alliances::is_following(conn, node.identity.union.id, speaker.id)? {
        return Ok(());
    }
    heard::wait(conn, speaker.id, id, &serde_json::to_string(&later.action)?, &later.host, now)
}

/// Tries again what is due. A server that does not answer is asked once in a round.
///
/// # Errors
/// Faults of ours only.
pub async fn hear_again(node: &Node) -> Result<()> {
    let now = node.now();
    let mut silent = HashSet::new();
    for waiting in node.db.read(move |conn| heard::due(conn, now, AT_ONCE)).await? {
        let tried = waiting.clone();
        if !node.db.write(move |conn| heard::try_again(conn, &tried, now)).await? {
            continue;
        }
        if !silent.contains(&waiting.host) && hear(node, &waiting).await? {
            continue;
        }
        if waiting.is_last_try() {
            node.db.write(move |conn| heard::wait_no_longer(conn, waiting.id)).await?;
        }
        silent.insert(waiting.host);
    }
    Ok(())
}

/// Says whether it waits no longer.
async fn hear(node: &Node, waiting: &Waiting) -> Result<bool> {
    let (id, actor_id) = (waiting.id, waiting.actor_id);
    let Some(speaker) = node.db.read(move |conn| actors::with_ids(conn, &[actor_id])).await?.pop() else {
        return Ok(true);
    };
    let prepared = match serde_json::from_str(&waiting.action) {
        Ok(action) => prepare(node, &Remote::for_inbound(node), &speaker, action).await,
        // Another version wrote it down, in a form that this one does not read.
        Err(_) => Ok(Effect::Nothing),
    };
    let effect = match prepared {
        Ok(Effect::Waits(_)) | Err(Error::Unavailable(_)) => return Ok(false),
        Err(Error::Internal(why)) => return Err(Error::Internal(why)),
        // What came back is not what it should be.
        Err(_) => Effect::Nothing,
        Ok(effect) => effect,
    };
    let (for_write, now) = (node.clone(), node.now());
    let heard = Heard { speaker, id: waiting.uri.clone(), in_person: false, effect };
    let write = move |conn: &mut Conn| {
        storage::keep_rules(conn)?;
        // Taken back, blocked or gone since.
        let is_wanted = heard::wait_no_longer(conn, id)? && actors::is_welcome(conn, heard.speaker.id)?;
        if is_wanted { do_what_is_said(conn, &for_write, &heard, now) } else { Ok(()) }
    };
    node.db.write(write).await?;
    Ok(true)
}
