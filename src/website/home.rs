//! The first page: who we are, how to follow, what we said, what we passed on.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::json;

use super::about::About;
use super::cache::Visit;
use super::errors::signed;
use super::follow::FollowBox;
use super::head::{DESCRIPTION, Head, organization, thing};
use super::letter::Tag;
use super::list::{Elsewhere, Item, Listing, PAGE_AND_ONE};
use super::page::{Site, write};
use super::paging::{self, Place};
use super::reader::Reader;
use crate::actors::Actor;
use crate::error::Result;
use crate::languages;
use crate::markup;
use crate::node::Node;
use crate::posts::Post;
use crate::profile::{self, Profile};
use crate::reactions::{self, Boost};
use crate::statements::{self, Hashtag};
use crate::storage::{Conn, Slice};

/// How many posts of others stand on the first page.
const PASSED_ON: i64 = 10;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    site: Site,
    head: Head,
    about: About,
    follow: FollowBox,
    /// Pinned statements first, on the first page.
    items: Vec<Item>,
    /// Token of the next page.
    older: Option<String>,
    /// Whether this is not the first page.
    continued: bool,
    hashtags: Vec<Tag>,
    passed_on: Vec<Elsewhere>,
}

/// What the first page is made of.
struct Found {
    site: Site,
    profile: Profile,
    listing: Listing,
    // What is put forward and what we passed on stands beside the newest statements only.
    featured: Vec<Tag>,
    boosted: Vec<(Boost, Post, Actor)>,
}

/// The page at `/`; `?before=` goes on where the page before ended.
pub async fn home(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    signed(&node, &visit, visit.answer(&node, || show(&node, &visit.reader, query.as_deref())).await).await
}

async fn show(node: &Node, reader: &Reader, query: Option<&str>) -> Result<String> {
    let before = paging::place(query, "before")?;
    let (reading, whose) = (node.clone(), reader.clone());
    let found = node.db.read(move |conn| find(conn, &reading, &whose, before)).await?;
    write(&HomePage {
        head: head(&found, node, before),
        about: About::of(&found.profile, reader),
        follow: FollowBox::of(node),
        items: found.listing.items(reader),
        older: found.listing.older,
        continued: before.is_some(),
        hashtags: found.featured,
        passed_on: found.boosted.iter().map(|(_, post, author)| Elsewhere::of(post, author, reader)).collect(),
        site: found.site,
    })
}

fn find(conn: &mut Conn, node: &Node, reader: &Reader, before: Option<Place>) -> Result<Found> {
    let union = &node.identity.union;
    let newest = statements::list_once(conn, before.into(), PAGE_AND_ONE)?;
    let profile = profile::read(conn, &union.uri)?;
    let mut found = Found {
        site: Site::of(conn, node, reader, &profile)?,
        profile,
        listing: Listing::of(conn, newest, reader)?,
        featured: Vec::new(),
        boosted: Vec::new(),
    };
    if before.is_none() {
        let pinned = statements::pinned(conn)?;
        found.listing = found.listing.with_pinned(conn, pinned, reader)?;
        for hashtag in statements::featured(conn)? {
            found.featured.push(named(conn, node, reader, &hashtag)?);
        }
        found.boosted = reactions::boosted_posts(conn, union.id, Slice::Newest, PASSED_ON)?;
    }
    Ok(found)
}

/// A hashtag under its readable name, where it is a campaign with one.
fn named(conn: &mut Conn, node: &Node, reader: &Reader, hashtag: &Hashtag) -> Result<Tag> {
    let campaigns = statements::campaigns_of(conn, &hashtag.tag)?;
    let best = languages::best(&campaigns, |campaign| &campaign.language, reader.wanted(), &node.config.language);
    let name = best.map_or_else(|| format!("#{}", hashtag.name), |campaign| campaign.name.clone());
    Ok(Tag { href: reader.page(&node.urls.tag(&hashtag.tag)), name })
}

