use axum::body::Body;
use axum::http::Request;

use super::super::testing::{Site, TEXTS, statement};
use crate::actors::{self, RemoteActor};
use crate::posts::{self, NewPost, Review, Visibility};
use crate::statements::{self, NewStatement, State};

#[tokio::test]
async fn every_script_has_its_language_and_direction() {
    let site = Site::new().await;
    for (language, title, html) in TEXTS {
        site.publish(language, "2026-05-01", statement(language, title, html)).await;
        let (status, text) = site.get(&format!("/statements/{language}")).await;
        assert_eq!(status, 200);
        let dir = if language == "fa" { "rtl" } else { "ltr" };
        assert!(text.contains("<html lang=\"en\" dir=\"ltr\">"));
        assert!(text.contains(&format!("<article class=\"statement\" lang=\"{language}\" dir=\"{dir}\">")), "{text}");
        assert!(text.contains(title) && text.contains(html), "{text}");
        assert!(text.contains("type=\"application/activity+json\" href=\"http://localhost:8080/statements/"));
        assert!(text.contains("<time datetime=\"2026-05-01\">1 May 2026</time>"), "{text}");
    }
}

#[tokio::test]
async fn withdrawn_is_gone_and_scheduled_looks_like_missing() {
    let site = Site::new().await;
    let gone = site.publish("gone", "2026-05-01", statement("en", "Gone", "<p>x</p>")).await;
    let now = site.node.now();
    site.node.db.write(move |conn| statements::withdraw(conn, &gone, now)).await.expect("withdrawn");
    site.insert("later", "2099-05-01", State::Scheduled, statement("en", "Later", "<p>x</p>")).await;
    assert_eq!(site.get("/statements/gone").await.0, 410);
    let scheduled = site.get("/statements/later").await;
    assert_eq!(scheduled.0, 404);
    // Each page names its own address, in the links to other languages.
    let (status, missing) = site.get("/statements/never").await;
    assert_eq!((status, missing.replace("/never", "/later")), scheduled);
    let (_, home) = site.get("/").await;
    assert!(!home.contains("Later") && !home.contains("Gone"));
}

