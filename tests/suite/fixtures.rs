//! Real documents that are not ours to copy: read where they lie, skipped aloud where they do not.

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
