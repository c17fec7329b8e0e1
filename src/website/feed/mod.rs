//! The newest statements for feed readers, with their full text and pictures: of all, of one language, of one hashtag; as Atom, RSS and
//! JSON Feed. The three forms say the same.

mod atom;
mod json;
mod rss;

use std::path::Path as File;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use url::form_urlencoded;

use super::Named;
use super::cache::Visit;
use super::errors::not_found;
use super::letter::{Addresses, Letter};
use super::reader::Reader;
use crate::actors;
use crate::clock::Time;
use crate::config;
use crate::error::{Error, Result};
use crate::languages::Language;
use crate::markup;
use crate::media;
use crate::node::Node;
use crate::statements::{self, Document, Hashtag, Picture, Reading, Statement};
use crate::storage::Conn;

const ENTRIES: i64 = 30;
/// Length of a title for a statement without one: an entry must have some.
const TITLE: usize = 90;
/// Length of a description where the form has one beside the text.
const DESCRIPTION: usize = 300;
/// The name under which an address names the language of statements.
const LANGUAGE: &str = "in";

/// The form of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Atom,
    Rss,
    Json,
}

impl Form {
    fn file(self) -> &'static str {
        match self {
            Self::Atom => "feed.atom",
            Self::Rss => "feed.rss",
            Self::Json => "feed.json",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }

    /// The form by the name of its file.
    fn named(file: &str) -> Option<Self> {
        [Self::Atom, Self::Rss, Self::Json].into_iter().find(|form| form.file() == file)
    }
}

/// A feed, whatever its form.
struct Channel {
    title: String,
    /// Where it is.
    address: String,
    /// The page that shows the same.
    page: String,
    /// Language of its statements, or else of the union.
    language: String,
    /// The union's name and page.
    author: (String, String),
    updated: Time,
    entries: Vec<Entry>,
}

/// A statement in a feed.
struct Entry {
    /// Its id, which is its page as well.
    id: String,
    title: String,
    language: String,
    /// Its beginning as text, or the warning that stands before it.
    description: String,
    /// The whole text, in HTML.
    html: String,
    published: Time,
    updated: Time,
    tags: Vec<String>,
    /// The pictures first.
    enclosures: Vec<Enclosure>,
}

/// A picture that may be seen without being asked for, or a document.
struct Enclosure {
    address: String,
    media_type: String,
    title: String,
    bytes: u64,
}

impl Entry {
    /// The first picture.
    fn picture(&self) -> Option<&Enclosure> {
        self.enclosures.iter().find(|enclosure| enclosure.media_type.starts_with("image/"))
    }
}

/// The letter without title and date, which a feed carries beside it.
#[derive(Template)]
#[template(path = "feed_entry.html")]
struct FeedEntry {
    letter: Letter,
}

/// What a feed is narrowed to.
#[derive(Debug, Clone, Default)]
struct Narrowed {
    tag: Option<String>,
    language: Option<String>,
}

/// `/feed.atom`; `?in=` names a language.
pub(super) async fn atom(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    answer(&node, &visit, Form::Atom, None, query).await
}

/// `/feed.rss`
pub(super) async fn rss(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    answer(&node, &visit, Form::Rss, None, query).await
}

/// `/feed.json`
pub(super) async fn json(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    answer(&node, &visit, Form::Json, None, query).await
}

/// The same of one hashtag: `/tags/{tag}/feed.atom` and so on.
pub(super) async fn of_hashtag(
    State(node): State<Node>,
    visit: Visit,
    named: Named<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let Ok(Path((tag, file))) = named else { return not_found(visit.reader).await };
    match Form::named(&file) {
        Some(form) => answer(&node, &visit, form, Some(tag), query).await,
        None => not_found(visit.reader).await,
    }
}

async fn answer(node: &Node, visit: &Visit, form: Form, tag: Option<String>, query: Option<String>) -> Response {
    visit.answer_as(form.content_type(), node, || write(node, form, tag, query.as_deref())).await
}

async fn write(node: &Node, form: Form, tag: Option<String>, query: Option<&str>) -> Result<String> {
    let narrowed = Narrowed { tag, language: language(query)? };
    let reading = node.clone();
    let channel = node.db.read(move |conn| channel(conn, &reading, form, narrowed)).await?;
    match form {
        Form::Atom => atom::write(&channel),
        Form::Rss => rss::write(&channel),
        Form::Json => json::write(&channel),
    }
}

