//! `picket statement pin`, `unpin`, and `picket tag …`: what stands first.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{Context, Outcome, print};
use crate::federation::outbox;
use crate::node::Node;
use crate::statements::{self, Hashtag};

#[derive(Debug, Subcommand)]
pub(super) enum Tag {
    /// Put a hashtag of a campaign forward: on our page, and on our profile elsewhere; ten at most
    Feature {
        /// The hashtag, with or without #
        name: String,
    },
    /// Put it forward no longer
    Unfeature {
        /// The hashtag, with or without #
        name: String,
    },
    /// List the hashtags that are put forward
    List,
}

pub(super) async fn pin(cx: &Context, url: &str) -> Outcome {
    let (statement, deliveries) = outbox::pin(&cx.node().await?, url).await?;
    let told = json!({"id": statement.uri, "url": statement.uri, "deliveries": deliveries});
    print::answer(cx, &told, |_| format!("Pinned: {}\n{}", statement.uri, print::on_its_way(deliveries)))?;
    Ok(())
}

pub(super) async fn unpin(cx: &Context, url: &str) -> Outcome {
    let (statement, deliveries) = outbox::unpin(&cx.node().await?, url).await?;
    let told = json!({"id": statement.uri, "url": statement.uri, "deliveries": deliveries});
    print::answer(cx, &told, |_| format!("Not pinned any more: {}\n{}", statement.uri, print::on_its_way(deliveries)))?;
    Ok(())
}

pub(super) async fn tag(cx: &Context, command: Tag) -> Outcome {
    let node = cx.node().await?;
    match command {
        Tag::Feature { name } => {
            let (hashtag, deliveries) = outbox::feature_tag(&node, &name).await?;
            tell(cx, &node, &hashtag, deliveries, "is put forward")
        }
        Tag::Unfeature { name } => {
            let (hashtag, deliveries) = outbox::unfeature_tag(&node, &name).await?;
            tell(cx, &node, &hashtag, deliveries, "is put forward no longer")
        }
        Tag::List => list(cx, &node).await,
    }
}

fn entry(node: &Node, hashtag: &Hashtag) -> Value {
    json!({"name": hashtag.name, "url": node.urls.tag(&hashtag.tag), "statements": hashtag.statements_count})
}

fn tell(cx: &Context, node: &Node, hashtag: &Hashtag, deliveries: i64, what: &str) -> Outcome {
    let mut told = entry(node, hashtag);
    told["deliveries"] = json!(deliveries);
    print::answer(cx, &told, |_| format!("#{} {what}.\n{}", hashtag.name, print::on_its_way(deliveries)))?;
    Ok(())
}

async fn list(cx: &Context, node: &Node) -> Outcome {
    let hashtags = node.db.read(statements::featured).await?;
    let entries: Vec<Value> = hashtags.iter().map(|hashtag| entry(node, hashtag)).collect();
    let line = |hashtag: &Hashtag| format!("#{}  {} statements", hashtag.name, hashtag.statements_count);
    print::answer(cx, &entries, |_| print::lines(&hashtags, "No hashtag is put forward.", line))?;
    Ok(())
}
