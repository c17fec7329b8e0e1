//! Searching what we, our allies and approved answers said.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use url::form_urlencoded::{self, Serializer};

use super::cache::Visit;
use super::errors::{error_page, signed};
use super::head::Head;
use super::list::{PAGE, PAGE_AND_ONE, beginning};
use super::mail::veiled;
use super::page::{Site, html, web_address};
use super::reader::Reader;
use crate::actors::{self, Actor};
use crate::alliances;
use crate::clock::Zone;
use crate::error::{Error, Result};
use crate::languages::{self, Date, Language};
use crate::markup;
use crate::node::Node;
use crate::posts::{self, Post};
use crate::search::{self, Filters, Hit, Of, Wanted, passage};
use crate::statements::{self, Statement};
use crate::storage::Conn;

/// Letters of a passage, and of a title.
const PASSAGE: usize = 280;
const TITLE: usize = 200;
/// Longer words for a search are cut; no title is as long.
const LONGEST_TYPED: usize = 300;
/// What a year looks like, in the calendar by which the archive counts.
const A_YEAR: &str = "2026";

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    site: Site,
    head: Head,
    typed: Typed,
    /// What is wrong with what was typed.
    problem: Option<String>,
    languages: Vec<Language>,
    unions: Vec<Choice>,
    found: Vec<Found>,
    /// Address of the next page.
    older: Option<String>,
}

/// What the form sends.
#[derive(Debug, Default, Clone)]
struct Typed {
    words: String,
    language: String,
    year: String,
    tag: String,
    /// Handle of a union.
    author: String,
    before: Option<String>,
}

/// A union to narrow a search to.
struct Choice {
    handle: String,
    name: String,
}

/// Something that was found.
struct Found {
    href: Option<String>,
    /// HTML.
    title: String,
    /// HTML.
    passage: String,
    /// Who said it, where it is somebody else.
    author: Option<String>,
    date: Date,
    language: Language,
}

impl Typed {
    fn read(query: Option<&str>) -> Self {
        let mut typed = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value: String = value.chars().filter(|c| !c.is_control()).take(LONGEST_TYPED).collect();
            let value = value.trim().to_owned();
            match name.as_ref() {
                "q" => typed.words = value,
                "in" => typed.language = value,
                "year" => typed.year = value,
                "tag" => typed.tag = value,
                "union" => typed.author = value,
                "before" => typed.before = Some(value),
                _ => {}
            }
        }
        typed
    }

    fn is_empty(&self) -> bool {
        [&self.words, &self.language, &self.year, &self.tag, &self.author].iter().all(|field| field.is_empty())
    }

    /// The year, in digits of any script.
    fn year(&self) -> Option<u16> {
        search::fold(&self.year).parse().ok()
    }

    fn has_wrong_year(&self) -> bool {
        !self.year.is_empty() && self.year().is_none()
    }

    fn filters(&self, conn: &mut Conn, without_allies: bool, zone: Zone) -> Result<Filters> {
        let wrong_place = || Error::invalid("before", "this link to older pages is damaged; search again");
        let some = |field: &String| (!field.is_empty()).then(|| field.clone());
        let author_id = match some(&self.author) {
            // A union that we do not know said nothing here.
            Some(handle) => {
                Some(actors::find_by_handle(conn, handle.trim_start_matches('@'))?.map_or(0, |actor| actor.id))
            }
            None => None,
        };
        Ok(Filters {
            language: some(&self.language),
            year: self.year(),
            zone,
            hashtag: some(&self.tag),
            author_id,
            without_allies,
            before: self.before.as_ref().map(|place| place.parse().map_err(|_| wrong_place())).transpose()?,
        })
    }

    /// The address of what stands behind a place.
    fn older(&self, place: i64) -> String {
        let mut query = Serializer::new(String::from("/search?"));
        let fields = [
            ("q", &self.words),
            ("in", &self.language),
            ("year", &self.year),
            ("tag", &self.tag),
            ("union", &self.author),
        ];
        query.extend_pairs(fields.into_iter().filter(|(_, value)| !value.is_empty()));
        query.append_pair("before", &place.to_string()).finish()
    }
}

/// The page at `/search`.
pub(super) async fn search(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    let (reader, typed) = (&visit.reader, Typed::read(query.as_deref()));
    let answered = show(&node, reader, typed).await.unwrap_or_else(|error| error_page(reader, &error));
    signed(&node, &visit, answered).await
}

async fn show(node: &Node, reader: &Reader, typed: Typed) -> Result<Response> {
    let (reading, whose) = (node.clone(), reader.clone());
    let read = node.db.read(move |conn| Read::of(conn, &reading, &whose, typed)).await?;
    // To look for passages in long texts takes longer than to find the texts: no connection waits for it, and no other reader.
    let whose = reader.clone();
    let page = tokio::task::spawn_blocking(move || read.page(&whose)).await.map_err(Error::internal)?;
    let status = if page.problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(html(reader, status, &page))
}

/// All that the page needs of the database.
struct Read {
    site: Site,
    typed: Typed,
    wanted: Wanted,
    /// Languages to narrow a search to.
    spoken: Vec<String>,
    unions: Vec<Choice>,
    found: Vec<Said>,
    /// The place after which there is more.
    older: Option<i64>,
}

/// What was found, whole.
enum Said {
    Here(Box<Statement>),
    Elsewhere(Box<(Post, Actor)>),
}

