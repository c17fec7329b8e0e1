//! Signed requests as real servers sent them, and the official examples of both ways of signing.

use std::path::Path;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use picket::clock::{Time, parse_time};
use picket::crypto::PublicKey;
use picket::transport::signature::{Claim, Request, SignatureError, read_claim};
use serde_json::Value;

use crate::fixtures;

/// A request as a fixture tells it.
struct Told {
    method: String,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Told {
    fn from_json(told: &Value) -> Self {
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        Self {
            method: text("method"),
            target: text("target"),
            headers: headers(&told["headers"]),
            body: text("body").into_bytes(),
        }
    }

    fn from_http(message: &str) -> Self {
        let (head, body) = message.split_once("\n\n").unwrap_or((message.trim_end(), ""));
        let mut lines = head.lines();
        let mut start = lines.next().expect("a first line").split(' ');
        let (method, target) = (start.next().expect("a method").to_owned(), start.next().expect("a target").to_owned());
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            headers.append(name.parse::<HeaderName>().expect("a name"), value.parse().expect("a value"));
        }
        Self { method, target, headers, body: body.as_bytes().to_vec() }
    }

    fn read(&self, domain: &str, scheme: &str, now: Time) -> Result<Claim, SignatureError> {
        let request =
            Request { method: &self.method, path_and_query: &self.target, headers: &self.headers, body: &self.body };
        read_claim(&request, domain, scheme, now)
    }

    fn host(&self) -> String {
        self.headers
            .get("host")
            .map_or_else(|| "example.com".to_owned(), |host| host.to_str().expect("text").to_owned())
    }
}

fn headers(told: &Value) -> HeaderMap {
    let pairs = told.as_object().expect("headers").iter();
    let header = |(name, value): (&String, &Value)| {
        (
            name.parse::<HeaderName>().expect("a name"),
            value.as_str().expect("text").parse::<HeaderValue>().expect("a value"),
        )
    };
    pairs.map(header).collect()
}

fn time(text: &str) -> Time {
    parse_time(text).expect("a time").0
}

fn key(pem: &Value) -> Option<PublicKey> {
    PublicKey::from_pem(pem.as_str().expect("a key").split("\n\n").next().expect("its first block"))
}

fn verifies(claim: &Result<Claim, SignatureError>, key: Option<&PublicKey>) -> bool {
    matches!((claim, key), (Ok(claim), Some(key)) if claim.verify(key))
}

#[test]
fn what_mastodon_accepts_and_refuses_is_accepted_and_refused() {
    let Some(folder) = fixtures::folder() else { return };
    for kind in ["httpsig-cavage", "httpsig-rfc9421"] {
        for path in fixtures::files(&folder, kind, "mastodon-", ".json")
            .iter()
            .filter(|path| !path.to_string_lossy().contains("capture"))
        {
            let told = fixtures::json(path);
            let now = time(told["verify_at"].as_str().expect("a time"));
            let claim = Told::from_json(&told).read("www.example.com", told["scheme"].as_str().expect("a scheme"), now);
            assert_eq!(
                verifies(&claim, key(&told["public_key_pem"]).as_ref()),
                told["expected"] == "accept",
                "{}: {claim:?}",
                path.display()
            );
            let status = claim.map_or_else(|error| error.status(), |_| 200);
            assert_eq!(status == 400, told["title"].as_str().expect("a title").contains("400"), "{}", path.display());
        }
    }
}

/// The capture keeps the body indented; its bytes come back by writing it as Rails does.
#[test]
fn a_delivery_captured_from_mastodon_holds_and_no_character_of_it_may_differ() {
    let Some(folder) = fixtures::folder() else { return };
    let read = |name: &str| {
        fixtures::json(&folder.join("httpsig-cavage").join(format!("mastodon-peertube-capture-{name}.json")))
    };
    let pem = |name: &str| key(&read(name)["publicKey"]);
    let now = time("2018-10-22T13:35:00Z");
    for (request, public_key, holds) in [
        ("http-signature", "public-key", true),
        ("bad-http-signature", "public-key", false),
        ("http-signature", "bad-public-key", false),
    ] {
        let told = read(request);
        let body = told["body"].to_string().replace('<', "\\u003c").replace('>', "\\u003e");
        let told = Told {
            method: "POST".to_owned(),
            target: "/accounts/ronan/inbox".to_owned(),
            headers: headers(&told["headers"]),
            body: body.into_bytes(),
        };
        let claim = told.read("localhost", "http", now);
        assert!(claim.is_ok(), "{claim:?}");
        assert_eq!(verifies(&claim, pem(public_key).as_ref()), holds, "{request} with {public_key}");
        assert_eq!(
            told.read("localhost", "http", time("2018-10-22T15:35:00Z")).map_err(|error| error.status()).map(drop),
            Err(401)
        );
        assert_eq!(told.read("elsewhere.example", "http", now).map_err(|error| error.status()).map(drop), Err(401));
    }
}

#[test]
fn a_delivery_of_takahe_holds_in_its_time_only() {
    let Some(folder) = fixtures::folder() else { return };
    for path in fixtures::files(&folder, "httpsig-cavage", "takahe-", ".json") {
        let told = fixtures::json(&path);
        let request = Told::from_json(&told);
        let claim = request.read("example.com", "https", time("2022-11-12T21:57:30Z"));
        assert_eq!(
            verifies(&claim, key(&told["public_key_pem"]).as_ref()),
            told["raw_signature_valid"] == true,
            "{claim:?}"
        );
        assert!(request.read("example.com", "https", time("2026-05-01T09:30:00Z")).is_err());
    }
}

