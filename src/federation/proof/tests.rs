//! What a proof proves, and what it does not.

use super::*;
use crate::clock::{Clock, parse_time};
use crate::crypto::PrivateKey;

fn signed() -> (Value, PublicKey) {
    signed_at(Clock::default().now())
}

fn signed_at(now: Time) -> (Value, PublicKey) {
    let key = PrivateKey::generate_ed25519().expect("a key");
    let public = key.public_key().expect("its public half");
    let key = SigningKey { id: "https://union.example/actor#ed25519-key".to_owned(), key };
    let mut document = json!({"@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://union.example/1", "content": "İş, ekmek, özgürlük", "place": [0.1, -71.184_902, 1e21, 5.0]});
    prove(&mut document, &key, now).expect("a proof");
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
    let read_again: Value = serde_json::from_str(&document.to_string()).expect("JSON");
    assert!(verify(&read_again, &key));
    let mut changed = document;
    changed["content"] = json!("something else");
    assert!(!verify(&changed, &key));
}

#[test]
fn somebody_elses_key_or_a_missing_part_is_no_proof() {
    let (document, _) = signed();
    let (_, other) = signed();
    assert!(!verify(&document, &other));
    for part in ["proofValue", "verificationMethod", "cryptosuite", "proofPurpose", "type"] {
        let (mut document, key) = signed();
        document["proof"].as_object_mut().expect("a proof").shift_remove(part);
        assert!(!verify(&document, &key), "{part}");
    }
}

#[test]
fn every_part_of_a_proof_is_covered_by_it() {
    for (part, value) in [
        ("verificationMethod", json!("https://union.example/actor#other")),
        ("created", json!("2020-01-01T00:00:00Z")),
        ("expires", json!("2099-01-01T00:00:00Z")),
        ("cryptosuite", json!("eddsa-rdfc-2022")),
        ("proofPurpose", json!("authentication")),
        ("previousProof", json!("urn:x")),
        ("@context", json!("https://www.w3.org/ns/activitystreams")),
    ] {
        let (mut document, key) = signed();
        document["proof"][part] = value;
        assert!(!verify(&document, &key), "{part}");
    }
    // The value in another base is not the one of the suite.
    let (mut document, key) = signed();
    let (_, bytes) = multibase::decode(document["proof"]["proofValue"].as_str().expect("a value")).expect("multibase");
    document["proof"]["proofValue"] = json!(multibase::encode(multibase::Base::Base64Url, bytes));
    assert!(!verify(&document, &key));
}

#[test]
fn contexts_that_were_added_behind_the_signed_ones_do_no_harm_and_others_do() {
    let (mut document, key) = signed();
    document["@context"].as_array_mut().expect("a list").push(json!("https://elsewhere.example/context"));
    assert!(verify(&document, &key));
    let mut inline = document.clone();
    inline["@context"].as_array_mut().expect("a list").push(json!({"x": "https://www.w3.org/ns/activitystreams#"}));
    assert!(!verify(&inline, &key), "it would give other names to what was signed");
    document["@context"].as_array_mut().expect("a list").swap(0, 1);
    assert!(!verify(&document, &key));
    document.as_object_mut().expect("an object").shift_remove("@context");
    assert!(!verify(&document, &key));
}

#[test]
fn one_good_proof_among_several_is_enough_and_five_are_looked_at() {
    for (before, holds) in [(0, true), (4, true), (5, false)] {
        let (mut document, key) = signed();
        let mut proofs = vec![json!({"type": "DataIntegrityProof", "cryptosuite": "mldsa44-jcs-2024"}); before];
        proofs.push(document["proof"].take());
        document["proof"] = Value::Array(proofs);
        assert_eq!(verify(&document, &key), holds, "{before} before it");
    }
}

#[test]
fn a_linked_data_signature_beside_a_proof_is_left_out_and_alone_is_none() {
    let (mut document, key) = signed();
    document["signature"] = json!({"type": "RsaSignature2017", "signatureValue": "AAAA"});
    assert!(verify(&document, &key));
    document.as_object_mut().expect("an object").shift_remove("proof");
    assert!(all(&document).is_empty());
}

#[test]
fn a_proof_speaks_for_a_fortnight_at_most_and_not_before_its_time() {
    let (made, _) = parse_time("2026-05-01T09:30:00Z").expect("a time");
    let (mut document, _) = signed_at(made);
    let is_current = |document: &Value, now: Time| all(document)[0].is_current(now);
    for (minutes, current) in [(0, true), (-4, true), (-6, false), (13 * 1440, true), (15 * 1440, false)] {
        assert_eq!(is_current(&document, made + TimeDelta::minutes(minutes)), current, "{minutes} minutes");
    }
    for (expires, current) in [
        (json!("2026-05-01T09:31:00Z"), true),
        (json!("2026-05-01T09:29:00Z"), false),
        (json!("soon"), false),
        (json!(null), false),
    ] {
        document["proof"]["expires"] = expires.clone();
        assert_eq!(is_current(&document, made), current, "{expires}");
    }
    for created in [json!(null), json!("yesterday"), json!(1)] {
        document["proof"]["created"] = created.clone();
        document["proof"].as_object_mut().expect("a proof").shift_remove("expires");
        assert!(!is_current(&document, made), "{created}");
    }
}
