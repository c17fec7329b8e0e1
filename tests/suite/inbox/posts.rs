//! What allies and strangers publish and pass on.

use chrono::TimeDelta;
use picket::federation::inbox::waiting::hear_again;
use picket::heard;
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

    async fn a_boost_waits_for_the_server_of_its_post_and_its_ally_goes_on(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let (ally, others) = (ally(&node, &remote).await, world.remote().await);
        let (note, other) = (others.person("bea").note("<p>Read this</p>"), others.person("bea").note("<p>And this</p>"));
        others.serve(&note);
        others.serve(&other);
        others.go_down().await;
        ally.says(&node, &ally.activity("Announce", id(&note))).await;
        let taken_back = ally.activity("Announce", id(&other));
        ally.says(&node, &taken_back).await;
        let own = ally.note("<p>We strike too</p>");
        ally.says(&node, &ally.activity("Create", own.clone())).await;
        ally.says(&node, &ally.activity("Undo", id(&taken_back))).await;
        assert_eq!((timeline(&node).await, node.count("waiting_activities").await), (vec![id(&own).to_owned()], 1));
        others.come_back().await;
        hear_again(&node.node).await.expect("heard");
        assert_eq!((node.count("boosts").await, others.asked().len()), (0, 0), "its time has not come");
        world.pass(TimeDelta::minutes(5));
        hear_again(&node.node).await.expect("heard");
        assert_eq!(node.texts("content", "posts ORDER BY id").await.pop().flatten().as_deref(), Some("<p>Read this</p>"));
        assert_eq!((node.count("boosts").await, node.count("waiting_activities").await), (1, 0));
    }

    async fn a_boost_of_what_does_not_answer_for_a_day_is_let_go(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let (ally, others) = (ally(&node, &remote).await, world.remote().await);
        let bea = others.person("bea");
        for number in [1, 2] {
            others.reply(&format!("/notes/{number}"), Reply::Typed("text/html", "<p>Hello</p>".to_owned()));
            ally.says(&node, &ally.activity("Announce", format!("{}/notes/{number}", bea.base))).await;
        }
        let mut tries = 0;
        for _ in 0..26 {
            others.forget();
            world.pass(TimeDelta::hours(1));
            hear_again(&node.node).await.expect("heard");
            assert!(others.fetches() <= 1, "a silent server is asked once in a round");
            tries += others.fetches();
        }
        assert_eq!((tries, node.count("waiting_activities").await, node.count("boosts").await), (6, 0, 0));
    }

    async fn what_lies_on_the_speakers_own_server_is_sent_again(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let ally = ally(&node, &remote).await;
        remote.reply("/notes/1", Reply::Status(500));
        assert_eq!(ally.send(&node, &ally.activity("Announce", format!("{}/notes/1", ally.base))).await, 503);
        assert_eq!(node.count("waiting_activities").await, 0);
    }

    async fn only_so_much_waits_for_one_server_and_for_all(world) {
        let (node, _, _remote, stranger) = with_statement(world).await;
        stranger.says(&node, &stranger.activity("Like", "http://127.0.0.1:1/x")).await;
        let now = world.clock.now();
        let uri = stranger.id.clone();
        node.write(move |conn| {
            let actor = picket::actors::find(conn, &uri)?.expect("known").id;
            for number in 0..heard::MOST_WAITING + 50 {
                // Eleven servers, of which the last has no room of its own any more.
                let host = format!("{}.example", number / (heard::MOST_WAITING_FOR_ONE + 2));
                heard::wait(conn, actor, &format!("https://a.example/{number}"), "{}", &host, now)?;
            }
            Ok(())
        })
        .await;
        assert_eq!(node.count("waiting_activities WHERE host = '0.example'").await, heard::MOST_WAITING_FOR_ONE);
        assert_eq!(node.count("waiting_activities").await, heard::MOST_WAITING);
    }
}
