//! The pictures of a campaign, with what they show, who made them, and the statements that they belong to.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::Named;
use super::cache::Visit;
use super::errors::{not_found, signed};
use super::head::Head;
use super::page::{Site, write};
use super::paging;
use super::reader::Reader;
use super::sizes::srcset;
use crate::error::Result;
use crate::languages::{self, Language};
use crate::node::Node;
use crate::statements::{self, Picture, Statement};
use crate::storage::Conn;

/// How many statements with pictures stand on one page.
const STATEMENTS: usize = 12;
const STATEMENTS_AND_ONE: i64 = 13;

#[derive(Template)]
#[template(path = "gallery.html")]
struct GalleryPage {
    site: Site,
    head: Head,
    title: String,
    /// The campaign's own page.
    campaign: String,
    path: String,
    pictures: Vec<Hung>,
    older: Option<String>,
}

/// A picture with its statement.
struct Hung {
    src: String,
    /// The same in each of its widths, for `srcset`; empty where it has one only.
    srcset: String,
    picture: Picture,
    href: String,
    title: Option<String>,
    language: Language,
}

/// The page at `/tags/{tag}/pictures`; `?before=` goes on where the page before ended.
pub(super) async fn gallery(
    State(node): State<Node>,
    visit: Visit,
    named: Named,
    RawQuery(query): RawQuery,
) -> Response {
    let answered = match named {
        Ok(Path(tag)) => visit.answer(&node, || show(&node, &visit.reader, tag, query.as_deref())).await,
        Err(_) => not_found(visit.reader.clone()).await,
    };
    signed(&node, &visit, answered).await
}

async fn show(node: &Node, reader: &Reader, name: String, query: Option<&str>) -> Result<String> {
    let before = paging::place(query, "before")?;
    let (reading, whose) = (node.clone(), reader.clone());
    let read = move |conn: &mut Conn| {
        let hashtag = statements::hashtag(conn, &name)?;
        let pictured = statements::list_pictured(conn, &hashtag.tag, before.into(), STATEMENTS_AND_ONE)?;
        let (pictured, older) = paging::cut(pictured, STATEMENTS, |one| (one.published, one.id));
        let pictures = pictured.into_iter().map(|one| Ok((statements::pictures(conn, one.id)?, one)));
        let pictures = pictures.collect::<Result<Vec<(Vec<Picture>, Statement)>>>()?;
        let campaigns = statements::campaigns_of(conn, &hashtag.tag)?;
        Ok((hashtag, pictures, older, campaigns, Site::read(conn, &reading, &whose)?))
    };
    let (hashtag, pictures, older, campaigns, site) = node.db.read(read).await?;
    let campaign = languages::best(&campaigns, |one| &one.language, reader.wanted(), &node.config.language);
    let title = campaign.map_or_else(|| format!("#{}", hashtag.name), |campaign| campaign.name.clone());
    let home = reader.short(&node.urls.tag(&hashtag.tag)).to_owned();
    let path = format!("{home}/pictures");
    let hung = pictures.iter().flat_map(|(pictures, statement)| hang(pictures, statement, reader));
    write(&GalleryPage {
        head: Head::of_list(&site, &title, &path, before),
        campaign: reader.href(&home),
        pictures: hung.collect(),
        site,
        title,
        path,
        older,
    })
}

/// What is shown on demand only, or behind a warning, does not hang here.
fn hang(pictures: &[Picture], statement: &Statement, reader: &Reader) -> Vec<Hung> {
    let details = statement.details();
    if details.sensitive || details.content_warning.is_some() {
        return Vec::new();
    }
    let hung = |picture: &Picture| Hung {
        src: reader.file(&picture.file),
        srcset: srcset(&picture.file, &picture.sizes, picture.width, |file| reader.file(file)),
        picture: picture.clone(),
        href: reader.page(&reader.urls().statement(&statement.slug)),
        title: statement.title.clone(),
        language: Language::of(&statement.language),
    };
    pictures.iter().filter(|picture| !picture.sensitive).map(hung).collect()
}