/// The draft's own examples cover no digest, and their key has 1,024 bits: they are good for the string to sign alone.
#[test]
fn the_examples_of_the_draft_are_too_weak_but_their_strings_are_ours() {
    let Some(folder) = fixtures::folder() else { return };
    for path in fixtures::files(&folder, "httpsig-cavage", "draft-cavage-12-c", ".json") {
        let told = fixtures::json(&path);
        let mut request = Told::from_http(told["request"].as_str().expect("a request"));
        let expected = told["signing_string"].as_str().expect("a string");
        let names: Vec<&str> =
            expected.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
        let signature = |covered: &str| {
            let signature = told["signature_base64"].as_str().expect("a signature");
            format!("keyId=\"Test\",algorithm=\"rsa-sha256\",headers=\"{covered}\",signature=\"{signature}\"")
                .parse()
                .expect("a header")
        };
        let now = time("2014-01-05T21:31:40Z");
        request.headers.insert("signature", signature(&names.join(" ")));
        assert_eq!(request.read("example.com", "https", now).map_err(|error| error.status()).map(drop), Err(401));
        // With what it lacks behind it, the string begins with the example's.
        let lacking = ["(request-target)", "host", "date", "digest"].into_iter().filter(|name| !names.contains(name));
        let all: Vec<&str> = names.iter().copied().chain(lacking).collect();
        request.headers.insert("signature", signature(&all.join(" ")));
        let claim = request.read("example.com", "https", now);
        assert!(claim.as_ref().is_ok_and(|claim| claim.message().starts_with(expected)), "{claim:?}");
        assert!(!verifies(&claim, key(&told["public_key_pem"]).as_ref()));
    }
}

#[test]
fn the_input_of_the_drafts_test_suite_is_refused_wherever_its_signature_stands() {
    let Some(folder) = fixtures::folder() else { return };
    for path in fixtures::files(&folder, "httpsig-cavage", "w3c-suite-", ".http") {
        let mut request = Told::from_http(&fixtures::text(&path));
        let now = time("2014-01-05T21:31:40Z");
        assert_eq!(
            request.read(&request.host(), "https", now).map_err(|error| error.status()).map(drop),
            Err(401),
            "{}",
            path.display()
        );
        let Some(authorization) = request.headers.remove("authorization") else { continue };
        let parameters = authorization.to_str().expect("text").trim_start_matches("Signature ").to_owned();
        request.headers.insert("signature", parameters.parse().expect("a header"));
        request.headers.insert("host", "example.com".parse().expect("a header"));
        assert!(request.read("example.com", "https", now).is_err(), "{}", path.display());
    }
}

/// The standard's examples cover too little for us, and use SHA-512 digests or other algorithms; none may pass, none may panic.
#[test]
fn the_examples_of_the_standard_are_refused_as_too_weak() {
    let Some(folder) = fixtures::folder() else { return };
    for path in fixtures::files(&folder, "httpsig-rfc9421", "rfc9421-b", ".json") {
        let told = fixtures::json(&path);
        let request = request_of_the_standard(&path, &told);
        let claim = request.read(&request.host(), "https", time("2021-04-20T02:07:55Z"));
        assert!(claim.is_err(), "{}: {claim:?}", path.display());
    }
}

fn request_of_the_standard(path: &Path, told: &Value) -> Told {
    let message = told["message"]
        .as_str()
        .or_else(|| told["signed_message"].as_str())
        .unwrap_or_else(|| panic!("{} has no message", path.display()));
    let (head, body) = message.split_once("\n\n").unwrap_or((message, ""));
    let signature = told["signature_headers"].as_str().unwrap_or_default();
    Told::from_http(&format!("{}\n{signature}\n\n{body}", head.trim_end()).replace("\n\n\n", "\n\n"))
}

/// Signature-Input, Signature and Content-Digest are structured fields; the reader that we rely on keeps the official tests.
#[test]
fn a_structured_field_that_must_not_be_read_makes_a_signature_malformed() {
    let Some(folder) = fixtures::folder() else { return };
    let mut tried = 0;
    for path in fixtures::files(&folder, "sfv", "httpwg-", ".json") {
        for case in fixtures::json(&path).as_array().expect("cases").iter().filter(|case| case["must_fail"] == true) {
            let values: Vec<&str> = case["raw"].as_array().expect("values").iter().filter_map(Value::as_str).collect();
            let value = if case["header_type"] == "dictionary" {
                values.join(", ")
            } else {
                format!("sig1={}", values.join(", "))
            };
            let Ok(value) = HeaderValue::from_str(&value) else { continue };
            let mut headers =
                HeaderMap::from_iter([(HeaderName::from_static("host"), HeaderValue::from_static("union.example"))]);
            headers.insert("signature-input", value);
            headers.insert("signature", HeaderValue::from_static("sig1=:AAAA:"));
            let request = Told { method: "GET".to_owned(), target: "/".to_owned(), headers, body: Vec::new() };
            let status = request
                .read("union.example", "https", time("2026-05-01T09:30:00Z"))
                .map_or_else(|error| error.status(), |_| 200);
            assert_eq!(status, 400, "{}: {}", path.display(), case["name"]);
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} cases");
}
