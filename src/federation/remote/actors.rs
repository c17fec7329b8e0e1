//! Actors of other servers, and their keys.

use chrono::TimeDelta;

use super::{Found, Miss, Remote, welcome};
use crate::actors::{self, Actor, Key, RemoteActor};
use crate::crypto::PublicKey;
use crate::error::Result;
use crate::federation::wire::actor::{key_owner, lists_key, pem_key, read_actor};
use crate::federation::wire::{Document, read};
use crate::moderation::blocks;
use crate::storage::{self, Conn};
use crate::urls;

/// What a failed signature may cause: one new look at the keys of an actor in this time.
const KEY_CHECK_PAUSE: TimeDelta = TimeDelta::minutes(5);

impl Remote<'_> {
    /// An actor: the one that we know, else fetched and kept.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn actor(&self, uri: &str) -> Found<Actor> {
        if let Some(known) = self.known_actor(uri).await? {
            return welcome(known);
        }
        let fetched = self.fetch_actor(uri).await?;
        // A redirect may lead to another actor's document: that is not the one who was named.
        if fetched.uri == uri { Ok(fetched) } else { Err(Miss::Wrong(format!("{uri} is not an actor's own id"))) }
    }

    pub(super) async fn known_actor(&self, uri: &str) -> Result<Option<Actor>> {
        let uri = uri.to_owned();
        self.node.db.read(move |conn| actors::find(conn, &uri)).await
    }

    /// Reads an actor's document anew and keeps it.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn fetch_actor(&self, uri: &str) -> Found<Actor> {
        self.fetch_actor_with(uri, None).await
    }

    /// The same with a key that was read from a document of its own: it counts where the actor lists its id.
    async fn fetch_actor_with(&self, uri: &str, key: Option<Key>) -> Found<Actor> {
        let document = self.document(uri).await?.plain;
        let mut actor = read_actor(&document).map_err(Miss::Wrong)?;
        let is_listed = |key: &Key| lists_key(&document, &key.id) && actor.keys.iter().all(|known| known.id != key.id);
        if let Some(key) = key.filter(is_listed) {
            actor.keys.push(key);
        }
        self.confirm_handle(&mut actor, &document).await;
        self.keep(actor).await
    }

    pub(super) async fn keep(&self, actor: RemoteActor) -> Found<Actor> {
        let now = self.node.now();
        let keep = move |conn: &mut Conn| {
            storage::keep_rules(conn)?;
            let blocked = blocks::is_actor_blocked(conn, &actor.host, &actor.handle)?;
            actors::save_remote(conn, &actor, blocked, now)
        };
        welcome(self.node.db.write(keep).await?)
    }

    /// The key that a signature names, with the actor that it belongs to: the actor's own document must list it.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn key(&self, key_id: &str) -> Found<(Actor, PublicKey)> {
        if let Some(known) = self.known_key(key_id).await? {
            return Ok(known);
        }
        // Without the fragment, since anybody can think of another one.
        let address = urls::without_fragment(key_id);
        let missed = || format!("{key_id} brought no key a moment ago");
        match self.node.missed_keys.get(address) {
            Some(true) => return Err(Miss::Unreachable(missed())),
            Some(false) => return Err(Miss::Wrong(missed())),
            None => {}
        }
        let fetched = self.fetch_key(key_id, address).await;
        if let Err(miss) = &fetched
            && !matches!(miss, Miss::Ours(_))
        {
            self.node.missed_keys.insert(address.to_owned(), matches!(miss, Miss::Unreachable(_)));
        }
        fetched
    }

    async fn fetch_key(&self, key_id: &str, address: &str) -> Found<(Actor, PublicKey)> {
        let missing = |owner: &str| Miss::Wrong(format!("{owner} does not list the key {key_id}"));
        let owner = if let Some(actor) = self.known_actor(address).await? {
            // An actor that we know has a new key, or somebody says so: that may make us ask no more often than a bad signature.
            if !self.check_keys_again(&actor).await? {
                return Err(missing(&actor.uri));
            }
            actor.uri
        } else {
            let (owner, key) = self.key_owner(address).await?;
            self.fetch_actor_with(&owner, key).await?;
            owner
        };
        self.known_key(key_id).await?.filter(|(actor, _)| actor.uri == owner).ok_or_else(|| missing(&owner))
    }

    async fn known_key(&self, key_id: &str) -> Result<Option<(Actor, PublicKey)>> {
        let key_id = key_id.to_owned();
        self.node.db.read(move |conn| actors::find_key(conn, &key_id)).await
    }

    /// The actor behind the address of a key: the document there is the actor, or a document of the key that names its owner; then the key
    /// comes along.
    async fn key_owner(&self, address: &str) -> Found<(String, Option<Key>)> {
        let (Document { plain: document, .. }, url) = self.get(address).await?;
        let found = if document.get("publicKeyPem").is_some() {
            let own = |owner: String| pem_key(&document, &owner).map(|key| (owner, Some(key)));
            key_owner(&document).and_then(own)
        } else {
            read::id(&document, "id").map(|owner| (owner, None))
        };
        let (owner, key) = found.ok_or_else(|| Miss::Wrong(format!("{address} does not say whose key it is")))?;
        if urls::same_origin(&owner, &url) {
            Ok((owner, key))
        } else {
            Err(Miss::Wrong("the key's owner lives elsewhere".to_owned()))
        }
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
}
