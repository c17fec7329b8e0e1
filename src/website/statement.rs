//! A statement with everything around it: its translations, what it answers, and the answers that editors approved.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::Named;
use super::cache::Visit;
use super::errors::not_found;
use super::follow::FollowBox;
use super::letter::{Addresses, Letter};
use super::list::{Elsewhere, Item};
use super::page::{Site, web_address, write};
use super::paging::{self, Place};
use super::reader::Reader;
use super::thread::{Answer, Thread, Voice};
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::languages::{Language, Texts};
use crate::markup;
use crate::node::Node;
use crate::posts::{self, Post, Review};
use crate::statements::{self, Reading, State as Life, Statement};
use crate::storage::Conn;

/// How many answers stand on one page.
const ANSWERS: usize = 200;
const ANSWERS_AND_ONE: i64 = 201;
/// Length of a description in a preview.
const DESCRIPTION: usize = 200;
/// Length of a name for a statement without a title.
const NAME: usize = 70;

#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage {
    site: Site,
    letter: Letter,
    /// Its id, which is its page as well.
    canonical: String,
    path: String,
    preview: Preview,
    versions: Vec<Version>,
    answered: Option<Answered>,
    counts: Vec<String>,
    thread: Thread,
    /// Token of the next answers.
    later: Option<String>,
    follow: FollowBox,
}

/// What other sites and apps show of a link to the page.
struct Preview {
    title: String,
    description: String,
    image: Option<(String, String)>,
}

/// The same statement in one of its languages.
struct Version {
    href: String,
    /// The whole address, for other programs.
    address: String,
    language: Language,
    /// Whether it is the one on the page.
    here: bool,
    /// Whether it is the one from which the others were translated.
    original: bool,
}

/// The post that a statement answers.
struct Answered {
    href: Option<String>,
    /// Its author, where everybody may know.
    author: Option<String>,
}

/// All that the page needs of the database.
struct Found {
    reading: Reading,
    revised: Option<Time>,
    original: Option<Statement>,
    siblings: Vec<Statement>,
    answered: Option<(Post, Actor)>,
    answers: Vec<(Post, Actor)>,
    /// What the union itself said further in the conversation.
    own: Vec<Statement>,
}

/// The page at `/statements/{slug}`; `?after=` goes on with the answers. Unpublished statements are not found, like missing ones.
pub async fn statement(State(node): State<Node>, visit: Visit, named: Named, RawQuery(query): RawQuery) -> Response {
    match named {
        Ok(Path(slug)) => visit.answer(&node, show(&node, &visit.reader, slug, query.as_deref())).await,
        Err(_) => not_found(visit.reader).await,
    }
}

async fn show(node: &Node, reader: &Reader, slug: String, query: Option<&str>) -> Result<String> {
    let after = paging::place(query, "after")?;
    // PostgreSQL takes no NUL in a text.
    if slug.chars().any(char::is_control) {
        return Err(Error::not_found("This statement"));
    }
    let (reading, whose) = (node.clone(), reader.clone());
    let read = move |conn: &mut Conn| Ok((find(conn, &slug, after)?, Site::read(conn, &reading, &whose)?));
    let (found, site) = node.db.read(read).await?;
    write(&page(node, reader, site, found))
}

fn find(conn: &mut Conn, slug: &str, after: Option<Place>) -> Result<Found> {
    let statement = statements::find_by_slug(conn, slug)?;
    let original = match &statement.translates {
        Some(uri) => statements::find(conn, uri)?.filter(|original| original.state == Life::Published),
        None => None,
    };
    let siblings = match &original {
        Some(original) => statements::translations_of(conn, &original.uri)?,
        None => Vec::new(),
    };
    let answered = match &statement.in_reply_to {
        Some(uri) => find_answered(conn, uri)?,
        None => None,
    };
    let answers = posts::approved_answers(conn, statement.id, after, ANSWERS_AND_ONE)?;
    let revised = statements::last_revised(conn, statement.id)?;
    let own = own_answers(conn, &statement, after)?;
    Ok(Found { reading: statements::read(conn, statement)?, revised, original, siblings, answered, answers, own })
}

