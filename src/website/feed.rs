//! The newest statements as an Atom feed (RFC 4287), with their full text.

use askama::Template;
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::errors::error_page;
use super::letter::{Addresses, Letter};
use super::page::ALWAYS_FRESH;
use super::reader::Reader;
use crate::actors;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::statements::{self, Picture, Reading, Statement};
use crate::storage::Slice;

const ENTRIES: i64 = 30;
/// Length of a title for a statement without one: an entry must have some.
const TITLE: usize = 90;

/// The letter without title and date, which the feed carries beside it.
#[derive(Template)]
#[template(path = "feed_entry.html")]
struct FeedEntry {
    letter: Letter,
}

pub(super) async fn feed(State(node): State<Node>, reader: Reader) -> Response {
    match write(&node).await {
        Ok(xml) => {
            let headers = [(CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (CACHE_CONTROL, ALWAYS_FRESH)];
            (headers, xml).into_response()
        }
        Err(error) => error_page(&reader, &error),
    }
}

async fn write(node: &Node) -> Result<Vec<u8>> {
    let uri = node.identity.union.uri.clone();
    let (readings, union) = node
        .db
        .read(move |conn| {
            let newest = statements::list(conn, Slice::Newest, ENTRIES)?;
            let whole = |statement: Statement| {
                let revised = statements::last_revised(conn, statement.id)?;
                Ok((statements::read(conn, statement)?, revised))
            };
            let readings = newest.into_iter().map(whole).collect::<Result<Vec<(Reading, Option<Time>)>>>()?;
            Ok((readings, actors::find(conn, &uri)?))
        })
        .await?;
    let union = union.as_ref().unwrap_or(&node.identity.union);
    let by = Person { name: clean(union.display_name()), uri: Some(node.urls.home()), ..Person::default() };
    let entries = readings
        .iter()
        .map(|(reading, revised)| entry(node, reading, *revised, &by))
        .collect::<Result<Vec<Entry>>>()?;
    let feed = Feed {
        id: node.urls.at("/feed.atom"),
        title: Text::plain(clean(union.display_name())),
        updated: entries.iter().map(|entry| entry.updated).max().unwrap_or_else(|| moment(union.created_at)),
        authors: vec![by.clone()],
        links: vec![
            link(&node.urls.at("/feed.atom"), "self", "application/atom+xml"),
            link(&node.urls.home(), "alternate", "text/html"),
        ],
        lang: Some(node.config.language.clone()),
        entries,
        ..Feed::default()
    };
    feed.write_to(Vec::new()).map_err(|error| Error::internal(format!("the feed could not be written: {error}")))
}

fn entry(node: &Node, reading: &Reading, revised: Option<Time>, by: &Person) -> Result<Entry> {
    let statement = &reading.statement;
    let letter = Letter::of(reading, revised, &Reader::elsewhere(node, &statement.language), Addresses::Full);
    let language = Some(statement.language.clone());
    let name = || letter.warning.clone().unwrap_or_else(|| markup::excerpt(&statement.html, TITLE));
    let title = statement.title.clone().unwrap_or_else(name);
    let page = Link { hreflang: language.clone(), ..link(&statement.uri, "alternate", "text/html") };
    let enclosure = |picture: &Picture| link(&node.urls.media(&picture.file), "enclosure", &picture.media_type);
    let links = std::iter::once(page).chain(letter.open_pictures().map(enclosure)).collect();
    let categories = reading.tags.iter().map(|tag| Category { term: clean(tag), ..Category::default() }).collect();
    Ok(Entry {
        id: clean(&statement.uri),
        title: Text { lang: language.clone(), ..Text::plain(clean(&title)) },
        updated: moment(statement.updated.unwrap_or(statement.published)),
        published: Some(moment(statement.published)),
        authors: vec![by.clone()],
        links,
        categories,
        content: Some(Content {
            lang: language,
            content_type: Some("html".to_owned()),
            value: Some(clean(&FeedEntry { letter }.render().map_err(Error::internal)?)),
            ..Content::default()
        }),
        ..Entry::default()
    })
}

fn link(href: &str, rel: &str, kind: &str) -> Link {
    Link { href: clean(href), rel: rel.to_owned(), mime_type: Some(clean(kind)), ..Link::default() }
}

fn moment(time: Time) -> FixedDateTime {
    time.and_utc().fixed_offset()
}

/// Text without the characters that no XML document may carry, not even escaped (XML 1.0, section 2.2).
fn clean(text: &str) -> String {
    let is_char =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(is_char).collect()
}

#[cfg(test)]
mod tests {
    use atom_syndication::Feed;

    use super::super::testing::{Site, TEXTS, statement};

    #[tokio::test]
    async fn the_feed_carries_every_script_and_survives_any_character() {
        let site = Site::new().await;
        for (number, (language, title, html)) in TEXTS.iter().enumerate() {
            site.publish(language, &format!("2026-05-0{}", number + 1), statement(language, title, html)).await;
        }
        let hostile = "a\u{0}\u{1}\u{B}\u{1F}\u{FFFE}\u{85}]]> <b> & \" ' \u{1F6A9}";
        site.publish("bad", "2026-06-01", statement("en", hostile, &format!("<p>{hostile}</p>"))).await;
        let (status, text) = site.get("/feed.atom").await;
        assert_eq!(status, 200);
        let feed = Feed::read_from(text.as_bytes()).expect("well-formed Atom");
        assert_eq!(feed.entries.len(), TEXTS.len() + 1);
        assert_eq!(feed.entries[0].title.value, "a\u{85}]]> <b> & \" ' \u{1F6A9}");
        for (entry, (language, title, html)) in feed.entries.iter().skip(1).rev().zip(TEXTS) {
            assert_eq!(entry.title.value, title);
            assert_eq!(entry.title.lang.as_deref(), Some(language));
            let content = entry.content.as_ref().expect("full text");
            assert_eq!(content.lang.as_deref(), Some(language));
            assert!(content.value.as_deref().unwrap_or_default().contains(html), "{content:?}");
            assert!(entry.id.ends_with(&format!("/statements/{language}")));
        }
    }

    #[tokio::test]
    async fn an_empty_feed_is_valid() {
        let site = Site::new().await;
        let feed = Feed::read_from(site.get("/feed.atom").await.1.as_bytes()).expect("well-formed Atom");
        assert!(feed.entries.is_empty() && !feed.id.is_empty());
    }
}
