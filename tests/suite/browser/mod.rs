//! The public site in a real browser: Debian's Chromium, driven by `tests/browser`, walks every page that links lead to, and axe-core
//! judges each. What it walks is a real node with texts in many languages ([`stage`]).

mod stage;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::processes::ended::ended_within;
use crate::processes::variable;
use stage::Stage;

/// Languages in which the site is walked: one written from the right, one without spaces.
const LANGUAGES: [&str; 3] = ["en", "fa", "ja"];
/// A walk takes a quarter of this on two idle cores.
const PATIENCE: Duration = Duration::from_secs(200);

/// Node, and the folder of the programs that it runs.
struct Browser {
    node: String,
    folder: String,
}

impl Browser {
    /// Nothing, said aloud, where it is not installed; in CI that is a failure.
    fn find() -> Option<Self> {
        let (Some(node), Some(folder)) = (variable("TEST_PEER_NODE"), variable("TEST_BROWSER")) else {
            println!("skipped: TEST_BROWSER is not set");
            return None;
        };
        Some(Self { node, folder })
    }

    /// Runs a program, told what to do by one JSON document; gives the one that it prints.
    fn run(&self, program: &str, job: &Value) -> Value {
        let mut command = Command::new(&self.node);
        let ended = ended_within(PATIENCE, command.args([program, &job.to_string()]).current_dir(&self.folder));
        assert_eq!(ended.code, Some(0), "{program}: {}", ended.stderr);
        ended.document()
    }
}

#[test]
fn every_page_reads_well_in_three_languages_with_and_without_scripts_and_pictures_can_be_taken() {
    let Some(browser) = Browser::find() else { return };
    let stage = Stage::set();
    let missing = ["/nothing/here", stage.withdrawn()];
    let report =
        browser.run("walk.mjs", &json!({ "origin": stage.origin(), "languages": LANGUAGES, "missing": missing }));
    let pages = report["pages"].as_array().expect("a list");
    println!("{} pages in {} s", pages.len(), report["seconds"]);

    let problems: Vec<&str> = report["problems"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    for language in LANGUAGES {
        for path in stage.paths() {
            let is_it = |page: &&Value| page["language"] == language && page["path"] == *path;
            let page = pages.iter().find(is_it);
            let page = page.unwrap_or_else(|| panic!("{path} was not reached in {language}: {report}"));
            assert!(page["letters"].as_u64() > Some(20), "{page}");
        }
    }
    assert!(report["files"].as_array().is_some_and(|files| !files.is_empty()), "no feed was found: {report}");

    let shots = stage.shots();
    let written =
        browser.run("shots.mjs", &json!({ "origin": stage.origin(), "shots": shots, "folder": folder_of_pictures() }));
    for shot in written.as_array().expect("a list") {
        let file = shot["path"].as_str().expect("a path");
        let (width, _) = image::image_dimensions(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(shot["width"], width, "{file}");
        assert!(shot["bytes"].as_u64() > Some(8_000), "nothing is to be seen on {file}");
    }
}

/// Where pictures go: into the build folder, unless `tests/browser/screenshots` names that of the docs.
#[expect(
    clippy::disallowed_methods,
    reason = "the script that makes the pictures tells the test where they are wanted"
)]
fn folder_of_pictures() -> PathBuf {
    let wanted = std::env::var("TEST_SCREENSHOTS").ok().filter(|folder| !folder.is_empty());
    wanted.map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots"), PathBuf::from)
}
