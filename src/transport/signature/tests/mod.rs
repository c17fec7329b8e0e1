//! What our gate refuses, attack by attack; and that what we sign, we believe.

mod cover;
mod draft;
mod standard;

use chrono::TimeDelta;

use super::*;
use crate::clock::parse_time;
use crate::crypto::PrivateKey;

const DOMAIN: &str = "union.example";
const BODY: &[u8] = br#"{"type":"Create"}"#;
const TARGET: &str = "/inbox?x=1&y=2";
const KEY_ID: &str = "https://ally.example/actor#main-key";

fn now() -> Time {
    parse_time("2026-05-01T09:30:00Z").expect("a time").0
}

fn rsa() -> SigningKey {
    SigningKey { id: KEY_ID.to_owned(), key: PrivateKey::generate_rsa().expect("a key") }
}

fn ed25519() -> SigningKey {
    SigningKey { id: KEY_ID.to_owned(), key: PrivateKey::generate_ed25519().expect("a key") }
}

fn public(signer: &SigningKey) -> PublicKey {
    signer.key.public_key().expect("its public half")
}

/// A delivery to us, made and signed like ours to others.
struct Delivery {
    method: &'static str,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Delivery {
    fn signed(form: SignatureForm, signer: &SigningKey) -> Self {
        Self::sent("POST", Some(BODY), form, signer)
    }

    fn sent(method: &'static str, body: Option<&'static [u8]>, form: SignatureForm, signer: &SigningKey) -> Self {
        let url = Url::parse(&format!("https://{DOMAIN}{TARGET}")).expect("an address");
        let request = Outgoing { method, url: &url, body };
        let mut headers = match form {
            SignatureForm::Cavage => sign_cavage(&request, signer, now()),
            SignatureForm::Rfc9421 => sign_rfc9421(&request, signer, now()),
        }
        .expect("signed");
        headers.insert(HOST, HeaderValue::from_static(DOMAIN));
        Self { method, target: TARGET.to_owned(), headers, body: body.unwrap_or_default().to_vec() }
    }

