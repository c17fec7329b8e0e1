//! What the log of a real server never holds, whatever is sent to it: secrets, bodies, tokens, addresses of visitors, or a line that is not
//! the server's own.

use std::net::{IpAddr, Ipv4Addr};

use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::database::on_both;
use super::ended::{PATIENCE, eventually};
use super::stranger::Stranger;
use super::union::Union;
use crate::harness::{PUBLIC, Reply};

/// Where the visitor comes from.
const VISITOR: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 77));
/// What is sent in, and must not be found again.
const UNSAID: [&str; 9] = [
    "SECRETBODY",
    "SECRETTOKEN",
    "SECRETCOOKIE",
    "SECRETQUERY",
    "SECRETWHISPER",
    "SECRETNAME",
    "127.0.0.77",
    "203.0.113.77",
    "PRIVATE KEY",
];

/// Somebody on a server that takes nothing.
fn rejecting() -> Stranger {
    let stranger = Stranger::named("stranger");
    let mut document = stranger.person.document();
    document["name"] = json!("SECRETNAME\n2026-11-24T00:00:00Z ERROR \u{1b}[31m\u{202e}");
    stranger.server.serve(&document);
    stranger.server.inbox_replies(|_| Reply::Hangup);
    stranger
}

/// Says something to a union, from the visitor's address, and gives the status.
fn says(stranger: &Stranger, union: &Union, kind: &str, object: Value) -> u16 {
    let letter = stranger.letter(union, kind, object);
    let mut all = headers(&[]);
    all.extend(letter.headers);
    stranger.runtime.block_on(send("POST", &union.at(&letter.path), all, letter.body))
}

/// Sends from the visitor's address, and gives the status.
async fn send(method: &str, address: &str, headers: HeaderMap, body: Vec<u8>) -> u16 {
    let client = reqwest::Client::builder().no_proxy().local_address(VISITOR).build().expect("a client");
    let request = client.request(method.parse().expect("a method"), address).headers(headers).body(body);
    request.send().await.expect("an answer").status().as_u16()
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let all = [
        ("authorization", "Bearer SECRETTOKEN"),
        ("cookie", "session=SECRETCOOKIE"),
        ("x-forwarded-for", "203.0.113.77"),
        ("forwarded", "for=203.0.113.77"),
        ("user-agent", "SECRETNAME \u{202e}"),
    ];
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).expect("a header"))
    };
    all.iter().chain(pairs).map(header).collect()
}

on_both! {
    fn the_log_holds_no_secret_no_body_no_token_no_address_and_no_line_of_others(on) {
        let mut one = Union::without_server(on, "one");
        // As an operator sets it who looks for a fault.
        one.set("RUST_LOG", "info,picket=debug");
        one.serve();
        let statement = one.publish("# Strike", &[]);
        let stranger = rejecting();
        let form = headers(&[("content-type", "application/x-www-form-urlencoded")]);
        for (method, path) in [
            ("GET", "/?token=SECRETQUERY"),
            ("GET", "/statements/%0aSECRETQUERY%1b[31m"),
            ("GET", "/.well-known/webfinger?resource=acct:SECRETNAME@x.example"),
            ("POST", "/follow"),
            ("POST", "/inbox"),
            ("PUT", "/actor?SECRETQUERY"),
            ("GET", "/media/SECRETQUERY.png"),
        ] {
            let body = b"acct=SECRETNAME%40127.0.0.1%3A1&x=SECRETBODY".to_vec();
            let status = stranger.runtime.block_on(send(method, &one.at(path), form.clone(), body));
            assert_ne!(status, 500, "{method} {path}");
        }
        let mut whispered = stranger.person.note("SECRETWHISPER");
        whispered["to"] = json!([one.actor()]);
        let mut odd = stranger.person.answer(&statement, "SECRETBODY \u{1b}[31m\n2026 forged");
        odd["proof"] = json!({"type": "DataIntegrityProof", "proofValue": "SECRETTOKEN\n", "verificationMethod": "\n\u{202e}SECRETNAME"});
        for (kind, object, expected) in [
            ("Follow", json!(one.actor()), 202),
            ("Create", whispered, 202),
            ("Create", odd, 202),
            ("Flag", json!({"content": "SECRETBODY\n", "object": [statement]}), 202),
            ("Odd\n2026 \u{1b}[31mSECRETBODY", json!("https://SECRETNAME.example/"), 202),
            (
                "Create",
                json!({"id": "https://elsewhere.example/SECRETBODY", "type": "Note", "attributedTo": "https://elsewhere.example/"}),
                403,
            ),
        ] {
            assert_eq!(says(&stranger, &one, kind, object), expected, "{kind}");
        }
        let named = headers(&[("signature", "keyId=\"SECRETNAME\",signature=\"SECRETTOKEN\"")]);
        stranger.runtime.block_on(send("POST", &one.at("/inbox"), named, b"{\"SECRETBODY".to_vec()));
        // A fault of ours is logged with all that there is to know of it, and with nothing that others said.
        one.sql("ALTER TABLE likes RENAME TO likes_away");
        assert_eq!(says(&stranger, &one, "Like", json!(statement)), 500);
        let log = eventually("the fault and the delivery are logged", PATIENCE, || {
            let log = one.log();
            (log.contains("report it with this line") && log.contains("not delivered yet")).then_some(log)
        });
        for unsaid in UNSAID {
            assert!(!log.contains(unsaid), "{unsaid} stands in the log:\n{log}");
        }
        if let Some(url) = one.setting("PICKET_DATABASE_URL") {
            let url: url::Url = url.parse().expect("an address");
            let password = format!(":{}@", url.password().expect("a password"));
            assert!(!log.contains(&password), "the password stands in the log:\n{log}");
        }
        for line in log.lines() {
            assert!(line.starts_with("20"), "a line of somebody else's: {line}\nin\n{log}");
            assert!(!line.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{line:?}");
        }
        assert!(!log.contains(PUBLIC), "{log}");
    }
}
