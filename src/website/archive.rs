//! All statements by year and month.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::Named;
use super::cache::Visit;
use super::errors::{not_found, signed};
use super::head::Head;
use super::list::{Item, Listing, PAGE_AND_ONE};
use super::page::{Site, write};
use super::paging;
use super::reader::Reader;
use crate::clock::{Span, Zone};
use crate::error::{Error, Result};
use crate::node::Node;
use crate::statements;
use crate::storage::Conn;

/// All statements with the years in which there are any, or those of a year or a month with the months of that year.
#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage {
    site: Site,
    head: Head,
    title: String,
    /// Above it, where it is not all.
    all: Option<String>,
    parts: Vec<Part>,
    /// Path of this page.
    path: String,
    items: Vec<Item>,
    older: Option<String>,
}

/// A year or a month in which something was published.
struct Part {
    path: String,
    href: String,
    name: String,
}

/// Which part of the archive.
#[derive(Debug, Clone, Copy)]
enum Stretch {
    All,
    Year(i32),
    Month(i32, u32),
}

/// The page at `/archive`.
pub(super) async fn all(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    answer(&node, &visit, Some(Stretch::All), query.as_deref()).await
}

/// The page at `/archive/{year}`.
pub(super) async fn year(State(node): State<Node>, visit: Visit, year: Named, RawQuery(query): RawQuery) -> Response {
    let stretch = year.ok().and_then(|Path(year)| number(&year, 4)).map(Stretch::Year);
    answer(&node, &visit, stretch, query.as_deref()).await
}

/// The page at `/archive/{year}/{month}`.
pub(super) async fn month(
    State(node): State<Node>,
    visit: Visit,
    parts: Named<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let numbers = parts.ok().and_then(|Path((year, month))| Some((number(&year, 4)?, number(&month, 2)?)));
    let stretch = numbers.map(|(year, month)| Stretch::Month(year, month.unsigned_abs()));
    answer(&node, &visit, stretch, query.as_deref()).await
}

async fn answer(node: &Node, visit: &Visit, stretch: Option<Stretch>, query: Option<&str>) -> Response {
    let answered = match stretch {
        Some(stretch) => visit.answer(node, || show(node, &visit.reader, stretch, query)).await,
        None => not_found(visit.reader.clone()).await,
    };
    signed(node, visit, answered).await
}

/// A number of so many digits and nothing else, so that each page has one address.
fn number(text: &str, digits: usize) -> Option<i32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

impl Stretch {
    fn path(self) -> String {
        match self {
            Self::All => "/archive".to_owned(),
            Self::Year(year) => format!("/archive/{year:04}"),
            Self::Month(year, month) => format!("/archive/{year:04}/{month:02}"),
        }
    }

    fn span(self, zone: Zone) -> Option<Span> {
        match self {
            Self::All => None,
            Self::Year(year) => Span::year(year, zone),
            Self::Month(year, month) => Span::month(year, month, zone),
        }
    }

    /// As people say it.
    fn name(self, reader: &Reader) -> String {
        match (self, self.span(reader.t.zone())) {
            (Self::Year(_), Some(span)) => reader.t.year(span.from()),
            (Self::Month(..), Some(span)) => reader.t.month(span.from()),
            _ => reader.t.say("archive"),
        }
    }

    fn parts(self, conn: &mut Conn, zone: Zone) -> Result<Vec<Self>> {
        Ok(match self {
            Self::All => statements::archive_years(conn, zone)?.into_iter().map(Self::Year).collect(),
            Self::Year(year) | Self::Month(year, _) => statements::archive_months(conn, year, zone)?
                .into_iter()
                .map(|month| Self::Month(year, month))
                .collect(),
        })
    }
}

async fn show(node: &Node, reader: &Reader, stretch: Stretch, query: Option<&str>) -> Result<String> {
    let before = paging::place(query, "before")?;
    let nothing = || Error::not_found("This part of the archive");
    let (reading, whose) = (node.clone(), reader.clone());
    let zone = node.config.time_zone;
    let read = move |conn: &mut Conn| {
        let listed = match (stretch, stretch.span(zone)) {
            (Stretch::All, _) => statements::list_once(conn, before.into(), PAGE_AND_ONE)?,
            (_, Some(span)) => statements::list_once_in(conn, span, before.into(), PAGE_AND_ONE)?,
            (_, None) => return Err(nothing()),
        };
        if listed.is_empty() && before.is_none() && !matches!(stretch, Stretch::All) {
            return Err(nothing());
        }
        Ok((stretch.parts(conn, zone)?, Listing::of(conn, listed, &whose)?, Site::read(conn, &reading, &whose)?))
    };
    let (parts, listing, site) = node.db.read(read).await?;
    let title = match stretch {
        Stretch::All => reader.t.say("archive"),
        Stretch::Year(_) | Stretch::Month(..) => reader.t.say_on("statements-of", &stretch.name(reader)),
    };
    let path = stretch.path();
    let part = |part: Stretch| Part { path: part.path(), href: reader.href(&part.path()), name: part.name(reader) };
    write(&ArchivePage {
        head: Head::of_list(&site, &title, &path, before),
        site,
        title,
        all: (!matches!(stretch, Stretch::All)).then(|| reader.href("/archive")),
        parts: parts.into_iter().map(part).collect(),
        path,
        items: listing.items(reader),
        older: listing.older,
    })
}