/// What the union itself answered to a statement, or to an answer to it.
fn own_answers(conn: &mut Conn, statement: &Statement, after: Option<Place>) -> Result<Vec<Statement>> {
    let mut own = Vec::new();
    for said in statements::list_in_conversation(conn, &statement.context, after, ANSWERS_AND_ONE)? {
        let Some(answered) = &said.in_reply_to else { continue };
        let is_below = *answered == statement.uri
            || posts::find(conn, answered)?.is_some_and(|post| post.statement_id == Some(statement.id));
        if is_below {
            own.push(said);
        }
    }
    Ok(own)
}

/// The answered post, if everybody may know of it.
fn find_answered(conn: &mut Conn, uri: &str) -> Result<Option<(Post, Actor)>> {
    let Some(post) = posts::find(conn, uri)? else { return Ok(None) };
    let shown = matches!(post.review, Review::NotNeeded | Review::Approved);
    let found = if shown { posts::find_by_id(conn, post.id)? } else { None };
    Ok(found.filter(|(_, author)| !author.blocked))
}

fn page(node: &Node, reader: &Reader, site: Site, found: Found) -> StatementPage {
    let statement = &found.reading.statement;
    let letter = Letter::of(&found.reading, found.revised, reader, Addresses::Short);
    let (answers, later) = paging::cut(found.answers, ANSWERS, place_of);
    let until = later.as_ref().and(answers.last()).map(place_of);
    let own = found.own.into_iter().filter(|own| until.is_none_or(|until| own.published <= until.0)).collect();
    StatementPage {
        site,
        preview: preview(&letter, &found.reading, reader),
        versions: versions(&found.reading, found.original.as_ref(), &found.siblings, reader),
        answered: statement.in_reply_to.as_deref().map(|uri| answered(uri, found.answered.as_ref())),
        counts: counts(statement, reader.t),
        thread: thread(answers, own, reader),
        later,
        follow: FollowBox::of(node),
        canonical: statement.uri.clone(),
        path: reader.short(&statement.uri).to_owned(),
        letter,
    }
}

fn place_of((post, _): &(Post, Actor)) -> Place {
    (post.published, post.id)
}

/// Answers of others and of the union itself, in one order.
fn thread(answers: Vec<(Post, Actor)>, own: Vec<Statement>, reader: &Reader) -> Thread {
    let others = answers.into_iter().map(|(post, author)| {
        let voice = Voice::Elsewhere(Box::new(Elsewhere::of(&post, &author, reader)));
        (post.published, Answer { uri: post.uri, answers: post.in_reply_to, voice })
    });
    let own = own.into_iter().map(|own| {
        let voice = Voice::Own(Box::new(Item::of(&own, reader)));
        (own.published, Answer { uri: own.uri, answers: own.in_reply_to, voice })
    });
    let mut all: Vec<(Time, Answer)> = others.chain(own).collect();
    all.sort_by_key(|(published, _)| *published);
    Thread::of(all.into_iter().map(|(_, answer)| answer).collect())
}

fn preview(letter: &Letter, reading: &Reading, reader: &Reader) -> Preview {
    let html = &reading.statement.html;
    // What is behind a warning on the page stays behind it in previews.
    let description = match (&letter.warning, &letter.lead) {
        (Some(warning), _) => warning.clone(),
        (None, Some(lead)) => lead.clone(),
        (None, None) => markup::excerpt(html, DESCRIPTION),
    };
    let name = || letter.warning.clone().unwrap_or_else(|| markup::excerpt(html, NAME));
    Preview {
        title: letter.title.clone().unwrap_or_else(name),
        description,
        image: letter.open_pictures().next().map(|picture| (reader.urls().media(&picture.file), picture.alt.clone())),
    }
}

fn versions(reading: &Reading, original: Option<&Statement>, siblings: &[Statement], reader: &Reader) -> Vec<Version> {
    let here = &reading.statement;
    let first = original.unwrap_or(here);
    let others = if original.is_some() { siblings } else { &reading.translations };
    if others.is_empty() {
        return Vec::new();
    }
    std::iter::once(first)
        .chain(others)
        .map(|statement| Version {
            href: reader.page(&reader.urls().statement(&statement.slug)),
            address: reader.urls().statement(&statement.slug),
            language: Language::of(&statement.language),
            here: statement.id == here.id,
            original: statement.id == first.id,
        })
        .collect()
}

fn answered(uri: &str, known: Option<&(Post, Actor)>) -> Answered {
    match known {
        Some((post, author)) => {
            Answered { href: web_address(post.page()), author: Some(author.display_name().to_owned()) }
        }
        None => Answered { href: web_address(uri), author: None },
    }
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