#[tokio::test]
async fn no_address_makes_us_fail() {
    let site = Site::new().await;
    site.publish("one", "2026-05-01", statement("en", "One", "<p>x</p>")).await;
    for address in [
        "/statements/",
        "/statements/%00",
        "/statements/%FF",
        "/statements/..%2f..%2fetc",
        "/statements/one/more",
        "/media/..%2Fx.sqlite",
        "/media/none.jpg",
        "/media/%FF",
        "/assets/none.css",
        "/assets/%FF",
        "//",
        "/%",
        "/?before=%FF",
        "/statements/one?after=x",
        "/tags/x?before=",
        "/nothing",
    ] {
        let (status, text) = site.get(address).await;
        assert!(status.is_client_error(), "{address}: {status}");
        assert!(text.contains("<!doctype html>"), "{address}: {text}");
    }
    for address in ["/statements/one?%FF", "/?", "/?&&=", "/?after=x", "/follow?x", "/feed.atom?before=x"] {
        assert_eq!(site.get(address).await.0, 200, "{address}");
    }
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_to_refuse() {
    let site = Site::new().await;
    site.publish("one", "2026-05-01", statement("en", "One", "<p>x</p>")).await;
    for (method, address, status) in [
        ("GET", "/", 200),
        ("HEAD", "/statements/one", 200),
        ("GET", "/none", 404),
        ("DELETE", "/feed.atom", 405),
        ("PUT", "/", 405),
    ] {
        let request = Request::builder().method(method).uri(address).body(Body::empty()).expect("a request");
        let response = site.ask(request).await;
        assert_eq!(response.status(), status, "{method} {address}");
        let headers = response.headers();
        assert!(headers["content-security-policy"].to_str().expect("text").starts_with("default-src 'none'"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "same-origin");
        assert!(headers["vary"].to_str().expect("text").starts_with("Accept"));
        if status == 405 {
            assert!(headers.contains_key("allow"), "{method} {address}");
        }
    }
}

#[tokio::test]
async fn the_style_is_where_the_pages_say_and_nothing_stands_inline() {
    let site = Site::new().await;
    let (_, home) = site.get("/").await;
    let address =
        home.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a style");
    let response = site.ask(Request::get(address).body(Body::empty()).expect("a request")).await;
    assert_eq!(response.status(), 200);
    assert!(response.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    assert!(!home.contains("<style") && !home.contains(" style="));
    assert_eq!(home.matches("<script").count(), home.matches("<script type=\"application/ld+json\">").count());
}

#[tokio::test]
async fn approved_answers_are_shown_and_no_others() {
    let site = Site::new().await;
    let one = site.publish("one", "2026-05-01", statement("en", "One", "<p>x</p>")).await;
    for (text, visibility, review) in [
        ("we stand with you", Visibility::Public, Review::Approved),
        ("so do we", Visibility::Unlisted, Review::Approved),
        ("HELD", Visibility::Public, Review::Held),
        ("REJECTED", Visibility::Public, Review::Rejected),
    ] {
        answer(&site, one.id, text, visibility, review).await;
    }
    let (status, page) = site.get("/statements/one").await;
    assert_eq!(status, 200);
    assert!(
        page.contains("<p>we stand with you</p>") && page.contains("https://ally.example/we-stand-with-you"),
        "{page}"
    );
    assert!(page.contains("&#60;b&#62;Ally&#60;/b&#62;") && page.contains("@press<wbr>@ally.example"), "{page}");
    assert!(!page.contains("javascript:"), "{page}");
    assert!(page.contains("<p>so do we</p>"), "{page}");
    for hidden in ["HELD", "REJECTED"] {
        assert!(!page.contains(hidden), "{page}");
    }
}

async fn answer(site: &Site, statement_id: i64, text: &str, visibility: Visibility, review: Review) {
    let uri = format!("https://ally.example/{}", text.replace(' ', "-"));
    let (now, content) = (site.node.now(), format!("<p>{text}</p>"));
    let insert = move |conn: &mut crate::storage::Conn| {
        let author = actors::save_remote(conn, &ally(), false, now)?;
        let post = NewPost {
            uri,
            author_id: author.id,
            kind: "Note".to_owned(),
            visibility,
            review,
            title: None,
            summary: None,
            content,
            language: Some("en".to_owned()),
            sensitive: false,
            url: None,
            in_reply_to: None,
            statement_id: Some(statement_id),
            pictures: "[]".to_owned(),
            published: now,
            updated: None,
            received_at: now,
            context: None,
            next_look: None,
        };
        posts::insert(conn, &post)
    };
    assert!(site.node.db.write(insert).await.expect("an answer").is_some());
}

#[tokio::test]
async fn answers_of_our_own_go_on_where_a_page_ends() {
    let site = Site::new().await;
    let asked = site.publish("asked", "2026-05-01", statement("en", "Asked", "<p>x</p>")).await;
    for number in 0..205 {
        let new = NewStatement {
            in_reply_to: Some(asked.uri.clone()),
            context: Some(asked.context.clone()),
            ..statement("en", &format!("Answer {number}."), "<p>x</p>")
        };
        let at = format!("2026-05-02T09:{:02}:{:02}Z", number / 60, number % 60);
        site.publish(&format!("a{number}"), &at, new).await;
    }
    let (_, first) = site.get("/statements/asked").await;
    let (_, rest) = first.split_once("?after=").expect("there are more");
    let token: String = rest.chars().take_while(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
    let (_, second) = site.get(&format!("/statements/asked?after={token}")).await;
    for number in 0..205 {
        let answer = format!("Answer {number}.");
        assert_eq!(first.matches(&answer).count() + second.matches(&answer).count(), 1, "{answer}");
    }
    assert!(first.contains("rel=\"next\"") && !second.contains("rel=\"next\""));
}

fn ally() -> RemoteActor {
    RemoteActor {
        uri: "https://ally.example/actor".to_owned(),
        kind: "Organization".to_owned(),
        handle: "press@ally.example".to_owned(),
        host: "ally.example".to_owned(),
        name: "<b>Ally</b>".to_owned(),
        summary: String::new(),
        url: Some("javascript:alert(1)".to_owned()),
        inbox: "https://ally.example/inbox".to_owned(),
        shared_inbox: None,
        outbox: None,
        followers: None,
        icon: None,
        featured: None,
        indexable: false,
        keys: Vec::new(),
    }
}
