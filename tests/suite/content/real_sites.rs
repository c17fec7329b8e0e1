//! Five pages of real unions' sites, each item published with its day by the real command, read back by id and through the outbox.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::plain::{normalised, words_of};
use super::split::{Item, Page, split};
use crate::processes::database::Database;
use crate::processes::union::Union;
use crate::processes::{variable, web};

/// More items than this would make the test slow, since each is a command of its own.
const MOST: usize = 80;

fn pages() -> Option<Vec<(String, Page, String)>> {
    let Some(folder) = variable("TEST_STATEMENTS") else {
        println!("skipped: TEST_STATEMENTS is not set");
        return None;
    };
    let entries = std::fs::read_dir(Path::new(&folder)).expect("the folder of TEST_STATEMENTS");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let read = |file: &PathBuf| {
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let text = std::fs::read_to_string(file).expect("UTF-8");
        (name.clone(), split(&name, &text), text)
    };
    Some(files.iter().map(read).collect())
}

#[test]
fn every_line_of_the_pages_is_in_an_item_or_known_as_furniture() {
    let Some(pages) = pages() else { return };
    for (name, page, text) in &pages {
        let mut parts: Vec<String> = page.furniture.clone();
        for item in &page.items {
            parts.push(item.title.clone());
            parts.extend(item.byline.clone());
            parts.extend(item.text.clone());
            let day = item.date.map(|date| date.format("(%d.%m.%Y)").to_string());
            parts.extend(day.filter(|_| name.starts_with("000")));
            parts.extend(
                item.date.map(|date| date.format("%B %-d, %Y").to_string()).filter(|_| name.starts_with("002")),
            );
        }
        assert_eq!(letters(&parts.concat()), letters(&text.replace("• ", "")), "{name}: something is lost or doubled");
        assert!(page.items.iter().all(|item| !item.title.is_empty() && !item.text.is_empty()), "{name}");
    }
    let dated = |name: &str| {
        let (_, page, _) = pages.iter().find(|(file, ..)| file.starts_with(name)).expect("the page");
        page.items.iter().filter(|item| item.date.is_some()).count()
    };
    assert_eq!((dated("000"), dated("002")), (23, 5));
}

/// How often each letter stands there; order aside.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut count = BTreeMap::new();
    for letter in text.chars().filter(|letter| !letter.is_ascii_whitespace()) {
        *count.entry(letter).or_insert(0) += 1;
    }
    count
}

/// Items without a day get one by their order on the page: the newest, which stands first, the day before this one, and so on.
const DAY_AFTER_THE_UNDATED: NaiveDate = NaiveDate::from_ymd_opt(2020, 9, 1).expect("a day");

fn with_days(items: Vec<Item>) -> Vec<(Item, NaiveDate)> {
    let mut undated = 0;
    let mut day_of = |item: &Item| {
        item.date.unwrap_or_else(|| {
            undated += 1;
            DAY_AFTER_THE_UNDATED - Days::new(undated)
        })
    };
    let items: Vec<_> = items.into_iter().map(|item| (item.clone(), day_of(&item))).collect();
    println!("{} items, {undated} of them without a day: they get one by their order", items.len());
    items
}

#[test]
fn real_statements_come_back_as_they_were() {
    let Some(pages) = pages() else { return };
    let items = with_days(pages.into_iter().flat_map(|(_, page, _)| page.items).collect());
    assert!(items.len() <= MOST, "{} items take too long", items.len());
    let press = Union::start(&Database::Sqlite, "press");
    let ids: Vec<String> = items.iter().map(|(item, day)| publish(&press, item, *day)).collect();
    let in_outbox = walk_outbox(&press, ids.len());
    assert_eq!(in_outbox.len(), ids.len(), "each stands in the outbox once");
    for (id, (item, day)) in ids.iter().zip(&items) {
        let fetched = press.document(id);
        assert_eq!(fetched.status, 200);
        let note = fetched.json();
        compare(&note, item, *day);
        let listed = &in_outbox[id];
        assert_eq!(listed["content"], note["content"], "{id}: the outbox says the same");
        assert_eq!(listed["published"], note["published"]);
    }
    let listed = press.list(&["statement", "list", "--limit", "1000"]);
    assert_eq!(listed.len(), ids.len());
}

fn publish(press: &Union, item: &Item, day: NaiveDate) -> String {
    let front_matter = item.byline.as_ref().map(|byline| format!("+++\nbyline = {{ body = {byline:?} }}\n+++\n"));
    let text = front_matter.unwrap_or_default() + &item.text.join("\n\n");
    press.publish(&text, &["--title", &item.title, "--at", &day.to_string(), "--lang", "en"])
}

/// What a server that reads back the whole outbox finds, by id; newest first, each page within its size.
fn walk_outbox(press: &Union, expected: usize) -> BTreeMap<String, Value> {
    let outbox = press.document("/actor/outbox").json();
    assert_eq!(outbox["totalItems"], expected);
    let mut found = BTreeMap::new();
    let mut next = outbox["first"].as_str().map(str::to_owned);
    let mut last = "9999".to_owned();
    let mut pages = 0;
    while let Some(address) = next {
        let page = web::get(&address, web::DOCUMENT).json();
        for create in page["orderedItems"].as_array().expect("a list") {
            assert_eq!(create["type"], "Create");
            let note = &create["object"];
            let published = note["published"].as_str().expect("a date").to_owned();
            assert!(published <= last, "{published} comes after {last}");
            last = published;
            let id = note["id"].as_str().expect("an id").to_owned();
            assert!(found.insert(id.clone(), note.clone()).is_none(), "{id} stands there twice");
        }
        next = page["next"].as_str().map(str::to_owned);
        pages += 1;
        assert!(pages <= expected, "the pages have no end");
    }
    assert!(pages > 1 || expected < 20);
    found
}

fn compare(note: &Value, item: &Item, day: NaiveDate) {
    assert_eq!(note["published"].as_str().map(|time| &time[..10]), Some(day.to_string().as_str()));
    assert_eq!(note["name"].as_str(), Some(normalised(&item.title).as_str()));
    assert_eq!(note["contentMap"]["en"], note["content"]);
    let byline = item.byline.as_ref().map(|byline| format!("— {byline}"));
    let parts = [Some(item.title.clone()), Some(item.text.join("\n\n")), byline];
    let written = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    assert_eq!(words_of(note["content"].as_str().expect("a text")), normalised(&written));
}
