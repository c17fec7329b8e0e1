//! What attackers send: well-formed lies, malformed requests, and bytes that are no request at all.

use picket::transport::SignatureForm;
use serde_json::{Value, json};

use crate::fixtures;
use crate::harness::{Chance, Letter, PUBLIC, Person};

const MIB: usize = 1024 * 1024;

/// One attack: its bytes on the wire, and whether the attacker waits for the answer.
pub struct Attack {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub hangs_up: bool,
}

/// Every kind of attack, with what is needed for it.
#[derive(Clone)]
pub struct Attacks {
    domain: String,
    eve: Person,
    /// Whoever is impersonated.
    victims: Vec<Person>,
    bodies: Vec<Vec<u8>>,
    targets: Vec<String>,
    /// Of so many attacks one is of any kind, the others of the quick ones.
    any_kind: usize,
}

const KINDS: [fn(&Attacks, &mut Chance) -> Attack; 12] = [
    Attacks::nonsense_well_signed,
    Attacks::unsigned,
    Attacks::forged,
    Attacks::tampered,
    Attacks::unknown_key,
    Attacks::long_head,
    Attacks::no_http,
    Attacks::odd_question,
    Attacks::odd_method,
    Attacks::odd_form,
    Attacks::large,
    Attacks::unfinished,
];

/// The last of them are large or slow: they come seldom, since they would make the soak long and not harder.
const QUICK_KINDS: usize = 10;

const ACCEPTS: [&str; 8] = [
    "application/activity+json",
    "text/html",
    "*/*",
    "",
    ";;;,,,q=",
    "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams",
    "text/html;q=NaN, application/activity+json;q=-1e999",
    "\u{7f}",
];

const PIECES: [&str; 22] = [
    "%00",
    "%",
    "%%",
    "%2",
    "%2F",
    "%2e%2e/",
    "../",
    "//",
    "%FF%FE",
    "%ED%A0%80",
    "é",
    "?",
    "&page=",
    "=%",
    "#",
    "\\",
    "'",
    "\"",
    "<b>",
    "{slug}",
    "acct:",
    "9223372036854775808",
];

const NO_HTTP: [&[u8]; 14] = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"\r\n\r\n\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\n: no name\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /inbox HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /inbox HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"POST /inbox HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /inbox HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    b"POST /inbox HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"GET / HTTP/1.1\r\nx: \x00\x01\x02\r\n\r\n",
    b"\x00\xff\x00\xff\x00\xff\x00\xff",
];

impl Attacks {
    pub fn new(domain: &str, statement: &str, eve: Person, victims: &[Person]) -> Self {
        let slug = statement.rsplit('/').next().unwrap_or_default();
        let below = |path: &str| format!("/statements/{slug}{path}");
        let routes = [
            "/",
            "/healthz",
            "/inbox",
            "/actor",
            "/actor/inbox",
            "/instance",
            "/instance/outbox",
            "/instance/inbox",
            "/actor/outbox",
            "/actor/followers",
            "/actor/following",
            "/actor/featured",
            "/actor/tags",
            "/activities/x",
            "/.well-known/webfinger",
            "/.well-known/host-meta",
            "/.well-known/nodeinfo",
            "/nodeinfo/2.1",
            "/feed.atom",
            "/tags/strike",
            "/media/x.png",
            "/assets/style.css",
            "/robots.txt",
            "/follow",
            "/statements/x",
            "/actor/outbox?page=true",
            "/.well-known/webfinger?resource=",
        ];
        let own = ["", "/activity", "/replies", "/likes", "/shares", "/replies?page="].map(below);
        Self {
            domain: domain.to_owned(),
            eve,
            victims: victims.to_vec(),
            bodies: bodies(statement),
            targets: routes.iter().map(|route| (*route).to_owned()).chain(own).collect(),
            any_kind: 8,
        }
    }

    /// The same, with as many large and slow ones as quick ones.
    pub fn hard(&self) -> Self {
        Self { any_kind: 1, ..self.clone() }
    }

    /// Any of them.
    pub fn choose(&self, chance: &mut Chance) -> Attack {
        let kinds = if chance.below(self.any_kind) == 0 { KINDS.len() } else { QUICK_KINDS };
        KINDS[chance.below(kinds)](self, chance)
    }

