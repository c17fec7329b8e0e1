//! Asking other servers: actors, posts, keys, handles. Every question counts against a budget, so that one activity cannot make us ask
//! without end; nothing is asked of a blocked server.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::wire::actor::{pem_key, read_actor};
use super::wire::{RemoteNote, read};
use crate::actors::{self, Actor, RemoteActor};
use crate::crypto::PublicKey;
use crate::error::{Error, Result};
use crate::moderation::blocks;
use crate::node::Node;
use crate::posts::{self, Post, Review};
use crate::transport::FetchError;
use crate::urls;

/// Questions that one inbound activity may cause.
const INBOUND_BUDGET: u32 = 6;
/// Questions that one act of an editor may cause: a statement may mention many.
const EDITOR_BUDGET: u32 = 120;
/// What a failed signature may cause: one new look at the keys of an actor in this time.
const KEY_CHECK_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// A known actor is read again after this long, when an editor names it.
const ACTOR_AGE: TimeDelta = TimeDelta::days(1);

const JRD: [&str; 2] = ["application/jrd+json", "application/json"];
const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";

/// A way to ask other servers, with a budget.
pub struct Remote<'n> {
    node: &'n Node,
    left: AtomicU32,
}

/// Why a question brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Miss {
    /// It may not be asked: blocked, private, or over the budget.
    #[error("{0}")]
    Refused(String),
    /// It is not there (any more).
    #[error("{0} does not exist there")]
    Absent(String),
    /// The server did not answer usefully; it may later.
    #[error("{0}")]
    Unreachable(String),
    /// What came back is not what it should be.
    #[error("{0}")]
    Wrong(String),
    /// A fault of ours.
    #[error("{0}")]
    Ours(Error),
}

impl From<Error> for Miss {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Miss> for Error {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::Refused(why) => Self::Forbidden(why),
            Miss::Absent(what) => Self::NotFound(what),
            Miss::Unreachable(why) => Self::Unavailable(why),
            Miss::Wrong(why) => Self::invalid("the other server's answer", why),
            Miss::Ours(error) => error,
        }
    }
}

type Found<T> = std::result::Result<T, Miss>;

impl<'n> Remote<'n> {
    /// For one inbound activity.
    #[must_use]
    pub fn for_inbound(node: &'n Node) -> Self {
        Self { node, left: AtomicU32::new(INBOUND_BUDGET) }
    }

    /// For one act of an editor.
    #[must_use]
    pub fn for_editor(node: &'n Node) -> Self {
        Self { node, left: AtomicU32::new(EDITOR_BUDGET) }
    }

    async fn may_ask(&self, address: &str) -> Found<()> {
        if self.node.urls.is_ours(address) {
            return Err(Miss::Refused("this address is our own".to_owned()));
        }
        let asked = address.to_owned();
        if self.node.db.read(move |conn| blocks::is_address_blocked(conn, &asked)).await? {
            return Err(Miss::Refused("this server is blocked".to_owned()));
        }
        let spend = |left: u32| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_err() {
            return Err(Miss::Refused("too many questions for one activity".to_owned()));
        }
        Ok(())
    }

    /// Fetches a document by its id; what comes back must say that this is its id, on the server that served it.
    async fn document(&self, id: &str) -> Found<Value> {
        let (found, final_id) = self.fetch(id).await?;
        if final_id == id {
            return Ok(found);
        }
        // The address was a page or an old name: ask once more at what it calls itself.
        let (found, again) = self.fetch(&final_id).await?;
        if again == final_id { Ok(found) } else { Err(Miss::Wrong(format!("{id} does not say what its id is"))) }
    }

    async fn fetch(&self, address: &str) -> Found<(Value, String)> {
        self.may_ask(address).await?;
        let key = &self.node.identity.instance_key;
        let fetched = self.node.client.fetch_json(address, Some(key)).await.map_err(|error| miss(address, error))?;
        let id = read::id(&fetched.body, "id").ok_or_else(|| Miss::Wrong(format!("{address} has no id")))?;
        if !urls::same_origin(&fetched.url, &id) {
            return Err(Miss::Wrong(format!("{address} claims an id on another server")));
        }
        Ok((fetched.body, id))
    }

