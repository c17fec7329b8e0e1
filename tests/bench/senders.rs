//! Actors of other servers who sign what they send before the clock starts.

use std::sync::Arc;

use picket::clock::Clock;
use picket::crypto::PrivateKey;
use picket::transport::SigningKey;
use picket::transport::signature::{Outgoing, sign_cavage};
use serde_json::{Value, json};
use url::Url;

use crate::peers::Peers;

/// The loopback addresses of the senders' servers.
pub const GROUP: u8 = 1;
/// Their number.
pub const HOSTS: u8 = 20;
/// Distinct RSA keys; more actors than keys share them, each under a key id of its own.
const KEYS: usize = 32;

/// What Mastodon sends for an answer of usual length.
pub const ANSWER: &str = "<p><span class=\"h-card\" translate=\"no\"><a href=\"http://127.0.0.1/actor\" class=\"u-url mention\">@<span>union</span></a></span> \
Our branch stands with you. We collected at the gate on Friday, and the whole early shift signed: nobody works the overtime that was \
taken from you. Tell us where to send it, and whether speakers are wanted on the 14th. \
<a href=\"https://branch.example/2026/05/collection\" target=\"_blank\" rel=\"nofollow noopener noreferrer\">branch.example/2026/05/collection</a> \
<a href=\"https://branch.example/tags/solidarity\" class=\"mention hashtag\" rel=\"tag\">#<span>solidarity</span></a></p>";

/// Actors on other servers.
pub struct Senders {
    actors: Vec<Sender>,
}

struct Sender {
    uri: String,
    key: Arc<SigningKey>,
}

/// One activity: who says it, and what.
pub struct Said {
    sender: usize,
    document: Value,
}

impl Senders {
    /// Makes actors and shows their documents on their servers.
    pub fn new(count: usize, peers: &Peers) -> Self {
        let keys: Vec<Arc<Vec<u8>>> = (0..KEYS).map(|_| Arc::new(new_key())).collect();
        let actors = (0..count).map(|number| new_sender(number, &keys[number % KEYS], peers)).collect();
        Self { actors }
    }

    /// A Like of each actor.
    pub fn likes(&self, statement: &str) -> Vec<Said> {
        self.each("like", |uri, id| json!({"id": id, "type": "Like", "actor": uri, "object": statement}))
    }

    /// A Follow of each actor.
    pub fn follows(&self, union: &str) -> Vec<Said> {
        self.each("follow", |uri, id| json!({"id": id, "type": "Follow", "actor": uri, "object": union}))
    }

    fn each(&self, name: &str, make: impl Fn(&str, &str) -> Value) -> Vec<Said> {
        let with_context = |mut document: Value| {
            document["@context"] = json!("https://www.w3.org/ns/activitystreams");
            document
        };
        let said = |(sender, actor): (usize, &Sender)| {
            let id = format!("{}#{name}", actor.uri);
            Said { sender, document: with_context(make(&actor.uri, &id)) }
        };
        self.actors.iter().enumerate().map(said).collect()
    }

    /// Answers to a statement, by all actors in turn.
    pub fn answers(&self, statement: &str, union: &str, count: usize) -> Vec<Said> {
        (0..count).map(|number| self.answer(number, statement, union)).collect()
    }

    fn answer(&self, number: usize, statement: &str, union: &str) -> Said {
        let sender = number % self.actors.len();
        let actor = &self.actors[sender].uri;
        let id = format!("{actor}/statuses/{number}");
        let published = "2026-05-01T09:30:00Z";
        let (to, cc) =
            (json!(["https://www.w3.org/ns/activitystreams#Public"]), json!([format!("{actor}/followers"), union]));
        let document = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", {"ostatus": "http://ostatus.org#", "sensitive": "as:sensitive",
                "atomUri": "ostatus:atomUri", "inReplyToAtomUri": "ostatus:inReplyToAtomUri", "conversation": "ostatus:conversation"}],
            "id": format!("{id}/activity"), "type": "Create", "actor": actor, "published": published, "to": to, "cc": cc,
            "object": {
                "id": id, "type": "Note", "summary": null, "inReplyTo": statement, "published": published, "url": id,
                "attributedTo": actor, "to": to, "cc": cc, "sensitive": false, "atomUri": id, "inReplyToAtomUri": statement,
                "conversation": statement, "content": ANSWER, "contentMap": {"en": ANSWER}, "attachment": [],
                "tag": [{"type": "Mention", "href": union, "name": "@union@127.0.0.1"},
                    {"type": "Hashtag", "href": "https://branch.example/tags/solidarity", "name": "#solidarity"}],
                "replies": {"id": format!("{id}/replies"), "type": "Collection"},
            },
        });
        Said { sender, document }
    }

    /// The whole requests, signed, ready for the wire.
    pub fn sign(&self, said: &[Said], inbox: &str) -> Vec<Vec<u8>> {
        let url: Url = inbox.parse().expect("an inbox");
        let now = Clock::default().now();
        let sign = |said: &Said| {
            let body = said.document.to_string().into_bytes();
            let request = Outgoing { method: "POST", url: &url, body: Some(&body) };
            let headers = sign_cavage(&request, &self.actors[said.sender].key, now).expect("a signature");
            let mut lines = vec![format!("POST {} HTTP/1.1", url.path()), format!("host: {}", url.authority())];
            lines.extend(
                headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("a plain header"))),
            );
            lines.push("user-agent: Mastodon/4.3.8 (http.rb/5.2.0; +https://branch.example/)".to_owned());
            lines.push("accept-encoding: gzip".to_owned());
            lines.push("content-type: application/activity+json".to_owned());
            lines.push(format!("content-length: {}\r\n\r\n", body.len()));
            [lines.join("\r\n").into_bytes(), body].concat()
        };
        said.iter().map(sign).collect()
    }
}

fn new_key() -> Vec<u8> {
    PrivateKey::generate_rsa().and_then(|key| key.to_pkcs8()).expect("an RSA key")
}

fn new_sender(number: usize, key: &[u8], peers: &Peers) -> Sender {
    let host = u8::try_from(number % usize::from(HOSTS)).expect("few hosts") + 1;
    let (base, path) = (format!("http://{}", peers.authority(GROUP, host)), format!("/users/{number}"));
    let uri = format!("{base}{path}");
    let id = format!("{uri}#main-key");
    let key = PrivateKey::from_pkcs8(picket::crypto::Algorithm::Rsa, key).expect("an RSA key");
    let pem = key.public_key().expect("its public half").to_pem();
    peers.show(
        &path,
        &json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": uri, "type": "Person", "preferredUsername": format!("worker{number}"), "name": "A worker",
            "summary": "<p>Shop steward at the yard. <a href=\"https://branch.example/\">branch.example</a></p>",
            "inbox": format!("{uri}/inbox"), "outbox": format!("{uri}/outbox"), "followers": format!("{uri}/followers"),
            "url": format!("{base}/@worker{number}"), "endpoints": {"sharedInbox": format!("{base}/inbox")},
            "publicKey": {"id": id, "owner": uri, "publicKeyPem": pem},
        }),
    );
    Sender { uri, key: Arc::new(SigningKey { id, key }) }
}
