//! An actor of a scripted server, and the requests that it signs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use picket::clock::{self, Clock};
use picket::crypto::{Algorithm, PrivateKey};
use picket::federation::proof;
use picket::transport::signature::{Outgoing, sign_cavage, sign_rfc9421};
use picket::transport::{SignatureForm, SigningKey};
use serde_json::{Value, json};
use url::Url;

use super::{ACTIVITY_JSON, Answered, PUBLIC, Remote, Reply, TestNode};

/// An actor with an RSA key for requests and an Ed25519 key for proofs.
#[derive(Clone)]
pub struct Person {
    /// Its id.
    pub id: String,
    /// Its path on its server.
    pub path: String,
    pub key: Arc<SigningKey>,
    pub proof_key: Arc<SigningKey>,
    pub base: String,
    pub clock: Clock,
}

impl Person {
    pub(super) fn new(remote: &Remote, name: &str) -> Self {
        let path = format!("/users/{name}");
        let id = format!("{}{path}", remote.base);
        let proof_key = PrivateKey::generate_ed25519().expect("a key");
        let person = Self {
            key: Arc::new(SigningKey { id: format!("{id}#main-key"), key: kept_rsa_key(name) }),
            proof_key: Arc::new(SigningKey { id: format!("{id}#ed25519-key"), key: proof_key }),
            id,
            path,
            base: remote.base.clone(),
            clock: remote.clock.clone(),
        };
        remote.reply(&person.path, Reply::Json(person.document()));
        person
    }

    /// The same actor with another key under the same name.
    pub fn with_new_key(&self) -> Self {
        let key = SigningKey { id: self.key.id.clone(), key: PrivateKey::generate_rsa().expect("a key") };
        Self { key: Arc::new(key), ..self.clone() }
    }

    /// The same actor with another key for proofs, under a fragment of its id.
    pub fn with_new_proof_key(&self, fragment: &str) -> Self {
        let key = PrivateKey::generate_ed25519().expect("a key");
        Self { proof_key: Arc::new(SigningKey { id: format!("{}{fragment}", self.id), key }), ..self.clone() }
    }

    /// The same actor, signing under another key id.
    pub fn naming_key(&self, key_id: &str) -> Self {
        let pkcs8 = self.key.key.to_pkcs8().expect("encoded");
        let key = PrivateKey::from_pkcs8(Algorithm::Rsa, &pkcs8).expect("decoded");
        Self { key: Arc::new(SigningKey { id: key_id.to_owned(), key }), ..self.clone() }
    }

