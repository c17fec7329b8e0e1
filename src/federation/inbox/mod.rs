//! All that another server can make us do. The one match below is the whole of it.
//!
//! What is missing is fetched first, outside any transaction ([`prepare`]; for what somebody passed on, [`forwarded`]); then one transaction
//! asks whether the activity was heard before, does what it says, and enqueues what must be answered. The caller answers 202 only after
//! the commit.

mod featured;
mod follows;
mod forwarded;
mod moves;
mod posts;
mod prepare;
mod private;
mod quotes;
mod reactions;
mod relays;
mod reports;
pub mod threads;
pub mod waiting;

use self::forwarded::confirm;
use self::prepare::prepare;
use super::gate::Admission;
use super::remote::{Miss, Remote};
use super::wire::{Reference, RemoteNote};
use crate::actors::{self, Actor};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::storage::{self, Conn};
use crate::{delivery, heard};

/// What was heard, with all that had to be fetched, ready for the transaction.
struct Heard {
    speaker: Actor,
    /// Id of the activity.
    id: String,
    /// Whether the speaker signed the request itself.
    in_person: bool,
    effect: Effect,
}

/// What an activity amounts to, once what it speaks of is at hand. A text is the id of what it does it to.
enum Effect {
    Followed(String),
    FollowAccepted(Reference),
    FollowRejected(Reference),
    Undone(Reference),
    Posted(Box<RemoteNote>),
    Revised(Box<RemoteNote>),
    Deleted(String),
    Liked(String),
    Boosted(String),
    /// A Group passes on what its member wrote, which was fetched from its author.
    Relayed(Box<relays::Relayed>),
    /// The server of a post confirmed that it is no more.
    Vanished(String),
    Blocked(String),
    Reported(reports::Flagged),
    /// A followed union moved to this actor.
    Moved(Box<Actor>),
    Featured(String),
    Unfeatured(String),
    QuoteRequested(quotes::Request),
    /// What it speaks of lies on a server that does not answer now.
    Waits(waiting::Later),
    Nothing,
}

/// What became of an activity that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What it says was done, as far as its speaker may have it done.
    Done,
    /// It was heard before.
    Repeated,
    /// There was nothing to do.
    Ignored,
}

impl Outcome {
    /// The same in one word, for counting.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Repeated => "repeated",
            Self::Ignored => "ignored",
        }
    }
}

/// Does what an admitted activity says.
///
/// # Errors
/// `Invalid` or `Forbidden` where the activity speaks of what is not its actor's own; faults of the database.
pub async fn receive(node: &Node, admission: Admission) -> Result<Outcome> {
    let remote = Remote::for_inbound(node);
    let heard = match admission {
        Admission::Nothing => return Ok(Outcome::Ignored),
        Admission::Speaker { actor, activity, in_person } => {
            let effect = prepare(node, &remote, &actor, activity.action).await?;
            Heard { speaker: *actor, id: activity.id, in_person, effect }
        }
        Admission::Forwarded { activity } => match confirm(node, &remote, &activity).await? {
            Some(confirmed) => confirmed,
            None => return Ok(Outcome::Ignored),
        },
    };
    if let Effect::Posted(note) | Effect::Revised(note) = &heard.effect {
        threads::reach_up(node, &remote, &heard.speaker, note).await?;
    }
    let (for_write, now) = (node.clone(), node.now());
    let outcome = node.db.write(move |conn| take_in(conn, &for_write, &heard, now)).await?;
    node.bell.notify_one();
    Ok(outcome)
}

/// The transaction: once for each activity.
fn take_in(conn: &mut Conn, node: &Node, heard: &Heard, now: Time) -> Result<Outcome> {
    storage::keep_rules(conn)?;
    let Heard { speaker, id, in_person, effect } = heard;
    // Blocked, or gone, a moment ago.
    if !actors::is_welcome(conn, speaker.id)? {
        return Ok(Outcome::Ignored);
    }
    if !heard::is_first(conn, &speaker.uri, id, now)? && !follows::is_said_anew(conn, node, heard)? {
        return Ok(Outcome::Repeated);
    }
    // Whoever speaks to us is there: what waits for its server may leave. What others pass on may be old.
    if *in_person {
        delivery::host_is_back(conn, &speaker.host, now)?;
    }
    do_what_is_said(conn, node, heard, now)?;
    Ok(if matches!(effect, Effect::Nothing) { Outcome::Ignored } else { Outcome::Done })
}

