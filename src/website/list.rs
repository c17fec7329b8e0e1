//! Entries of lists: our statements, and what others wrote.

use super::page::web_address;
use super::paging;
use super::pictures::{icon_path, picture_path};
use super::reader::Reader;
use crate::actors::Actor;
use crate::error::{Error, Result};
use crate::languages::{self, Date, Language};
use crate::markup;
use crate::posts::{self, Post};
use crate::statements::{self, Statement};
use crate::storage::Conn;
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
    /// Other languages in which it exists.
    pub(super) others: Vec<Language>,
}

impl Item {
    pub(super) fn of(statement: &Statement, reader: &Reader) -> Self {
        let warning = statement.details().content_warning;
        let (headline, text) = beginning(statement, warning.as_deref());
        Self {
            href: reader.page(&reader.urls().statement(&statement.slug)),
            headline,
            text,
            warning,
            pinned: false,
            date: reader.t.date(statement.published, statement.day_only),
            language: Language::of(&statement.language),
            others: Vec::new(),
        }
    }

    fn of_listed(listed: &Listed, reader: &Reader) -> Self {
        let others = listed.others.iter().map(|tag| Language::of(tag)).collect();
        Self { others, pinned: listed.pinned, ..Self::of(&listed.statement, reader) }
    }
}

/// What a statement is called in a list, and what stands under it there: texts.
pub(super) fn beginning(statement: &Statement, warning: Option<&str>) -> (String, String) {
    match (&statement.title, &statement.lead, warning) {
        (Some(title), _, Some(_)) => (title.clone(), String::new()),
        (None, _, Some(warning)) => (warning.to_owned(), String::new()),
        (Some(title), Some(lead), None) => (title.clone(), lead.clone()),
        (Some(title), None, None) => (title.clone(), markup::excerpt(&statement.html, EXCERPT)),
        (None, Some(lead), None) => (lead.clone(), String::new()),
        (None, None, None) => (markup::excerpt(&statement.html, HEADLINE), String::new()),
    }
}

/// Whoever wrote a post elsewhere.
pub(super) struct Author {
    pub(super) name: String,
    /// The two halves of the handle, between which a narrow column may break.
    pub(super) user: String,
    pub(super) server: String,
    /// Picture, from our own address.
    pub(super) icon: Option<String>,
    /// Profile, where there is one that can be opened.
    pub(super) href: Option<String>,
}

impl Author {
    pub(super) fn of(actor: &Actor) -> Self {
        let (user, server) = actor.handle.split_once('@').unwrap_or((&actor.handle, &actor.host));
        Self {
            name: actor.display_name().to_owned(),
            user: user.to_owned(),
            server: server.to_owned(),
            icon: actor.icon.as_deref().and_then(web_address).map(|_| icon_path(actor.id)),
            href: web_address(actor.url.as_deref().unwrap_or(&actor.uri)),
        }
    }
}

/// A picture of somebody else.
pub(super) struct Seen {
    /// From our own address; none where it lies nowhere that we can ask.
    pub(super) src: Option<String>,
    /// What is to be seen, as far as its author said so.
    pub(super) alt: String,
}

impl Seen {
    fn of(post: &Post, number: usize, picture: posts::Picture) -> Self {
        let src = web_address(&picture.url).map(|_| picture_path(post.id, number));
        Self { src, alt: picture.alt.unwrap_or_default() }
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
    pub(super) pictures: Vec<Seen>,
    /// Whether its pictures are shown on demand only.
    pub(super) sensitive: bool,
    /// Whether it is a film: its picture leads to it.
    pub(super) is_film: bool,
    pub(super) date: Date,
    pub(super) language: Language,
    /// The original.
    pub(super) href: Option<String>,
    /// Where the original is, for people.
    pub(super) host: String,
}

impl Elsewhere {
    pub(super) fn of(post: &Post, author: &Actor, reader: &Reader) -> Self {
        let said = markup::plain_text(&post.content);
        let is_whole = said.chars().count() <= WHOLE;
        let pictures = post.pictures().into_iter().enumerate();
        Self {
            id: post.id,
            author: Author::of(author),
            // Servers for which a title is part of the text, as it is for ours, begin the text with it.
            title: post.title.clone().filter(|title| !said.starts_with(title.as_str())),
            warning: post.summary.clone().filter(|text| !text.trim().is_empty()),
            html: is_whole.then(|| post.content.clone()),
            excerpt: if is_whole { String::new() } else { markup::excerpt(&post.content, PART) },
            pictures: pictures.map(|(number, picture)| Seen::of(post, number, picture)).collect(),
            sensitive: post.sensitive,
            is_film: post.is_film(),
            date: reader.t.date(post.published, false),
            language: Language::maybe(post.language.as_deref()),
            href: web_address(post.page()),
            host: urls::host_of(post.page()).unwrap_or_else(|| author.host.clone()),
        }
    }
}

/// A statement of a list, in the language that its reader gets.
pub(super) struct Listed {
    statement: Statement,
    /// Languages in which it exists as well.
    others: Vec<String>,
    pinned: bool,
}

/// A page of a list, with the token of the next.
pub(super) struct Listing {
    listed: Vec<Listed>,
    pub(super) older: Option<String>,
}

impl Listing {
    /// Out of statements that were asked for with one more than a page holds, each in the reader's language where it exists in that.
    pub(super) fn of(conn: &mut Conn, statements: Vec<Statement>, reader: &Reader) -> Result<Self> {
        let (statements, older) = paging::cut(statements, PAGE, |statement| (statement.published, statement.id));
        let listed = statements.into_iter().map(|statement| in_her_language(conn, statement, reader));
        Ok(Self { listed: listed.collect::<Result<_>>()?, older })
    }

    /// With pinned statements first, and none of them again.
    pub(super) fn with_pinned(mut self, conn: &mut Conn, pinned: Vec<Statement>, reader: &Reader) -> Result<Self> {
        let mut first: Vec<Listed> = Vec::new();
        for statement in pinned {
            let listed = Listed { pinned: true, ..in_her_language(conn, statement, reader)? };
            if first.iter().all(|other| other.statement.id != listed.statement.id) {
                first.push(listed);
            }
        }
        self.listed.retain(|listed| first.iter().all(|pinned| pinned.statement.id != listed.statement.id));
        self.listed.splice(0..0, first);
        Ok(self)
    }

    /// Ready to be shown.
    pub(super) fn items(&self, reader: &Reader) -> Vec<Item> {
        self.listed.iter().map(|listed| Item::of_listed(listed, reader)).collect()
    }
}

fn in_her_language(conn: &mut Conn, statement: Statement, reader: &Reader) -> Result<Listed> {
    let mut versions = statements::translations_of(conn, &statement.uri)?;
    versions.insert(0, statement);
    let original = versions[0].language.clone();
    let best = languages::best(&versions, |version| &version.language, reader.wanted(), &original);
    let best = best.map_or(versions[0].id, |best| best.id);
    let (shown, others): (Vec<Statement>, Vec<Statement>) =
        versions.into_iter().partition(|version| version.id == best);
    let others = others.into_iter().map(|other| other.language).collect();
    let statement = shown.into_iter().next().ok_or_else(|| Error::internal("a statement without a version"))?;
    Ok(Listed { statement, others, pinned: false })
}
