//! The invariants of `docs/ARCHITECTURE.md`, kept by reading the sources: arrows go down only, and each room keeps to its business.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The rooms from the ground up. A room may use those of the floors below it, and on its own floor those that stand before it.
const FLOORS: [&[&str]; 7] = [
    &["error", "clock", "metrics", "storage", "config", "crypto", "urls", "rates"],
    &["markup", "languages", "media", "transport"],
    &[
        "actors",
        "profile",
        "alliances",
        "search",
        "posts",
        "private_box",
        "reactions",
        "statements",
        "moderation",
        "heard",
        "site",
    ],
    &["limits", "node"],
    &["delivery", "federation", "archive"],
    &["website"],
    &["cli", "server", "main", "lib"],
];

/// Arrows that go up on their own floor, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 1] =
    [("cli", "server", "`picket serve` starts the server, which knows nothing of the command line")];

/// Rules and tables: synchronous, without HTTP, clock or random source.
const DOMAIN: &[&str] = FLOORS[2];

/// Files that match on the database outside `storage/`, each with its reason.
const MATCHES_ON_THE_DATABASE: [(&str, &str); 1] =
    [("delivery/store/lanes.rs", "FOR UPDATE and SKIP LOCKED exist on PostgreSQL only")];

/// Files that name diesel outside `storage/` and the stores, each with its reason.
const NAMES_DIESEL: [(&str, &str); 1] = [("error.rs", "turns diesel's errors into ours, once for all stores")];

/// Longer files are two files.
const MOST_LINES: usize = 400;

struct Source {
    /// Path under `src/`.
    path: String,
    /// The text without comments and without its tests.
    code: String,
    whole: String,
}

impl Source {
    fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    fn is_store(&self) -> bool {
        self.path.ends_with("store.rs") || self.path.contains("/store/")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&root).expect("under src").to_string_lossy().replace('\\', "/");
        let whole = std::fs::read_to_string(&file).expect("a readable file");
        let code = without_comments(whole.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        Source { path, code, whole }
    };
    let sources: Vec<Source> = files.into_iter().map(read).collect();
    assert!(sources.len() > 50, "only {} files found", sources.len());
    sources
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn without_comments(code: &str) -> String {
    let plain = |line: &str| {
        line.find("//").filter(|at| !line[..*at].ends_with(':')).map_or(line.to_owned(), |at| line[..at].to_owned())
    };
    code.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// Whether a file holds tests only.
fn is_test(source: &Source) -> bool {
    source.path.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "testing.rs")
}

/// The rooms that a file names: `crate::room`, and each in `crate::{…}`.
fn rooms_named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with('$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(heads(group)),
            None => rooms.extend(word(rest)),
        }
    }
    rooms
}

/// The first words of a group's entries, up to its closing brace.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut entries, mut entry) = (0, Vec::new(), String::new());
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => entries.push(std::mem::take(&mut entry)),
            _ => {}
        }
        if depth == 0 {
            entry.push(letter);
        }
    }
    entries.push(entry);
    entries.iter().filter_map(|entry| word(entry.trim_start_matches([',', ' ', '\n']))).collect()
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// Floor and place on it.
fn place(room: &str) -> Option<(usize, usize)> {
    FLOORS.iter().enumerate().find_map(|(floor, rooms)| Some((floor, rooms.iter().position(|known| *known == room)?)))
}

/// Asserts that there is nothing to complain about, and names every complaint.
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_room_has_its_place() {
    let unknown: Vec<String> = sources()
        .iter()
        .filter(|source| place(source.room()).is_none())
        .map(|source| {
            format!(
                "{} stands in no floor of this test's table; give it a place there and in docs/ARCHITECTURE.md",
                source.path
            )
        })
        .collect();
    assert_none(&unknown);
}

