//! Entries of lists: our statements, and what others wrote.

use super::page::web_address;
use super::reader::Reader;
use crate::actors::Actor;
use crate::languages::{Date, Language};
use crate::markup;
use crate::posts::Post;
use crate::statements::Statement;
use crate::urls;

/// How many statements stand on one page.
pub(super) const PAGE: usize = 20;
/// One more than that: whether there is a next page.
pub(super) const PAGE_AND_ONE: i64 = 21;

/// Beginning of a text under its title.
const EXCERPT: usize = 280;
/// What stands in a title's place where there is none.
const HEADLINE: usize = 120;
/// A post of somebody else is shown whole up to this length.
const WHOLE: usize = 1_200;
/// And cut to this where it is longer.
const PART: usize = 600;

/// A statement in a list.
pub(super) struct Item {
    pub(super) href: String,
    /// Its title, or its beginning where it has none.
    pub(super) headline: String,
    /// Lead or beginning; empty where the headline says it all.
    pub(super) text: String,
    /// Shown instead of the text.
    pub(super) warning: Option<String>,
    /// Whether it stands first whatever its date.
    pub(super) pinned: bool,
    pub(super) date: Date,
    pub(super) language: Language,
}

impl Item {
    pub(super) fn of(statement: &Statement, reader: &Reader) -> Self {
        let warning = statement.details().content_warning;
        let (headline, text) = match (&statement.title, &statement.lead, &warning) {
            (Some(title), _, Some(_)) => (title.clone(), String::new()),
            (None, _, Some(warning)) => (warning.clone(), String::new()),
            (Some(title), Some(lead), None) => (title.clone(), lead.clone()),
            (Some(title), None, None) => (title.clone(), markup::excerpt(&statement.html, EXCERPT)),
            (None, Some(lead), None) => (lead.clone(), String::new()),
            (None, None, None) => (markup::excerpt(&statement.html, HEADLINE), String::new()),
        };
        Self {
            href: reader.page(&reader.urls().statement(&statement.slug)),
            headline,
            text,
            warning,
            pinned: false,
            date: reader.t.date(statement.published, statement.day_only),
            language: Language::of(&statement.language),
        }
    }

    pub(super) fn pinned(statement: &Statement, reader: &Reader) -> Self {
        Self { pinned: true, ..Self::of(statement, reader) }
    }
}

/// Whoever wrote a post elsewhere.
pub(super) struct Author {
    pub(super) name: String,
    /// The two halves of the handle, between which a narrow column may break.
    pub(super) user: String,
    pub(super) server: String,
    /// Profile, where there is one that can be opened.
    pub(super) href: Option<String>,
}

impl Author {
    fn of(actor: &Actor) -> Self {
        let (user, server) = actor.handle.split_once('@').unwrap_or((&actor.handle, &actor.host));
        Self {
            name: actor.display_name().to_owned(),
            user: user.to_owned(),
            server: server.to_owned(),
            href: web_address(actor.url.as_deref().unwrap_or(&actor.uri)),
        }
    }
}

/// A post of somebody else: an answer, or something that we passed on.
pub(super) struct Elsewhere {
    /// For the fragment in our page's address.
    pub(super) id: i64,
    pub(super) author: Author,
    pub(super) title: Option<String>,
    pub(super) warning: Option<String>,
    /// Safe HTML, where it is short enough to be shown whole.
    pub(super) html: Option<String>,
    /// Its beginning as text, where it is not.
    pub(super) excerpt: String,
    /// Alternative texts of its pictures, which stay where they are: our pages load nothing from others.
    pub(super) pictures: Vec<String>,
    pub(super) date: Date,
    pub(super) language: Language,
    /// The original.
    pub(super) href: Option<String>,
    /// Where the original is, for people.
    pub(super) host: String,
}

impl Elsewhere {
    pub(super) fn of(post: &Post, author: &Actor, reader: &Reader) -> Self {
        let is_whole = markup::plain_text(&post.content).chars().count() <= WHOLE;
        let pictures = post.pictures().into_iter().map(|picture| picture.alt.unwrap_or_default()).collect();
        Self {
            id: post.id,
            author: Author::of(author),
            title: post.title.clone(),
            warning: post.summary.clone().filter(|text| !text.trim().is_empty()),
            html: is_whole.then(|| post.content.clone()),
            excerpt: if is_whole { String::new() } else { markup::excerpt(&post.content, PART) },
            pictures,
            date: reader.t.date(post.published, false),
            language: Language::maybe(post.language.as_deref()),
            href: web_address(post.page()),
            host: urls::host_of(post.page()).unwrap_or_else(|| author.host.clone()),
        }
    }
}

/// A place in a list of statements.
pub(super) fn place_of(statement: &Statement) -> super::paging::Place {
    (statement.published, statement.id)
}

/// Statements as a page lists them, with the token of the next page.
pub(super) fn page_of(statements: Vec<Statement>, reader: &Reader) -> (Vec<Item>, Option<String>) {
    let (statements, older) = super::paging::cut(statements, PAGE, place_of);
    (statements.iter().map(|statement| Item::of(statement, reader)).collect(), older)
}