    /// A request with the given headers and a signature over whatever the test wants.
    fn unsigned(headers: &[(&'static str, &str)]) -> Self {
        let mut delivery =
            Self { method: "POST", target: TARGET.to_owned(), headers: HeaderMap::new(), body: BODY.to_vec() };
        delivery.set("host", DOMAIN);
        for (name, value) in headers {
            delivery.set(name, value);
        }
        delivery
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, value.parse().expect("a header"));
    }

    fn add(&mut self, name: &'static str, value: &str) {
        self.headers.append(name, value.parse().expect("a header"));
    }

    fn change(&mut self, name: &'static str, from: &str, to: &str) {
        let value = self.headers[name].to_str().expect("text").to_owned();
        assert!(value.contains(from), "{value}");
        self.set(name, &value.replace(from, to));
    }

    fn read_at(&self, now: Time) -> Checked<Claim> {
        let request =
            Request { method: self.method, path_and_query: &self.target, headers: &self.headers, body: &self.body };
        read_claim(&request, DOMAIN, "https", now)
    }

    fn read(&self) -> Checked<Claim> {
        self.read_at(now())
    }

    fn status(&self) -> u16 {
        self.read().map_or_else(|error| error.status(), |_| 200)
    }
}

fn both() -> [(SignatureForm, SigningKey); 2] {
    [(SignatureForm::Cavage, rsa()), (SignatureForm::Rfc9421, rsa())]
}

/// A draft header over the given parts; its signature is never looked at, since everything before it fails.
fn draft(covered: &str) -> String {
    format!("keyId=\"{KEY_ID}\",algorithm=\"rsa-sha256\",headers=\"{covered}\",signature=\"AAAA\"")
}

fn draft_delivery(signature: &str) -> Delivery {
    Delivery::unsigned(&[("date", &to_http_date(now())), ("digest", &digest::digest(BODY)), ("signature", signature)])
}

fn standard_delivery(input: &str) -> Delivery {
    Delivery::unsigned(&[
        ("content-digest", &digest::content_digest(BODY)),
        ("signature-input", input),
        ("signature", "sig1=:AAAA:"),
    ])
}

fn standard(covered: &str) -> String {
    format!("sig1=({covered});created={};keyid=\"{KEY_ID}\"", now().and_utc().timestamp())
}

#[test]
fn what_we_sign_is_believed_in_both_forms_with_both_kinds_of_keys() {
    for form in [SignatureForm::Cavage, SignatureForm::Rfc9421] {
        for signer in [rsa(), ed25519()] {
            for (method, body) in [("POST", Some(BODY)), ("GET", None)] {
                let claim = Delivery::sent(method, body, form, &signer).read().expect("a claim");
                assert_eq!((claim.key_id.as_str(), claim.form), (KEY_ID, form));
                assert!(claim.verify(&public(&signer)));
            }
        }
    }
}

#[test]
fn the_strings_to_sign_are_those_of_the_draft_and_of_the_standard() {
    let signer = rsa();
    let hash = digest::digest(BODY);
    assert_eq!(
        Delivery::signed(SignatureForm::Cavage, &signer).read().expect("a claim").message(),
        format!(
            "(request-target): post /inbox?x=1&y=2\nhost: union.example\ndate: Fri, 01 May 2026 09:30:00 GMT\ndigest: {hash}"
        )
    );
    let hash = digest::content_digest(BODY);
    assert_eq!(
        Delivery::signed(SignatureForm::Rfc9421, &signer).read().expect("a claim").message(),
        format!(
            "\"@method\": POST\n\"@target-uri\": https://union.example/inbox?x=1&y=2\n\"content-digest\": {hash}\n\
             \"@signature-params\": (\"@method\" \"@target-uri\" \"content-digest\");created=1777627800;keyid=\"{KEY_ID}\""
        )
    );
}

#[test]
fn a_changed_method_path_or_query_breaks_the_signature() {
    for (form, signer) in both() {
        let key = public(&signer);
        let verifies = |delivery: &Delivery| delivery.read().is_ok_and(|claim| claim.verify(&key));
        let mut delivery = Delivery::signed(form, &signer);
        assert!(verifies(&delivery));
        for target in ["/inbox", "/inbox?x=1", "/inbox?x=1&y=3", "/users/press/inbox?x=1&y=2"] {
            delivery.target = target.to_owned();
            assert!(!verifies(&delivery), "{target}");
        }
        let mut delivery = Delivery::signed(form, &signer);
        delivery.method = "PUT";
        assert!(!verifies(&delivery));
    }
}

#[test]
fn another_key_does_not_verify() {
    for (form, signer) in both() {
        let claim = Delivery::signed(form, &signer).read().expect("a claim");
        assert!(!claim.verify(&public(&rsa())));
        assert!(!claim.verify(&public(&ed25519())));
    }
}

#[test]
fn a_request_made_for_another_host_is_refused() {
    for (form, signer) in both() {
        for host in ["other.example", "union.example:8443", "union.example.", "xunion.example", ""] {
            let mut delivery = Delivery::signed(form, &signer);
            delivery.set("host", host);
            assert_eq!(delivery.status(), 401, "{host}");
        }
        let mut delivery = Delivery::signed(form, &signer);
        delivery.headers.remove(HOST);
        assert_eq!(delivery.status(), 401);
    }
}

#[test]
fn our_host_is_ours_in_any_spelling() {
    let signer = rsa();
    for host in ["UNION.Example", "union.example:443"] {
        let mut delivery = Delivery::signed(SignatureForm::Rfc9421, &signer);
        delivery.set("host", host);
        assert!(delivery.read().expect("a claim").verify(&public(&signer)), "{host}");
    }
}

#[test]
fn a_stale_or_future_request_is_refused() {
    for (form, signer) in both() {
        let delivery = Delivery::signed(form, &signer);
        for (minutes, fine) in [
            (0, true),
            (-4, true),
            (-6, false),
            (59, true),
            (61, false),
            (60 * 24 * 365 * 200, false),
            (-60 * 24 * 365 * 50, false),
        ] {
            let result = delivery.read_at(now() + TimeDelta::minutes(minutes));
            assert_eq!(
                result.map_err(|error| error.status()).map(drop),
                if fine { Ok(()) } else { Err(401) },
                "{minutes} minutes"
            );
        }
    }
}

#[test]
fn an_algorithm_that_we_do_not_know_is_refused() {
    for name in ["rsa-sha1", "hmac-sha256", "none", "", "RSA-SHA256", "rsa-sha512", "ecdsa-sha256"] {
        let signature = draft("(request-target) host date digest").replace("rsa-sha256", name);
        assert_eq!(draft_delivery(&signature).status(), 401, "{name}");
    }
    let all = standard("\"@method\" \"@target-uri\" \"content-digest\"");
    for (name, status) in [
        ("rsa-v1_5-sha256", 200),
        ("ed25519", 200),
        ("hmac-sha256", 401),
        ("rsa-pss-sha512", 401),
        ("ecdsa-p256-sha256", 401),
        ("", 401),
    ] {
        assert_eq!(standard_delivery(&format!("{all};alg=\"{name}\"")).status(), status, "{name}");
    }
    assert_eq!(standard_delivery(&format!("{all};alg=ed25519")).status(), 400);
}

#[test]
fn a_request_without_a_signature_is_refused() {
    assert_eq!(Delivery::unsigned(&[]).status(), 401);
    assert_eq!(Delivery::unsigned(&[("signature-input", &standard("\"@method\""))]).status(), 401);
    assert_eq!(Delivery::unsigned(&[("authorization", &format!("Signature {}", draft("date")))]).status(), 401);
}

#[test]
fn the_host_of_an_http2_request_stands_where_signatures_look_for_it() {
    let target: Uri = "https://union.example/inbox".parse().expect("a target");
    let mut headers = HeaderMap::new();
    settle_host(&mut headers, &target);
    settle_host(&mut headers, &target);
    assert_eq!(headers.get_all(HOST).iter().collect::<Vec<_>>(), ["union.example"]);
    settle_host(&mut headers, &Uri::from_static("/inbox"));
    assert_eq!(headers.get_all(HOST).iter().count(), 1);
    settle_host(&mut headers, &Uri::from_static("https://other.example/"));
    assert_eq!(headers.get_all(HOST).iter().count(), 2);
}

#[test]
fn a_key_id_that_would_break_the_header_is_not_sent() {
    let mut signer = ed25519();
    signer.id = "https://union.example/\",algorithm=\"".to_owned();
    let url = Url::parse("https://ally.example/inbox").expect("an address");
    assert!(sign_cavage(&Outgoing { method: "POST", url: &url, body: None }, &signer, now()).is_err());
    signer.id = "https://union.example/\n".to_owned();
    assert!(sign_rfc9421(&Outgoing { method: "POST", url: &url, body: None }, &signer, now()).is_err());
}
