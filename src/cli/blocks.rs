//! `picket block`, `unblock`, `blocks` and the allow list: `allow`, `disallow`, `allowed`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::texts::read_text;
use super::{Context, Outcome, print};
use crate::clock::rfc3339;
use crate::error::Result;
use crate::federation::defederation::{self, Imported, Ruled};
use crate::moderation::blocks::{self, Effects};
use crate::moderation::lists;

#[derive(Debug, Args)]
pub(super) struct Block {
    /// Its host name; all names below it are refused as well
    host: String,
    /// Why, for those who run this node; it stands in exports
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// What `picket blocks` and `picket allowed` can do besides listing.
#[derive(Debug, Subcommand)]
pub(super) enum Exchange {
    /// Print the list in Mastodon's CSV form
    Export,
    /// Add all servers of a list: a CSV file as Mastodon exports it, one domain on each line, or the JSON of its API
    Import {
        /// The file, or - for standard input
        file: PathBuf,
        /// Only say what would come of it
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) async fn block(cx: &Context, block: Block) -> Outcome {
    let node = cx.node().await?;
    let ruled = defederation::block(&node, &block.host, block.reason).await?;
    tell(cx, &ruled, |ruled| format!("{} and all below it is blocked.", ruled.domain))
}

pub(super) async fn unblock(cx: &Context, host: &str) -> Outcome {
    let node = cx.node().await?;
    let ruled = defederation::unblock(&node, host).await?;
    let advice = "Who followed before must follow anew.";
    tell(cx, &ruled, |ruled| format!("{} is not blocked any more. {advice}", ruled.domain))
}

pub(super) async fn blocks(cx: &Context, exchange: Option<Exchange>) -> Outcome {
    match exchange {
        None => list_blocks(cx).await,
        Some(Exchange::Export) => {
            let node = cx.node().await?;
            Ok(print::raw(&lists::write_blocks(&node.db.read(blocks::blocks).await?)?)?)
        }
        Some(Exchange::Import { file, dry_run }) => {
            let list = lists::read(&read_text(&file)?)?;
            let node = cx.node().await?;
            let imported = defederation::import_blocks(&node, list, dry_run).await?;
            tell_imported(cx, &imported, if dry_run { "would be blocked" } else { "blocked" })
        }
    }
}

async fn list_blocks(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let blocks = node.db.read(blocks::blocks).await?;
    let entries: Vec<_> = blocks
        .iter()
        .map(|block| json!({"domain": block.domain, "reason": block.reason, "since": rfc3339(block.created_at)}))
        .collect();
    print::answer(cx, &entries, |_| {
        print::lines(&blocks, "No server is blocked.", |block| match &block.reason {
            Some(reason) => format!("{}  {reason}", block.domain),
            None => block.domain.clone(),
        })
    })?;
    Ok(())
}

pub(super) async fn allow(cx: &Context, host: &str) -> Outcome {
    let node = cx.node().await?;
    let ruled = defederation::allow(&node, host).await?;
    let counts = node.db.read(blocks::has_allow_list).await?;
    tell(cx, &ruled, |ruled| {
        format!("{} and all below it is on the allow list.{}", ruled.domain, without_effect(counts))
    })
}

pub(super) async fn disallow(cx: &Context, host: &str) -> Outcome {
    let node = cx.node().await?;
    let ruled = defederation::disallow(&node, host).await?;
    tell(cx, &ruled, |ruled| format!("{} is not on the allow list any more.", ruled.domain))
}

pub(super) async fn allowed(cx: &Context, exchange: Option<Exchange>) -> Outcome {
    let node = cx.node().await?;
    match exchange {
        None => {
            let (domains, counts) =
                node.db.read(|conn| Ok((blocks::allowed(conn)?, blocks::has_allow_list(conn)?))).await?;
            let entries: Vec<_> = domains.iter().map(|domain| json!({"domain": domain})).collect();
            print::answer(cx, &entries, |_| {
                let none = "The allow list is empty.";
                print::lines(&domains, none, Clone::clone) + without_effect(counts)
            })?;
            Ok(())
        }
        Some(Exchange::Export) => Ok(print::raw(&lists::write_allowed(&node.db.read(blocks::allowed).await?)?)?),
        Some(Exchange::Import { file, dry_run }) => {
            let list = lists::read(&read_text(&file)?)?;
            let imported = defederation::import_allowed(&node, list, dry_run).await?;
            tell_imported(
                cx,
                &imported,
                if dry_run { "would be put on the allow list" } else { "put on the allow list" },
            )
        }
    }
}

fn without_effect(counts: bool) -> &'static str {
    if counts { "" } else { "\nIt has no effect yet: set allow_list = true and start the server anew." }
}

fn tell(cx: &Context, ruled: &Ruled, done: impl FnOnce(&Ruled) -> String) -> Outcome {
    print::answer(cx, ruled, |ruled| lines(done(ruled), told(&ruled.effects)))?;
    Ok(())
}

/// One line for each kind of thing that was cut, hidden or shown again.
fn told(effects: &Effects) -> Vec<String> {
    [
        (effects.followers_removed, ["follower removed", "followers removed"]),
        (effects.following_ended, ["followed union let go", "followed unions let go"]),
        (effects.deliveries_dropped, ["waiting delivery given up", "waiting deliveries given up"]),
        (effects.posts_hidden, ["post hidden", "posts hidden"]),
        (effects.reactions_hidden, ["like or boost not counted any more", "likes and boosts not counted any more"]),
        (effects.posts_shown, ["stored post no longer hidden", "stored posts no longer hidden"]),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, [one, more])| print::counted(number, one, more))
    .collect()
}

fn lines(first: String, more: Vec<String>) -> String {
    std::iter::once(first).chain(more).collect::<Vec<_>>().join("\n  ")
}

fn tell_imported(cx: &Context, imported: &Imported, done: &str) -> Outcome {
    print::answer(cx, imported, |imported| {
        let skipped = imported.skipped.iter();
        let skipped = skipped.map(|one| format!("skipped line {}, {}: {}", one.place, one.domain, one.why));
        let number = i64::try_from(imported.domains.len()).unwrap_or(i64::MAX);
        let servers = print::counted(number, "server", "servers");
        let first = format!("{servers} {done}, {} known already.", imported.known);
        lines(first, told(&imported.effects).into_iter().chain(skipped).collect())
    })?;
    Ok(())
}

/// What `picket doctor` asks: an allow list that counts and is empty refuses everybody.
pub(super) async fn check_allow_list(node: &crate::node::Node) -> Result<()> {
    use crate::error::Error;
    let (counts, domains) = node.db.read(|conn| Ok((blocks::has_allow_list(conn)?, blocks::allowed(conn)?))).await?;
    if node.config.allow_list != counts {
        return Err(Error::Conflict(
            "the setting allow_list was changed; start the server anew so that it counts".to_owned(),
        ));
    }
    if counts && domains.is_empty() {
        let why = "the allow list is empty, so that no server is spoken with; `picket allow HOST` adds one";
        return Err(Error::Conflict(why.to_owned()));
    }
    Ok(())
}
