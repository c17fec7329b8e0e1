//! The signer and verifier that we did not write (`tests/peer-python`): what it signs, our gate takes; what we sign, it believes; and
//! neither after a single byte was changed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use picket::clock::rfc3339;
use picket::crypto::PrivateKey;
use picket::federation::{outbox, proof};
use picket::transport::SigningKey;
use picket::transport::signature::{Outgoing, sign_cavage, sign_rfc9421};
use serde_json::{Value, json};
use url::Url;

use crate::harness::{ACTIVITY_JSON, Asked, Letter, Person, Remote, Reply, TestNode, World, all, on_both_databases};
use crate::processes::variable;

/// The running program. It ends when its input does.
struct Python {
    lines: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    child: Child,
}

impl Python {
    /// Nothing, said aloud, where its libraries are not installed; in CI that is a failure.
    fn start() -> Option<Self> {
        let Some(packages) = variable("TEST_PEER_PYTHON") else {
            println!("skipped: TEST_PEER_PYTHON is not set");
            return None;
        };
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peer-python/peer.py");
        let mut command = Command::new("python3");
        command.arg("-B").arg(program).env("PYTHONPATH", packages).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Some(Self { lines: Mutex::new((input, output)), child })
    }

    fn ask(&self, question: &Value) -> Value {
        let mut lines = self.lines.lock().expect("nobody panicked");
        writeln!(lines.0, "{question}").expect("it listens");
        let mut line = String::new();
        lines.1.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?} to {question}"))
    }

    fn is_valid(&self, question: &Value) -> bool {
        self.ask(question)["valid"] == true
    }

    /// Whether it believes the signature of a request with this key, in PEM or as a Multikey.
    fn believes(&self, asked: &Asked, url: &str, key: &str) -> bool {
        let form = if asked.headers.contains_key("signature-input") { "rfc9421" } else { "cavage" };
        let headers: serde_json::Map<String, Value> = asked
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), json!(value.to_str().expect("text"))))
            .collect();
        let body = std::str::from_utf8(&asked.body).expect("text");
        let method = asked.method.as_str();
        self.is_valid(&json!({"do": "verify", "form": form, "key": key, "method": method, "url": url, "headers": headers, "body": body}))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An actor whose keys only Python has.
fn pythonic(python: &Python, remote: &Remote) -> Person {
    let person = remote.person("snake");
    let keys = python.ask(&json!({"do": "keys"}));
    let mut document = person.document();
    document["publicKey"] = json!([
        {"id": format!("{}#rsa", person.id), "owner": person.id, "publicKeyPem": keys["rsa"]},
    ]);
    document["assertionMethod"] = json!([
        {"id": format!("{}#ed25519", person.id), "type": "Multikey", "controller": person.id, "publicKeyMultibase": keys["ed25519"]},
    ]);
    remote.reply(&person.path, Reply::Json(document));
    person
}

/// A request to our inbox that Python signed.
fn signed_by(python: &Python, person: &Person, form: &str, algorithm: &str, node: &TestNode, body: &Value) -> Letter {
    let told = python.ask(&json!({
        "do": "sign", "form": form, "algorithm": algorithm, "key_id": format!("{}#{algorithm}", person.id),
        "method": "POST", "url": node.node.urls.at("/inbox"), "body": body.to_string(),
    }));
    let signed = told["headers"].as_object().unwrap_or_else(|| panic!("{told}"));
    let mut headers = HeaderMap::new();
    for (name, value) in signed {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.insert(name, HeaderValue::from_str(value.as_str().expect("text")).expect("a value"));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(ACTIVITY_JSON));
    Letter { path: "/inbox".to_owned(), headers, body: body.to_string().into_bytes() }
}

/// What Python can sign: draft-cavage with RSA only.
const SIGNS: [(&str, &str); 3] = [("cavage", "rsa"), ("rfc9421", "rsa"), ("rfc9421", "ed25519")];

async fn scene(world: &World) -> Option<(Python, TestNode, Remote)> {
    let python = Python::start()?;
    Some((python, world.node().await, world.remote().await))
}

/// The same request with one letter of its body changed.
fn changed(asked: &Asked) -> Asked {
    let mut body = asked.body.to_vec();
    let last = body.len() - 2;
    body[last] ^= 1;
    Asked { body: body.into(), ..asked.clone() }
}

