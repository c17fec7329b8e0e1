use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::FluentResource;

use super::{INTERFACES, Texts, all, find, negotiate};
use crate::clock::parse_time;

/// The messages of a file: each key with the names of its placeholders.
fn messages(words: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in words.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if !line.starts_with([' ', '}']) {
            line.split_once(" = ").expect("a key and its words").0.clone_into(&mut key);
            assert!(messages.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
        }
        let placeholders = line.split('$').skip(1).map(|rest| {
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            name
        });
        messages.entry(key.clone()).or_default().extend(placeholders);
    }
    messages
}

#[test]
fn every_file_can_be_read_whole() {
    for interface in &INTERFACES {
        if let Err((_, errors)) = FluentResource::try_new(interface.words.to_owned()) {
            panic!("{}.ftl: {errors:?}", interface.tag);
        }
        assert!(interface.tag.parse::<unic_langid::LanguageIdentifier>().is_ok(), "{}", interface.tag);
    }
}

#[test]
fn no_key_is_missing_or_unknown_and_no_placeholder_differs() {
    let english = messages(INTERFACES[0].words);
    let mut complaints = Vec::new();
    for interface in &INTERFACES[1..] {
        let theirs = messages(interface.words);
        for (key, placeholders) in &english {
            match theirs.get(key) {
                None => complaints.push(format!("{}.ftl lacks {key}", interface.tag)),
                Some(found) if found != placeholders => {
                    complaints
                        .push(format!("{}.ftl: {key} has {found:?} where English has {placeholders:?}", interface.tag));
                }
                Some(_) => {}
            }
        }
        let unknown = theirs.keys().filter(|key| !english.contains_key(*key));
        complaints.extend(unknown.map(|key| format!("{}.ftl has {key}, which English has not", interface.tag)));
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_key_is_used() {
    let mut sources = String::new();
    read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let keys = messages(INTERFACES[0].words);
    let unused: Vec<&String> = keys.keys().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "no page says {unused:?}: remove them from every file");
}

fn read_all(folder: &Path, sources: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
            sources.push_str(&std::fs::read_to_string(path).expect("text"));
        }
    }
}

#[test]
fn every_key_that_a_page_says_exists() {
    let mut sources = String::new();
    read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/website"), &mut sources);
    let english = messages(INTERFACES[0].words);
    let says = ["say(\"", "say_with(\"", "say_on(\"", ".count(\""];
    let said = says.iter().flat_map(|says| sources.split(says).skip(1).filter_map(|rest| rest.split('"').next()));
    let unknown: BTreeSet<&str> = said.filter(|key| !english.contains_key(*key)).collect();
    assert!(unknown.is_empty(), "en.ftl lacks {unknown:?}");
}

/// The plural forms of whole numbers below a million in each language (CLDR), in the order in which our files have them. The `many` of
/// Spanish, French, Italian and Portuguese is for whole millions.
const FORMS: [(&str, &[&str]); INTERFACES.len()] = [
    ("en", &["one", "other"]),
    ("es", &["one", "other"]),
    ("fr", &["one", "other"]),
    ("de", &["one", "other"]),
    ("it", &["one", "other"]),
    ("pt", &["one", "other"]),
    ("tr", &["one", "other"]),
    ("fa", &["one", "other"]),
    ("ar", &["zero", "one", "two", "few", "many", "other"]),
    ("uk", &["one", "few", "many", "other"]),
    ("ru", &["one", "few", "many", "other"]),
    ("ja", &["other"]),
    ("ko", &["other"]),
];

/// The messages that a number chooses the form of: each key with its forms.
fn plurals(words: &str) -> BTreeMap<&str, Vec<&str>> {
    let choices = words.split("\n}").filter_map(|part| part.split_once(" = { $count ->"));
    choices.map(|(before, forms)| (before.lines().last().unwrap_or_default(), bracketed(forms))).collect()
}

