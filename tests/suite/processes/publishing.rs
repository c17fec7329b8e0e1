//! Ways to publish: past and future dates, pictures, front matter, standard input, and a disk that is full.

use std::io::Cursor;
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use image::{ImageFormat, Rgb, RgbImage};
use picket::clock::{Clock, rfc3339};
use serde_json::Value;

use super::database::{Database, on_both};
use super::ended::{PATIENCE, argument, eventually};
use super::union::Union;
use super::web;

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 120]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

on_both! {
    fn a_statement_for_the_future_is_published_when_its_time_comes(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        ally.follow(&press);
        let at = rfc3339(Clock::default().now() + TimeDelta::seconds(4));
        let id = press.publish("# Tomorrow\n\nNot yet.\n", &["--at", &at]);
        let state = || press.json(&["statement", "show", &id])["state"].clone();
        if state() == "scheduled" {
            assert!([200, 404].contains(&press.document(&id).status));
        }
        eventually("its time comes", PATIENCE, || (state() == "published").then_some(()));
        let entry = ally.receives(&id);
        let published: DateTime<Utc> = entry["published"].as_str().expect("a time").parse().expect("RFC 3339");
        let asked: DateTime<Utc> = at.parse().expect("RFC 3339");
        assert!((published - asked).num_seconds().abs() < 40, "{published} is not {asked}");
        assert_eq!(press.document(&id).status, 200);
    }

    fn a_statement_of_the_past_is_listed_and_not_delivered(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        ally.follow(&press);
        let arguments = ["statement", "publish", "-", "--json", "--at", "2015-10-14T09:30:00+03:00", "--title", "Old"];
        let told = press.run_with_input(&arguments, "Long ago.").json();
        assert_eq!(told["deliveries"], 0);
        let id = told["id"].as_str().expect("an id");
        let note = press.document(id).json();
        assert_eq!(note["published"], "2015-10-14T06:30:00Z");
        assert!(press.document("/actor/outbox?page=true").text().contains(id));
        assert_eq!(press.list(&["statement", "list"])[0]["title"], "Old");
        // Neither it nor a change of it is sent; what is published later is.
        assert_eq!(press.edit(id, "Long, long ago.")["deliveries"], 0);
        let later = press.publish("Now.", &[]);
        ally.receives(&later);
        assert!(ally.timeline_entry(id).is_none());
    }
}

#[test]
fn pictures_travel_with_their_description() {
    let press = Union::start(&Database::Sqlite, "press");
    let picture = press.file("march.png", png(40, 20));
    let second = press.file("banner.png", png(8, 8));
    let options =
        ["--image", argument(&picture), "--alt", "A march", "--image", argument(&second), "--alt", "A banner"];
    let id = press.publish("With pictures.", &options);
    let note = press.document(&id).json();
    let attachment = note["attachment"].as_array().expect("a list");
    assert_eq!(attachment.len(), 2);
    assert_eq!((attachment[0]["name"].as_str(), attachment[1]["name"].as_str()), (Some("A march"), Some("A banner")));
    assert_eq!((attachment[0]["width"].as_i64(), attachment[0]["height"].as_i64()), (Some(40), Some(20)));
    let address = attachment[0]["url"].as_str().expect("an address");
    let served = web::get(address, "image/*");
    assert_eq!(served.status, 200);
    let decoded = image::load_from_memory(&served.bytes).expect("a picture");
    assert_eq!((decoded.width(), decoded.height()), (40, 20));

    let unnamed = press.run(&["statement", "publish", argument(&picture), "--image", argument(&picture)]);
    assert_eq!(unnamed.code, Some(1), "a picture without a description: {unnamed:?}");
    let text = press.file("text.md", "A text.");
    let no_picture = ["statement", "publish", argument(&text), "--image", argument(&text), "--alt", "No picture"];
    assert!(press.run(&no_picture).refusal(1).contains("text.md"));
    assert_eq!(press.list(&["statement", "list"]).len(), 1, "what is refused leaves nothing");
}

