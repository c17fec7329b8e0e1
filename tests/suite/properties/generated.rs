//! Inputs that are nearly right: only those reach the depths of a reader.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use crate::fixtures;

/// Words that mean something in documents.
const NAMES: [&str; 40] = [
    "@context",
    "@graph",
    "@id",
    "@type",
    "@value",
    "actor",
    "as:content",
    "attachment",
    "attributedTo",
    "cc",
    "content",
    "contentMap",
    "endpoints",
    "followers",
    "href",
    "icon",
    "id",
    "inReplyTo",
    "inbox",
    "language",
    "mediaType",
    "name",
    "nameMap",
    "object",
    "outbox",
    "preferredUsername",
    "publicKey",
    "publicKeyPem",
    "published",
    "replies",
    "sensitive",
    "sharedInbox",
    "summary",
    "tag",
    "to",
    "type",
    "updated",
    "url",
    "owner",
    "webfinger",
];
const VALUES: [&str; 30] = [
    "https://a.example/1",
    "https://a.example/users/eve",
    "https://a.example/users/eve/inbox",
    "http://[::1]:80/",
    "as:Public",
    "urn:x:1",
    "https://www.w3.org/ns/activitystreams",
    "https://www.w3.org/ns/activitystreams#Public",
    "Note",
    "Person",
    "Create",
    "Announce",
    "Undo",
    "Follow",
    "Article",
    "Image",
    "text/html",
    "image/png",
    "2026-11-24T04:00:00Z",
    "2026-02-30T25:61:00+99:99",
    "+10000-01-01T00:00:00Z",
    "<p>x</p>",
    "<script>alert(1)</script>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "",
    "en",
    "fa-IR",
    "\u{202e}x\u{0}",
    "eve",
    "eve@a.example",
];

/// Any text, most often of characters that mean something to HTML, Markdown, CSV or headers.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        2 => "[ -~\\n\\t]{0,80}",
        3 => vec(select(FRAGMENTS.to_vec()), 0..30).prop_map(|parts| parts.concat()),
        1 => vec(prop_oneof![select(FRAGMENTS.to_vec()).prop_map(str::to_owned), any::<String>()], 0..12)
            .prop_map(|parts| parts.concat()),
    ]
}

const FRAGMENTS: [&str; 74] = [
    "<",
    ">",
    "</",
    "/>",
    "=",
    "\"",
    "'",
    "&",
    ";",
    "&#",
    "&#x",
    "&lt;",
    "&amp;",
    "&colon;",
    " ",
    "\n",
    "\n\n",
    "\t",
    "\u{0}",
    "\u{a0}",
    "p",
    "<p>",
    "</p>",
    "<a href=\"",
    "<a href='https://a.example/'>",
    "</a>",
    "<script>",
    "</script>",
    "<style>",
    "<svg>",
    "<math>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<img src=x onerror=alert(1)>",
    "<ul>",
    "<li>",
    "<table>",
    "<td>",
    "<pre>",
    "<br>",
    "<blockquote>",
    "<template>",
    "<noscript>",
    "<title>",
    "<textarea>",
    "javascript:",
    "data:",
    " onload=",
    " style=",
    " lang=",
    "# ",
    "> ",
    "- ",
    "1. ",
    "**",
    "_",
    "`",
    "```\n",
    "[x](",
    ")",
    "![",
    "@eve@a.example",
    "#Grève",
    "https://a.example/",
    "---\n",
    "+++\n",
    "title: ",
    "é",
    "عربي",
    "中",
    "🏳️‍🌈",
    "\u{202e}",
];

/// Any JSON, in the words of the fediverse.
pub fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        4 => select(VALUES.to_vec()).prop_map(Value::from),
        1 => text().prop_map(Value::from),
    ];
    let name = prop_oneof![6 => select(NAMES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..5).prop_map(Value::from),
            3 => vec((name.clone(), inner), 0..10).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A real document with some of its parts taken away, moved or replaced.
pub fn mutated_document() -> impl Strategy<Value = Value> {
    (any::<Index>(), vec((any::<Index>(), document(), 0..6_u8), 0..5)).prop_map(|(which, changes)| {
        let mut document = which.get(&DOCUMENTS[..]).clone();
        for (place, value, how) in changes {
            change(&mut document, place.index(1_000), value, how);
        }
        document
    })
}

/// Real bytes with some of them changed.
pub fn mutated_bytes() -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), vec((any::<Index>(), any::<u8>(), 0..3_u8), 0..6)).prop_map(|(which, changes)| {
        let mut bytes = which.get(&DOCUMENTS[..]).to_string().into_bytes();
        for (place, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

/// Walks to one of the values and changes it.
fn change(document: &mut Value, place: usize, value: Value, how: u8) {
    match document {
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(place % members.len()).cloned().unwrap_or_default();
            if how > 3 && members[&name].as_object().is_some_and(|inner| !inner.is_empty()) {
                return change(&mut members[&name], place / 7, value, how);
            }
            match how % 4 {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(name, value)),
                2 => members[&name] = json!([value, members[&name].clone()]),
                _ => drop(members.insert(NAMES[place % NAMES.len()].to_owned(), value)),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = place % items.len();
            change(&mut items[at], place / 3, value, how);
        }
        other => *other = value,
    }
}

/// Documents of real servers, where they lie, and one that is always there.
static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut documents = vec![sample()];
    let Some(folder) = fixtures::folder() else { return documents };
    for kind in ["activity", "object", "actor", "collection", "edgecase", "malicious", "webfinger"] {
        for file in fixtures::files(&folder, kind, "", "") {
            let bytes = std::fs::read(file).expect("a readable file");
            documents.extend(serde_json::from_slice::<Value>(&bytes).ok().filter(|_| bytes.len() < 50_000));
        }
    }
    documents
});

fn sample() -> Value {
    let note: Map<String, Value> = [
        ("id", json!("https://a.example/1")),
        ("type", json!("Note")),
        ("attributedTo", json!("https://a.example/users/eve")),
        ("to", json!(["https://www.w3.org/ns/activitystreams#Public"])),
        ("content", json!("<p>Hello</p>")),
        ("published", json!("2026-11-24T04:00:00Z")),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://a.example/1/activity",
        "type": "Create",
        "actor": "https://a.example/users/eve",
        "object": note,
    })
}