    /// An actor: the one that we know, else fetched and kept.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn actor(&self, uri: &str) -> Found<Actor> {
        match self.known_actor(uri).await? {
            Some(actor) => Ok(actor),
            None => self.fetch_actor(uri).await,
        }
    }

    async fn known_actor(&self, uri: &str) -> Result<Option<Actor>> {
        let uri = uri.to_owned();
        self.node.db.read(move |conn| actors::find(conn, &uri)).await
    }

    /// Reads an actor's document anew and keeps it.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn fetch_actor(&self, uri: &str) -> Found<Actor> {
        let document = self.document(uri).await?;
        let mut actor = read_actor(&document).map_err(Miss::Wrong)?;
        self.confirm_handle(&mut actor, &document).await;
        self.keep(actor).await
    }

    async fn keep(&self, actor: RemoteActor) -> Found<Actor> {
        let now = self.node.now();
        Ok(self.node.db.write(move |conn| actors::save_remote(conn, &actor, now)).await?)
    }

    /// An actor may be known by a handle on another domain than its own (FEP-2c59), if that domain says so too.
    async fn confirm_handle(&self, actor: &mut RemoteActor, document: &Value) {
        let Some(claimed) = read::text(document, "webfinger").and_then(|text| Handle::parse(&text)) else { return };
        if claimed.host == actor.host {
            return;
        }
        // A failure costs the nicer handle only.
        if let Ok(found) = self.webfinger(&claimed).await
            && found.actor.as_deref() == Some(&actor.uri)
        {
            actor.handle = claimed.to_string();
        }
    }

    /// The key that a signature names, with the actor that it belongs to: the actor's own document must list it.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn key(&self, key_id: &str) -> Found<(Actor, PublicKey)> {
        if let Some(known) = self.known_key(key_id).await? {
            return Ok(known);
        }
        if self.node.missed_keys.contains_key(key_id) {
            return Err(Miss::Wrong(format!("{key_id} brought no key a moment ago")));
        }
        let fetched = self.fetch_key(key_id).await;
        if fetched.is_err() {
            self.node.missed_keys.insert(key_id.to_owned(), ());
        }
        fetched
    }

    async fn fetch_key(&self, key_id: &str) -> Found<(Actor, PublicKey)> {
        let owner = self.key_owner(key_id).await?;
        self.fetch_actor(&owner).await?;
        let missing = || Miss::Wrong(format!("{owner} does not list the key {key_id}"));
        self.known_key(key_id).await?.filter(|(actor, _)| actor.uri == owner).ok_or_else(missing)
    }

    async fn known_key(&self, key_id: &str) -> Result<Option<(Actor, PublicKey)>> {
        let key_id = key_id.to_owned();
        self.node.db.read(move |conn| actors::find_key(conn, &key_id)).await
    }

    /// The actor behind a key id: the document at the id without its fragment is the actor, or a document of the key that names its owner.
    async fn key_owner(&self, key_id: &str) -> Found<String> {
        let address = urls::without_fragment(key_id);
        self.may_ask(address).await?;
        let key = &self.node.identity.instance_key;
        let fetched = self.node.client.fetch_json(address, Some(key)).await.map_err(|error| miss(address, error))?;
        let document = fetched.body;
        let owner = if document.get("publicKeyPem").is_some() {
            let owner = read::id(&document, "owner").or_else(|| read::id(&document, "controller"));
            owner.filter(|owner| pem_key(&document, owner).is_some())
        } else {
            read::id(&document, "id")
        };
        let owner = owner.ok_or_else(|| Miss::Wrong(format!("{address} does not say whose key it is")))?;
        if urls::same_origin(&owner, &fetched.url) { Ok(owner) } else { Err(Miss::Wrong("the key's owner lives elsewhere".to_owned())) }
    }

    /// Asks for the keys of an actor anew because a signature did not hold: at most once in a while. Says whether it asked.
    ///
    /// # Errors
    /// Why it could not.
    pub async fn check_keys_again(&self, actor: &Actor) -> Found<bool> {
        let now = self.node.now();
        if now - actor.keys_checked_at < KEY_CHECK_PAUSE && actor.keys_checked_at != actor.created_at {
            return Ok(false);
        }
        let id = actor.id;
        self.node.db.write(move |conn| actors::mark_keys_checked(conn, id, now)).await?;
        self.fetch_actor(&actor.uri).await?;
        Ok(true)
    }

    /// A post by its id or by the address of its page: the one that we know, else fetched and kept with its author.
    ///
    /// # Errors
    /// Why there is none, or why it may not be kept (it is not public).
    pub async fn post(&self, address: &str) -> Found<(Post, Actor)> {
        if let Some(known) = self.known_post(address).await? {
            return Ok(known);
        }
        let note = self.note(address).await?;
        if let Some(known) = self.known_post(&note.uri).await? {
            return Ok(known);
        }
        if !note.visibility.is_public() {
            return Err(Miss::Refused("this post is not public".to_owned()));
        }
        let author = self.actor(&note.author).await?;
        let (now, uri) = (self.node.now(), note.uri.clone());
        let new = note.to_keep(author.id, Review::NotNeeded, None, now)?;
        self.node.db.write(move |conn| posts::insert(conn, &new)).await?;
        self.known_post(&uri).await?.ok_or_else(|| Miss::Absent(uri))
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
        let document = self.document(address).await?;
        let note = RemoteNote::read(&document).map_err(Miss::Wrong)?;
        if urls::same_origin(&note.uri, &note.author) { Ok(note) } else { Err(Miss::Wrong("the post's author lives elsewhere".to_owned())) }
    }

    /// The actor behind what an editor typed: `@name@host`, an actor's id, or its profile page.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn resolve(&self, typed: &str) -> Found<Actor> {
        let typed = typed.trim();
        if typed.starts_with("https://") || typed.starts_with("http://") {
            return self.actor(typed).await;
        }
        let handle = Handle::parse(typed).ok_or_else(|| Miss::Wrong(format!("{typed:?} is no handle; write @name@host")))?;
        let (known, now) = (handle.to_string(), self.node.now());
        let known = self.node.db.read(move |conn| actors::find_by_handle(conn, &known)).await?;
        if let Some(actor) = known.filter(|actor| actor.local || now - actor.fetched_at < ACTOR_AGE) {
            return Ok(actor);
        }
        let found = self.webfinger(&handle).await?;
        let uri = found.actor.ok_or_else(|| Miss::Absent(format!("@{handle}")))?;
        let document = self.document(&uri).await?;
        let mut actor = read_actor(&document).map_err(Miss::Wrong)?;
        // The domain of the handle has just said that this is its actor.
        actor.handle = handle.to_string();
        self.keep(actor).await
    }

    async fn webfinger(&self, handle: &Handle) -> Found<Finger> {
        let resource = utf8_percent_encode(&format!("acct:{handle}"), NON_ALPHANUMERIC).to_string();
        let address = self.node.client.at_host(&handle.host, &format!("/.well-known/webfinger?resource={resource}"));
        self.may_ask(&address).await?;
        let fetched = self.node.client.fetch_document(&address, &JRD).await.map_err(|error| match error {
            FetchError::NotFound | FetchError::Gone => Miss::Absent(format!("@{handle}")),
            other => miss(&handle.host, other),
        })?;
        let document: Value = serde_json::from_slice(&fetched.body).map_err(|_| Miss::Wrong(format!("{} sent no JSON", handle.host)))?;
        Ok(Finger::read(&document))
    }
}

