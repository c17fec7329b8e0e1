//! The official examples of integrity proofs, of the keys that make them, and of the canonical form that they are made over.

use std::path::{Path, PathBuf};

use picket::clock::{Time, parse_time};
use picket::crypto::{Algorithm, PrivateKey, PublicKey, sha256};
use picket::federation::proof;
use picket::transport::SigningKey;
use serde_json::Value;

use crate::fixtures;

fn time(text: &str) -> Time {
    parse_time(text).expect("a time").0
}

fn bytes_of_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|letter| letter.to_digit(16))
        .map(|digit| u8::try_from(digit).expect("a digit"))
        .collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

fn key(text: &str) -> PublicKey {
    PublicKey::from_multibase(text).expect("a key")
}

/// A private key as the examples write it: `0x1300` as a varint and 32 bytes, in base58.
fn private_key(text: &str) -> PrivateKey {
    const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let (_, bytes) = multibase::decode(text).expect("multibase");
    let seed = bytes.strip_prefix(&[0x80, 0x26]).expect("a private key");
    PrivateKey::from_pkcs8(Algorithm::Ed25519, &[&PKCS8, seed].concat()).expect("a key")
}

struct Vectors(PathBuf);

impl Vectors {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join("proof").join(format!("w3c-eddsa-jcs-2022-{name}"))
    }

    fn text(&self, name: &str) -> String {
        fixtures::text(&self.file(name)).trim().to_owned()
    }

    fn json(&self, name: &str) -> Value {
        fixtures::json(&self.file(name))
    }
}

#[test]
fn the_official_example_of_the_suite_is_made_and_checked_step_by_step() {
    let Some(folder) = fixtures::folder() else { return };
    let vectors = Vectors(folder);
    let canonical = |document: &Value| proof::canonical(document).expect("canonical");
    let (unsigned, options) = (vectors.json("unsigned.json"), vectors.json("proofconfigjcs.json"));
    assert_eq!(String::from_utf8(canonical(&unsigned)).expect("text"), vectors.text("canondocjcs.txt"));
    assert_eq!(String::from_utf8(canonical(&options)).expect("text"), vectors.text("proofcanonjcs.txt"));
    let (document_hash, proof_hash) = (sha256(&canonical(&unsigned)), sha256(&canonical(&options)));
    assert_eq!(document_hash.to_vec(), bytes_of_hex(&vectors.text("dochashjcs.txt")));
    assert_eq!(proof_hash.to_vec(), bytes_of_hex(&vectors.text("proofhashjcs.txt")));
    assert_eq!([proof_hash, document_hash].concat(), bytes_of_hex(&vectors.text("combinedhashjcs.txt")));

    let keys = vectors.json("keypair.json");
    let public = key(keys["publicKeyMultibase"].as_str().expect("a key"));
    let signed = vectors.json("signedjcs.json");
    assert!(proof::verify(&signed, &public));
    let signature = bytes_of_hex(&vectors.text("sighexjcs.txt"));
    assert!(public.verifies(&[proof_hash, document_hash].concat(), &signature));

    let method = options["verificationMethod"].as_str().expect("a method").to_owned();
    let private = private_key(keys["privateKeyMultibase"].as_str().expect("a key"));
    let mut ours = unsigned;
    let created = time(options["created"].as_str().expect("a time"));
    proof::prove(&mut ours, &SigningKey { id: method, key: private }, created).expect("a proof");
    assert_eq!(ours["proof"]["proofValue"], vectors.text("sigbtc58jcs.txt"));
    assert_eq!(ours, signed);
}

#[test]
fn the_examples_of_mastodon_are_accepted_and_refused() {
    let Some(folder) = fixtures::folder() else { return };
    let public = key("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
    for (name, holds) in [("mastodon-integrity-1.json", true), ("mastodon-integrity-5.json", false)] {
        let document = fixtures::json(&folder.join("proof").join(name));
        assert_eq!(proof::verify(&document, &public), holds, "{name}");
    }
    // No single letter of it may differ.
    let mut document = fixtures::json(&folder.join("proof/mastodon-integrity-1.json"));
    document["object"]["content"] = "Hello worl!".into();
    assert!(!proof::verify(&document, &public));
}

#[test]
fn the_keys_of_fep_521a_are_read_and_written() {
    let Some(folder) = fixtures::folder() else { return };
    let told = fixtures::text(&folder.join("proof/fep-fep-521a.feature"));
    let quoted = |start: &str| {
        let rest = &told[told.find(start).expect(start) + start.len()..];
        rest[..rest.find('"').expect("an end")].to_owned()
    };
    let multikeys: Vec<&str> = told
        .lines()
        .filter_map(|line| line.trim().strip_prefix("\"publicKeyMultibase\": \"")?.strip_suffix('"'))
        .collect();
    let ed25519 = key(multikeys[0]);
    assert_eq!(ed25519.bytes, bytes_of_hex(&quoted("Ed25519 public key as a hex string \"")));
    assert_eq!(ed25519.to_multibase(), multikeys[0]);
    let pkcs1 = bytes_of_hex(&quoted("PKCS#1 DER format as a hex string \""));
    let pem = pem::encode(&pem::Pem::new("RSA PUBLIC KEY", pkcs1));
    assert_eq!(PublicKey::from_pem(&pem).expect("a key"), key(multikeys[1]));
}

#[test]
fn the_canonical_form_is_that_of_the_official_examples() {
    let Some(folder) = fixtures::folder() else { return };
    for input in fixtures::files(&folder, "jcs", "rfc8785-", ".input.json") {
        let beside = |suffix: &str| PathBuf::from(input.to_string_lossy().replace(".input.json", suffix));
        let canonical = proof::canonical(&fixtures::json(&input)).expect("canonical");
        assert_eq!(canonical, fixtures::text(&beside(".output.json")).trim_end().as_bytes(), "{}", input.display());
        assert_eq!(canonical, bytes_of_hex(&fixtures::text(&beside(".outhex.txt"))), "{}", input.display());
    }
}

/// A number is canonical as the double that every other program reads, to the last bit (RFC 8785, appendix B).
#[test]
fn numbers_are_written_as_every_other_program_writes_them() {
    for (number, canonical) in [
        ("0.1", "0.1"),
        ("-71.184902", "-71.184902"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("9007199254740993", "9007199254740992"),
        ("295147905179352830000", "295147905179352830000"),
        ("333333333.33333329", "333333333.3333333"),
        ("1E30", "1e+30"),
        ("4.50", "4.5"),
        ("2e-3", "0.002"),
        ("0.000000000000000000000000001", "1e-27"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0.000001", "0.000001"),
        ("8.588", "8.588"),
        ("122.416294033786585", "122.41629403378658"),
    ] {
        let read: Value = serde_json::from_str(number).expect("a number");
        assert_eq!(
            String::from_utf8(proof::canonical(&read).expect("canonical")).expect("text"),
            canonical,
            "{number}"
        );
    }
}

#[test]
fn linked_data_signatures_count_as_none() {
    let Some(folder) = fixtures::folder() else { return };
    let read = |path: &Path| fixtures::json(path);
    for path in fixtures::files(&folder, "ldsig", "", ".json") {
        assert!(proof::all(&read(&path)).is_empty(), "{}", path.display());
    }
}
