//! `picket replies`, `approve`, `reject`.

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::actors::Actor;
use crate::error::{Error, Result};
use crate::markup;
use crate::moderation::review;
use crate::posts::{self, Picture, Post, Review};
use crate::private_box;
use crate::statements;
use crate::storage::Conn;
use crate::urls;

const MOST: i64 = 1_000;

#[derive(Debug, Args)]
pub(super) struct Replies {
    /// Only answers to this statement
    url: Option<String>,
    /// Only those that wait for a decision
    #[arg(long)]
    held: bool,
}

/// An answer with all that its page would show.
#[derive(Serialize)]
struct Entry {
    id: String,
    number: i64,
    version: i64,
    author: String,
    handle: String,
    title: Option<String>,
    warning: Option<String>,
    content: String,
    pictures: Vec<Picture>,
    url: String,
    in_reply_to: Option<String>,
    state: Review,
}

impl From<(Post, Actor)> for Entry {
    fn from((post, author): (Post, Actor)) -> Self {
        Self {
            number: post.id,
            version: post.version,
            author: author.uri,
            handle: format!("@{}", author.handle),
            pictures: post.pictures(),
            url: post.page().to_owned(),
            id: post.uri,
            title: post.title,
            warning: post.summary,
            content: post.content,
            in_reply_to: post.in_reply_to,
            state: post.review,
        }
    }
}

impl Entry {
    fn lines(&self) -> String {
        let mut lines = vec![format!("{}  {}  {}", self.name(), self.state.as_str(), self.handle)];
        let warning = self.warning.as_ref().map(|warning| format!("content warning: {warning}"));
        let text = markup::plain_text(&self.content);
        let unsaid = markup::link_targets(&self.content).into_iter().filter(|target| !text.contains(target));
        let links: Vec<String> = unsaid.map(|target| format!("link: {target}")).collect();
        lines.extend(warning.into_iter().chain(self.title.clone()));
        lines.extend([text].into_iter().chain(links));
        lines.extend(self.pictures.iter().map(|picture| {
            format!("picture: {}  {}", picture.alt.as_deref().unwrap_or("(nobody says what it shows)"), picture.url)
        }));
        lines.push(self.id.clone());
        lines.extend(Some(self.url.clone()).filter(|url| *url != self.id));
        // Whatever others wrote stands further in than the number, so that nobody can make up an entry.
        lines.join("\n").lines().collect::<Vec<_>>().join("\n    ")
    }

    /// What `approve` takes: the number, and the version where it is not the first.
    fn name(&self) -> String {
        if self.version == 1 { self.number.to_string() } else { format!("{}.{}", self.number, self.version) }
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
    let entries: Vec<Entry> = all.into_iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| print::lines(entries, "No answers.", Entry::lines))?;
    Ok(())
}

fn statement(conn: &mut Conn, url: &str) -> Result<i64> {
    let found = statements::find(conn, urls::of_page(url))?;
    found.map(|statement| statement.id).ok_or_else(|| Error::not_found(format!("a statement of ours at {url}")))
}

pub(super) async fn approve(cx: &Context, id: &str) -> Outcome {
    decide(cx, id, Review::Approved).await
}

pub(super) async fn reject(cx: &Context, id: &str) -> Outcome {
    decide(cx, id, Review::Rejected).await
}

async fn decide(cx: &Context, id: &str, state: Review) -> Outcome {
    let (node, given) = (cx.node().await?, id.to_owned());
    let number = node.db.write(move |conn| review(conn, &given, state)).await?;
    let done = json!({"id": id, "number": number, "state": state});
    print::answer(cx, &done, |_| format!("Answer {number} is {}.", state.as_str()))?;
    Ok(())
}

/// Decides on an answer that is given by its number or by its id on the wire, and gives the number.
fn review(conn: &mut Conn, id: &str, state: Review) -> Result<i64> {
    let read = read(id);
    let number = match read {
        Some((number, _)) => number,
        None => number_of(conn, id)?,
    };
    match (state, read) {
        (Review::Approved, Some((_, version))) => review::approve_version(conn, number, version)?,
        (Review::Approved, None) => review::approve(conn, number)?,
        // Nobody sees what an editor rejects, whatever it says now.
        _ => review::reject(conn, number)?,
    }
    Ok(number)
}

/// The number of an answer and the version that was read, as [`Entry::name`] writes them.
fn read(name: &str) -> Option<(i64, i64)> {
    let (number, version) = name.split_once('.').unwrap_or((name, "1"));
    Some((number.parse().ok()?, version.parse().ok()?))
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
