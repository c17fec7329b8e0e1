//! What the browser sees: a union's node with statements in many languages and scripts, beside two allied unions' nodes that speak with
//! it. The texts and pictures stand in `tests/browser/content`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::processes::database::Database;
use crate::processes::ended::{PATIENCE, argument, eventually};
use crate::processes::union::Union;

/// Statements of earlier days: file and day.
const EARLIER: [(&str, &str); 10] = [
    ("rest.en.md", "2026-11-17"),
    ("nightshift.ja.md", "2026-11-09"),
    ("fall.en.md", "2026-10-26"),
    ("teachers.fa.md", "2026-10-05"),
    ("fund.ko.md", "2026-09-30"),
    ("minutes.es.md", "2026-09-12"),
    ("harvest.uk.md", "2026-07-20"),
    ("mayday.tr.md", "2026-04-24"),
    ("words.de.md", "2012-02-01"),
    ("old.en.md", "2011-03-08"),
];

/// Languages of the pages that the union writes itself, and of its campaign's name.
const OWN: [(&str, &str); 3] =
    [("en", "Eight hours between shifts"), ("fa", "هشت ساعت میان دو نوبت کار"), ("ja", "勤務の間に八時間を")];

/// Pages that are no statement.
const PAGES: [&str; 8] = [
    "/",
    "/archive",
    "/archive/2026",
    "/allies",
    "/follow",
    "/pages/connect",
    "/tags/northport",
    "/tags/northport/pictures",
];

/// The union whose site it is, and those that keep it company.
pub struct Stage {
    press: Union,
    /// Paths of statements by the names of their files.
    statements: Vec<(&'static str, String)>,
    withdrawn: String,
    _company: [Union; 2],
}

impl Stage {
    /// Everything is said, answered and approved.
    pub fn set() -> Self {
        let name = |name, language| [("PICKET_NAME", name), ("PICKET_LANGUAGE", language)];
        let press = Union::start_with(&Database::Sqlite, "dockers", &name("Northport Dockers' Union", "en"));
        let railway = Union::start_with(&Database::Sqlite, "merkez", &name("Demiryolu İşçileri Sendikası", "tr"));
        let harbour = Union::start_with(&Database::Sqlite, "kowan", &name("港湾労働組合", "ja"));
        introduce(&press);
        press.follow(&railway);
        let mut statements = vec![];
        for (file, day) in EARLIER {
            statements.push((file, publish(&press, &text(file), &["--at", day])));
        }
        let withdrawn = publish(&press, "# Sent by mistake\n\nThis was not to be sent.", &[]);
        press.json(&["statement", "withdraw", &withdrawn]);

        let appeal = publish(&press, &text("lockout.en.md").replace("@ALLY", &railway.address()), &[]);
        press.json(&["statement", "pin", &appeal]);
        campaign(&press);
        press.json(&["tag", "feature", "همبستگی"]);
        for file in ["lockout.fa.md", "lockout.ja.md"] {
            statements.push((file, publish(&press, &text(file), &["--translates", &appeal])));
        }
        converse(&press, &railway, &harbour, &appeal);
        statements.push(("lockout.en.md", appeal));
        let path = |id: String| id.strip_prefix(&press.at("")).expect("an id here").to_owned();
        let withdrawn = path(withdrawn);
        let statements = statements.into_iter().map(|(file, id)| (file, path(id))).collect();
        Self { press, statements, withdrawn, _company: [railway, harbour] }
    }

    /// `http://host:port` of the site.
    pub fn origin(&self) -> String {
        self.press.at("")
    }

    /// The path of a statement that is gone.
    pub fn withdrawn(&self) -> &str {
        &self.withdrawn
    }

    /// Paths that a walk must have come to.
    pub fn paths(&self) -> Vec<&str> {
        let statements = self.statements.iter().map(|(_, path)| path.as_str());
        statements.chain(PAGES).chain(["/nothing/here", &self.withdrawn]).collect()
    }

    /// The pictures for README and docs: name, path, width, height, scheme and language of each.
    pub fn shots(&self) -> Value {
        let of = |file: &str| self.statements.iter().find(|(name, _)| *name == file).map_or("/", |(_, path)| path);
        json!([
            { "name": "home", "path": "/", "width": 1280, "height": 1000, "scheme": "light", "language": "en" },
            { "name": "statement", "path": of("lockout.en.md"), "width": 1280, "height": 1000, "scheme": "light", "language": "en" },
            { "name": "persian-dark", "path": of("lockout.fa.md"), "width": 768, "height": 1000, "scheme": "dark", "language": "fa" },
            { "name": "japanese-phone", "path": of("lockout.ja.md"), "width": 360, "height": 760, "scheme": "light", "language": "ja" },
            { "name": "search", "path": "/search?q=hours%20rest", "width": 768, "height": 900, "scheme": "light", "language": "en" },
            { "name": "leaflet", "path": of("lockout.en.md"), "width": 768, "height": 900, "language": "en", "print": true, "whole": true },
        ])
    }
}

/// A file of `tests/browser/content`.
fn content(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/content").join(file)
}

fn text(file: &str) -> String {
    std::fs::read_to_string(content(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Publishes a text whose pictures lie in the content's folder; gives its id.
fn publish(union: &Union, text: &str, options: &[&str]) -> String {
    let pictures = format!("file: {}/", content("").display().to_string().trim_end_matches('/'));
    union.publish(&text.replace("file: ", &pictures), options)
}

/// Who the union is.
fn introduce(press: &Union) {
    let (summary, logo) = (content("profile.md"), content("logo.png"));
    press.json(&["profile", "set", "--summary-file", argument(&summary), "--icon", argument(&logo)]);
    press.json(&["profile", "field", "set", "Union office", "Quay Street 4, weekdays 9 to 6"]);
    press.json(&["profile", "field", "set", "Strike fund", "First floor, with any paper that shows your name"]);
    press.json(&["site", "set", "--donate", "https://fund.example/northport"]);
    for (language, _) in OWN {
        let page = content(&format!("connect.{language}.md"));
        press.json(&["page", "add", "connect", argument(&page), "--lang", language, "--menu", "1"]);
    }
}

/// A hashtag has a readable name and an introduction, and stands on the first page.
fn campaign(press: &Union) {
    press.json(&["tag", "feature", "Northport"]);
    for (language, name) in OWN {
        let intro = content(&format!("campaign.{language}.md"));
        press.json(&["tag", "describe", "Northport", "--name", name, "--intro", argument(&intro), "--lang", language]);
    }
}

/// An ally's statement is passed on, and the answers of an ally and of a stranger stand under the appeal.
fn converse(press: &Union, railway: &Union, harbour: &Union, appeal: &str) {
    let refusal = publish(railway, &text("ally.tr.md"), &[]);
    press.receives(&refusal);
    press.json(&["boost", &refusal]);
    publish(railway, &text("answer.tr.md"), &["--in-reply-to", appeal]);
    let answer = publish(harbour, &text("answer.ja.md"), &["--in-reply-to", appeal]);
    let held = || press.list(&["replies", "--held"]).into_iter().find(|held| held["id"] == answer);
    eventually("the stranger's answer is held", PATIENCE, held);
    press.json(&["approve", &answer]);
    let shown = || (press.list(&["replies", appeal]).len() == 2).then_some(());
    eventually("both answers stand under the appeal", PATIENCE, shown);
}
