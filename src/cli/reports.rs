//! `picket reports`, `report`, `report close`.

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::clock::rfc3339;
use crate::error::Error;
use crate::federation::outbox;
use crate::moderation::reports::{self, Report};

const MOST: i64 = 1_000;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Make {
    /// Address of the post, or address or handle (@name@host) of the account
    #[arg(required = true)]
    url: Option<String>,
    /// What is wrong with it, for those who decide there
    #[arg(long, required = true, value_name = "TEXT")]
    comment: Option<String>,
    #[command(subcommand)]
    close: Option<Close>,
}

#[derive(Debug, Subcommand)]
enum Close {
    /// Put a report away that came to us
    Close {
        /// Its number, as `picket reports` prints it
        id: i64,
    },
}

#[derive(Serialize)]
struct Entry {
    id: i64,
    host: String,
    comment: String,
    about: Vec<String>,
    received: String,
    closed: Option<String>,
}

impl From<&Report> for Entry {
    fn from(report: &Report) -> Self {
        Self {
            id: report.id,
            host: report.host.clone(),
            comment: report.comment.clone(),
            about: report.about(),
            received: rfc3339(report.created_at),
            closed: report.closed_at.map(rfc3339),
        }
    }
}

pub(super) async fn list(cx: &Context, all: bool) -> Outcome {
    let node = cx.node().await?;
    let found = node.db.read(move |conn| reports::list(conn, all, MOST)).await?;
    let entries: Vec<Entry> = found.iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| {
        print::lines(entries, "No reports.", |entry| {
            let state = if entry.closed.is_some() { "closed" } else { "open" };
            let about = entry.about.join("\n    ");
            format!("{}  {state}  {}  {}\n    {about}\n    {}", entry.id, entry.received, entry.host, entry.comment)
        })
    })?;
    Ok(())
}

pub(super) async fn run(cx: &Context, report: Make) -> Outcome {
    match (report.close, report.url, report.comment) {
        (Some(Close::Close { id }), ..) => close(cx, id).await,
        (None, Some(url), Some(comment)) => make(cx, &url, &comment).await,
        _ => Err(Error::invalid("report", "say what is reported, and why: picket report URL --comment TEXT").into()),
    }
}

async fn close(cx: &Context, id: i64) -> Outcome {
    let node = cx.node().await?;
    let now = node.now();
    node.db.write(move |conn| reports::close(conn, id, now)).await?;
    print::answer(cx, &json!({"id": id, "state": "closed"}), |_| format!("Report {id} is closed."))?;
    Ok(())
}

async fn make(cx: &Context, url: &str, comment: &str) -> Outcome {
    let node = cx.node().await?;
    let reported = outbox::report(&node, url, comment).await?;
    let done = json!({"actor": reported.actor.uri, "post": reported.post, "server": reported.actor.host});
    print::answer(cx, &done, |_| format!("Reported to {}, in the name of this server only.", reported.actor.host))?;
    Ok(())
}
