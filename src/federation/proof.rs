//! Integrity proofs (FEP-8b32 with the cryptosuite `eddsa-jcs-2022` of W3C Data Integrity): who holds a copy of what we said can show
//! that we said it.
//!
//! Only public things get one: a proof makes them undeniable.

use serde_json::{Value, json};

use crate::clock::Time;
use crate::crypto::{Algorithm, PublicKey, sha256};
use crate::error::{Error, Result};
use crate::transport::SigningKey;

const CRYPTOSUITE: &str = "eddsa-jcs-2022";

/// Adds a proof to a document of ours.
///
/// # Errors
/// `Internal` when the document cannot be brought into canonical form.
pub fn prove(document: &mut Value, key: &SigningKey, now: Time) -> Result<()> {
    let mut options = json!({
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "verificationMethod": key.id,
        "proofPurpose": "assertionMethod",
        // Whole seconds: some verifiers write the time anew before they hash it (seen in Fedify 2.3.6).
        "created": now.and_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    let signature = key.key.sign(&hash_data(document, &options)?)?;
    options["proofValue"] = json!(multibase::encode(multibase::Base::Base58Btc, signature));
    document["proof"] = options;
    Ok(())
}

/// The key that the proof of a document names, where the document has a proof of the kind that we understand.
#[must_use]
pub fn verification_method(document: &Value) -> Option<&str> {
    let proof = document.get("proof")?;
    let understood = proof["type"] == "DataIntegrityProof" && proof["cryptosuite"] == CRYPTOSUITE;
    let meant = proof["proofPurpose"] == "assertionMethod";
    proof["verificationMethod"].as_str().filter(|_| understood && meant)
}

/// Whether the proof of a document was made with this key.
#[must_use]
pub fn verify(document: &Value, key: &PublicKey) -> bool {
    key.algorithm == Algorithm::Ed25519 && verify_parts(document, key).unwrap_or_default()
}

fn verify_parts(document: &Value, key: &PublicKey) -> Option<bool> {
    verification_method(document)?;
    let mut bare = document.clone();
    let mut options = bare.as_object_mut()?.shift_remove("proof")?;
    // Linked-data signatures that stand beside the proof were added after it.
    bare.as_object_mut()?.shift_remove("signature");
    let value = options.as_object_mut()?.shift_remove("proofValue")?;
    let (_, signature) = multibase::decode(value.as_str()?).ok()?;
    let context_fits = options.get("@context").is_none_or(|context| starts_with(&bare["@context"], context));
    Some(context_fits && key.verifies(&hash_data(&bare, &options).ok()?, &signature))
}

/// The context of a proof must be that of its document, or the beginning of it (W3C Data Integrity `EdDSA`, section 3.3.2).
fn starts_with(document: &Value, proof: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    };
    list(document).starts_with(&list(proof))
}

/// Hash of the proof's options, then hash of the document without its proof, both in canonical form (RFC 8785).
fn hash_data(document: &Value, options: &Value) -> Result<Vec<u8>> {
    let canonical = |value: &Value| serde_json_canonicalizer::to_vec(value).map_err(Error::internal);
    Ok([sha256(&canonical(options)?), sha256(&canonical(document)?)].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    fn signed() -> (Value, PublicKey) {
        let key = PrivateKey::generate_ed25519().expect("a key");
        let public = key.public_key().expect("its public half");
        let key = SigningKey { id: "https://union.example/actor#ed25519-key".to_owned(), key };
        let mut document = json!({"@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://union.example/1", "content": "İş, ekmek, özgürlük"});
        prove(&mut document, &key, crate::clock::Clock::default().now()).expect("a proof");
        (document, public)
    }

    #[test]
    fn a_proof_holds_whatever_the_order_of_keys_and_breaks_with_the_text() {
        let (document, key) = signed();
        assert!(verify(&document, &key));
        let turned: Value = document
            .as_object()
            .expect("an object")
            .iter()
            .rev()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        assert!(verify(&turned, &key));
        let mut changed = document;
        changed["content"] = json!("something else");
        assert!(!verify(&changed, &key));
    }

    #[test]
    fn somebody_elses_key_or_a_missing_part_is_no_proof() {
        let (document, _) = signed();
        let (_, other) = signed();
        assert!(!verify(&document, &other));
        for part in ["proofValue", "verificationMethod", "cryptosuite", "proofPurpose"] {
            let (mut document, key) = signed();
            document["proof"].as_object_mut().expect("a proof").shift_remove(part);
            assert!(!verify(&document, &key), "{part}");
        }
    }
}