    /// The actor's document, as an honest server shows it.
    pub fn document(&self) -> Value {
        let id = &self.id;
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": id,
            "type": "Person",
            "preferredUsername": self.path.rsplit('/').next(),
            "name": "A person",
            "inbox": format!("{id}/inbox"),
            "outbox": format!("{id}/outbox"),
            "followers": format!("{id}/followers"),
            "endpoints": {"sharedInbox": format!("{}/inbox", self.base)},
            "publicKey": {
                "id": self.key.id,
                "owner": id,
                "publicKeyPem": self.key.key.public_key().expect("its public half").to_pem(),
            },
            "assertionMethod": [{
                "id": self.proof_key.id,
                "type": "Multikey",
                "controller": id,
                "publicKeyMultibase": self.proof_key.key.public_key().expect("its public half").to_multibase(),
            }],
        })
    }

    /// An activity of this actor with an id of its own.
    pub fn activity(&self, kind: &str, object: impl Into<Value>) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/activities/{}", self.base, clock::random_name()),
            "type": kind,
            "actor": self.id,
            "to": [PUBLIC],
            "object": object.into(),
        })
    }

    /// A document with a proof by this actor.
    pub fn proves(&self, mut document: Value) -> Value {
        proof::prove(&mut document, &self.proof_key, self.clock.now()).expect("a proof");
        document
    }

    /// A public Note of this actor with an id of its own.
    pub fn note(&self, content: &str) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{}/notes/{}", self.base, clock::random_name()),
            "type": "Note",
            "attributedTo": self.id,
            "to": [PUBLIC],
            "content": content,
            "published": clock::rfc3339(self.clock.now()),
        })
    }

    /// A public answer to a statement.
    pub fn answer(&self, statement: &str, content: &str) -> Value {
        let mut note = self.note(content);
        note["inReplyTo"] = json!(statement);
        note
    }

    /// Sends an activity as every server does, and gives the status.
    pub async fn send(&self, node: &TestNode, activity: &Value) -> u16 {
        self.send_as(SignatureForm::Cavage, node, activity).await
    }

    /// The same in a form of signature.
    pub async fn send_as(&self, form: SignatureForm, node: &TestNode, activity: &Value) -> u16 {
        self.letter(form, node, activity.to_string()).post(node).await.status
    }

    /// Sends an activity that must be taken.
    pub async fn says(&self, node: &TestNode, activity: &Value) {
        let answer = self.letter(SignatureForm::Cavage, node, activity.to_string()).post(node).await;
        assert_eq!(answer.status, 202, "{}: {activity}", answer.body);
    }

    /// Follows the union of a node and gives the Follow.
    pub async fn follows(&self, node: &TestNode) -> Value {
        let follow = self.activity("Follow", node.union());
        self.says(node, &follow).await;
        follow
    }

    /// Asks for a document of ours, signed.
    pub async fn asks(&self, form: SignatureForm, node: &TestNode, path: &str) -> Answered {
        let url = Url::parse(&node.node.urls.at(path)).expect("an address");
        let request = Outgoing { method: "GET", url: &url, body: None };
        let sign = match form {
            SignatureForm::Cavage => sign_cavage,
            SignatureForm::Rfc9421 => sign_rfc9421,
        };
        let mut headers = sign(&request, &self.key, self.clock.now()).expect("signed");
        headers.insert(ACCEPT, HeaderValue::from_static(ACTIVITY_JSON));
        node.get_with(path, &headers).await
    }

    /// An honest request, not yet sent: to be tampered with.
    pub fn letter(&self, form: SignatureForm, node: &TestNode, body: impl Into<Vec<u8>>) -> Letter {
        self.letter_to("/inbox", form, node, body)
    }

    /// The same to another path.
    pub fn letter_to(&self, path: &str, form: SignatureForm, node: &TestNode, body: impl Into<Vec<u8>>) -> Letter {
        self.letter_at(&node.node.urls.at(path), form, body)
    }

    /// The same to any address.
    pub fn letter_at(&self, address: &str, form: SignatureForm, body: impl Into<Vec<u8>>) -> Letter {
        let body = body.into();
        let url = Url::parse(address).expect("an address");
        let request = Outgoing { method: "POST", url: &url, body: Some(&body) };
        let sign = match form {
            SignatureForm::Cavage => sign_cavage,
            SignatureForm::Rfc9421 => sign_rfc9421,
        };
        let mut headers = sign(&request, &self.key, self.clock.now()).expect("signed");
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(ACTIVITY_JSON));
        headers.insert(HOST, HeaderValue::from_str(url.authority()).expect("a header"));
        Letter { path: url.path().to_owned(), headers, body }
    }
}

/// A request to an inbox.
#[derive(Clone)]
pub struct Letter {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Letter {
    pub fn set(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header"));
        self
    }

    pub fn add(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, HeaderValue::from_str(value).expect("a header"));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Changes a part of a header that must be there.
    pub fn replace(self, name: &'static str, from: &str, to: &str) -> Self {
        let value = self.headers[name].to_str().expect("text").to_owned();
        assert!(value.contains(from), "{name}: {value}");
        self.set(name, &value.replace(from, to))
    }

    /// The whole request, ready for the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("POST {} HTTP/1.1\r\ncontent-length: {}\r\n", self.path, self.body.len());
        for (name, value) in &self.headers {
            head.extend([name.as_str(), ": ", value.to_str().expect("text"), "\r\n"]);
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }

    pub async fn post(self, node: &TestNode) -> Answered {
        node.post(&self.path, &self.headers, self.body).await
    }
}

/// An RSA key takes a while to make, so that those of scripted actors are kept in the build folder, one for each name.
fn kept_rsa_key(name: &str) -> PrivateKey {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys-of-scripted-actors");
    let file = folder.join(format!("{name}.pkcs8"));
    let kept = std::fs::read(&file).ok().and_then(|pkcs8| PrivateKey::from_pkcs8(Algorithm::Rsa, &pkcs8).ok());
    kept.unwrap_or_else(|| {
        let key = PrivateKey::generate_rsa().expect("a key");
        keep(&folder, &file, &key.to_pkcs8().expect("encoded"));
        key
    })
}

fn keep(folder: &Path, file: &Path, pkcs8: &[u8]) {
    std::fs::create_dir_all(folder).expect("a folder in the build folder");
    let unfinished = folder.join(clock::random_name());
    std::fs::write(&unfinished, pkcs8).expect("written");
    std::fs::rename(unfinished, file).expect("renamed");
}
