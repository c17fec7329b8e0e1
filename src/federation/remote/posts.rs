//! Posts of other servers.

use super::{Found, Miss, Remote, welcome};
use crate::actors::{self, Actor};
use crate::error::Result;
use crate::federation::wire::{RemoteNote, read};
use crate::posts::{self, NewPost, Post, Review};
use crate::private_box;
use crate::storage::{self, Conn};
use crate::urls;

impl Remote<'_> {
    /// A post by its id or by the address of its page: the one that we know, else fetched and kept with its author.
    ///
    /// # Errors
    /// Why there is none, or why it may not be kept (it is not public).
    pub async fn post(&self, address: &str) -> Found<(Post, Actor)> {
        if let Some((post, author)) = self.known_post(address).await? {
            return Ok((post, welcome(author)?));
        }
        if self.is_private(address).await? {
            return Err(Miss::Refused("this post came to us in private, so nothing public is made of it".to_owned()));
        }
        let note = self.note(address).await?;
        if let Some((post, author)) = self.known_post(&note.uri).await? {
            return Ok((post, welcome(author)?));
        }
        if !note.is_public() {
            return Err(Miss::Refused("this post is not public".to_owned()));
        }
        let author = self.actor(&note.author).await?;
        let (now, uri) = (self.node.now(), note.uri.clone());
        let new = note.to_keep(author.id, Review::NotNeeded, None, now)?;
        self.node.db.write(move |conn| keep(conn, &new, &author.uri)).await?;
        self.known_post(&uri).await?.ok_or(Miss::Absent(uri))
    }

    /// Whether a post lies in the private box.
    async fn is_private(&self, uri: &str) -> Result<bool> {
        let uri = uri.to_owned();
        Ok(self.node.db.read(move |conn| private_box::find(conn, &uri)).await?.is_some())
    }

    async fn known_post(&self, uri: &str) -> Result<Option<(Post, Actor)>> {
        let uri = uri.to_owned();
        self.node
            .db
            .read(move |conn| match posts::find_by_address(conn, &uri)? {
                Some(post) => posts::find_by_id(conn, post.id),
                None => Ok(None),
            })
            .await
    }

    /// A post as its own server has it now.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn note(&self, address: &str) -> Found<RemoteNote> {
        let document = self.document(address).await?.plain;
        if read::kind(&document) == Some("Tombstone") {
            return Err(Miss::Gone(address.to_owned()));
        }
        let note = RemoteNote::read(&document).map_err(Miss::Wrong)?;
        if urls::same_origin(&note.uri, &note.author) {
            Ok(note)
        } else {
            Err(Miss::Wrong("the post's author lives elsewhere".to_owned()))
        }
    }
}

/// Keeps a post, unless its author deleted it, made it private, went or was blocked since it was fetched.
fn keep(conn: &mut Conn, new: &NewPost, author: &str) -> Result<()> {
    storage::keep_rules(conn)?;
    let is_wanted = actors::is_welcome(conn, new.author_id)?
        && !posts::is_deleted(conn, &new.uri, author)?
        && private_box::find(conn, &new.uri)?.is_none();
    if is_wanted { posts::insert(conn, new).map(drop) } else { Ok(()) }
}
