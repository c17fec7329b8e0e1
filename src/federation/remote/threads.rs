//! The conversation around a post, asked of the servers of those who speak in it: each post by its id, from its own server.

use std::collections::HashSet;

use super::{Found, Miss, Remote};
use crate::actors::Actor;
use crate::error::Result;
use crate::federation::wire::{RemoteNote, read};
use crate::posts;
use crate::private_box;
use crate::statements::{self, State};
use crate::storage::Conn;

/// A conversation is gone up so many posts, and no more.
pub const MOST_ABOVE: usize = 50;
/// So many answers to one post are looked at.
const MOST_BELOW: usize = 60;

/// What we know of an address that somebody answers.
enum Place {
    /// A statement of ours, or a post in the conversation around one.
    Ours,
    /// A post that we know, and what it answers itself.
    Leads(String),
    /// Where nothing of ours is above.
    Nowhere,
    /// We do not know it.
    Unknown,
}

impl Remote<'_> {
    /// The posts that are missing between an answer and a conversation of ours, from the top down, with their authors; none where the way
    /// up leads to no such conversation, is too long, or cannot be gone: through what is private, gone, blocked, or over the budget.
    ///
    /// # Errors
    /// Faults of ours only.
    pub async fn above(&self, answered: &str) -> Result<Vec<(RemoteNote, Actor)>> {
        let (mut missing, mut seen, mut next) = (Vec::new(), HashSet::new(), answered.to_owned());
        loop {
            // Twice at the same post, it goes round in a circle.
            if seen.len() >= MOST_ABOVE || !seen.insert(next.clone()) {
                return Ok(Vec::new());
            }
            next = match self.place(&next).await? {
                Place::Ours => break,
                Place::Nowhere => return Ok(Vec::new()),
                Place::Leads(up) => up,
                Place::Unknown => {
                    let Some(note) = found(self.public_note(&next).await)? else { return Ok(Vec::new()) };
                    let Some(up) = note.in_reply_to.clone() else { return Ok(Vec::new()) };
                    missing.push(note);
                    up
                }
            };
        }
        self.with_authors(missing.into_iter().rev()).await
    }

    /// The answers to a post that we do not know yet, as its own server lists them, with their authors.
    ///
    /// # Errors
    /// Faults of ours only.
    pub async fn below(&self, note: &RemoteNote) -> Result<Vec<(RemoteNote, Actor)>> {
        let Some(replies) = &note.replies else { return Ok(Vec::new()) };
        let listed = found(self.items(replies, &note.uri, MOST_BELOW).await)?.unwrap_or_default();
        let mut seen = HashSet::new();
        let mut answers = Vec::new();
        for id in listed.iter().filter_map(read::id_of) {
            if !seen.insert(id) || !matches!(self.place(id).await?, Place::Unknown) {
                continue;
            }
            answers.extend(found(self.public_note(id).await)?);
        }
        // What is answered comes before its answers.
        answers.sort_by_key(|note| note.published);
        self.with_authors(answers.into_iter()).await
    }

    async fn place(&self, uri: &str) -> Result<Place> {
        let (uri, is_ours) = (uri.to_owned(), self.node.urls.is_ours(uri));
        self.node.db.read(move |conn| if is_ours { place_here(conn, &uri) } else { place_elsewhere(conn, &uri) }).await
    }

    /// A post that everybody may read, by just this id: an answer names what it answers by its id, too.
    async fn public_note(&self, id: &str) -> Found<RemoteNote> {
        let note = self.note(id).await?;
        if note.is_public() && note.uri == id {
            Ok(note)
        } else {
            Err(Miss::Refused(format!("{id} is no public post")))
        }
    }

    /// Posts with their authors, up to the first whose author cannot be had: what comes after it may hang on it.
    async fn with_authors(&self, notes: impl Iterator<Item = RemoteNote>) -> Result<Vec<(RemoteNote, Actor)>> {
        let mut all = Vec::new();
        for note in notes {
            let Some(author) = found(self.actor(&note.author).await)? else { break };
            all.push((note, author));
        }
        Ok(all)
    }
}

fn place_here(conn: &mut Conn, uri: &str) -> Result<Place> {
    let statement = statements::find(conn, uri)?;
    let is_public = statement.is_some_and(|statement| statement.state == State::Published);
    Ok(if is_public { Place::Ours } else { Place::Nowhere })
}

fn place_elsewhere(conn: &mut Conn, uri: &str) -> Result<Place> {
    Ok(match posts::find(conn, uri)? {
        Some(post) if post.statement_id.is_some() => Place::Ours,
        Some(post) => post.in_reply_to.map_or(Place::Nowhere, Place::Leads),
        None if private_box::find(conn, uri)?.is_some() => Place::Nowhere,
        None => Place::Unknown,
    })
}

/// What was found; `None` where there is nothing to be had. Faults of ours are no such answer.
fn found<T>(answer: Found<T>) -> Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Miss::Ours(error)) => Err(error),
        Err(miss) => {
            tracing::debug!(%miss, "a part of a conversation cannot be had");
            Ok(None)
        }
    }
}
