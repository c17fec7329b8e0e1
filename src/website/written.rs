//! A page that the union wrote itself, in the reader's language where it exists in that.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::Named;
use super::cache::Visit;
use super::errors::{not_found, signed};
use super::head::{DESCRIPTION, Head, organization, thing};
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
    /// The page in each of its languages; empty where there is one only.
    versions: Vec<Version>,
}

/// The same page in one of its languages.
struct Version {
    href: String,
    language: Language,
    /// Whether it is the one on the page.
    here: bool,
}

/// The page at `/pages/{slug}`.
pub(super) async fn written(State(node): State<Node>, visit: Visit, named: Named) -> Response {
    let answered = match named {
        Ok(Path(slug)) => visit.answer(&node, || show(&node, &visit.reader, slug)).await,
        Err(_) => not_found(visit.reader.clone()).await,
    };
    signed(&node, &visit, answered).await
}

async fn show(node: &Node, reader: &Reader, slug: String) -> Result<String> {
    let (reading, whose, path) = (node.clone(), reader.clone(), format!("/pages/{slug}"));
    let read =
        move |conn: &mut crate::storage::Conn| Ok((site::find_page(conn, &slug)?, Site::read(conn, &reading, &whose)?));
    let (versions, site) = node.db.read(read).await?;
    let best = languages::best(&versions, |page| &page.language, reader.wanted(), &node.config.language);
    let page = best.ok_or_else(|| Error::not_found("This page"))?;
    write(&WrittenPage {
        head: head(page, &versions, &site, &path),
        title: page.title.clone(),
        html: markup::with_tables(&page.html),
        language: Language::of(&page.language),
        changed: reader.t.date(page.changed_at, false),
        versions: shown_versions(page, &versions, reader, &path),
        site,
    })
}

/// A reader chooses among the languages in which it was written, and not only among those of the interface.
fn shown_versions(page: &Page, versions: &[Page], reader: &Reader, path: &str) -> Vec<Version> {
    if versions.len() < 2 {
        return Vec::new();
    }
    let version = |version: &Page| Version {
        href: reader.short(&reader.in_language(path, &version.language)).to_owned(),
        language: told_apart(&version.language, versions),
        here: version.language == page.language,
    };
    versions.iter().map(version).collect()
}

/// A language with its name, and with its tag where another has the same name (`pt-BR` beside `pt-PT`).
fn told_apart(tag: &str, versions: &[Page]) -> Language {
    let language = Language::of(tag);
    let same = versions.iter().filter(|version| Language::of(&version.language).name == language.name).count();
    let name = if same > 1 { format!("{} ({tag})", language.name) } else { language.name };
    Language { name, ..language }
}

/// The page exists in the languages in which it was written, whatever the words around it: each has an address of its own, also where the
/// interface does not speak it.
fn head(page: &Page, versions: &[Page], site: &Site, path: &str) -> Head {
    let reader = site.reader();
    let address = |version: &Page| reader.in_language(path, &version.language);
    let named = |version: &Page| (version.language.clone(), address(version));
    let description = markup::excerpt(&page.html, DESCRIPTION);
    let data = json!({"name": page.title, "inLanguage": page.language, "publisher": organization(site, reader)});
    let head = Head {
        title: page.title.clone(),
        description,
        canonical: Some(address(page)),
        languages: versions.iter().map(named).collect(),
        kind: "website",
        ..Head::default()
    };
    head.with_data(&thing("WebPage", data))
}
