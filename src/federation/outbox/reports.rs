//! Flag: a report to the server of an actor or a post.

use super::say_as_instance;
use crate::actors::Actor;
use crate::clock::new_id;
use crate::error::{Error, Result};
use crate::federation::remote::{Handle, Miss, Remote};
use crate::federation::wire::documents::flags;
use crate::node::Node;

/// Servers keep no longer comments (Mastodon: 1,000 characters of its own users).
const MOST_CHARACTERS: usize = 1_000;

/// What was reported, and to whom.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Whose server is told.
    pub actor: Actor,
    /// The post, where it was one.
    pub post: Option<String>,
}

/// Reports an actor (by handle or address) or a post (by address) to its own server. The report leaves by the instance actor: who of ours
/// wrote it, and that it was the union at all, is not in it.
///
/// # Errors
/// Why there is nothing to report, or nobody to report it to.
pub async fn report(node: &Node, address: &str, comment: &str) -> Result<Reported> {
    let comment = comment.trim();
    if comment.is_empty() || comment.chars().count() > MOST_CHARACTERS {
        let why = format!("say in one to {MOST_CHARACTERS} characters what is wrong, for those who must decide on it");
        return Err(Error::invalid("comment", why));
    }
    let reported = find(&Remote::for_editor(node), address.trim()).await?;
    if reported.actor.local {
        return Err(Error::invalid("report", "this is our own; nobody else decides on it"));
    }
    let (for_write, now, comment, told) = (node.clone(), node.now(), comment.to_owned(), reported.clone());
    node.db
        .write(move |conn| {
            let id = for_write.urls.activity(&new_id(now));
            let instance = &for_write.identity.instance;
            let document = flags::flag(&id, instance, &told.actor, told.post.as_deref(), &comment);
            say_as_instance(conn, &for_write, &document, told.actor.delivery_inbox(), now)
        })
        .await?;
    node.bell.notify_one();
    Ok(reported)
}

/// A post with its author; what is no post is an actor.
async fn find(remote: &Remote<'_>, address: &str) -> Result<Reported> {
    if Handle::parse(address).is_some() {
        return Ok(Reported { actor: remote.resolve(address).await?, post: None });
    }
    match remote.note(address).await {
        Ok(note) => Ok(Reported { actor: remote.actor(&note.author).await?, post: Some(note.uri) }),
        Err(Miss::Wrong(_)) => Ok(Reported { actor: remote.resolve(address).await?, post: None }),
        Err(miss) => Err(miss.into()),
    }
}
