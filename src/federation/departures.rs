//! Inboxes that say that they are gone (410).
//!
//! Servers say so by mistake, too: while they move, or behind a proxy that answers for them. Only when the actor's own document is gone as
//! well, what waits for it ends and it is a follower no more.

use super::inbox;
use super::remote::{Miss, Remote};
use crate::actors::{self, Actor};
use crate::delivery;
use crate::error::Result;
use crate::node::Node;

/// Inboxes looked at in one round.
const AT_ONCE: i64 = 100;
/// Actors of one inbox asked for in one round: as many as the budget of a question allows.
const ASKED_OF_ONE: i64 = 5;

/// Asks the servers of actors whose inboxes say that they are gone.
///
/// # Errors
/// Faults of the database.
pub async fn confirm(node: &Node) -> Result<()> {
    for inbox in node.db.read(|conn| delivery::departures(conn, AT_ONCE)).await? {
        confirm_inbox(node, inbox).await?;
    }
    Ok(())
}

async fn confirm_inbox(node: &Node, inbox: String) -> Result<()> {
    let asked = inbox.clone();
    let known = node.db.read(move |conn| actors::at_inbox(conn, &asked, ASKED_OF_ONE)).await?;
    let remote = Remote::for_inbound(node);
    for actor in known {
        if !is_gone(&remote, &actor).await? {
            return node.db.write(move |conn| delivery::stayed(conn, &inbox)).await;
        }
        let now = node.now();
        node.db.write(move |conn| inbox::forget(conn, &actor, now)).await?;
    }
    let now = node.now();
    node.db
        .write(move |conn| {
            // Where more lived at one inbox than were asked for, the next round asks for the others.
            if actors::at_inbox(conn, &inbox, 1)?.is_empty() { delivery::departed(conn, &inbox, now) } else { Ok(()) }
        })
        .await
}

async fn is_gone(remote: &Remote<'_>, actor: &Actor) -> Result<bool> {
    match remote.fetch_actor(&actor.uri).await {
        Err(Miss::Gone(_)) => Ok(true),
        Err(Miss::Ours(error)) => Err(error),
        _ => Ok(false),
    }
}
