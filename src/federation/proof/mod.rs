//! Integrity proofs (FEP-8b32 with the cryptosuite `eddsa-jcs-2022` of W3C Data Integrity): who holds a copy of what we said can show
//! that we said it, and who passes on what another said can show that.
//!
//! Only public things get one: a proof makes them undeniable. Whose key must have made a proof is not known here; the gate asks that.

mod ambiguity;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::wire::read;
use crate::clock::Time;
use crate::crypto::{Algorithm, PublicKey, sha256};
use crate::error::{Error, Result};
use crate::transport::SigningKey;

pub use ambiguity::is_unambiguous;

const KIND: &str = "DataIntegrityProof";
const CRYPTOSUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";
/// More proofs of one document are not looked at: FEP-8b32 asks for a single one.
const MOST_PROOFS: usize = 5;
/// How long after it was made a proof still speaks for what somebody passes on. It must be shorter than heard activities and deleted
/// posts are remembered (30 days), so that nothing comes back by being passed on once more; what is older is asked for at its origin.
const GOOD_FOR: TimeDelta = TimeDelta::days(14);
/// How far another server's clock may be ahead of ours.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Adds a proof to a document of ours.
///
/// # Errors
/// `Internal` when the document cannot be brought into canonical form.
pub fn prove(document: &mut Value, key: &SigningKey, now: Time) -> Result<()> {
    let mut options = json!({
        "@context": document["@context"],
        "type": KIND,
        "cryptosuite": CRYPTOSUITE,
        "verificationMethod": key.id,
        "proofPurpose": PURPOSE,
        // Whole seconds: some verifiers write the time anew before they hash it (seen in Fedify 2.3.6).
        "created": now.and_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    let signature = key.key.sign(&hash_data(document, &options)?)?;
    options["proofValue"] = json!(multibase::encode(multibase::Base::Base58Btc, signature));
    document["proof"] = options;
    Ok(())
}

/// One proof of a document, of the kind that we understand.
pub struct Proof<'d> {
    /// The id of the key that is said to have made it: foreign words.
    pub method: &'d str,
    document: &'d Value,
    options: &'d Value,
}

/// The proofs of a document that we understand; all others count as none, as FEP-8b32 wants. A linked-data signature is no proof.
#[must_use]
pub fn all(document: &Value) -> Vec<Proof<'_>> {
    let proofs = read::values(document, "proof").into_iter().take(MOST_PROOFS);
    proofs.filter_map(|proof| Proof::read(document, proof)).collect()
}

/// Whether a document has a proof that was made with this key.
#[must_use]
pub fn verify(document: &Value, key: &PublicKey) -> bool {
    all(document).iter().any(|proof| proof.holds(key))
}

impl<'d> Proof<'d> {
    fn read(document: &'d Value, proof: &'d Value) -> Option<Self> {
        let understood =
            proof["type"] == KIND && proof["cryptosuite"] == CRYPTOSUITE && proof["proofPurpose"] == PURPOSE;
        // A proof in a chain is also about the one before it, which is another way of hashing.
        let chained = proof.get("previousProof").is_some();
        let method = proof["verificationMethod"].as_str().filter(|_| understood && !chained)?;
        Some(Self { method, document, options: proof })
    }

    /// Whether its times let it speak for an activity now: made not long ago, and not expired.
    #[must_use]
    pub fn is_current(&self, now: Time) -> bool {
        let Some(created) = read::time(self.options, "created") else { return false };
        let expired = match self.options.get("expires") {
            None => false,
            Some(_) => read::time(self.options, "expires").is_none_or(|expires| expires < now),
        };
        !expired && created <= now + MAX_AHEAD && created >= now - GOOD_FOR
    }

    /// Whether this key made it.
    #[must_use]
    pub fn holds(&self, key: &PublicKey) -> bool {
        key.algorithm == Algorithm::Ed25519 && self.holds_for(key).unwrap_or_default()
    }

    /// W3C Data Integrity `EdDSA` Cryptosuites 1.0, section 3.3.2.
    fn holds_for(&self, key: &PublicKey) -> Option<bool> {
        let mut bare = self.document.clone();
        let members = bare.as_object_mut()?;
        members.shift_remove("proof");
        // Linked-data signatures that stand beside the proof were added after it.
        members.shift_remove("signature");
        let mut options = self.options.clone();
        let value = options.as_object_mut()?.shift_remove("proofValue")?;
        let (multibase::Base::Base58Btc, signature) = multibase::decode(value.as_str()?).ok()? else { return None };
        if let Some(context) = options.get("@context") {
            if !is_context_of(context, &bare["@context"]) {
                return None;
            }
            bare["@context"] = context.clone();
        }
        Some(key.verifies(&hash_data(&bare, &options).ok()?, &signature))
    }
}

/// Whether a proof's context is that of its document, or its beginning: more contexts may have been named behind those that were signed. None
/// may stand there inline, though, since such a one changes how we read the document.
fn is_context_of(proof: &Value, document: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    };
    let (signed, all) = (list(proof), list(document));
    all.starts_with(&signed) && all[signed.len()..].iter().all(Value::is_string)
}

/// Hash of the proof's options, then hash of the document without its proof.
fn hash_data(document: &Value, options: &Value) -> Result<Vec<u8>> {
    Ok([sha256(&canonical(options)?), sha256(&canonical(document)?)].concat())
}

/// A document in its canonical form (RFC 8785): the same bytes however it was written.
///
/// # Errors
/// `Internal` when there is none.
pub fn canonical(document: &Value) -> Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(document).map_err(Error::internal)
}

#[cfg(test)]
mod tests;
