//! The statements of one hashtag.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::Named;
use super::cache::Visit;
use super::errors::not_found;
use super::list::{Item, PAGE_AND_ONE, page_of};
use super::page::{Site, write};
use super::paging;
use super::reader::Reader;
use crate::error::Result;
use crate::node::Node;
use crate::statements;

#[derive(Template)]
#[template(path = "tag.html")]
struct TagPage {
    site: Site,
    /// Without `#`.
    tag: String,
    canonical: String,
    /// The same as a path.
    path: String,
    items: Vec<Item>,
    older: Option<String>,
}

/// The page at `/tags/{tag}`; `?before=` goes on where the page before ended.
pub async fn tag(State(node): State<Node>, visit: Visit, named: Named, RawQuery(query): RawQuery) -> Response {
    match named {
        Ok(Path(tag)) => visit.answer(&node, show(&node, &visit.reader, tag, query.as_deref())).await,
        Err(_) => not_found(visit.reader).await,
    }
}

async fn show(node: &Node, reader: &Reader, name: String, query: Option<&str>) -> Result<String> {
    let before = paging::place(query, "before")?;
    let (reading, whose) = (node.clone(), reader.clone());
    let (hashtag, statements, site) = node
        .db
        .read(move |conn| {
            let hashtag = statements::hashtag(conn, &name)?;
            let statements = statements::list_tagged(conn, &hashtag.tag, before.into(), PAGE_AND_ONE)?;
            Ok((hashtag, statements, Site::read(conn, &reading, &whose)?))
        })
        .await?;
    let canonical = node.urls.tag(&hashtag.tag);
    let (items, older) = page_of(statements, reader);
    let path = reader.short(&canonical).to_owned();
    write(&TagPage { site, tag: hashtag.name, canonical, path, items, older })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Site, statement};

    #[tokio::test]
    async fn a_hashtag_in_any_script_has_its_page_and_others_do_not_exist() {
        let site = Site::new().await;
        let mut tagged = statement("fa", "اعتصاب", "<p>x</p>");
        tagged.tags = vec!["همبستگی".to_owned()];
        site.publish("one", "2026-05-01", tagged).await;
        let encoded = "%D9%87%D9%85%D8%A8%D8%B3%D8%AA%DA%AF%DB%8C";
        let (status, text) = site.get(&format!("/tags/{encoded}")).await;
        assert_eq!(status, 200, "{text}");
        assert!(text.contains("اعتصاب") && text.contains("همبستگی"));
        for address in ["/tags/other", "/tags/%00", "/tags/%FF", "/tags/%3Cscript%3E"] {
            assert_eq!(site.get(address).await.0, 404, "{address}");
        }
    }
}