on_both_databases! {
    async fn what_python_signs_is_taken_and_not_after_a_byte_was_changed(world) {
        let Some((python, node, remote)) = scene(world).await else { return };
        let person = pythonic(&python, &remote);
        let statement = node.publish_at("# Strike").await;
        for (form, algorithm) in SIGNS {
            let like = person.activity("Like", statement.as_str());
            let honest = || signed_by(&python, &person, form, algorithm, &node, &like);
            for (what, letter) in [
                ("the body", { let mut letter = honest(); letter.body[10] ^= 1; letter }),
                ("the path", { let mut letter = honest(); "/actor/inbox".clone_into(&mut letter.path); letter }),
                ("the signature", { let letter = honest(); let value = letter.headers["signature"].to_str().expect("text").to_owned(); let middle = value.len() - 40; let swapped = if &value[middle..=middle] == "A" { "B" } else { "A" }; letter.set("signature", &format!("{}{swapped}{}", &value[..middle], &value[middle + 1..])) }),
            ] {
                assert_eq!(letter.post(&node).await.status, 401, "{form} {algorithm}: {what}");
            }
            let answered = honest().post(&node).await;
            assert_eq!(answered.status, 202, "{form} {algorithm}: {}", answered.body);
        }
        assert_eq!(node.count("likes").await, 1);
    }

    async fn what_we_deliver_and_fetch_python_believes_and_not_after_a_byte_was_changed(world) {
        let Some((python, node, remote)) = scene(world).await else { return };
        let ally = remote.person("ally");
        // In both forms: a server that refuses the first is asked with the other.
        for refuses_draft in [false, true] {
            remote.inbox_replies(move |asked| {
                Reply::Status(if refuses_draft && !asked.headers.contains_key("signature-input") { 401 } else { 202 })
            });
            outbox::follow(&node.node, &ally.id).await.expect("asked");
            node.deliver_all().await;
        }
        let union = node.get("/actor").await.json()["publicKey"]["publicKeyPem"].as_str().expect("a key").to_owned();
        let instance = node.get("/instance").await.json()["publicKey"]["publicKeyPem"].as_str().expect("a key").to_owned();
        let asked = remote.asked();
        assert!(asked.len() >= 4, "{asked:?}");
        for asked in &asked {
            let (url, key) = (format!("{}{}", remote.base, asked.target), if asked.method == "POST" { &union } else { &instance });
            assert!(python.believes(asked, &url, key), "{asked:?}");
            assert!(!python.believes(asked, &url, if asked.method == "POST" { &instance } else { &union }), "another key");
            assert!(!python.believes(asked, &format!("{url}x"), key), "another path");
            if asked.method == "POST" {
                assert!(!python.believes(&changed(asked), &url, key), "another body");
            }
        }
    }

    async fn proofs_hold_both_ways_and_not_after_a_byte_was_changed(world) {
        let Some((python, node, remote)) = scene(world).await else { return };
        let person = pythonic(&python, &remote);
        let forwarder = remote.person("forwarder");
        let statement = node.publish_at("# Strike").await;
        let proven = |document: &Value| {
            let question = json!({"do": "prove", "document": document, "method": format!("{}#ed25519", person.id), "created": rfc3339(world.clock.now())});
            python.ask(&question)["document"].clone()
        };
        // Somebody else passes it on, and its origin shows nothing: the proof alone must do.
        let create = proven(&person.activity("Create", person.answer(&statement, "<p>Dayanışma! 連帯 🚩</p>")));
        let mut lie = create.clone();
        lie["object"]["content"] = json!("<p>Dayanışma? 連帯 🚩</p>");
        forwarder.says(&node, &lie).await;
        assert_eq!(node.count("posts").await, 0);
        forwarder.says(&node, &create).await;
        assert_eq!(node.count("posts").await, 1);

        forwarder.follows(&node).await;
        node.publish("---\ntitle: \"Grev — 罷工\"\nlanguage: tr\nhashtags: [Grev]\n---\nYaşasın **dayanışma** \u{1f6a9} \u{2028} 1.50 €").await;
        node.deliver_all().await;
        let actor = node.get("/actor").await.json();
        let key = all(&actor["assertionMethod"])[0]["publicKeyMultibase"].clone();
        let create = remote.heard_of("Create").remove(0);
        for document in [&create, &create["object"]] {
            let asks = |document: &Value| json!({"do": "verify_proof", "document": document, "key": key});
            assert!(python.is_valid(&asks(document)), "{document}");
            let mut lie = document.clone();
            lie["to"] = json!(["https://www.w3.org/ns/activitystreams#public"]);
            assert!(!python.is_valid(&asks(&lie)));
        }
    }
}

/// The forms and kinds of keys that our deliveries do not use, but our code makes.
#[test]
fn whatever_we_can_sign_python_believes() {
    let Some(python) = Python::start() else { return };
    let url = Url::parse("http://127.0.0.1:8080/inbox?x=1").expect("an address");
    let clock = picket::clock::Clock::default();
    for private in [PrivateKey::generate_rsa(), PrivateKey::generate_ed25519()] {
        let key = SigningKey { id: "https://union.example/actor#key".to_owned(), key: private.expect("a key") };
        let public = key.key.public_key().expect("its public half");
        let is_rsa = public.algorithm == picket::crypto::Algorithm::Rsa;
        let public = if is_rsa { public.to_pem() } else { public.to_multibase() };
        for (method, body) in [("POST", Some(b"{\"type\":\"Create\"}".as_slice())), ("GET", None)] {
            let sent = |headers| Asked {
                method: method.parse().expect("a method"),
                target: "/inbox?x=1".to_owned(),
                headers,
                body: body.unwrap_or_default().to_vec().into(),
            };
            let request = Outgoing { method, url: &url, body };
            let standard = sent(sign_rfc9421(&request, &key, clock.now()).expect("signed"));
            assert!(python.believes(&standard, url.as_str(), &public), "{method} {standard:?}");
            assert!(!python.believes(&standard, "http://127.0.0.1:8080/inbox?x=2", &public));
            if is_rsa {
                // apsig leaves the query out.
                let plain = Url::parse("http://127.0.0.1:8080/inbox").expect("an address");
                let mut draft =
                    sent(sign_cavage(&Outgoing { url: &plain, ..request }, &key, clock.now()).expect("signed"));
                draft.headers.insert("host", HeaderValue::from_static("127.0.0.1:8080"));
                assert!(python.believes(&draft, plain.as_str(), &public), "{method} {draft:?}");
            }
        }
        let mut document = json!({"@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://union.example/1", "numbers": [1, -0.5, 1e21, 0.1]});
        if !is_rsa {
            proof::prove(&mut document, &key, clock.now()).expect("a proof");
            assert!(python.is_valid(&json!({"do": "verify_proof", "document": document, "key": public})));
        }
    }
}