impl Read {
    fn of(conn: &mut Conn, node: &Node, reader: &Reader, typed: Typed) -> Result<Self> {
        let site = Site::read(conn, node, reader)?;
        let without_allies = site.settings.hides_allies;
        let wanted = Wanted::read(&typed.words);
        let filters = typed.filters(conn, without_allies, node.config.time_zone)?;
        // Words without a letter in them are found nowhere; they are not the same as no words. Nor is a wrong year the same as none.
        let (hits, older) = if typed.has_wrong_year() || wanted.is_empty() && !typed.words.is_empty() {
            (Vec::new(), None)
        } else {
            hits(conn, node, &wanted, &filters)?
        };
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            found.extend(said(conn, hit)?);
        }
        let (spoken, unions) = (spoken(conn)?, unions(conn, node, without_allies)?);
        Ok(Self { site, typed, wanted, spoken, unions, found, older })
    }

    fn page(self, reader: &Reader) -> SearchPage {
        let Self { site, typed, wanted, spoken, unions, found, older } = self;
        let name = reader.t.say("search");
        let title = if typed.words.is_empty() { name } else { format!("{} – {name}", typed.words) };
        SearchPage {
            site,
            // What others look for is nothing to be found elsewhere.
            head: Head::nameless(&title),
            languages: spoken.iter().map(|tag| Language::of(tag)).collect(),
            unions,
            found: found.iter().map(|said| said.shown(reader, &wanted)).collect(),
            older: older.map(|place| reader.href(&typed.older(place))),
            problem: typed.has_wrong_year().then(|| reader.t.say_with("search-wrong-year", "example", A_YEAR)),
            typed,
        }
    }
}

impl Said {
    fn shown(&self, reader: &Reader, wanted: &Wanted) -> Found {
        match self {
            Self::Here(said) => statement(said, reader, wanted),
            Self::Elsewhere(said) => post(&said.0, &said.1, reader, wanted),
        }
    }
}

/// A page of what was found, and the place after which there is more.
fn hits(conn: &mut Conn, node: &Node, wanted: &Wanted, filters: &Filters) -> Result<(Vec<Hit>, Option<i64>)> {
    let mut hits = search::find(conn, node.identity.union.id, wanted, filters, PAGE_AND_ONE)?;
    let more = hits.len() > PAGE;
    hits.truncate(PAGE);
    let older = hits.last().filter(|_| more).map(|hit| hit.place);
    Ok((hits, older))
}

/// The languages of the interface, and others in which the union writes: a search finds all of a language, so that none is here by country.
fn spoken(conn: &mut Conn) -> Result<Vec<String>> {
    let mut spoken: Vec<String> = languages::all().map(|t| t.tag().to_owned()).collect();
    for tag in statements::languages(conn)? {
        let language = tag.split('-').next().unwrap_or_default();
        if !spoken.iter().any(|known| known == language) {
            spoken.push(language.to_owned());
        }
    }
    Ok(spoken)
}

/// Ourselves, and our allies, where the pages show them.
fn unions(conn: &mut Conn, node: &Node, without_allies: bool) -> Result<Vec<Choice>> {
    let own = node.identity.union.clone();
    let allies = if without_allies { Vec::new() } else { alliances::allies(conn, own.id)? };
    let choice = |actor: Actor| Choice { name: actor.display_name().to_owned(), handle: actor.handle };
    Ok(std::iter::once(own).chain(allies).map(choice).collect())
}

fn said(conn: &mut Conn, hit: Hit) -> Result<Option<Said>> {
    match hit.of {
        Of::Statement(id) => Ok(Some(Said::Here(Box::new(statements::get(conn, id)?)))),
        Of::Post(id) => Ok(posts::find_by_id(conn, id)?.map(|found| Said::Elsewhere(Box::new(found)))),
    }
}

fn statement(statement: &Statement, reader: &Reader, wanted: &Wanted) -> Found {
    let warning = statement.details().content_warning;
    let (headline, _) = beginning(statement, warning.as_deref());
    let whole = || [statement.lead.clone().unwrap_or_default(), markup::plain_text(&statement.html)].join("\n");
    Found {
        href: Some(reader.page(&reader.urls().statement(&statement.slug))),
        title: marked(&headline, wanted, TITLE),
        // What stands behind a warning on its page stands behind it here.
        passage: marked(&warning.unwrap_or_else(whole), wanted, PASSAGE),
        author: None,
        date: reader.t.date(statement.published, statement.day_only),
        language: Language::of(&statement.language),
    }
}

fn post(post: &Post, author: &Actor, reader: &Reader, wanted: &Wanted) -> Found {
    let warning = post.summary.clone().filter(|text| !text.trim().is_empty());
    let text = warning.unwrap_or_else(|| markup::plain_text(&post.content));
    Found {
        href: web_address(post.page()),
        title: post.title.as_deref().map(|title| marked(title, wanted, TITLE)).unwrap_or_default(),
        passage: marked(&text, wanted, PASSAGE),
        author: Some(format!("{} (@{})", author.display_name(), author.handle)),
        date: reader.t.date(post.published, false),
        language: Language::maybe(post.language.as_deref()),
    }
}

/// A passage of a text as HTML, with what was asked for marked. A mark may part an e-mail address from the sign by which it is known as one.
fn marked(text: &str, wanted: &Wanted, letters: usize) -> String {
    let pieces = passage(text, wanted, letters).into_iter().map(|piece| {
        let html = veiled(markup::escape_html(&piece.text)).replace('@', "&#64;");
        if piece.marked { format!("<mark>{html}</mark>") } else { html }
    });
    pieces.collect()
}
