//! The statements of one hashtag.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Named;
use super::errors::{error_page, not_found};
use super::list::{Item, PAGE_AND_ONE, page_of};
use super::page::{Site, html, local};
use super::paging;
use crate::error::{Error, Result};
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
pub async fn tag(State(node): State<Node>, named: Named, RawQuery(query): RawQuery) -> Response {
    match named {
        Ok(Path(tag)) => show(&node, tag, query.as_deref()).await.unwrap_or_else(|error| error_page(&error)),
        Err(_) => not_found().await,
    }
}

async fn show(node: &Node, tag: String, query: Option<&str>) -> Result<Response> {
    let before = paging::place(query, "before")?;
    let nothing = || Error::not_found("This hashtag");
    // PostgreSQL takes no NUL in a text; no hashtag has a control character.
    if tag.is_empty() || tag.chars().any(char::is_control) {
        return Err(nothing());
    }
    let wanted = tag.clone();
    let statements = node.db.read(move |conn| statements::list_tagged(conn, &wanted, before, PAGE_AND_ONE)).await?;
    if statements.is_empty() {
        return Err(nothing());
    }
    let canonical = node.urls.tag(&tag);
    let (items, older) = page_of(statements, &node.urls);
    let page = TagPage { site: Site::of(node), path: local(&node.urls, &canonical), tag, canonical, items, older };
    Ok(html(StatusCode::OK, &page))
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
