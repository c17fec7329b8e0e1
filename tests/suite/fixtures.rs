//! Real documents that are not ours to copy: read where they lie, skipped aloud where they do not.
//!
//! Each goes through the real code, and its outcome is held against what the manifest says that a good node must do.

mod discovery;
mod documents;
mod judged;
mod outcome;
mod sanitiser;
mod vectors;

use std::path::{Path, PathBuf};

/// The folder of real documents; `None`, said aloud, where there is none. In CI that is a failure.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where such documents lie")]
pub fn folder() -> Option<PathBuf> {
    if let Ok(folder) = std::env::var("TEST_FIXTURES") {
        return Some(PathBuf::from(folder));
    }
    assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "TEST_FIXTURES must be set in CI");
    println!("skipped: TEST_FIXTURES is not set");
    None
}

/// All files of one kind whose names start and end as given, in order.
pub fn files(folder: &Path, kind: &str, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join(kind)).expect("the folder of that kind");
    let names = entries.map(|entry| entry.expect("an entry").path());
    let fits = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(prefix) && name.ends_with(suffix))
    };
    let mut files: Vec<PathBuf> = names.filter(fits).collect();
    files.sort();
    assert!(!files.is_empty(), "no {kind}/{prefix}…{suffix} in {}", folder.display());
    files
}

/// A file as JSON.
pub fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&text(path)).expect("JSON")
}

/// A file as text.
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a readable file")
}

/// One document, as the manifest tells of it.
pub struct Entry {
    /// Its path in the folder.
    pub path: String,
    /// What it is: `activity`, `actor`, `malformed`, …
    pub kind: String,
    /// Whose it is.
    pub software: String,
    /// What a good node must do with it: one reading.
    pub must: String,
}

/// Every document that there is.
pub fn manifest(folder: &Path) -> Vec<Entry> {
    let entry = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().expect("a cell");
        let (path, kind, software, _source, _licence, must) = (next(), next(), next(), next(), next(), next());
        Entry { path, kind, software, must }
    };
    text(&folder.join("MANIFEST.tsv")).lines().skip(1).map(entry).collect()
}

/// The bytes of a document: of a recorded answer its body.
pub fn bytes(folder: &Path, entry: &Entry) -> Vec<u8> {
    let bytes = std::fs::read(folder.join(&entry.path)).expect("a readable file");
    if !bytes.starts_with(b"HTTP/") {
        return recorded_body(&bytes).unwrap_or(bytes);
    }
    let ends = [&b"\r\n\r\n"[..], b"\n\n"];
    let found = ends.iter().filter_map(|end| Some((bytes.windows(end.len()).position(|at| at == *end)?, end.len())));
    let (at, length) = found.min().expect("an end of the headers");
    bytes[at + length..].to_vec()
}

/// The body of an answer that was recorded as JSON with its headers.
fn recorded_body(bytes: &[u8]) -> Option<Vec<u8>> {
    let recorded: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    recorded.get("headers")?;
    Some(recorded["body"].as_str()?.as_bytes().to_vec())
}
