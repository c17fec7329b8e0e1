//! What others said and the union passes on.

use picket::federation::outbox;
use serde_json::json;

use super::{followed, text};
use crate::harness::on_both_databases;

on_both_databases! {
    async fn a_boost_tells_followers_and_the_author_and_is_taken_back(world) {
        let (node, followers, _) = followed(world).await;
        let authors = world.remote().await;
        let author = authors.person("bea");
        let post = author.note("<p>Solidarity!</p>");
        authors.serve(&post);
        let (_, deliveries) = outbox::boost(&node.node, text(&post, "id")).await.expect("boosted");
        assert_eq!(deliveries, 2);
        node.deliver_all().await;
        for remote in [&followers, &authors] {
            let announced = remote.heard_of("Announce");
            assert_eq!(announced.len(), 1);
            assert_eq!(announced[0]["object"], post["id"]);
        }
        let announce = followers.heard_of("Announce").remove(0);
        assert_eq!(node.get(text(&announce, "id")).await.json(), announce, "it can be fetched by its id");
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 1);
        assert!(outbox::boost(&node.node, text(&post, "id")).await.is_err(), "twice");
        outbox::unboost(&node.node, text(&post, "id")).await.expect("taken back");
        node.deliver_all().await;
        for remote in [&followers, &authors] {
            let undone = remote.heard_of("Undo");
            assert_eq!((undone.len(), &undone[0]["object"]["id"]), (1, &announce["id"]));
        }
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 0);
        assert!(outbox::unboost(&node.node, text(&post, "id")).await.is_err(), "twice");
    }

    async fn a_boost_taken_back_can_no_longer_be_fetched(world) {
        let (node, followers, _) = followed(world).await;
        let authors = world.remote().await;
        let post = authors.person("bea").note("<p>Solidarity!</p>");
        authors.serve(&post);
        outbox::boost(&node.node, text(&post, "id")).await.expect("boosted");
        node.deliver_all().await;
        let announce = followers.heard_of("Announce").remove(0);
        outbox::unboost(&node.node, text(&post, "id")).await.expect("taken back");
        node.deliver_all().await;
        assert_eq!(node.get(text(&announce, "id")).await.status, 404);
    }

    async fn a_boost_of_a_post_that_changed_waits_with_it_for_an_editor(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let author = remote.person("amal");
        let mut post = author.note("<p>Bread and roses</p>");
        remote.serve(&post);
        outbox::boost(&node.node, text(&post, "id")).await.expect("boosted");
        node.deliver_all().await;
        let announce = remote.heard_of("Announce").remove(0);
        assert_eq!(node.get(text(&announce, "id")).await.status, 200);
        post["content"] = json!("<p>Something else</p>");
        post["updated"] = json!("2099-01-01T00:00:00Z");
        author.says(&node, &author.activity("Update", post)).await;
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 0);
        assert_eq!(node.get(text(&announce, "id")).await.status, 404);
    }

    async fn a_boosted_post_goes_when_its_author_deletes_it(world) {
        let (node, followers, _) = followed(world).await;
        let authors = world.remote().await;
        let author = authors.person("bea");
        let post = author.note("<p>Solidarity!</p>");
        authors.serve(&post);
        outbox::boost(&node.node, text(&post, "id")).await.expect("boosted");
        author.says(&node, &author.activity("Delete", text(&post, "id"))).await;
        node.deliver_all().await;
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 0);
        assert_eq!(node.count("posts").await, 0);
        drop(followers);
    }

    async fn what_is_not_public_is_not_boosted(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let author = remote.person("bea");
        let mut post = author.note("<p>Between us</p>");
        post["to"] = json!([format!("{}/followers", author.id)]);
        remote.serve(&post);
        assert!(outbox::boost(&node.node, text(&post, "id")).await.is_err());
        assert_eq!((node.count("posts").await, node.count("boosts").await), (0, 0));
    }
}
