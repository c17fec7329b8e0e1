//! The statements of one hashtag, which may be a campaign with a name and an introduction.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde_json::json;

use super::Named;
use super::cache::Visit;
use super::errors::{not_found, signed};
use super::head::{DESCRIPTION, Head, thing};
use super::list::{Item, Listing, PAGE_AND_ONE};
use super::page::{Site, write};
use super::paging;
use super::reader::Reader;
use crate::error::Result;
use crate::languages::{self, Language};
use crate::markup;
use crate::node::Node;
use crate::statements;
use crate::storage::{Conn, Slice};

#[derive(Template)]
#[template(path = "tag.html")]
struct TagPage {
    site: Site,
    head: Head,
    /// Without `#`.
    tag: String,
    campaign: Option<Introduced>,
    /// Path of this page.
    path: String,
    /// Where the pictures of its statements are, if they have any.
    pictures: Option<String>,
    items: Vec<Item>,
    older: Option<String>,
}

/// A campaign, ready to be shown.
struct Introduced {
    name: String,
    /// Safe HTML.
    html: String,
    language: Language,
}

/// The page at `/tags/{tag}`; `?before=` goes on where the page before ended.
pub async fn tag(State(node): State<Node>, visit: Visit, named: Named, RawQuery(query): RawQuery) -> Response {
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
        let listed = statements::list_once_tagged(conn, &hashtag.tag, before.into(), PAGE_AND_ONE)?;
        let listing = Listing::of(conn, listed, &whose)?;
        let campaigns = statements::campaigns_of(conn, &hashtag.tag)?;
        let is_pictured = !statements::list_pictured(conn, &hashtag.tag, Slice::Newest, 1)?.is_empty();
        Ok((hashtag, listing, campaigns, is_pictured, Site::read(conn, &reading, &whose)?))
    };
    let (hashtag, listing, campaigns, is_pictured, site) = node.db.read(read).await?;
    let campaign = languages::best(&campaigns, |one| &one.language, reader.wanted(), &node.config.language);
    let path = reader.short(&node.urls.tag(&hashtag.tag)).to_owned();
    let title = campaign.map_or_else(|| format!("#{}", hashtag.name), |campaign| campaign.name.clone());
    let mut head = Head::of_list(&site, &title, &path, before);
    head.document = Some(node.urls.tag(&hashtag.tag));
    if let Some(text) =
        campaign.map(|campaign| markup::excerpt(&campaign.html, DESCRIPTION)).filter(|text| !text.is_empty())
    {
        head.description = text;
    }
    let data = json!({"name": title, "url": node.urls.tag(&hashtag.tag), "description": head.description});
    let pictures = reader.href(&format!("{path}/pictures"));
    write(&TagPage {
        head: head.with_data(&thing("CollectionPage", data)),
        site,
        tag: hashtag.name,
        campaign: campaign.map(|campaign| Introduced {
            name: campaign.name.clone(),
            html: markup::with_tables(&campaign.html),
            language: Language::of(&campaign.language),
        }),
        path,
        pictures: is_pictured.then_some(pictures),
        items: listing.items(reader),
        older: listing.older,
    })
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
