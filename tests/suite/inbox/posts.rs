//! What allies and strangers publish and pass on.

use picket::posts::Review;
use serde_json::json;

use super::{timeline, with_statement};
use crate::harness::{Reply, ally, id, on_both_databases};

on_both_databases! {
    async fn what_allies_publish_and_pass_on_stands_in_the_timeline(world) {
        let node = world.node().await;
        let (remote, others) = (world.remote().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let own = ally.note("<p>We strike too</p>");
        ally.says(&node, &ally.activity("Create", own.clone())).await;
        let passed_on = others.person("bea").note("<p>Read this</p>");
        others.serve(&passed_on);
        let announce = ally.activity("Announce", id(&passed_on));
        ally.says(&node, &announce).await;
        let mut timeline_now = timeline(&node).await;
        timeline_now.sort();
        let mut expected = vec![id(&own).to_owned(), id(&passed_on).to_owned()];
        expected.sort();
        assert_eq!(timeline_now, expected);
        ally.says(&node, &ally.activity("Undo", announce)).await;
        assert_eq!(timeline(&node).await, [id(&own)]);
        ally.says(&node, &ally.activity("Delete", id(&own))).await;
        assert!(timeline(&node).await.is_empty());
    }

    async fn what_a_stranger_publishes_is_not_kept(world) {
        let (node, _, remote, stranger) = with_statement(world).await;
        stranger.says(&node, &stranger.activity("Create", stranger.note("<p>Look at me</p>"))).await;
        let note = stranger.note("<p>Look at this</p>");
        remote.serve(&note);
        stranger.says(&node, &stranger.activity("Announce", id(&note))).await;
        assert_eq!((node.count("posts").await, node.count("boosts").await), (0, 0));
        assert_eq!(remote.fetches_of(note["id"].as_str().expect("an id").trim_start_matches(&remote.base)), 0);
    }

    async fn a_stranger_who_mentions_the_union_is_held(world) {
        let (node, _, _remote, stranger) = with_statement(world).await;
        let mut note = stranger.note("<p>UNSEEN</p>");
        note["tag"] = json!([{"type": "Mention", "href": node.union()}]);
        stranger.says(&node, &stranger.activity("Create", note.clone())).await;
        assert_eq!(node.review_of(id(&note)).await, Some(Review::Held));
        assert!(!node.page("/").await.body.contains("UNSEEN"));
    }

    async fn an_ally_may_pass_a_post_on_by_the_address_of_its_page(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let (ally, others) = (ally(&node, &remote).await, world.remote().await);
        let note = others.person("bea").note("<p>Read this</p>");
        others.serve(&note);
        others.reply("/@bea/1", Reply::Json(note.clone()));
        let announce = ally.activity("Announce", format!("{}/@bea/1", others.base));
        ally.says(&node, &announce).await;
        assert_eq!((timeline(&node).await, node.count("boosts").await), (vec![id(&note).to_owned()], 1));
        ally.says(&node, &ally.activity("Undo", announce)).await;
        assert_eq!(node.count("boosts").await, 0);
    }
}
