//! How the union shows itself: on its page, in its actor, to its followers.

use chrono::TimeDelta;
use picket::federation::outbox::{self, ProfileChange};
use picket::federation::{proof, remote::check_profile_links};
use picket::moderation::blocks;
use picket::moderation::domains::Domain;
use picket::profile::{self, Field};
use serde_json::json;

use crate::harness::{PUBLIC, Remote, Reply, TestNode, all, on_both_databases};

async fn fields(node: &TestNode) -> Vec<Field> {
    let union = node.union().to_owned();
    node.read(move |conn| profile::read(conn, &union)).await.fields
}

/// A page that says this, and its address.
fn page(remote: &Remote, html: &str) -> String {
    remote.reply("/about", Reply::Typed("text/html; charset=utf-8", html.to_owned()));
    format!("{}/about", remote.base)
}

fn link_back(node: &TestNode) -> String {
    format!("<!doctype html><title>Us</title><p>We are on <a href=\"{}\" rel=\"me\">our node</a>.", node.base)
}

/// A picture of one colour.
fn picture(node: &TestNode, name: &str) -> std::path::PathBuf {
    picture_of(node, name, 40)
}

fn picture_of(node: &TestNode, name: &str, width: u32) -> std::path::PathBuf {
    let mut png = Vec::new();
    let pixels = image::RgbImage::from_pixel(width, 40, image::Rgb([168, 32, 26]));
    pixels.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).expect("a picture");
    let file = node.data_dir().join(name);
    std::fs::write(&file, png).expect("a file");
    file
}