fn miss(address: &str, error: FetchError) -> Miss {
    let host = urls::host_of(address).unwrap_or_else(|| address.to_owned());
    match error {
        FetchError::Refused(why) => Miss::Refused(why),
        FetchError::Gone | FetchError::NotFound => Miss::Absent(address.to_owned()),
        FetchError::Status(status @ (401 | 403)) => Miss::Refused(format!("{host} refuses to show it to us ({status})")),
        other => Miss::Unreachable(format!("{host}: {other}")),
    }
}

/// `name@host`, the host in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// User name.
    pub name: String,
    /// Host, with port where it is not the standard one.
    pub host: String,
}

impl Handle {
    /// Reads `@name@host`, `name@host` or `acct:name@host`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("acct:").unwrap_or(text);
        let (name, host) = text.strip_prefix('@').unwrap_or(text).split_once('@')?;
        let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
        if name.is_empty() || name.len() > 100 || !name.chars().all(plain) || host.contains(['/', '?', '#', '@', ' ']) {
            return None;
        }
        Some(Self { name: name.to_owned(), host: urls::host_of(&format!("https://{host}/"))? })
    }
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.name, self.host)
    }
}

/// What WebFinger (RFC 7033) says of an account.
struct Finger {
    actor: Option<String>,
    subscribe: Option<String>,
}

impl Finger {
    fn read(document: &Value) -> Self {
        let links = || read::values(document, "links").into_iter();
        let is_activity = |link: &&Value| {
            read::text(link, "rel").as_deref() == Some("self")
                && read::text(link, "type").is_some_and(|kind| kind.contains("activity+json") || kind.contains("ld+json"))
        };
        Self {
            actor: links().find(is_activity).and_then(|link| read::text(link, "href")),
            subscribe: links()
                .find(|link| read::text(link, "rel").as_deref() == Some(SUBSCRIBE))
                .and_then(|link| read::text(link, "template")),
        }
    }
}

/// Where a visitor's own server lets her follow our union: the address to send her to.
///
/// # Errors
/// `Invalid` when what she typed is no handle, else why her server does not answer.
pub async fn subscribe_address(node: &Node, typed: &str) -> Result<String> {
    let wrong = || Error::invalid("handle", format!("{typed:?} is no fediverse address; it looks like @name@server"));
    let handle = Handle::parse(typed).ok_or_else(wrong)?;
    let remote = Remote { node, left: AtomicU32::new(1) };
    let found = remote.webfinger(&handle).await?;
    let ours = utf8_percent_encode(&node.identity.union.uri, NON_ALPHANUMERIC).to_string();
    let template = found.subscribe.filter(|template| urls::host_of(&template.replace("{uri}", "x")).is_some());
    let template = template.unwrap_or_else(|| node.client.at_host(&handle.host, "/authorize_interaction?uri={uri}"));
    Ok(template.replace("{uri}", &ours))
}

#[cfg(test)]
mod tests {
    use super::Handle;

    #[test]
    fn a_handle_is_read_however_it_is_written() {
        for text in ["@press@Union.Example", "press@union.example", "acct:press@union.example", " @press@union.example "] {
            assert_eq!(Handle::parse(text).expect(text).to_string(), "press@union.example");
        }
        for text in ["", "@", "press", "@@union.example", "a@b@c", "a@b/c", "<b>@union.example", "a b@union.example"] {
            assert_eq!(Handle::parse(text), None, "{text}");
        }
    }
}