    fn body(&self, chance: &mut Chance) -> Vec<u8> {
        let mut body = chance.of(&self.bodies).clone();
        if chance.below(3) == 0 && !body.is_empty() {
            // A byte changed, or the end cut off.
            let at = chance.below(body.len());
            if chance.below(2) == 0 {
                body.truncate(at);
            } else {
                body[at] = u8::try_from(chance.below(256)).expect("a byte");
            }
        }
        body
    }

    fn letter(&self, person: &Person, chance: &mut Chance, body: Vec<u8>) -> Letter {
        let form = *chance.of(&[SignatureForm::Cavage, SignatureForm::Rfc9421]);
        let inbox = *chance.of(&["/inbox", "/actor/inbox", "/instance/inbox"]);
        person.letter_at(&format!("http://{}{inbox}", self.domain), form, body).set("connection", "close")
    }

    fn nonsense_well_signed(&self, chance: &mut Chance) -> Attack {
        let body = self.body(chance);
        attack("nonsense, well signed", self.letter(&self.eve, chance, body).to_bytes())
    }

    fn unsigned(&self, chance: &mut Chance) -> Attack {
        let body = self.body(chance);
        let letter = self.letter(&self.eve, chance, body);
        attack("unsigned", letter.without("signature").without("signature-input").to_bytes())
    }

    fn forged(&self, chance: &mut Chance) -> Attack {
        let victim = chance.of(&self.victims);
        let create = victim.activity("Create", victim.note("<p>LIE</p>")).to_string();
        let forger = Person { id: victim.id.clone(), ..self.eve.naming_key(&victim.key.id) };
        attack("forged", self.letter(&forger, chance, create.into_bytes()).to_bytes())
    }

