//! A statement with everything around it: its translations, what it answers, and the answers that editors approved.

mod conversation;
mod sharing;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};

use self::conversation::{Answers, Named as Origin};
use self::sharing::{Share, shares};
use super::Named;
use super::cache::Visit;
use super::errors::{not_found, signed};
use super::follow::FollowBox;
use super::head::{DESCRIPTION, Head, organization, thing};
use super::letter::{Addresses, Letter};
use super::page::{Site, write};
use super::paging::{self, Place};
use super::qr;
use super::reader::Reader;
use super::thread::{Thread, Voice};
use crate::clock::{Time, rfc3339};
use crate::error::{Error, Result};
use crate::languages::{Language, Texts};
use crate::markup;
use crate::node::Node;
use crate::statements::{self, Reading, State as Life, Statement};
use crate::storage::Conn;

/// Length of a name for a statement without a title.
const NAME: usize = 70;

#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage {
    site: Site,
    head: Head,
    letter: Letter,
    /// Its address, for a leaflet.
    address: String,
    path: String,
    versions: Vec<Version>,
    /// What it answers.
    answered: Option<Origin>,
    /// The statement of another union that it translates.
    translated: Option<Origin>,
    counts: Vec<String>,
    thread: Thread,
    /// Token of the next answers.
    later: Option<String>,
    shares: Vec<Share>,
    /// An SVG element.
    qr: Option<String>,
    follow: FollowBox,
}

/// The same statement in one of its languages.
struct Version {
    href: String,
    language: Language,
    /// Whether it is the one on the page.
    here: bool,
    /// Whether it is the one from which the others were translated.
    original: bool,
}

/// All that the page needs of the database.
struct Found {
    site: Site,
    reading: Reading,
    revised: Option<Time>,
    /// The statement in all its languages, the original first; empty where there is one only.
    versions: Vec<Statement>,
    answered: Option<Origin>,
    translated: Option<Origin>,
    answers: Answers,
}

/// The page at `/statements/{slug}`; `?after=` goes on with the answers. Unpublished statements are not found, like missing ones.
pub async fn statement(State(node): State<Node>, visit: Visit, named: Named, RawQuery(query): RawQuery) -> Response {
    let answered = match named {
        Ok(Path(slug)) => {
            let counted = slug.clone();
            let count = move |conn: &mut Conn| statements::reactions(conn, &counted);
            visit.answer_counting(&node, count, || show(&node, &visit.reader, slug, query.as_deref())).await
        }
        Err(_) => not_found(visit.reader.clone()).await,
    };
    signed(&node, &visit, answered).await
}

async fn show(node: &Node, reader: &Reader, slug: String, query: Option<&str>) -> Result<String> {
    let after = paging::place(query, "after")?;
    // PostgreSQL takes no NUL in a text.
    if slug.chars().any(char::is_control) {
        return Err(Error::not_found("This statement"));
    }
    let (reading, whose) = (node.clone(), reader.clone());
    let found = node.db.read(move |conn| find(conn, &reading, &whose, (&slug, after))).await?;
    write(&page(node, reader, found))
}

fn find(conn: &mut Conn, node: &Node, reader: &Reader, (slug, after): (&str, Option<Place>)) -> Result<Found> {
    let statement = statements::find_by_slug(conn, slug)?;
    let answered = statement.in_reply_to.as_deref().map(|uri| Origin::find(conn, uri)).transpose()?;
    let elsewhere = statement.translates.as_deref().filter(|uri| !node.urls.is_ours(uri));
    Ok(Found {
        site: Site::read(conn, node, reader)?,
        answered,
        translated: elsewhere.map(|uri| Origin::find(conn, uri)).transpose()?,
        answers: Answers::find(conn, &statement, after)?,
        revised: statements::last_revised(conn, statement.id)?,
        versions: versions(conn, &statement)?,
        reading: statements::read(conn, statement)?,
    })
}