on_both_databases! {
    async fn a_change_is_seen_at_once_and_followers_are_told_once(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.forget();
        let change = ProfileChange {
            name: Some("Northport Dockers' Union".to_owned()),
            summary: Some("We load **ships**. #Lockout <script>alert(1)</script>".to_owned()),
            icon: Some(picture(&node, "logo.png")),
            image: Some(picture(&node, "harbour.png")),
        };
        assert_eq!(outbox::change_profile(&node.node, change).await.expect("changed"), 1);
        node.deliver_all().await;
        let actor = node.get("/actor").await.json();
        assert_eq!(actor["name"], "Northport Dockers' Union");
        let summary = actor["summary"].as_str().expect("a summary");
        assert!(summary.contains("<strong>ships</strong>") && summary.contains("/tags/lockout") && !summary.contains("<script"), "{summary}");
        for property in ["icon", "image"] {
            assert_eq!((&actor[property]["type"], &actor[property]["mediaType"]), (&json!("Image"), &json!("image/png")));
            let address = actor[property]["url"].as_str().expect("an address");
            let shown = node.page(address).await;
            assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"), "{address}");
        }

        let updates = remote.heard_of("Update");
        assert_eq!(updates.len(), 1, "one command, one Update");
        let mut fetched = actor.clone();
        fetched.as_object_mut().expect("an actor").shift_remove("@context");
        assert_eq!(updates[0]["object"], fetched, "what is told is what is fetched");
        assert_eq!((&updates[0]["to"], &updates[0]["actor"]), (&json!([PUBLIC]), &actor["id"]));
        assert!(proof::verify(&updates[0], &node.keys().await.proof.key.public_key().expect("a key")));

        let home = node.page("/").await.body;
        for part in ["Northport Dockers", "<strong>ships</strong>", "class=\"icon\"", "class=\"banner\""] {
            assert!(home.contains(part), "{part} in {home}");
        }
        for address in ["/follow", "/feed.atom"] {
            assert!(node.page(address).await.body.contains("Northport Dockers"), "{address}");
        }
        let info = node.get_as("/nodeinfo/2.1", "application/json").await.json();
        assert_eq!(info["metadata"]["nodeName"], "Northport Dockers' Union");
        let finger = node.get_as(&format!("/.well-known/webfinger?resource={}", node.union()), "*/*").await.json();
        let avatar = all(&finger["links"]).into_iter().find(|link| link["rel"] == "http://webfinger.net/rel/avatar");
        assert_eq!(avatar.expect("an avatar"), json!({"rel": "http://webfinger.net/rel/avatar", "type": "image/png", "href": actor["icon"]["url"]}));
    }

    async fn a_large_picture_is_offered_in_smaller_widths_and_as_an_icon_in_the_smallest(world) {
        let node = world.node().await;
        let icon = Some(picture_of(&node, "logo.png", 1200));
        let image = Some(picture_of(&node, "harbour.png", 1200));
        outbox::change_profile(&node.node, ProfileChange { icon, image, ..ProfileChange::default() }).await.expect("changed");
        let home = node.page("/").await.body;
        let tag = |class: &str| home.split(&format!("<img class=\"{class}\"")).nth(1).and_then(|rest| rest.split('>').next()).expect("a picture");
        let banner = tag("banner").split("srcset=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("several widths");
        let widths: Vec<&str> = banner.split(", ").filter_map(|one| one.split(' ').nth(1)).collect();
        assert_eq!(widths, ["480w", "960w", "1200w"], "{banner}");
        let icon = tag("icon").split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
        assert!(icon.contains("w480."), "{icon}");
        for address in banner.split(", ").filter_map(|one| one.split(' ').next()).chain([icon]) {
            assert_eq!(node.page(address).await.status, 200, "{address}");
        }
    }

    async fn what_is_not_given_stays_and_an_older_picture_goes(world) {
        let node = world.node().await;
        let first = ProfileChange { name: Some("One".to_owned()), icon: Some(picture(&node, "a.png")), ..ProfileChange::default() };
        outbox::change_profile(&node.node, first).await.expect("changed");
        let older = node.get("/actor").await.json()["icon"]["url"].as_str().expect("an address").to_owned();
        let second = ProfileChange { summary: Some("Who we are".to_owned()), ..ProfileChange::default() };
        outbox::change_profile(&node.node, second).await.expect("changed");
        let actor = node.get("/actor").await.json();
        assert_eq!((&actor["name"], &actor["icon"]["url"]), (&json!("One"), &json!(older)));
        let third = ProfileChange { icon: Some(picture(&node, "b.png")), ..ProfileChange::default() };
        outbox::change_profile(&node.node, third).await.expect("changed");
        assert_ne!(node.get("/actor").await.json()["icon"]["url"], older.as_str());
        assert_eq!(node.page(&older).await.status, 404);
        assert_eq!(std::fs::read_dir(node.node.config.media_dir()).expect("the folder").count(), 1, "one picture, one file");
    }

    async fn a_change_that_cannot_be_made_changes_nothing(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.forget();
        let before = node.get("/actor").await.json();
        let no_picture = node.data_dir().join("text.png");
        std::fs::write(&no_picture, "<svg/>").expect("a file");
        for change in [
            ProfileChange { name: Some(" \u{202E} ".to_owned()), ..ProfileChange::default() },
            ProfileChange { name: Some("x".repeat(101)), ..ProfileChange::default() },
            ProfileChange { summary: Some("x".repeat(5_001)), name: Some("Other".to_owned()), ..ProfileChange::default() },
            ProfileChange { icon: Some(no_picture), name: Some("Other".to_owned()), ..ProfileChange::default() },
            ProfileChange { image: Some("nowhere.png".into()), ..ProfileChange::default() },
        ] {
            let refused = outbox::change_profile(&node.node, change).await.expect_err("refused");
            assert_eq!(refused.status(), 400, "{refused}");
        }
        for (label, value) in [("", "x"), ("Web", ""), ("Web", "javascript://x"), ("Web", &"x".repeat(201))] {
            assert_eq!(outbox::set_field(&node.node, label, value).await.expect_err("refused").status(), 400);
        }
        assert_eq!(outbox::remove_field(&node.node, "Web").await.expect_err("refused").status(), 404);
        node.deliver_all().await;
        assert_eq!(node.get("/actor").await.json(), before);
        assert_eq!(remote.posted().len(), 0);
        assert_eq!(std::fs::read_dir(node.node.config.media_dir()).expect("the folder").count(), 0);
    }

    async fn fields_stand_in_the_actor_and_on_the_page_in_their_order(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.forget();
        let website = page(&remote, "<p>We do not know you.</p>");
        outbox::set_field(&node.node, "Website", &website).await.expect("set");
        outbox::set_field(&node.node, "Office <hours>", "Monday & Friday, 9:00").await.expect("set");
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Update").len(), 2);
        let link = format!("<a href=\"{website}\" rel=\"me nofollow noopener noreferrer\">{website}</a>");
        let expected = json!([
            {"type": "PropertyValue", "name": "Website", "value": link},
            {"type": "PropertyValue", "name": "Office <hours>", "value": "Monday &amp; Friday, 9:00"},
        ]);
        assert_eq!(node.get("/actor").await.json()["attachment"], expected);
        let home = node.page("/").await.body;
        assert!(home.contains("rel=\"me nofollow") && home.contains("Office &#60;hours&#62;"), "{home}");

        outbox::set_field(&node.node, "Website", "soon").await.expect("set");
        let labels: Vec<String> = fields(&node).await.into_iter().map(|field| field.label).collect();
        assert_eq!(labels, ["Website", "Office <hours>"], "it keeps its place");
        outbox::remove_field(&node.node, "Website").await.expect("removed");
        for number in 0..7 {
            outbox::set_field(&node.node, &format!("Label {number}"), "x").await.expect("set");
        }
        assert_eq!(outbox::set_field(&node.node, "Ninth", "x").await.expect_err("refused").status(), 409);
        outbox::set_field(&node.node, "Label 6", "y").await.expect("an eighth may still change");
        node.deliver_all().await;
        assert_eq!(all(&node.get("/actor").await.json()["attachment"]).len(), 8);
    }

    async fn a_link_is_verified_while_its_page_links_back(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let website = page(&remote, &link_back(&node));
        outbox::set_field(&node.node, "Website", &website).await.expect("set");
        let seen = fields(&node).await[0].verified_at.expect("verified at once");
        assert!(node.page("/").await.body.contains("links back to us"));

        // Within a day it is not asked again; after a day it is.
        let day = Some(TimeDelta::days(1));
        remote.forget();
        check_profile_links(&node.node, day).await.expect("checked");
        assert_eq!(remote.fetches(), 0);
        world.pass(TimeDelta::hours(25));
        check_profile_links(&node.node, day).await.expect("checked");
        assert_eq!(remote.fetches_of("/about"), 1);
        assert!(fields(&node).await[0].verified_at.expect("still verified") > seen);

        // An outage is no change of mind, for a week.
        remote.reply("/about", Reply::Status(503));
        world.pass(TimeDelta::days(2));
        check_profile_links(&node.node, day).await.expect("checked");
        assert!(fields(&node).await[0].verified_at.is_some());
        world.pass(TimeDelta::days(6));
        check_profile_links(&node.node, day).await.expect("checked");
        assert_eq!(fields(&node).await[0].verified_at, None);

        page(&remote, &link_back(&node));
        check_profile_links(&node.node, Some(TimeDelta::zero())).await.expect("checked");
        assert!(fields(&node).await[0].verified_at.is_some());
        page(&remote, "<p>They left.</p>");
        check_profile_links(&node.node, Some(TimeDelta::zero())).await.expect("checked");
        assert_eq!(fields(&node).await[0].verified_at, None);
        assert!(!node.page("/").await.body.contains("links back to us"));
    }

    async fn another_address_under_the_same_label_is_not_verified_by_the_old_one(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let website = page(&remote, &link_back(&node));
        outbox::set_field(&node.node, "Website", &website).await.expect("set");
        outbox::set_field(&node.node, "Website", &format!("{}/elsewhere", remote.base)).await.expect("set");
        let field = fields(&node).await.remove(0);
        assert!(field.verified_at.is_none() && field.checked_at.is_some());
    }

    async fn what_is_no_page_of_somebody_else_that_links_back_verifies_nothing(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let link = link_back(&node);
        let blocked = world.remote_named("blocked.test").await;
        let on_blocked = page(&blocked, &link);
        node.write(|conn| blocks::block(conn, &Domain::parse("blocked.test")?, None, picket::clock::Clock::default().now())).await;
        for (path, reply) in [
            ("/json", Reply::Typed("application/activity+json", link.clone())),
            ("/text", Reply::Typed("text/plain", link.clone())),
            ("/large", Reply::Typed("text/html", format!("{}{link}", "x".repeat(1024 * 1024)))),
            ("/textarea", Reply::Typed("text/html", format!("<textarea>{link}</textarea>"))),
            ("/none", Reply::Status(404)),
            ("/loop", Reply::Header(302, "location", format!("{}/loop", remote.base))),
            ("/to-blocked", Reply::Header(302, "location", on_blocked.clone())),
            ("/to-ourselves", Reply::Header(302, "location", format!("{}/", node.base))),
        ] {
            remote.reply(path, reply);
            outbox::set_field(&node.node, "Website", &format!("{}{path}", remote.base)).await.expect("set");
            assert_eq!(fields(&node).await[0].verified_at, None, "{path}");
        }
        for address in [&on_blocked, &node.base, &format!("{}/", node.base)] {
            outbox::set_field(&node.node, "Website", address).await.expect("set");
            assert_eq!(fields(&node).await[0].verified_at, None, "{address}");
        }
        assert_eq!(blocked.fetches(), 0, "nothing is asked of a blocked server");
    }

    async fn the_actor_tells_nothing_of_how_a_link_was_checked(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let website = page(&remote, &link_back(&node));
        outbox::set_field(&node.node, "Website", &website).await.expect("set");
        let attachment = node.get("/actor").await.json()["attachment"][0].clone();
        let properties: Vec<&String> = attachment.as_object().expect("a field").keys().collect();
        assert_eq!(properties, ["type", "name", "value"]);
        let asked = remote.asked().pop().expect("a request");
        assert!(asked.headers.get("signature").is_none() && asked.headers.get("referer").is_none(), "{asked:?}");
    }
}

#[tokio::test]
async fn a_link_must_be_encrypted_where_the_node_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [("PICKET_DOMAIN", "union.example"), ("PICKET_DATA_DIR", folder.path().to_str().expect("a path"))];
    let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let config = picket::config::Config::from_sources(None, settings).expect("settings");
    let node = picket::node::Node::open(config, picket::clock::Clock::default()).await.expect("a node");
    let refused = outbox::set_field(&node, "Website", "http://union.example/").await.expect_err("refused").to_string();
    assert!(refused.contains("https://"), "{refused}");
    let union = node.identity.union.uri.clone();
    let kept = node.db.read(move |conn| profile::read(conn, &union)).await.expect("read").fields;
    assert!(kept.is_empty());
}
