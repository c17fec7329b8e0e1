//! `picket box`, `picket box delete`.

use clap::Subcommand;
use serde::Serialize;
use serde_json::json;

use super::{Context, Outcome, print};
use crate::actors::Actor;
use crate::clock::rfc3339;
use crate::error::{Error, Result};
use crate::markup;
use crate::private_box::{self, PrivatePost};
use crate::storage::Conn;

/// The box holds no more than a bound of its own for strangers, and little for each ally.
const MOST: i64 = 5_000;

const WARNING: &str = "These posts came in private, but they are not encrypted: the sender's server and whoever runs this server can read \
                       them. Each is deleted 30 days after it came.";

#[derive(Debug, Subcommand)]
pub(super) enum Act {
    /// Delete a post from the box at once
    Delete {
        /// Its id or number, as `picket box` prints them
        id: String,
    },
}

#[derive(Serialize)]
struct Entry {
    id: String,
    number: i64,
    author: String,
    handle: String,
    title: Option<String>,
    warning: Option<String>,
    content: String,
    language: Option<String>,
    received: String,
    in_reply_to: Option<String>,
    encrypted: bool,
}

impl From<(PrivatePost, Actor)> for Entry {
    fn from((post, author): (PrivatePost, Actor)) -> Self {
        Self {
            id: post.uri,
            number: post.id,
            author: author.uri,
            handle: format!("@{}", author.handle),
            title: post.title,
            warning: post.summary,
            content: post.content,
            language: post.language,
            received: rfc3339(post.received_at),
            in_reply_to: post.in_reply_to,
            encrypted: false,
        }
    }
}

impl Entry {
    fn lines(&self) -> String {
        let head = format!("{}  {}  {}", self.number, self.received, self.handle);
        let text = markup::plain_text(&self.content).trim().replace('\n', "\n    ");
        let below = [self.warning.clone(), self.title.clone(), Some(text), Some(self.id.clone())];
        std::iter::once(head).chain(below.into_iter().flatten()).collect::<Vec<_>>().join("\n    ")
    }
}

pub(super) async fn run(cx: &Context, act: Option<Act>) -> Outcome {
    match act {
        None => list(cx).await,
        Some(Act::Delete { id }) => delete(cx, id).await,
    }
}

async fn list(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let all = node.db.read(|conn| private_box::list(conn, MOST)).await?;
    let entries: Vec<Entry> = all.into_iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| {
        format!("{WARNING}\n{}", print::lines(entries, "The box is empty.", Entry::lines))
    })?;
    Ok(())
}

async fn delete(cx: &Context, id: String) -> Outcome {
    let node = cx.node().await?;
    let post = node.db.write(move |conn| take_out(conn, &id)).await?;
    let done = json!({"id": post.uri, "number": post.id, "state": "deleted"});
    print::answer(cx, &done, |_| format!("Post {} is deleted from the box.", post.id))?;
    Ok(())
}

/// Deletes a post that is given by its row number or by its id on the wire.
fn take_out(conn: &mut Conn, id: &str) -> Result<PrivatePost> {
    let found = match id.parse() {
        Ok(number) => private_box::find_by_id(conn, number)?,
        Err(_) => private_box::find(conn, id)?,
    };
    let post = found.ok_or_else(|| Error::not_found(format!("a post {id} in the private box")))?;
    private_box::delete(conn, post.id)?;
    Ok(post)
}
