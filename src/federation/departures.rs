//! Inboxes that say that they are gone (410).
//!
//! Servers say so by mistake, too: while they move, or behind a proxy that answers for them. Only when the actor's own document is gone as
//! well, what waits for it ends and it is a follower no more.

use super::inbox;
use super::remote::{Miss, Remote};
use crate::actors;
use crate::delivery;
use crate::error::Result;
use crate::node::Node;

/// Inboxes looked at in one round.
const AT_ONCE: i64 = 100;
/// Actors of one inbox asked for in one round: as many as the budget of a question allows.
const ASKED_OF_ONE: i64 = 5;

/// Asks the servers of actors whose inboxes say that they are gone. Who cannot be asked now has not gone.
///
/// # Errors
/// Faults of the database; what fails for one inbox keeps none of the others from being looked at.
pub async fn confirm(node: &Node) -> Result<()> {
    let mut done = Ok(());
    for inbox in node.db.read(|conn| delivery::departures(conn, AT_ONCE)).await? {
        done = done.and(confirm_inbox(node, inbox).await);
    }
    done
}

async fn confirm_inbox(node: &Node, inbox: String) -> Result<()> {
    let asked = inbox.clone();
    let known = node.db.read(move |conn| actors::at_inbox(conn, &asked, ASKED_OF_ONE)).await?;
    // Where nobody is known there is nobody to ask for, and an inbox's own word ends nothing.
    let mut have_gone = !known.is_empty();
    let remote = Remote::for_inbound(node);
    for actor in known {
        have_gone = matches!(remote.fetch_actor(&actor.uri).await, Err(Miss::Gone(_)));
        if !have_gone {
            break;
        }
        let now = node.now();
        node.db.write(move |conn| inbox::forget(conn, &actor, now)).await?;
    }
    let now = node.now();
    node.db
        .write(move |conn| {
            if !have_gone {
                return delivery::stayed(conn, &inbox);
            }
            // Where more lived at one inbox than were asked for, the next round asks for the others.
            if actors::at_inbox(conn, &inbox, 1)?.is_empty() { delivery::departed(conn, &inbox, now) } else { Ok(()) }
        })
        .await
}