fn bracketed(forms: &str) -> Vec<&str> {
    forms.split('[').skip(1).filter_map(|rest| rest.split(']').next()).collect()
}

#[test]
fn no_language_lacks_a_form_that_its_numbers_have() {
    for (interface, (tag, forms)) in INTERFACES.iter().zip(FORMS) {
        assert_eq!(interface.tag, tag, "the forms of {} stand at its place", interface.tag);
        let plurals = plurals(interface.words);
        let counted = messages(interface.words).into_values().filter(|placeholders| placeholders.contains("count"));
        assert_eq!(plurals.len(), counted.count(), "{tag}.ftl: {plurals:?}");
        for (key, written) in plurals {
            assert_eq!(written, forms, "{tag}.ftl: {key}");
        }
    }
}

#[test]
fn every_number_has_its_form_in_every_language() {
    for texts in all() {
        for (key, placeholders) in messages(INTERFACES[texts.number].words) {
            if placeholders.contains("count") {
                for number in [0, 1, 2, 3, 5, 11, 21, 100, 1_234] {
                    let said = texts.count(&key, number);
                    assert!(said.contains(&texts.number(number)) && !said.contains('$'), "{}: {said}", texts.tag());
                }
            }
        }
    }
}

#[test]
fn a_reader_gets_what_she_wants_most_of_what_there_is() {
    for (accepted, node, tag) in [
        (Some("en-GB,en;q=0.9"), "tr", "en"),
        (Some("xx, ja;q=0.8, fa-IR;q=0.9, en;q=0.1"), "tr", "fa"),
        (Some("pt-BR"), "tr", "pt"),
        (None, "tr-TR", "tr"),
        (Some("xx, en;q=0.1"), "tr", "en"),
        (Some("xx"), "en-IE", "en"),
        (Some("en;q=0"), "xx", "en"),
        (None, "xx", "en"),
        (Some(""), "", "en"),
        (Some(";;;,,,q=,en;q=nonsense"), "xx", "en"),
    ] {
        assert_eq!(negotiate(accepted, node).tag(), tag, "{accepted:?}");
    }
    assert!(find("EN_us").is_some() && find("").is_none() && find("eng").is_none() && find("\u{0}").is_none());
}

#[test]
fn a_day_alone_pretends_no_hour() {
    let (time, day_only) = parse_time("2026-05-01").expect("a day");
    let texts = Texts::default();
    let date = texts.date(time, day_only);
    assert_eq!((date.machine.as_str(), date.human.as_str()), ("2026-05-01", "1 May 2026"));
    assert_eq!(texts.date(time, false).machine, "2026-05-01T12:00:00Z");
    assert_eq!(texts.number(1_234_567), "1,234,567");
}

#[test]
fn dates_and_numbers_follow_the_customs_of_each_language() {
    let (time, _) = parse_time("2026-05-01").expect("a day");
    for (tag, date, number) in [
        ("de", "1. Mai 2026", "12.345"),
        ("fr", "1 mai 2026", "12\u{202f}345"),
        ("pt", "1 de maio de 2026", "12.345"),
        ("tr", "1 Mayıs 2026", "12.345"),
        ("fa", "۱۱ اردیبهشت ۱۴۰۵", "۱۲٬۳۴۵"),
        ("ar", "1 مايو 2026", "12,345"),
        ("uk", "1 травня 2026\u{202f}р.", "12\u{a0}345"),
        ("ja", "2026年5月1日", "12,345"),
        ("ko", "2026년 5월 1일", "12,345"),
    ] {
        let texts = find(tag).expect(tag);
        assert_eq!((texts.date(time, false).human.as_str(), texts.number(12_345).as_str()), (date, number), "{tag}");
    }
}

#[test]
fn somebodys_text_keeps_its_direction_to_itself() {
    assert_eq!(Texts::default().say_with("original-at", "host", "a.example"), "Original at \u{2068}a.example\u{2069}");
    assert_eq!(Texts::default().say("no such key"), "no such key");
}
