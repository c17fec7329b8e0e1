//! Handles: what people type, and what WebFinger (RFC 7033) makes of it.

use chrono::TimeDelta;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Found, Miss, Remote, miss, welcome};
use crate::actors::{self, Actor, RemoteActor};
use crate::error::{Error, Result};
use crate::federation::wire::actor::read_actor;
use crate::federation::wire::jrd::{Jrd, lrdd_template};
use crate::federation::wire::{self, read};
use crate::node::Node;
use crate::transport::{Document, FetchError};
use crate::urls;

/// A known actor is read again after this long, when an editor names it.
const ACTOR_AGE: TimeDelta = TimeDelta::days(1);

const JRD: [&str; 2] = ["application/jrd+json", "application/json"];
const XRD: [&str; 3] = ["application/xrd+xml", "application/xml", "text/xml"];

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

impl Remote<'_> {
    /// The actor behind what an editor typed: `@name@host`, an actor's id, or its profile page.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn resolve(&self, typed: &str) -> Found<Actor> {
        let typed = typed.trim();
        if typed.starts_with("https://") || typed.starts_with("http://") {
            return match self.known_actor(typed).await? {
                Some(actor) => welcome(actor),
                None => self.fetch_actor(typed).await,
            };
        }
        let handle = Handle::parse(typed).ok_or_else(|| no_handle(typed))?;
        let (known, now) = (handle.to_string(), self.node.now());
        let known = self.node.db.read(move |conn| actors::find_by_handle(conn, &known)).await?;
        if let Some(actor) = known.filter(|actor| actor.local || now - actor.fetched_at < ACTOR_AGE) {
            return welcome(actor);
        }
        let found = self.webfinger(&handle).await?;
        let handle = self.own_handle(handle, &found).await?;
        let uri = found.actor.ok_or_else(|| Miss::Absent(format!("@{handle}")))?;
        let document = self.document(&uri).await?.plain;
        let mut actor = read_actor(&document).map_err(Miss::Wrong)?;
        if self.is_also_known_as(&actor, &document, &handle).await {
            actor.handle = handle.to_string();
        }
        self.keep(actor).await
    }

    /// Whether an actor goes by a handle whose domain says that it is its own: any domain can say that of any actor, so the actor's side must
    /// say so too, in its document (FEP-2c59) or by the WebFinger of its own host.
    async fn is_also_known_as(&self, actor: &RemoteActor, document: &Value, handle: &Handle) -> bool {
        if actor.handle == handle.to_string()
            || read::text(document, "webfinger").as_deref() == Some(&handle.to_string())
        {
            return true;
        }
        let Some(at_home) = Handle::parse(&actor.handle) else { return false };
        let home = self.webfinger(&at_home).await;
        home.is_ok_and(|home| home.subject.and_then(|subject| Handle::parse(&subject)).as_ref() == Some(handle))
    }

    /// An actor may be known by a handle on another domain than its own (FEP-2c59), if that domain says so too.
    pub(super) async fn confirm_handle(&self, actor: &mut RemoteActor, document: &Value) {
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

    /// The handle by which an account is known: what its host calls it. A host may say that an account is one of another host; that counts
    /// where the other says so too, else anybody could answer for accounts of everybody.
    async fn own_handle(&self, asked: Handle, found: &Jrd) -> Found<Handle> {
        let Some(named) = found.subject.as_deref().and_then(Handle::parse) else { return Ok(asked) };
        if named.host == asked.host {
            return Ok(asked);
        }
        let there = self.webfinger(&named).await?;
        if there.actor == found.actor && there.subject.as_deref().and_then(Handle::parse).as_ref() == Some(&named) {
            return Ok(named);
        }
        Err(Miss::Wrong(format!("{} says that @{asked} is @{named}, and {} does not", asked.host, named.host)))
    }

    async fn webfinger(&self, handle: &Handle) -> Found<Jrd> {
        let address = self.node.client.at_host(&handle.host, "/.well-known/webfinger?resource={uri}");
        match self.jrd(&address, handle).await {
            // Some hosts say elsewhere where their WebFinger is.
            Err(absent @ Miss::Absent(_)) => match self.lrdd_template(handle).await {
                Some(template) if template != address => self.jrd(&template, handle).await,
                _ => Err(absent),
            },
            found => found,
        }
    }

    async fn jrd(&self, template: &str, handle: &Handle) -> Found<Jrd> {
        let resource = utf8_percent_encode(&format!("acct:{handle}"), NON_ALPHANUMERIC).to_string();
        let address = template.replace("{uri}", &resource);
        self.may_ask(&address).await?;
        let fetched = self.ask_for_jrd(&address).await.map_err(|error| match error {
            FetchError::NotFound | FetchError::Gone => Miss::Absent(format!("@{handle}")),
            other => miss(&address, other),
        })?;
        let document =
            wire::Document::parse(&fetched.body).map_err(|why| Miss::Wrong(format!("{}: {why}", handle.host)))?;
        Jrd::read(&document.plain).ok_or_else(|| Miss::Wrong(format!("{} sent no answer to WebFinger", handle.host)))
    }

    async fn lrdd_template(&self, handle: &Handle) -> Option<String> {
        let address = self.node.client.at_host(&handle.host, "/.well-known/host-meta");
        self.may_ask(&address).await.ok()?;
        let fetched = self.client.fetch_document(&address, &XRD).await.ok()?;
        lrdd_template(&String::from_utf8_lossy(&fetched.body), &handle.host)
    }

    async fn ask_for_jrd(&self, address: &str) -> std::result::Result<Document, FetchError> {
        if let Some(error) = self.missed(address) {
            return Err(error);
        }
        let fetched = self.client.fetch_document(address, &JRD).await;
        self.remember_miss(address, fetched.as_ref().err());
        fetched
    }
}

fn no_handle(typed: &str) -> Miss {
    let why = format!("{typed:?} is none; write @name@host, or the address of a profile");
    Miss::Ours(Error::invalid("handle", why))
}

/// Where a visitor's own server lets her follow our union: the address to send her to.
///
/// # Errors
/// `Invalid` when what she typed is no handle, else why her server does not answer.
pub async fn subscribe_address(node: &Node, typed: &str) -> Result<String> {
    let wrong = || Error::invalid("handle", format!("{typed:?} is no fediverse address; it looks like @name@server"));
    let handle = Handle::parse(typed).ok_or_else(wrong)?;
    node.limits.admit_visitor(node.now())?;
    let remote = Remote::for_visitor(node);
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
        for text in
            ["@press@Union.Example", "press@union.example", "acct:press@union.example", " @press@union.example "]
        {
            assert_eq!(Handle::parse(text).expect(text).to_string(), "press@union.example");
        }
        for text in ["", "@", "press", "@@union.example", "a@b@c", "a@b/c", "<b>@union.example", "a b@union.example"] {
            assert_eq!(Handle::parse(text), None, "{text}");
        }
    }
}