fn do_what_is_said(conn: &mut Conn, node: &Node, heard: &Heard, now: Time) -> Result<()> {
    let Heard { speaker, id, effect, .. } = heard;
    match effect {
        Effect::Followed(object) => follows::followed(conn, node, speaker, id, object, now),
        Effect::FollowAccepted(follow) => follows::accepted(conn, node, speaker, id, follow),
        Effect::FollowRejected(follow) => follows::rejected(conn, node, speaker, id, follow),
        Effect::Undone(object) => undone(conn, node, speaker, object, now),
        Effect::Posted(note) => posts::posted(conn, node, speaker, note, now),
        Effect::Revised(note) => {
            posts::revised(conn, node, speaker, note, now)?;
            threads::look_soon(conn, note, now)
        }
        Effect::Deleted(object) if *object == speaker.uri => forget(conn, speaker, now),
        Effect::Deleted(object) => posts::deleted(conn, speaker, object, now),
        Effect::Liked(object) => reactions::liked(conn, speaker, id, object, now),
        Effect::Boosted(object) => reactions::boosted(conn, speaker, id, object, now),
        Effect::Relayed(relayed) => relays::relayed(conn, node, speaker, id, relayed, now),
        Effect::Vanished(post) => posts::vanished(conn, post, now),
        Effect::Blocked(object) => follows::blocked(conn, node, speaker, object, now),
        Effect::Reported(flagged) => reports::reported(conn, node, speaker, flagged, now),
        Effect::Moved(target) => moves::moved(conn, node, speaker, target, now),
        Effect::Featured(post) => featured::featured(conn, node, speaker, post, now),
        Effect::Unfeatured(post) => featured::unfeatured(conn, speaker, post),
        Effect::QuoteRequested(request) => quotes::requested(conn, node, speaker, id, request, now),
        Effect::Waits(later) => waiting::keep(conn, node, speaker, id, later, now),
        Effect::Nothing => Ok(()),
    }
}

/// An Undo may name what it takes back whole or by its id alone; it reaches only what its own speaker did. The Undo of a Block restores
/// nothing: whoever wants to follow again says so.
fn undone(conn: &mut Conn, node: &Node, speaker: &Actor, object: &Reference, now: Time) -> Result<()> {
    if object.actor.as_ref().is_some_and(|actor| *actor != speaker.uri) {
        return Ok(());
    }
    if let Some(id) = &object.id {
        heard::take_back(conn, speaker.id, id)?;
    }
    if follows::unfollowed(conn, node, speaker, object, now)? || follows::answer_undone(conn, node, speaker, object)? {
        return Ok(());
    }
    reactions::undone(conn, speaker, object)
}

/// An actor is gone: so is all that it left here, and what was said to it alone.
pub(super) fn forget(conn: &mut Conn, speaker: &Actor, now: Time) -> Result<()> {
    if actors::has_own_inbox(conn, speaker)? {
        delivery::forget_all_at(conn, &speaker.inbox, now)?;
    }
    let touched = crate::reactions::statements_touched_by(conn, &[speaker.id])?;
    actors::delete(conn, speaker.id)?;
    crate::statements::recount(conn, &touched)
}

/// What a question to the speaker's own server brought: nothing, where it will never bring anything. Where it may do so later, the sender is to
/// try again. (Of another's server: [`waiting::without`].)
fn or_later<T>(found: std::result::Result<T, Miss>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Miss::Ours(error)) => Err(error),
        Err(Miss::Unreachable(why)) => Err(Error::Unavailable(why)),
        Err(_) => Ok(None),
    }
}
