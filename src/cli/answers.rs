//! `picket replies`, `approve`, `reject`.

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::actors::Actor;
use crate::error::{Error, Result};
use crate::markup;
use crate::moderation::review;
use crate::node::Node;
use crate::posts::{self, Post, Review};
use crate::private_box;
use crate::statements;
use crate::storage::Conn;

const MOST: i64 = 1_000;

#[derive(Debug, Args)]
pub(super) struct Replies {
    /// Only answers to this statement
    url: Option<String>,
    /// Only those that wait for a decision
    #[arg(long)]
    held: bool,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    number: i64,
    author: String,
    handle: String,
    content: String,
    in_reply_to: Option<String>,
    state: Review,
}

impl From<&(Post, Actor)> for Entry {
    fn from((post, author): &(Post, Actor)) -> Self {
        Self {
            id: post.uri.clone(),
            number: post.id,
            author: author.uri.clone(),
            handle: format!("@{}", author.handle),
            content: post.content.clone(),
            in_reply_to: post.in_reply_to.clone(),
            state: post.review,
        }
    }
}

pub(super) async fn list(cx: &Context, replies: Replies) -> Outcome {
    let node = cx.node().await?;
    let review = replies.held.then_some(Review::Held);
    let all = node
        .db
        .read(move |conn| {
            let statement_id = match replies.url {
                Some(url) => Some(statement(conn, &url)?),
                None => None,
            };
            posts::list_answers(conn, statement_id, review, MOST)
        })
        .await?;
    let entries: Vec<Entry> = all.iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| {
        print::lines(entries, "No answers.", |entry| {
            let text = markup::excerpt(&entry.content, 300);
            format!("{}  {}  {}\n    {text}\n    {}", entry.number, entry.state.as_str(), entry.handle, entry.id)
        })
    })?;
    Ok(())
}

fn statement(conn: &mut Conn, url: &str) -> Result<i64> {
    let found = statements::find(conn, url.trim_end_matches('/'))?;
    found.map(|statement| statement.id).ok_or_else(|| Error::not_found(format!("a statement of ours at {url}")))
}

pub(super) async fn approve(cx: &Context, id: &str) -> Outcome {
    decide(cx, id, review::approve, Review::Approved).await
}

pub(super) async fn reject(cx: &Context, id: &str) -> Outcome {
    decide(cx, id, review::reject, Review::Rejected).await
}

async fn decide(cx: &Context, id: &str, decide: fn(&mut Conn, i64) -> Result<()>, state: Review) -> Outcome {
    let node = cx.node().await?;
    let number = number(&node, id).await?;
    node.db.write(move |conn| decide(conn, number)).await?;
    let done = json!({"id": id, "number": number, "state": state});
    print::answer(cx, &done, |_| format!("Answer {number} is {}.", state.as_str()))?;
    Ok(())
}

/// The row number of an answer, which is given by that or by its id on the wire.
async fn number(node: &Node, id: &str) -> Result<i64> {
    if let Ok(number) = id.parse() {
        return Ok(number);
    }
    let uri = id.to_owned();
    node.db.read(move |conn| number_of(conn, &uri)).await
}

fn number_of(conn: &mut Conn, id: &str) -> Result<i64> {
    if let Some(post) = posts::find_by_address(conn, id)? {
        return Ok(post.id);
    }
    if private_box::find(conn, id)?.is_some() {
        let why = "this post was not addressed to the public, so it stays in the private box (`picket box`)";
        return Err(Error::Forbidden(why.to_owned()));
    }
    Err(Error::not_found(format!("an answer {id}")))
}
