//! The map for crawlers (sitemaps.org): the pages that every site has, those that the union wrote, and all statements. An index, and parts by
//! the numbers of statements, so that each part is found as fast among a million statements as among ten, and stays the same when others
//! are added.

use std::fmt::Write;

use axum::extract::{Path, State};
use axum::response::Response;

use super::Named;
use super::cache::Visit;
use super::errors::not_found;
use super::reader::Reader;
use crate::clock::{Time, rfc3339};
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::{site, statements};

/// Numbers of statements in a part; 50,000 are the most that the protocol allows.
const PART: i64 = 5_000;
const XML: &str = "application/xml; charset=utf-8";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

/// The index at `/sitemap.xml`.
pub(super) async fn index(State(node): State<Node>, visit: Visit) -> Response {
    visit.answer_as(XML, &node, || write_index(&node)).await
}

/// A part at `/sitemaps/{name}`: `pages.xml`, `1.xml`, `2.xml`…
pub(super) async fn part(State(node): State<Node>, visit: Visit, named: Named) -> Response {
    let name = named.ok().and_then(|Path(name)| name.strip_suffix(".xml").map(str::to_owned));
    match name.as_deref() {
        Some("pages") => visit.answer_as(XML, &node, || write_pages(&node, &visit.reader)).await,
        Some(number) => match number.parse().ok().filter(|part| *part >= 1_i64) {
            Some(part) => visit.answer_as(XML, &node, || write_statements(&node, part)).await,
            None => not_found(visit.reader).await,
        },
        None => not_found(visit.reader).await,
    }
}

async fn write_index(node: &Node) -> Result<String> {
    let parts = node.db.read(statements::ids_until).await?.div_euclid(PART) + 1;
    let mut xml = format!("{HEAD}<sitemapindex {NAMESPACE}>\n");
    for name in std::iter::once("pages".to_owned()).chain((1..=parts).map(|part| part.to_string())) {
        let _ = writeln!(xml, "<sitemap><loc>{}</loc></sitemap>", node.urls.at(&format!("/sitemaps/{name}.xml")));
    }
    Ok(xml + "</sitemapindex>\n")
}

async fn write_pages(node: &Node, reader: &Reader) -> Result<String> {
    let (slugs, settings) = node.db.read(|conn| Ok((site::slugs(conn)?, site::settings(conn)?))).await?;
    let mut xml = set();
    for path in ["/", "/archive", "/follow"].into_iter().chain((!settings.hides_allies).then_some("/allies")) {
        let _ = write!(xml, "<url><loc>{}</loc>", escaped(&node.urls.at(path)));
        for (tag, address) in reader.in_all_languages(path) {
            let _ = write!(xml, "<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\"/>", escaped(&address));
        }
        xml.push_str("</url>\n");
    }
    // Those exist in the languages only in which they were written, and name them themselves.
    for slug in slugs {
        let _ = writeln!(xml, "<url><loc>{}</loc></url>", escaped(&node.urls.at(&format!("/pages/{slug}"))));
    }
    Ok(xml + "</urlset>\n")
}

async fn write_statements(node: &Node, part: i64) -> Result<String> {
    let nothing = || Error::not_found("This part of the map");
    let up_to = part.checked_mul(PART).ok_or_else(nothing)?;
    let read = move |conn: &mut crate::storage::Conn| {
        if up_to - PART > statements::ids_until(conn)? {
            return Err(nothing());
        }
        statements::listed_between(conn, up_to - PART, up_to)
    };
    let listed: Vec<(String, Time)> = node.db.read(read).await?;
    let mut xml = set();
    for (slug, changed) in listed {
        let address = escaped(&node.urls.statement(&slug));
        let _ = writeln!(xml, "<url><loc>{address}</loc><lastmod>{}</lastmod></url>", rfc3339(changed));
    }
    Ok(xml + "</urlset>\n")
}

fn set() -> String {
    format!("{HEAD}<urlset {NAMESPACE} xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n")
}

fn escaped(address: &str) -> String {
    markup::escape_html(address)
}
