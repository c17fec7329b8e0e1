//! `picket statement pin`, `unpin`, and `picket tag …`: what stands first.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::texts::read_text;
use super::{Context, Outcome, print};
use crate::config;
use crate::error::{Error, Result};
use crate::federation::outbox;
use crate::node::Node;
use crate::site;
use crate::statements::{self, Campaign, Hashtag};

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
    /// Give a campaign's hashtag a readable name and an introduction, in one language
    Describe(Describe),
    /// Take that back, in one language
    Undescribe {
        /// The hashtag, with or without #
        hashtag: String,
        /// The language; without it, the union's
        #[arg(long, value_name = "CODE")]
        lang: Option<String>,
    },
    /// List the hashtags that are put forward
    List,
}

#[derive(Debug, Args)]
pub(super) struct Describe {
    /// The hashtag, with or without #
    hashtag: String,
    /// A name that reads well, with spaces
    #[arg(long)]
    name: String,
    /// What it is about: a Markdown file, or - for standard input
    #[arg(long, value_name = "FILE")]
    intro: Option<PathBuf>,
    /// The language of both; without it, the union's
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
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
        Tag::Describe(describe) => say(cx, &node, describe).await,
        Tag::Undescribe { hashtag, lang } => {
            let language = language(&node, lang)?;
            node.db.write(move |conn| statements::forget_campaign(conn, &hashtag, &language)).await?;
            print::answer(cx, &json!({}), |_| "Taken back.".to_owned())?;
            Ok(())
        }
        Tag::List => list(cx, &node).await,
    }
}

async fn say(cx: &Context, node: &Node, describe: Describe) -> Outcome {
    let markdown = describe.intro.as_deref().map(read_text).transpose()?.unwrap_or_default();
    let campaign = Campaign {
        tag: String::new(),
        language: language(node, describe.lang)?,
        name: describe.name,
        html: site::rendered(&node.urls, &markdown),
        markdown,
    };
    let hashtag = describe.hashtag;
    let kept = node.db.write(move |conn| statements::describe_campaign(conn, &hashtag, campaign)).await?;
    let told = json!({"name": kept.name, "language": kept.language, "url": node.urls.tag(&kept.tag)});
    print::answer(cx, &told, |_| format!("{}: {}", kept.name, node.urls.tag(&kept.tag)))?;
    Ok(())
}

/// The language that was given, else the union's.
pub(super) fn language(node: &Node, given: Option<String>) -> Result<String> {
    let Some(tag) = given else { return Ok(node.config.language.clone()) };
    let wrong = || Error::invalid("--lang", format!("{tag:?} does not work; write a code such as tr or pt-BR"));
    config::language_tag(&tag).ok_or_else(wrong)
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