/// A statement in all its languages, the original first; empty where there is one only.
fn versions(conn: &mut Conn, statement: &Statement) -> Result<Vec<Statement>> {
    let original = match &statement.translates {
        Some(uri) => statements::find(conn, uri)?.filter(|original| original.state == Life::Published),
        None => None,
    };
    // Translations of one statement of another union, or of one that was withdrawn, stand together as well.
    let shared = statement.translates.as_ref().unwrap_or(&statement.uri);
    let mut versions = statements::translations_of(conn, shared)?;
    if let Some(first) = original.or_else(|| statement.translates.is_none().then(|| statement.clone())) {
        versions.insert(0, first);
    }
    if versions.len() < 2 {
        versions.clear();
    }
    Ok(versions)
}

fn page(node: &Node, reader: &Reader, found: Found) -> StatementPage {
    let letter = Letter::of(&found.reading, found.revised, reader, Addresses::Short);
    let (head, versions) = (head(&found, &letter, reader), shown_versions(&found, reader));
    let statement = &found.reading.statement;
    let (thread, later) = found.answers.thread(reader);
    StatementPage {
        shares: shares(reader.t, &head.title, &statement.uri),
        qr: qr::svg(&statement.uri),
        address: statement.uri.clone(),
        path: reader.short(&statement.uri).to_owned(),
        counts: counts(statement, reader.t),
        follow: FollowBox::of(node),
        site: found.site,
        answered: found.answered,
        translated: found.translated,
        head,
        letter,
        versions,
        thread,
        later,
    }
}

fn shown_versions(found: &Found, reader: &Reader) -> Vec<Version> {
    let here = &found.reading.statement;
    let version = |statement: &Statement| Version {
        href: reader.page(&reader.urls().statement(&statement.slug)),
        language: Language::of(&statement.language),
        here: statement.id == here.id,
        original: statement.translates.is_none(),
    };
    found.versions.iter().map(version).collect()
}

fn head(found: &Found, letter: &Letter, reader: &Reader) -> Head {
    let (statement, urls) = (&found.reading.statement, reader.urls());
    // What is behind a warning on the page stays behind it in previews.
    let description = match (&letter.warning, &statement.lead) {
        (Some(warning), _) => warning.clone(),
        (None, Some(lead)) => lead.clone(),
        (None, None) => markup::excerpt(&statement.html, DESCRIPTION),
    };
    let name = || letter.warning.clone().unwrap_or_else(|| markup::excerpt(&statement.html, NAME));
    let languages = found.versions.iter().map(|version| (version.language.clone(), urls.statement(&version.slug)));
    let head = Head {
        title: letter.title.clone().unwrap_or_else(name),
        description,
        canonical: Some(statement.uri.clone()),
        document: Some(statement.uri.clone()),
        languages: languages.collect(),
        kind: "article",
        image: letter.open_pictures().next().map(|picture| (urls.media(&picture.file), picture.alt.clone())),
        published: Some(letter.date.machine.clone()),
        changed: found.revised.map(rfc3339),
        ..Head::default()
    };
    let data = article(found, &head, reader);
    head.with_data(&data)
}

/// The statement as schema.org has it.
fn article(found: &Found, head: &Head, reader: &Reader) -> Value {
    let (statement, union) = (&found.reading.statement, organization(&found.site, reader));
    let mut article = json!({
        "headline": head.title,
        "description": head.description,
        "inLanguage": statement.language,
        "datePublished": head.published,
        "url": statement.uri,
        "mainEntityOfPage": statement.uri,
        "author": union,
        "publisher": union,
    });
    for (name, value) in [
        ("dateModified", head.changed.clone()),
        ("image", head.image.as_ref().map(|(image, _)| image.clone())),
        ("translationOfWork", statement.translates.clone()),
        ("license", statement.details().licence),
    ] {
        if let Some(value) = value {
            article[name] = json!(value);
        }
    }
    thing("Article", article)
}

fn counts(statement: &Statement, t: Texts) -> Vec<String> {
    [
        (statement.replies_count, "answers-count"),
        (statement.boosts_count, "boosts-count"),
        (statement.likes_count, "likes-count"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, key)| t.count(key, number))
    .collect()
}

#[cfg(test)]
mod tests;
