//! `picket alias add`, `remove`, `list`.

use clap::Subcommand;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::federation::outbox;
use crate::profile;

#[derive(Debug, Subcommand)]
pub(super) enum Alias {
    /// Say that another account is this union as well, so that it can move here; then start the move at its own server
    Add {
        /// Its handle (@name@host) or address
        account: String,
    },
    /// Say so no longer
    Remove {
        /// Its address, or its handle
        account: String,
    },
    /// List the accounts that are this union as well
    List,
}

pub(super) async fn run(cx: &Context, alias: Alias) -> Outcome {
    let node = cx.node().await?;
    match alias {
        Alias::Add { account } => {
            let actor = outbox::add_alias(&node, &account).await?;
            let added = json!({"actor": actor.uri, "handle": format!("@{}", actor.handle)});
            print::answer(cx, &added, |_| {
                format!("@{} may move here; start the move in the settings of that account.", actor.handle)
            })?;
        }
        Alias::Remove { account } => {
            let removed = outbox::remove_alias(&node, &account).await?;
            print::answer(cx, &json!({"actor": removed}), |_| format!("{removed} may not move here any more."))?;
        }
        Alias::List => {
            let all = node.db.read(profile::aliases).await?;
            let entries: Vec<_> = all.iter().map(|uri| json!({"actor": uri})).collect();
            print::answer(cx, &entries, |_| print::lines(&all, "No other account may move here.", Clone::clone))?;
        }
    }
    Ok(())
}