fn language(query: Option<&str>) -> Result<Option<String>> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let Some((_, tag)) = pairs.find(|(name, _)| name == LANGUAGE) else { return Ok(None) };
    let wrong = || Error::invalid(LANGUAGE, "this is no language; write its code, such as fa or pt-BR");
    config::language_tag(&tag).map(Some).ok_or_else(wrong)
}

fn channel(conn: &mut Conn, node: &Node, form: Form, narrowed: Narrowed) -> Result<Channel> {
    let union = actors::find(conn, &node.identity.union.uri)?.unwrap_or_else(|| node.identity.union.clone());
    let hashtag = narrowed.tag.as_deref().map(|tag| statements::hashtag(conn, tag)).transpose()?;
    let tag = hashtag.as_ref().map(|hashtag| hashtag.tag.as_str());
    let mut entries = Vec::new();
    for statement in statements::list_newest(conn, tag, narrowed.language.as_deref(), ENTRIES)? {
        entries.push(entry(conn, node, statement)?);
    }
    let page = tag.map_or_else(|| node.urls.home(), |tag| node.urls.tag(tag));
    let folder = tag.map_or_else(|| node.urls.at(""), |_| page.clone());
    let in_language = narrowed.language.as_deref().map(|tag| format!("?{LANGUAGE}={tag}")).unwrap_or_default();
    Ok(Channel {
        title: title(union.display_name(), hashtag.as_ref(), narrowed.language.as_deref()),
        address: format!("{folder}/{}{in_language}", form.file()),
        page,
        language: narrowed.language.unwrap_or_else(|| node.config.language.clone()),
        author: (union.display_name().to_owned(), node.urls.home()),
        updated: entries.iter().map(|entry: &Entry| entry.updated).max().unwrap_or(union.created_at),
        entries,
    })
}

/// `#Tag – Union (language)`, with what there is of it.
fn title(union: &str, hashtag: Option<&Hashtag>, language: Option<&str>) -> String {
    let tag = hashtag.map(|hashtag| format!("#{} – ", hashtag.name)).unwrap_or_default();
    let language = language.map(|tag| format!(" ({})", Language::of(tag).name)).unwrap_or_default();
    format!("{tag}{union}{language}")
}

fn entry(conn: &mut Conn, node: &Node, statement: Statement) -> Result<Entry> {
    let revised = statements::last_revised(conn, statement.id)?;
    let reading: Reading = statements::read(conn, statement)?;
    let statement = &reading.statement;
    let letter = Letter::of(&reading, revised, &Reader::elsewhere(node, &statement.language), Addresses::Full);
    let name = || letter.warning.clone().unwrap_or_else(|| markup::excerpt(&statement.html, TITLE));
    let beginning = || statement.lead.clone().unwrap_or_else(|| markup::excerpt(&statement.html, DESCRIPTION));
    let folder = node.config.media_dir();
    let pictures = letter.open_pictures().map(|picture| enclosure(node, &folder, picture));
    let documents = letter.open_documents().map(|document| attached(node, document));
    Ok(Entry {
        id: statement.uri.clone(),
        title: statement.title.clone().unwrap_or_else(name),
        language: statement.language.clone(),
        description: letter.warning.clone().unwrap_or_else(beginning),
        published: statement.published,
        updated: statement.updated.unwrap_or(statement.published),
        tags: reading.tags.clone(),
        enclosures: pictures.chain(documents).collect(),
        html: FeedEntry { letter }.render().map_err(Error::internal)?,
    })
}

fn enclosure(node: &Node, folder: &File, picture: &Picture) -> Enclosure {
    // RSS wants the length; a file that is not there has none.
    let bytes = std::fs::metadata(folder.join(&picture.file)).map(|file| file.len()).unwrap_or_default();
    let (media_type, title) = (picture.media_type.clone(), picture.alt.clone());
    Enclosure { address: node.urls.media(&picture.file), media_type, title, bytes }
}

fn attached(node: &Node, document: &Document) -> Enclosure {
    Enclosure {
        address: node.urls.media(&document.file),
        media_type: media::PDF.to_owned(),
        title: document.title.clone(),
        bytes: u64::try_from(document.bytes).unwrap_or_default(),
    }
}

/// Text without the characters that no XML document may carry, not even escaped (XML 1.0, section 2.2).
fn clean(text: &str) -> String {
    let is_char =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(is_char).collect()
}

fn unwritable(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("a feed could not be written: {error}"))
}

#[cfg(test)]
mod tests;
