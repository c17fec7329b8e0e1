//! What a Group passes on of its members (FEP-1b12), as Lemmy and `PieFed` do: Announce of a whole activity.

use super::forwarded::known_post;
use super::prepare::is_followed;
use super::{Effect, posts as received_posts, private, reactions, waiting};
use crate::actors::{self, Actor};
use crate::clock::Time;
use crate::error::Result;
use crate::federation::remote::{Found, Remote};
use crate::federation::wire::{Action, Activity, RemoteNote, read};
use crate::node::Node;
use crate::posts::{self, Review};
use crate::storage::Conn;
use crate::{alliances, urls};

/// What a member wrote, as its own server shows it.
pub(super) struct Relayed {
    author: Actor,
    note: RemoteNote,
}

/// The copy that the Group embeds says where to look, no more; likes and all else that cannot be looked up is ignored.
pub(super) async fn prepare(node: &Node, remote: &Remote<'_>, group: &Actor, activity: &Activity) -> Result<Effect> {
    let again = || Action::Relay { activity: Box::new(activity.clone()) };
    match &activity.action {
        Action::Create { object } | Action::Update { object } => {
            let answers_us = read::id(object, "inReplyTo").is_some_and(|answered| node.urls.is_ours(&answered));
            let id = read::id_of(object).filter(|id| urls::same_origin(id, &activity.actor));
            let Some(id) = id else { return Ok(Effect::Nothing) };
            if !answers_us && !is_followed(node, group).await? {
                return Ok(Effect::Nothing);
            }
            let (note, author) = match written(remote, id).await {
                Ok(written) => written,
                Err(miss) => return waiting::without(miss, group, id, again),
            };
            let is_heard = note.is_public() && !author.local;
            Ok(if is_heard { Effect::Relayed(Box::new(Relayed { author, note })) } else { Effect::Nothing })
        }
        // A moderator of the Group may say so as well: it is the post's own server that is asked.
        Action::Delete { object } => {
            let Some((post, _)) = known_post(node, object).await? else { return Ok(Effect::Nothing) };
            match remote.has_vanished(&post).await {
                Ok(true) => Ok(Effect::Vanished(post.uri)),
                Ok(false) => Ok(Effect::Nothing),
                Err(miss) => waiting::without(miss, group, &post.uri, again),
            }
        }
        _ => Ok(Effect::Nothing),
    }
}

async fn written(remote: &Remote<'_>, id: &str) -> Found<(RemoteNote, Actor)> {
    let note = remote.note(id).await?;
    let author = remote.actor(&note.author).await?;
    Ok((note, author))
}

/// An activity that is named by its id alone: what the server on which it was said shows of it.
pub(super) async fn prepare_named(node: &Node, remote: &Remote<'_>, group: &Actor, id: &str) -> Result<Effect> {
    let document = match remote.document(id).await {
        Ok(document) => document,
        Err(miss) => return waiting::without(miss, group, id, || Action::Announce { object: id.to_owned() }),
    };
    match Activity::read(&document.plain) {
        Ok(activity) if urls::same_origin(&activity.id, &activity.actor) => {
            prepare(node, remote, group, &activity).await
        }
        _ => Ok(Effect::Nothing),
    }
}

/// The post is taken as if its author had sent it. What starts a thread in a Group that ours follows stands in the timeline besides.
pub(super) fn relayed(
    conn: &mut Conn,
    node: &Node,
    group: &Actor,
    announce: &str,
    relayed: &Relayed,
    now: Time,
) -> Result<()> {
    let Relayed { author, note } = relayed;
    // Blocked, or gone, since it was asked for.
    if !actors::is_welcome(conn, author.id)? {
        return Ok(());
    }
    received_posts::revised(conn, node, author, note, now)?;
    let is_followed = alliances::is_following(conn, node.identity.union.id, group.id)?;
    if !is_followed || note.in_reply_to.is_some() {
        return Ok(());
    }
    // Its author may have deleted it, or made it private, since it was fetched. A second copy changes nothing.
    if !posts::is_deleted(conn, &note.uri, &author.uri)? && private::opened(conn, author, note)? {
        posts::insert(conn, &note.to_keep(author.id, Review::NotNeeded, None, now)?)?;
    }
    reactions::boosted(conn, group, announce, &note.uri, now)
}
