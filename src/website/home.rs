//! The first page: who we are, how to follow, what we said, what we passed on.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::about::About;
use super::cache::Visit;
use super::follow::FollowBox;
use super::letter::Tag;
use super::list::{Elsewhere, Item, PAGE_AND_ONE, page_of};
use super::page::{Site, write};
use super::paging::{self, Place};
use super::reader::Reader;
use crate::actors::Actor;
use crate::error::Result;
use crate::node::Node;
use crate::posts::Post;
use crate::profile::{self, Profile};
use crate::reactions::{self, Boost};
use crate::statements::{self, Hashtag, Statement};
use crate::storage::{Conn, Slice};

/// How many posts of others stand on the first page.
const PASSED_ON: i64 = 10;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    site: Site,
    /// For programs that come with a page's address.
    actor: String,
    canonical: String,
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
    statements: Vec<Statement>,
    // What is put forward and what we passed on stands beside the newest statements only.
    pinned: Vec<Statement>,
    featured: Vec<Hashtag>,
    boosted: Vec<(Boost, Post, Actor)>,
}

/// The page at `/`; `?before=` goes on where the page before ended.
pub async fn home(State(node): State<Node>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    visit.answer(&node, show(&node, &visit.reader, query.as_deref())).await
}

async fn show(node: &Node, reader: &Reader, query: Option<&str>) -> Result<String> {
    let before = paging::place(query, "before")?;
    let (reading, whose) = (node.clone(), reader.clone());
    let found = node.db.read(move |conn| find(conn, &reading, &whose, before)).await?;
    let (mut items, older) = page_of(found.statements, reader);
    let pinned: Vec<Item> = found.pinned.iter().map(|statement| Item::pinned(statement, reader)).collect();
    items.retain(|item| pinned.iter().all(|pinned| pinned.href != item.href));
    items.splice(0..0, pinned);
    let tag = |hashtag: Hashtag| Tag { href: reader.page(&node.urls.tag(&hashtag.tag)), name: hashtag.name };
    let page = HomePage {
        site: found.site,
        actor: node.urls.actor(),
        canonical: node.urls.home(),
        about: About::of(&found.profile, reader),
        follow: FollowBox::of(node),
        items,
        older,
        continued: before.is_some(),
        hashtags: found.featured.into_iter().map(tag).collect(),
        passed_on: found.boosted.iter().map(|(_, post, author)| Elsewhere::of(post, author, reader)).collect(),
    };
    write(&page)
}

fn find(conn: &mut Conn, node: &Node, reader: &Reader, before: Option<Place>) -> Result<Found> {
    let union = &node.identity.union;
    let mut found = Found {
        site: Site::read(conn, node, reader)?,
        profile: profile::read(conn, &union.uri)?,
        statements: statements::list(conn, before.into(), PAGE_AND_ONE)?,
        pinned: Vec::new(),
        featured: Vec::new(),
        boosted: Vec::new(),
    };
    if before.is_none() {
        found.pinned = statements::pinned(conn)?;
        found.featured = statements::featured(conn)?;
        found.boosted = reactions::boosted_posts(conn, union.id, Slice::Newest, PASSED_ON)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Site, statement};

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
            let Some((_, rest)) = text.split_once("href=\"/?before=") else { break };
            address = format!("/?before={}", rest.split('"').next().unwrap_or_default());
        }
        let expected: Vec<String> = (0..45).rev().map(|number| format!("s{number}")).collect();
        assert_eq!(seen, expected);
        assert_eq!(site.get("/?before=nonsense").await.0, 400);
    }

    #[tokio::test]
    async fn hostile_titles_are_text() {
        let site = Site::new().await;
        site.publish("one", "2026-05-01", statement("en", "<script>alert(1)</script>\" onload=\"x", "<p>x</p>")).await;
        for address in ["/", "/statements/one"] {
            let (_, text) = site.get(address).await;
            assert!(!text.contains("<script") && !text.contains("\" onload"), "{text}");
            assert!(text.contains("alert(1)"), "{text}");
        }
    }
}