const TOML: &str = r#"+++
title = "İşçilerin çağrısı"
lead = "Bir fabrika, bir sendika."
language = "tr"
date = 2024-05-01
byline = { person = "Ayşe Yılmaz", function = "başkan", body = "Gebze şubesi" }
on_behalf_of = "Metal işçileri"
received_from = "Doro-Chiba"
addressee = "Bütün işçilere"
source = "https://sendika.example/cagri"
licence = "CC BY-SA 4.0"
content_warning = "polis şiddeti"
hashtags = ["1Mayıs", "grev"]
+++
Yaşasın *dayanışma*!
"#;

const YAML: &str = "---
title: İşçilerin çağrısı
lead: Bir fabrika, bir sendika.
language: tr
date: 2024-05-01
byline:
  person: Ayşe Yılmaz
  function: başkan
  body: Gebze şubesi
on_behalf_of: Metal işçileri
received_from: Doro-Chiba
addressee: Bütün işçilere
source: https://sendika.example/cagri
licence: CC BY-SA 4.0
content_warning: polis şiddeti
hashtags:
  - 1Mayıs
  - grev
---
Yaşasın *dayanışma*!
";

#[test]
fn front_matter_says_the_same_in_toml_and_in_yaml() {
    let press = Union::start(&Database::Sqlite, "press");
    let notes = [("a.md", TOML), ("b.md", YAML)].map(|(name, text)| {
        let file = press.file(name, text);
        let told = press.json(&["statement", "publish", argument(&file)]);
        let note = press.document(told["id"].as_str().expect("an id")).json();
        note_without_its_own(&note)
    });
    assert_eq!(notes[0], notes[1]);
    let note = &notes[0];
    assert_eq!(note["name"], "İşçilerin çağrısı");
    assert_eq!(note["summary"], "polis şiddeti");
    assert_eq!(note["published"], "2024-05-01T12:00:00Z");
    assert_eq!(note["contentMap"].as_object().expect("a map").keys().collect::<Vec<_>>(), ["tr"]);
    let content = note["content"].as_str().expect("a text");
    for said in [
        "İşçilerin çağrısı",
        "Bir fabrika, bir sendika.",
        "Ayşe Yılmaz",
        "başkan",
        "Gebze şubesi",
        "Metal işçileri",
        "Doro-Chiba",
        "Bütün işçilere",
        "https://sendika.example/cagri",
        "CC BY-SA 4.0",
        "Yaşasın <em>dayanışma</em>!",
    ] {
        assert!(content.contains(said), "{said} is not in {content}");
    }
    let tags: Vec<&str> =
        note["tag"].as_array().expect("a list").iter().filter_map(|tag| tag["name"].as_str()).collect();
    assert_eq!(tags, ["#1Mayıs", "#grev"]);
}

/// What two statements of the same words have in common.
fn note_without_its_own(note: &Value) -> Value {
    let id = note["id"].as_str().expect("an id").to_owned();
    let mut same: Value = serde_json::from_str(&note.to_string().replace(&id, "ID")).expect("JSON");
    same.as_object_mut().expect("an object").remove("proof");
    same
}

#[test]
fn flags_win_over_front_matter_and_both_over_the_text() {
    let press = Union::start(&Database::Sqlite, "press");
    let text = "---\ntitle: From above\nlanguage: de\n---\n# From below\n\nText.\n";
    let listed = |id: &str| press.json(&["statement", "show", id]);
    let by_matter = listed(&press.publish(text, &[]));
    assert_eq!((by_matter["title"].as_str(), by_matter["language"].as_str()), (Some("From above"), Some("de")));
    let by_flag = listed(&press.publish(text, &["--title", "By flag", "--lang", "fr"]));
    assert_eq!((by_flag["title"].as_str(), by_flag["language"].as_str()), (Some("By flag"), Some("fr")));
    let by_heading = listed(&press.publish("# From below\n\nText.\n", &[]));
    assert_eq!((by_heading["title"].as_str(), by_heading["language"].as_str()), (Some("From below"), Some("en")));
    assert!(!by_heading["content"].as_str().expect("a text").contains("From below"), "the title stands once");
}

