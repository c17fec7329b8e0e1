//! `picket keys`, `picket keys rotate`.

use clap::Subcommand;
use serde::Serialize;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::actors::{self, OwnKey};
use crate::clock::rfc3339;
use crate::error::Result;
use crate::federation::outbox;
use crate::node::Node;

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Make new keys, destroy the old ones, and tell all who follow the union or are followed
    ///
    /// Do this when a key may have been seen by somebody else: after a stolen or lost backup, or a break-in. Everything that leaves the node
    /// afterwards is signed with the new keys; a running server takes them up by itself. The public halves of old keys stay in the actor's
    /// document, so that copies which others keep can still be verified.
    Rotate,
}

pub(super) async fn run(cx: &Context, command: Option<Keys>) -> Outcome {
    match command {
        None => list(cx).await,
        Some(Keys::Rotate) => rotate(cx).await,
    }
}

/// Peers look for a key that they do not know once in a while: ours as well (docs/FEDERATION.md).
const ONCE: &str = "Keys that are made anew once more within five minutes may be refused for as long; what is refused is tried again, and nothing is lost.";
const BACKUPS: &str = "Old backups still hold the old keys: destroy those, too.";

/// A key of ours as it is printed.
#[derive(Serialize)]
struct Listed {
    id: String,
    kind: &'static str,
    since: String,
    in_use: bool,
}

impl Listed {
    fn of(key: &OwnKey) -> Self {
        Self {
            id: key.id.clone(),
            kind: key.algorithm.as_str(),
            since: rfc3339(key.created_at),
            in_use: key.has_private_half,
        }
    }

    fn line(&self) -> String {
        let state = if self.in_use { "in use" } else { "retired" };
        format!("{:7}  {:7}  since {}  {}", state, self.kind, self.since, self.id)
    }
}

async fn listed(node: &Node) -> Result<Vec<Listed>> {
    let (union, instance) = (node.identity.union.id, node.identity.instance.id);
    let keys =
        node.db.read(move |conn| Ok([actors::own_keys(conn, union)?, actors::own_keys(conn, instance)?].concat()));
    Ok(keys.await?.iter().map(Listed::of).collect())
}

async fn list(cx: &Context) -> Outcome {
    let keys = listed(&cx.node().await?).await?;
    print::answer(cx, &keys, |keys| print::lines(keys, "", Listed::line))?;
    Ok(())
}

async fn rotate(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let deliveries = outbox::rotate_keys(&node).await?;
    let keys = listed(&node).await?;
    print::answer(cx, &json!({"keys": keys, "deliveries": deliveries}), |_| {
        let lines = print::lines(&keys, "", Listed::line);
        let servers = print::counted(deliveries, "server", "servers");
        format!("New keys are in use; {servers} will hear of it. {ONCE}\n{BACKUPS}\n{lines}")
    })?;
    Ok(())
}
