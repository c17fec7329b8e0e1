//! Documents of other servers, WebFinger, and what is signed over them.

use std::sync::LazyLock;

use picket::clock::Clock;
use picket::crypto::PrivateKey;
use picket::federation::proof::{canonical, prove, verify};
use picket::transport::SigningKey;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::generated::{document, mutated_bytes, mutated_document, text};
use super::{check, invariants};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey {
    id: "https://union.example/actor#ed25519-key".to_owned(),
    key: PrivateKey::generate_ed25519().expect("a key"),
});

#[test]
fn any_document_is_read_without_harm() {
    check(4_800, document(), |document| invariants::check_document(document.to_string().as_bytes()));
}

#[test]
fn a_real_document_with_any_change_is_read_without_harm() {
    check(3_200, mutated_document(), |document| invariants::check_document(document.to_string().as_bytes()));
}

#[test]
fn real_bytes_with_any_change_are_read_without_harm() {
    check(2_400, mutated_bytes(), |bytes| invariants::check_document(&bytes));
    check(2_400, prop::collection::vec(any::<u8>(), 0..200), |bytes| invariants::check_document(&bytes));
}

#[test]
fn any_text_of_a_post_comes_out_harmless() {
    check(3_200, (text(), text(), text()), |(content, name, summary)| {
        let note = json!({
            "id": "https://a.example/1", "type": "Article", "attributedTo": "https://a.example/users/eve", "to": "as:Public",
            "content": content, "name": name, "summary": summary,
        });
        invariants::check_document(note.to_string().as_bytes());
    });
}

#[test]
fn any_answer_of_webfinger_is_read_without_harm() {
    check(3_200, document(), |document| invariants::check_webfinger(document.to_string().as_bytes()));
    check(3_200, (text(), text(), text()), |(subject, rel, href)| {
        let links =
            json!([{"rel": rel, "href": href}, {"rel": "self", "type": "application/activity+json", "href": href}]);
        invariants::check_webfinger(json!({"subject": subject, "links": links}).to_string().as_bytes());
    });
}

#[test]
fn a_handle_reads_back_as_it_was_written() {
    check(8_000, text(), |text| invariants::check_handle(&text));
    check(8_000, "(acct:)?@?[\\w.-]{1,12}@[a-zA-Z0-9.\\-\\[\\]:%*ß]{0,20}", |text| invariants::check_handle(&text));
}

#[test]
fn the_canonical_form_stays_the_same_however_a_document_is_written() {
    let canonical = |value: &Value| canonical(value).expect("a canonical form");
    check(4_000, document(), |document| {
        let bytes = canonical(&document);
        let again: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(canonical(&again), bytes);
        assert_eq!(canonical(&turned_round(&document)), bytes, "the order of members does not matter");
    });
}

/// The same document with the members of each object in the other order.
fn turned_round(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().rev().map(|(name, value)| (name.clone(), turned_round(value))).collect())
        }
        Value::Array(items) => items.iter().map(turned_round).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_proof_holds_for_just_what_was_proven() {
    let public = KEY.key.public_key().expect("its public half");
    let objects = document().prop_filter("an object", Value::is_object);
    check(2_400, (objects, any::<Index>(), text()), |(mut document, place, other)| {
        let members = document.as_object_mut().expect("an object");
        members.remove("proof");
        members.remove("signature");
        members.insert("@context".to_owned(), json!("https://www.w3.org/ns/activitystreams"));
        members.insert("id".to_owned(), json!("https://union.example/1"));
        prove(&mut document, &KEY, Clock::default().now()).expect("proven");
        let travelled: Value = serde_json::from_slice(document.to_string().as_bytes()).expect("JSON");
        assert!(verify(&travelled, &public), "{travelled}");
        let mut changed = travelled.clone();
        let members = changed.as_object_mut().expect("an object");
        let names: Vec<String> = members.keys().filter(|name| *name != "proof").cloned().collect();
        members[place.get(&names)] = json!(other);
        assert!(changed == travelled || !verify(&changed, &public), "{changed}");
        let mut less = travelled.clone();
        less.as_object_mut().expect("an object").remove(place.get(&names));
        assert!(!verify(&less, &public), "{less}");
    });
}
