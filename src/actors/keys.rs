//! The keys of this node's own actors: made at its first start, renewed when the operator says so.
//!
//! A renewed key has an id of its own, so that whoever remembers the old one asks for the new. The private half of an old key is destroyed,
//! its public half stays: the proofs that it made are in copies that others keep.

use std::sync::{Arc, Mutex, PoisonError};

use super::store::{self, Actor, Key};
use crate::clock::Time;
use crate::crypto::{Algorithm, PrivateKey};
use crate::error::Result;
use crate::storage::Conn;
use crate::transport::SigningKey;

/// The fragments of our key ids; later keys carry a number behind it.
const RSA_FRAGMENT: &str = "main-key";
const ED25519_FRAGMENT: &str = "ed25519-key";

/// The keys that this node signs with.
pub struct Keys {
    /// RSA, for the union's deliveries.
    pub union: SigningKey,
    /// Ed25519, for integrity proofs on what the union says in public.
    pub proof: SigningKey,
    /// RSA, for our fetches.
    pub instance: SigningKey,
    ids: Vec<String>,
}

/// The keys of this node, always those that the database has now: another process may have renewed them.
#[derive(Clone)]
pub struct Keyring {
    union: i64,
    instance: i64,
    known: Arc<Mutex<Option<Arc<Keys>>>>,
}

impl Keyring {
    /// The keyring of our two actors.
    #[must_use]
    pub fn new(union: &Actor, instance: &Actor) -> Self {
        Self { union: union.id, instance: instance.id, known: Arc::default() }
    }

    /// The keys to sign with now. They are decoded once; each call asks which they are, which one look in an index answers.
    ///
    /// # Errors
    /// `Internal` when a key is damaged.
    pub fn keys(&self, conn: &mut Conn) -> Result<Arc<Keys>> {
        let ids = store::signing_key_ids(conn, self.union, self.instance)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = known.as_ref().filter(|keys| keys.ids == ids) {
            return Ok(Arc::clone(keys));
        }
        let keys = Arc::new(Keys {
            union: signing_key(conn, self.union, Algorithm::Rsa)?,
            proof: signing_key(conn, self.union, Algorithm::Ed25519)?,
            instance: signing_key(conn, self.instance, Algorithm::Rsa)?,
            ids,
        });
        *known = Some(Arc::clone(&keys));
        Ok(keys)
    }
}

fn signing_key(conn: &mut Conn, actor_id: i64, algorithm: Algorithm) -> Result<SigningKey> {
    let (id, private) = store::private_key(conn, actor_id, algorithm)?;
    Ok(SigningKey { id, key: PrivateKey::from_pkcs8(algorithm, &private)? })
}

/// A new key of each kind, for one actor.
pub struct FreshKeys {
    rsa: PrivateKey,
    ed25519: PrivateKey,
}

impl FreshKeys {
    /// Makes them, which takes a moment.
    ///
    /// # Errors
    /// `Internal` when the machine gives no randomness.
    pub fn generate() -> Result<Self> {
        Ok(Self { rsa: PrivateKey::generate_rsa()?, ed25519: PrivateKey::generate_ed25519()? })
    }
}

/// Puts new keys in the place of an actor's, whose private halves are destroyed.
///
/// # Errors
/// `Internal` when a key cannot be encoded.
pub fn rotate(conn: &mut Conn, actor: &Actor, fresh: &FreshKeys, now: Time) -> Result<()> {
    store::destroy_private_keys(conn, actor.id)?;
    insert(conn, actor, fresh, now)
}

pub(super) fn insert(conn: &mut Conn, actor: &Actor, fresh: &FreshKeys, now: Time) -> Result<()> {
    let earlier = store::keys(conn, actor.id)?;
    for (fragment, private) in [(RSA_FRAGMENT, &fresh.rsa), (ED25519_FRAGMENT, &fresh.ed25519)] {
        let public = private.public_key()?;
        let number = 1 + earlier.iter().filter(|key| key.key.algorithm == public.algorithm).count();
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let key = Key { id: format!("{}#{fragment}{suffix}", actor.uri), key: public };
        store::insert_key(conn, actor.id, &key, Some(&private.to_pkcs8()?), now)?;
    }
    Ok(())
}