#[test]
fn arrows_go_down_only() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|source| !is_test(source)) {
        let Some(from) = place(source.room()) else { continue };
        for room in rooms_named(&source.code) {
            let excepted = EXCEPTIONS.iter().any(|(one, other, _)| (*one, *other) == (source.room(), room.as_str()));
            if room == source.room() || excepted || place(&room).is_some_and(|to| to < from) {
                continue;
            }
            if place(&room).is_some() {
                complaints.push(format!("{} uses crate::{room}, which stands above it", source.path));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn the_domain_is_synchronous_and_knows_no_http_client_clock_or_random_source() {
    const UNKNOWN: [&str; 16] = [
        "axum",
        "reqwest",
        "hyper",
        "tower",
        "tokio",
        "async fn",
        ".await",
        "transport::Client",
        "transport::{Client",
        "Clock",
        "clock::new_id",
        "clock::random_name",
        "clock::jitter",
        "Utc::now",
        "SystemTime",
        "Uuid",
    ];
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|source| DOMAIN.contains(&source.room()) && !is_test(source)) {
        for word in UNKNOWN.into_iter().filter(|word| source.code.contains(word)) {
            complaints.push(format!("{} knows {word}", source.path));
        }
    }
    assert_none(&complaints);
}

#[test]
fn diesel_stands_in_the_storage_and_in_stores_only() {
    let allowed = |source: &Source| {
        source.room() == "storage" || source.is_store() || NAMES_DIESEL.iter().any(|(path, _)| *path == source.path)
    };
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| !allowed(source) && !is_test(source) && source.code.contains("diesel"))
        .map(|source| format!("{} names diesel", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn only_the_storage_asks_which_database_it_is() {
    let allowed = |source: &Source| {
        source.room() == "storage" || MATCHES_ON_THE_DATABASE.iter().any(|(path, _)| *path == source.path)
    };
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| {
            !allowed(source) && ["Conn::Sqlite", "Conn::Postgres"].iter().any(|arm| source.code.contains(arm))
        })
        .map(|source| format!("{} matches on the database; use `each!`, or say here why not", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn delivery_knows_no_vocabulary() {
    const VOCABULARY: [&str; 14] = [
        "serde_json",
        "activitypub",
        "activitystreams",
        "\"Create\"",
        "\"Update\"",
        "\"Delete\"",
        "\"Follow\"",
        "\"Accept\"",
        "\"Undo\"",
        "\"Announce\"",
        "\"Note\"",
        "attributedTo",
        "federation",
        "crate::statements",
    ];
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "delivery" && !is_test(source)) {
        for word in VOCABULARY.into_iter().filter(|word| source.code.contains(word)) {
            complaints.push(format!("{} knows {word}", source.path));
        }
    }
    assert_none(&complaints);
}

#[test]
fn only_the_federation_knows_activitypub() {
    const VOCABULARY: [&str; 6] = [
        "activitypub_federation",
        "www.w3.org/ns/activitystreams",
        "attributedTo",
        "inReplyTo",
        "preferredUsername",
        "\"Announce\"",
    ];
    // The reactions tell a Like from an Announce by the words of the wire; the client says which media types it takes.
    const EXCEPTED: [&str; 2] = ["reactions/store.rs", "transport/media_type.rs"];
    let mut complaints = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| source.room() != "federation" && !is_test(source) && !EXCEPTED.contains(&source.path.as_str()))
    {
        for word in VOCABULARY.into_iter().filter(|word| source.code.contains(word)) {
            complaints.push(format!("{} knows {word}", source.path));
        }
    }
    assert_none(&complaints);
}

#[test]
fn only_the_outbox_enqueues() {
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| !source.path.starts_with("federation/outbox/") && !source.path.starts_with("delivery/"))
        .filter(|source| source.code.contains("enqueue") || source.code.contains("Outgoing {"))
        .filter(|source| source.room() != "transport")
        .map(|source| format!("{} enqueues", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn the_private_box_is_opened_by_few() {
    // Who puts in, who reads notes into rows, who asks whether something is private, who shows it to the operator, who empties it.
    const MAY: [&str; 8] = [
        "cli/answers.rs",
        "cli/private_box.rs",
        "federation/inbox/posts.rs",
        "federation/inbox/private.rs",
        "federation/remote/posts.rs",
        "federation/remote/threads.rs",
        "federation/wire/note.rs",
        "server/chores.rs",
    ];
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| !["private_box", "storage"].contains(&source.room()) && !MAY.contains(&source.path.as_str()))
        .filter(|source| rooms_named(&source.code).iter().any(|room| room == "private_box"))
        .map(|source| format!("{} opens the private box", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn only_the_transport_speaks_http_to_others() {
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| source.room() != "transport" && !is_test(source))
        .filter(|source| {
            ["reqwest", "TcpStream::connect", "hyper_util::client"].iter().any(|word| source.code.contains(word))
        })
        .map(|source| format!("{} has a client of its own", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn what_strangers_make_us_ask_is_on_their_account() {
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.starts_with("federation/") && !is_test(source))
        .filter(|source| source.code.contains("node.client.fetch"))
        .map(|source| format!("{} asks past the account of `Remote`", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn files_are_short() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut complaints = Vec::new();
    for folder in ["src", "tests/suite", "tests/bench"] {
        let mut files = Vec::new();
        collect(&house.join(folder), &mut files);
        assert!(files.len() > 10, "only {} files found in {folder}", files.len());
        for file in files {
            let lines = std::fs::read_to_string(&file).expect("a readable file").lines().count();
            if lines > MOST_LINES {
                complaints.push(format!("{} has {lines} lines; {MOST_LINES} is the most", file.display()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_file_opens_with_what_it_is() {
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|source| !is_test(source) && !source.whole.starts_with("//!"))
        .map(|source| format!("{} does not say what it is", source.path))
        .collect();
    assert_none(&complaints);
}

#[test]
fn this_test_sees_what_it_looks_for() {
    let code = "use crate::{actors::{self, Actor}, delivery, node::Node};\nfn f() { crate::website::x(); $crate::storage::y(); }";
    assert_eq!(rooms_named(code), ["actors", "delivery", "node", "website"]);
    assert!(place("actors") < place("node") && place("storage") < place("markup"));
    let rooms: BTreeMap<&str, usize> = FLOORS.iter().flat_map(|floor| floor.iter()).map(|room| (*room, 1)).collect();
    assert_eq!(rooms.len(), FLOORS.iter().map(|floor| floor.len()).sum::<usize>(), "no room twice");
    for (path, reason) in MATCHES_ON_THE_DATABASE.iter().chain(&NAMES_DIESEL) {
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path).exists() && !reason.is_empty(),
            "{path} is gone"
        );
    }
}