    fn tampered(&self, chance: &mut Chance) -> Attack {
        let follow = self.eve.activity("Follow", "http://elsewhere.test/actor").to_string();
        let letter = self.letter(&self.eve, chance, follow.into_bytes());
        let letter = match chance.below(8) {
            0 => letter.set("host", "evil.test"),
            1 => letter.without("host"),
            2 => letter.set("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
            3 => letter.without("digest").without("content-digest"),
            4 => letter.add("digest", "SHA-256=AAAA").add("content-digest", "sha-256=:AAAA:"),
            5 => letter.set("signature", "keyId=\"\",headers=\"((((\",signature=\"\\\\\\\""),
            6 => letter.set("signature-input", "sig1=(\"@method\";;;=?1"),
            _ => letter.set("content-encoding", "gzip"),
        };
        attack("tampered", letter.to_bytes())
    }

    fn unknown_key(&self, chance: &mut Chance) -> Attack {
        let base =
            if chance.below(2) == 0 { "http://127.0.0.1:1".to_owned() } else { chance.of(&self.victims).base.clone() };
        let id = format!("{base}/users/{}", chance.below(1_000_000));
        let liar = Person { id: id.clone(), ..self.eve.naming_key(&format!("{id}#main-key")) };
        let like = liar.activity("Like", format!("http://{}/statements/x", self.domain)).to_string();
        attack("unknown key", self.letter(&liar, chance, like.into_bytes()).to_bytes())
    }

    fn large(&self, chance: &mut Chance) -> Attack {
        let body = match chance.below(5) {
            0 => vec![b'['; MIB],
            1 => format!("[{}0]", "0,".repeat(MIB / 2 - 8)).into_bytes(),
            2 => format!("[{}{{}}]", "{},".repeat(MIB / 3 - 8)).into_bytes(),
            3 => vec![b' '; 2 * MIB],
            _ => self.eve.activity("Create", self.eve.note(&"<b><i>".repeat(80_000))).to_string().into_bytes(),
        };
        attack("large", self.letter(&self.eve, chance, body).to_bytes())
    }

    fn long_head(&self, chance: &mut Chance) -> Attack {
        let target = chance.of(&self.targets);
        let head = match chance.below(3) {
            0 => format!("GET {target}{} HTTP/1.1\r\nhost: x\r\n", "a".repeat(chance.below(70_000))),
            1 => format!("GET {target} HTTP/1.1\r\nhost: x\r\ncookie: {}\r\n", "a".repeat(chance.below(40_000))),
            _ => format!("GET {target} HTTP/1.1\r\nhost: x\r\n{}", "x-y: z\r\n".repeat(chance.below(300))),
        };
        attack("long head", closed(&head, ""))
    }

    fn unfinished(&self, chance: &mut Chance) -> Attack {
        let whole = self.nonsense_well_signed(chance).bytes;
        let until = chance.below(whole.len());
        Attack { name: "unfinished", bytes: whole[..until].to_vec(), hangs_up: chance.below(8) > 0 }
    }

    #[expect(clippy::unused_self, reason = "all attacks are called alike")]
    fn no_http(&self, chance: &mut Chance) -> Attack {
        attack("no HTTP", [*chance.of(&NO_HTTP), b"connection: close\r\n\r\n"].concat())
    }

    fn odd_question(&self, chance: &mut Chance) -> Attack {
        let mut target = chance.of(&self.targets).clone();
        for _ in 0..chance.below(4) {
            let letters: Vec<char> = target.chars().collect();
            let at = 1 + chance.below(letters.len());
            let (start, end) = letters.split_at(at);
            let piece = *chance.of(&PIECES);
            target = start.iter().copied().chain(piece.chars()).chain(end.iter().copied()).collect();
        }
        let head = format!("GET {target} HTTP/1.1\r\nhost: {}\r\naccept: {}\r\n", self.domain, chance.of(&ACCEPTS));
        attack("odd question", closed(&head, ""))
    }

    fn odd_method(&self, chance: &mut Chance) -> Attack {
        let method =
            *chance.of(&["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "CONNECT", "PROPFIND", "get", "POST"]);
        let head = format!("{method} {} HTTP/1.1\r\nhost: x\r\n", chance.of(&self.targets));
        attack("odd method", closed(&head, "{}"))
    }

    #[expect(clippy::unused_self, reason = "all attacks are called alike")]
    fn odd_form(&self, chance: &mut Chance) -> Attack {
        let handles = [
            "",
            "%",
            "a%40b",
            "a%40127.0.0.1%3A1",
            "%40%40%40",
            "a%40[::1]",
            "\u{0}",
            "a%40evil.test%2F..",
            "=&=&handle=",
        ];
        let head = "POST /follow HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
        attack("odd form", closed(head, &format!("handle={}", chance.of(&handles))))
    }
}

fn attack(name: &'static str, bytes: Vec<u8>) -> Attack {
    Attack { name, bytes, hangs_up: false }
}

/// A request that asks for the end of the connection.
fn closed(head: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{head}{length}connection: close\r\n\r\n{body}").into_bytes()
}

/// Documents to be sent: what real attackers and broken programs wrote, where it lies at hand, and our own.
fn bodies(statement: &str) -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = own_bodies(statement).iter().map(|body| body.to_string().into_bytes()).collect();
    bodies.extend(
        ["", "null", "{", "[]", "\"", "{\"a\":", "\u{feff}{}", "{\"type\":\"\\ud800\"}", "1e999"]
            .map(|text| text.as_bytes().to_vec()),
    );
    bodies.push([b"[".repeat(5_000), b"]".repeat(5_000)].concat());
    bodies.push(vec![0xff, 0xfe, b'{', b'}']);
    let Some(folder) = fixtures::folder() else { return bodies };
    for kind in ["malformed", "malicious", "json-torture", "edgecase", "activity"] {
        bodies.extend(
            fixtures::files(&folder, kind, "", "").iter().map(|file| std::fs::read(file).expect("a readable file")),
        );
    }
    bodies
}

fn own_bodies(statement: &str) -> Vec<Value> {
    let actor = "http://evil.test/users/x";
    let kinds = [
        "Follow", "Create", "Update", "Delete", "Undo", "Like", "Announce", "Accept", "Reject", "Move", "Flag",
        "Block", "Add", "\u{0}",
    ];
    let objects = [
        json!(null),
        json!(statement),
        json!(actor),
        json!({"type": "Note", "id": statement, "attributedTo": actor, "content": "<script>x</script>", "to": PUBLIC}),
        json!({"type": ["Note", 7, null], "id": {"id": {"id": 1}}, "content": {"en": []}, "tag": [[[]]], "published": "9999-99-99"}),
        json!([[], {}, "", 0, -1e300, "\u{202e}"]),
    ];
    let all = kinds.iter().flat_map(|kind| objects.iter().map(move |object| (kind, object)));
    all.map(|(kind, object)| json!({"id": format!("{actor}/{kind}"), "type": kind, "actor": actor, "object": object, "to": [PUBLIC]})).collect()
}
