use std::cell::Cell;

use axum::http::Request;

use super::super::testing::Site;
use super::*;
use crate::error::Error;

async fn visit(site: &Site, pages: &Pages) -> Visit {
    let request = Request::get("/page").header("accept-language", "en").extension(pages.clone());
    let (mut parts, ()) = request.body(()).expect("a request").into_parts();
    let Ok(visit) = Visit::from_request_parts(&mut parts, &site.node).await;
    visit
}

#[tokio::test]
async fn many_who_ask_at_once_have_a_page_made_once() {
    let (site, pages) = (Site::new().await, Pages::default());
    let made = Cell::new(0);
    let ask = || async {
        let make = async {
            made.set(made.get() + 1);
            tokio::task::yield_now().await;
            Ok("text".to_owned())
        };
        visit(&site, &pages).await.answer(&site.node, || make).await.status()
    };
    let answers = futures::future::join_all((0..50).map(|_| ask())).await;
    assert!(answers.iter().all(|status| *status == StatusCode::OK));
    assert_eq!(made.get(), 1);
}

#[tokio::test]
async fn those_who_wait_while_something_changes_share_one_newer_page() {
    let (site, pages) = (Site::new().await, Pages::default());
    let (made, changes) = (Cell::new(0), Cell::new(0));
    let ask = |number: i64| {
        let (site, pages, made, changes) = (&site, &pages, &made, &changes);
        async move {
            changes.set(number);
            let make = async {
                let shown = changes.get();
                made.set(made.get() + 1);
                // As long as making takes, more ask, each of whom knows of another like.
                for _ in 0..1_000 {
                    tokio::task::yield_now().await;
                }
                Ok(shown.to_string())
            };
            let visit = visit(site, pages).await;
            let stand = Stand { version: 0, reactions: (number, 0) };
            let kept = visit.kept(visit.key(HTML), stand, || make).await.expect("a page");
            let shown: i64 = std::str::from_utf8(&kept.text).expect("text").parse().expect("a number");
            assert!(shown >= number, "{shown} shown to whoever knows of {number}");
        }
    };
    futures::future::join_all((0..50).map(ask)).await;
    assert_eq!(made.get(), 2, "once for the first, once for all who came while it was made");
}

#[tokio::test]
async fn what_could_not_be_made_is_made_by_the_next() {
    let (site, pages) = (Site::new().await, Pages::default());
    for (made, status) in [(None, 404), (None, 404), (Some("text"), 200), (None, 200)] {
        let make = async move { made.map(str::to_owned).ok_or_else(|| Error::not_found("This page")) };
        assert_eq!(visit(&site, &pages).await.answer(&site.node, || make).await.status(), status);
    }
}

#[tokio::test]
async fn a_page_is_made_once_for_each_language_and_any_other_text_once_for_all() {
    let (site, pages) = (Site::new().await, Pages::default());
    for (kind, times) in [(HTML, 2), ("application/atom+xml", 1), ("text/css; charset=utf-8", 1)] {
        let made = Cell::new(0);
        for language in ["en", "fa", "en"] {
            let request = Request::get(format!("/{}", kind.len()));
            let request = request.header("accept-language", language).extension(pages.clone());
            let (mut parts, ()) = request.body(()).expect("a request").into_parts();
            let Ok(visit) = Visit::from_request_parts(&mut parts, &site.node).await;
            let make = async {
                made.set(made.get() + 1);
                Ok("text".to_owned())
            };
            let answer = visit.answer_as(kind, &site.node, || make).await;
            assert_eq!(answer.headers().get("content-language").is_some(), kind == HTML, "{kind}");
            assert_eq!(answer.headers()["vary"] == "Accept-Encoding", kind != HTML, "{kind}");
        }
        assert_eq!(made.get(), times, "{kind}");
    }
}
