//! A page that the union wrote itself, in the reader's language where it exists in that.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::Named;
use super::cache::Visit;
use super::errors::not_found;
use super::head::{DESCRIPTION, Head, organization, thing};
use super::mail::veiled;
use super::page::{Site, write};
use super::reader::Reader;
use crate::error::{Error, Result};
use crate::languages::{self, Date, Language};
use crate::markup;
use crate::node::Node;
use crate::site::{self, Page};

#[derive(Template)]
#[template(path = "written.html")]
struct WrittenPage {
    site: Site,
    head: Head,
    title: String,
    /// Safe HTML.
    html: String,
    language: Language,
    changed: Date,
}

/// The page at `/pages/{slug}`.
pub(super) async fn written(State(node): State<Node>, visit: Visit, named: Named) -> Response {
    match named {
        Ok(Path(slug)) => visit.answer(&node, show(&node, &visit.reader, slug)).await,
        Err(_) => not_found(visit.reader).await,
    }
}

async fn show(node: &Node, reader: &Reader, slug: String) -> Result<String> {
    let (reading, whose, path) = (node.clone(), reader.clone(), format!("/pages/{slug}"));
    let read =
        move |conn: &mut crate::storage::Conn| Ok((site::find_page(conn, &slug)?, Site::read(conn, &reading, &whose)?));
    let (versions, site) = node.db.read(read).await?;
    let best = languages::best(&versions, |page| &page.language, reader.t.tag(), &node.config.language);
    let page = best.ok_or_else(|| Error::not_found("This page"))?;
    write(&WrittenPage {
        head: head(page, &versions, &site, &path),
        title: page.title.clone(),
        html: veiled(&page.html),
        language: Language::of(&page.language),
        changed: reader.t.date(page.changed_at, false),
        site,
    })
}

/// The page exists in the languages in which it was written, whatever the words around it. Those that the interface does not speak have
/// no address of their own.
fn head(page: &Page, versions: &[Page], site: &Site, path: &str) -> Head {
    let reader = site.reader();
    let address = |version: &Page| languages::find(&version.language).map(|t| reader.in_language(path, t));
    let named = |version: &Page| Some((version.language.clone(), address(version)?));
    let description = markup::excerpt(&page.html, DESCRIPTION);
    let data = json!({"name": page.title, "inLanguage": page.language, "publisher": organization(site, reader)});
    let head = Head {
        title: page.title.clone(),
        description,
        canonical: Some(address(page).unwrap_or_else(|| reader.urls().at(path))),
        languages: versions.iter().filter_map(named).collect(),
        kind: "website",
        ..Head::default()
    };
    head.with_data(&thing("WebPage", data))
}