fn head(found: &Found, node: &Node, before: Option<Place>) -> Head {
    let (site, urls) = (&found.site, &node.urls);
    let summary = markup::excerpt(&found.profile.union.summary, DESCRIPTION);
    let mut head = Head::of_list(site, &site.name, "/", before);
    if !summary.is_empty() {
        head.description = summary;
    }
    head.document = Some(urls.actor());
    head.image = site.icon_address.clone().map(|icon| (icon, site.name.clone()));
    let data = json!({"name": site.name, "url": urls.home(), "inLanguage": site.t.tag(), "publisher": organization(site, site.reader())});
    head.with_data(&thing("WebSite", data))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Site, statement};
    use crate::statements::NewStatement;

    #[tokio::test]
    async fn an_empty_site_says_what_to_do() {
        let site = Site::new().await;
        let (status, text) = site.get("/").await;
        assert_eq!(status, 200);
        assert!(text.contains("No statement has been published yet"), "{text}");
    }

    #[tokio::test]
    async fn statements_come_newest_first_over_several_pages_each_once() {
        let site = Site::new().await;
        for number in 0..45 {
            // Three share each moment, so that the number must decide.
            site.publish(
                &format!("s{number}"),
                &format!("2026-01-{:02}T10:00:00Z", 1 + number / 3),
                statement("en", "", "<p>x</p>"),
            )
            .await;
        }
        let mut seen: Vec<String> = Vec::new();
        let mut address = "/".to_owned();
        loop {
            let (status, text) = site.get(&address).await;
            assert_eq!(status, 200);
            seen.extend(
                text.split("href=\"/statements/")
                    .skip(1)
                    .map(|rest| rest.split('"').next().unwrap_or_default().to_owned()),
            );
            let Some((_, rest)) = text.split_once("rel=\"next\" href=\"/?before=") else { break };
            address = format!("/?before={}", rest.split('"').next().unwrap_or_default());
        }
        let expected: Vec<String> = (0..45).rev().map(|number| format!("s{number}")).collect();
        assert_eq!(seen, expected);
        assert_eq!(site.get("/?before=nonsense").await.0, 400);
    }

    /// A page without its JSON-LD: as JSON anything may stand in its own element, out of which no text breaks.
    fn without_data(page: &str) -> String {
        let Some((before, data)) = page.split_once("<script type=\"application/ld+json\">") else {
            return page.to_owned();
        };
        format!("{before}{}", data.split_once("</script>").expect("an end").1)
    }

    #[tokio::test]
    async fn hostile_titles_are_text() {
        let site = Site::new().await;
        site.publish("one", "2026-05-01", statement("en", "<script>alert(1)</script>\" onload=\"x", "<p>x</p>")).await;
        for address in ["/", "/statements/one"] {
            let (_, text) = site.get(address).await;
            let text = without_data(&text);
            assert!(!text.contains("<script") && !text.contains("\" onload"), "{text}");
            assert!(text.contains("alert(1)"), "{text}");
        }
    }

    #[tokio::test]
    async fn hostile_leads_and_beginnings_are_text() {
        let site = Site::new().await;
        let hostile = || "<script>alert(1)</script>\" onload=\"x".to_owned();
        site.publish("one", "2026-05-01", NewStatement { lead: Some(hostile()), ..statement("en", "One", "<p>x</p>") })
            .await;
        site.publish("two", "2026-05-02", NewStatement { lead: Some(hostile()), ..statement("en", "", "<p>x</p>") })
            .await;
        site.publish("three", "2026-05-03", statement("en", "", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")).await;
        for address in ["/", "/archive", "/statements/one", "/statements/two", "/search?q=alert"] {
            let (status, text) = site.get(address).await;
            let text = without_data(&text);
            assert!(status == 200 && !text.contains("<script") && !text.contains("\" onload"), "{address}: {text}");
            assert!(text.contains("&lt;script&gt;") || text.contains("&#60;script&#62;"), "{address}: {text}");
        }
    }
}