#[test]
fn what_cannot_be_published_is_refused_with_what_to_do_and_leaves_nothing() {
    let press = Union::start(&Database::Sqlite, "press");
    for (text, options, word) in [
        ("", &[][..], ""),
        ("  \n\n", &[], ""),
        ("+++\ntitel = \"x\"\n+++\nText", &[], "titel"),
        ("---\ntitle: x\nText", &[], "---"),
        ("Text", &["--at", "yesterday"], "yesterday"),
        ("Text", &["--lang", "english"], "english"),
        ("Text", &["--to", "@nobody@127.0.0.1:1"], "127.0.0.1:1"),
        ("Text", &["--in-reply-to", "http://127.0.0.1:1/x"], "127.0.0.1:1"),
        ("Text", &["--in-reply-to", "nonsense"], "nonsense"),
    ] {
        let arguments = [&["statement", "publish", "-"], options].concat();
        let ended = press.run_with_input(&arguments, text);
        assert!(ended.refusal(1).contains(word), "{text:?} {options:?}: {ended:?}");
    }
    let latin = press.file("latin.md", [b'g', 0xfc, b'n']);
    assert!(press.run(&["statement", "publish", argument(&latin)]).refusal(1).contains("UTF-8"));
    assert!(press.run(&["statement", "publish", "/nowhere/x.md"]).refusal(1).contains("/nowhere/x.md"));
    assert!(press.list(&["statement", "list"]).is_empty());
    assert_eq!(press.document("/actor/outbox").json()["totalItems"], 0);
}

#[test]
fn a_full_disk_refuses_a_statement_whole_and_the_server_goes_on() {
    let mut press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    ally.follow(&press);
    let before = press.publish("# Before\n\nThere was room.\n", &[]);
    ally.receives(&before);
    // Files cannot grow beyond this many blocks: to SQLite that is a disk that is full.
    let text = press.file("long.md", "A long statement. ".repeat(11_000));
    let picture = press.file("large.png", noise());
    let mut publish = Command::new("/bin/bash");
    press.settle(&mut publish);
    let script = r#"trap '' XFSZ; ulimit -f 512; exec "$0" "$@""#;
    publish.args(["-c", script, env!("CARGO_BIN_EXE_picket"), "statement", "publish"]).arg(&text);
    let refused = super::ended::ended(&mut publish);
    assert!(refused.refusal(1).contains("nothing was changed"), "{refused:?}");
    let with_picture = ["--image", argument(&picture), "--alt", "Noise"];
    let refused = super::ended::ended(publish.args(with_picture));
    assert_eq!(refused.code, Some(1), "{refused:?}");

    assert!(press.is_up());
    assert_eq!(press.document(&before).status, 200);
    let listed = press.list(&["statement", "list"]);
    assert_eq!(listed.len(), 1, "nothing is half-written: {listed:?}");
    let media = std::fs::read_dir(press.data().join("media")).expect("the media folder");
    assert_eq!(media.count(), 0, "no picture of what was refused is left");
    // With room again it works, beside the same server.
    let after = press.publish("# After\n\nThere is room again.\n", &[]);
    ally.receives(&after);
}

/// A picture that does not shrink: a megabyte at least.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let picture = RgbImage::from_fn(800, 800, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, one, two, three] = state.to_le_bytes();
        Rgb([one, two, three])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

#[test]
fn whoever_publishes_the_same_text_twice_is_told_and_can_have_it_refused() {
    let press = Union::start(&Database::Sqlite, "press");
    let file = press.file("strike.md", "# Strike\n\nFrom Monday on.");
    let publish =
        |options: &[&str]| press.run(&[&["statement", "publish", "--json", argument(&file)], options].concat());
    let first = publish(&["--once"]);
    let (id, said) = (first.json()["id"].clone(), first.stderr);
    assert_eq!(said, "", "nothing to look at");
    let id = id.as_str().expect("an id");
    assert!(publish(&["--once"]).refusal(1).contains(id));
    let again = publish(&[]);
    let second = again.json()["id"].clone();
    let line = again.stderr.strip_suffix('\n').expect("a line");
    assert!(line.contains(id) && line.contains(second.as_str().expect("an id")) && !line.contains('\n'), "{line}");
}
