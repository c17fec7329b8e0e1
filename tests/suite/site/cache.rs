//! A page is made once as long as nothing changes, and is never served after what it shows has changed, whichever process changed it.

use http::HeaderMap;
use picket::clock::Clock;
use picket::federation::outbox;
use picket::moderation::review;
use picket::node::Node;
use picket::statements::draft::Draft;
use picket::storage;
use serde_json::json;

use crate::harness::{TestNode, on_both_databases};

/// The same node in another process, as the command line opens it.
async fn elsewhere(node: &TestNode) -> Node {
    Node::open((*node.node.config).clone(), Clock::default()).await.expect("a node")
}

fn draft(text: &str) -> Draft {
    Draft::from_file_text(text).expect("a draft")
}

fn path<'a>(node: &TestNode, address: &'a str) -> &'a str {
    address.strip_prefix(node.node.urls.base()).expect("an address of ours")
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("accept", "text/html".parse().expect("a value"));
    for (name, value) in pairs {
        headers.insert(*name, value.parse().expect("a value"));
    }
    headers
}

async fn version(node: &TestNode) -> i64 {
    node.read(storage::site_version).await.version
}

on_both_databases! {
    async fn whoever_has_a_page_is_not_sent_it_again_until_it_changes(world) {
        let node = world.node().await;
        let uri = node.publish_at("# One").await;
        let first = node.page(path(&node, &uri)).await;
        let tag = first.header("etag").to_owned();
        assert_eq!(first.header("cache-control"), "public, no-cache");
        let again = node.get_with(path(&node, &uri), &headers(&[("if-none-match", &tag)])).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        assert_eq!(again.header("etag"), tag);
        node.edit(&uri, "# Two").await;
        let changed = node.get_with(path(&node, &uri), &headers(&[("if-none-match", &tag)])).await;
        assert!(changed.status == 200 && changed.body.contains("Two") && changed.header("etag") != tag, "{changed:?}");
    }

    async fn what_another_process_withdraws_is_gone_with_the_next_request(world) {
        let node = world.node().await;
        let uri = node.publish_at("# Withdrawn words\n\nAbout the #strike.").await;
        for shown in ["/", path(&node, &uri), "/tags/strike"] {
            assert!(node.page(shown).await.body.contains("Withdrawn words"), "{shown}");
        }
        outbox::withdraw(&elsewhere(&node).await, &uri).await.expect("withdrawn");
        assert_eq!(node.page(path(&node, &uri)).await.status, 410);
        for shown in ["/", "/tags/strike"] {
            assert!(!node.page(shown).await.body.contains("Withdrawn words"), "{shown}");
        }
    }

    async fn what_another_process_publishes_corrects_and_pins_is_shown_at_once(world) {
        let node = world.node().await;
        let uri = node.publish_at("# One").await;
        let other = elsewhere(&node).await;
        for (change, shows) in [(0, "Second"), (1, "Corrected words"), (2, "class=\"pinned\"")] {
            assert!(!node.page("/").await.body.contains(shows), "{shows}");
            match change {
                0 => drop(outbox::publish(&other, draft("# Second")).await.expect("published")),
                1 => drop(outbox::edit(&other, &uri, draft("# Corrected words")).await.expect("corrected")),
                _ => drop(outbox::pin(&other, &uri).await.expect("pinned")),
            }
            assert!(node.page("/").await.body.contains(shows), "{shows}");
        }
    }

    async fn an_answer_stands_on_the_page_when_it_is_approved_and_not_before_or_after(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let uri = node.publish_at("# One").await;
        let amal = remote.person("amal");
        let answer = amal.answer(&uri, "<p>with you</p>");
        remote.serve(&answer);
        amal.says(&node, &amal.activity("Create", answer.clone())).await;
        let shown = async || node.page(path(&node, &uri)).await.body.contains("with you");
        assert!(!shown().await);
        let id = answer["id"].as_str().expect("an id").to_owned();
        node.review(&id, review::approve).await.expect("approved");
        assert!(shown().await);
        node.review(&id, review::reject).await.expect("rejected");
        assert!(!shown().await);
        node.review(&id, review::approve).await.expect("approved");
        assert!(shown().await);
        amal.says(&node, &amal.activity("Delete", id)).await;
        assert!(!shown().await);
    }

    async fn a_face_that_an_author_shows_or_takes_away_is_on_the_page_and_gone_from_it_at_once(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let uri = node.publish_at("# One").await;
        let amal = remote.person("amal");
        let answer = amal.answer(&uri, "<p>with you</p>");
        remote.serve(&answer);
        amal.says(&node, &amal.activity("Create", answer.clone())).await;
        node.review(answer["id"].as_str().expect("an id"), review::approve).await.expect("approved");
        let has_face = async || node.page(path(&node, &uri)).await.body.contains("src=\"/media/actors/");
        assert!(!has_face().await);
        for icon in [json!({"type": "Image", "url": format!("{}/amal.png", remote.base)}), json!(null)] {
            let mut document = amal.document();
            document["icon"] = icon.clone();
            remote.serve(&document);
            amal.says(&node, &amal.activity("Update", document)).await;
            assert_eq!(has_face().await, icon.is_object());
        }
        let before = version(&node).await;
        node.write(|conn| { crate::harness::execute(conn, "UPDATE posts SET kind = 'Video'"); Ok(()) }).await;
        assert!(version(&node).await > before, "a film is shown otherwise than a note");
    }

    async fn what_no_page_shows_changes_no_page(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let uri = node.publish_at("# One").await;
        let amal = remote.person("amal");
        amal.follows(&node).await;
        let before = version(&node).await;
        node.deliver_all().await;
        let answer = amal.answer(&uri, "<p>held</p>");
        remote.serve(&answer);
        amal.says(&node, &amal.activity("Create", answer)).await;
        assert_eq!(version(&node).await, before, "deliveries and held answers are shown nowhere");
        let shown = async || node.page(path(&node, &uri)).await.body.contains("1 like");
        assert!(!shown().await);
        amal.says(&node, &amal.activity("Like", uri.as_str())).await;
        assert!(shown().await, "a like is counted on the page of its statement");
        assert_eq!(version(&node).await, before, "and on no other");
    }

    async fn the_page_for_what_is_missing_bears_the_name_of_this_moment(world) {
        let node = world.node().await;
        for name in ["First Union", "Second Union"] {
            let rename = format!("UPDATE actors SET name = '{name}' WHERE local");
            node.write(move |conn| { crate::harness::execute(conn, &rename); Ok(()) }).await;
            for address in ["/nothing-here", "/also-nothing", "/statements/missing"] {
                let missing = node.page(address).await;
                assert!(missing.status == 404 && missing.body.contains(name), "{address}: {}", missing.body);
            }
        }
    }

    async fn a_language_that_is_too_long_for_one_is_carried_by_no_link(world) {
        let node = world.node().await;
        let usual = node.page("/archive?lang=ku").await.body;
        assert!(usual.contains("lang=ku"));
        let longest = format!("ku{}", "-abcdefgh".repeat(700));
        let page = node.page(&format!("/archive?lang={longest}")).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(&longest));
    }

    async fn a_transaction_that_fails_changes_no_page(world) {
        let node = world.node().await;
        node.publish("# One").await;
        let before = version(&node).await;
        let failed: picket::error::Result<()> = node.node.db.write(|conn| {
            crate::harness::execute(conn, "UPDATE statements SET title = 'Other'");
            Err(picket::error::Error::Forbidden("no".to_owned()))
        }).await;
        assert!(failed.is_err());
        assert_eq!(version(&node).await, before);
    }

    async fn each_language_has_a_page_of_its_own_and_a_link_that_names_it_keeps_it(world) {
        let node = world.node().await;
        node.publish("# One").await;
        let in_persian = node.get_with("/", &headers(&[("accept-language", "fa")])).await;
        assert!(in_persian.body.contains("<html lang=\"fa\" dir=\"rtl\">"), "{}", in_persian.body);
        assert!(in_persian.header("vary").contains("Accept-Language"));
        assert_eq!(in_persian.header("content-language"), "fa");
        let in_english = node.get_with("/", &headers(&[("accept-language", "en")])).await;
        assert!(in_english.body.contains("<html lang=\"en\" dir=\"ltr\">"));
        assert_ne!(in_english.header("etag"), in_persian.header("etag"));
        let named = node.get_with("/?lang=ja", &headers(&[("accept-language", "en")])).await;
        assert!(named.body.contains("<html lang=\"ja\"") && named.body.contains("href=\"/follow?lang=ja\""));
        assert!(!named.header("vary").contains("Accept-Language"), "the address alone decides");
    }

    async fn what_is_written_for_programs_is_the_same_for_every_reader(world) {
        let node = world.node().await;
        node.publish("# One\n\nAbout the #strike.").await;
        for address in ["/feed.atom", "/feed.rss", "/feed.json", "/tags/strike/feed.atom", "/sitemap.xml", "/sitemaps/pages.xml"] {
            let read_in = async |language| node.get_with(address, &headers(&[("accept-language", language)])).await;
            let (english, persian) = (read_in("en").await, read_in("fa").await);
            assert_eq!((english.status, &english.body), (200, &persian.body), "{address}");
            assert_eq!(persian.header("vary"), "Accept-Encoding", "{address}");
            assert!(persian.headers.get("content-language").is_none(), "{address}");
        }
    }
}
