//! Follow, its answers, and their Undo.

use chrono::TimeDelta;
use picket::alliances::{self, FollowState};
use picket::federation::outbox;
use picket::posts::Review;
use serde_json::{Value, json};

use super::timeline;
use crate::harness::{followed, id, on_both_databases};

on_both_databases! {
    async fn a_follow_is_accepted_and_its_undo_ends_it(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let follower = remote.person("amal");
        let follow = follower.follows(&node).await;
        node.deliver_all().await;
        let accepts = remote.heard_of("Accept");
        assert_eq!(accepts.len(), 1);
        assert_eq!(remote.posted()[0].target, format!("{}/inbox", follower.path), "told in person");
        assert_eq!((&accepts[0]["actor"], &accepts[0]["object"]["id"]), (&json!(node.union()), &follow["id"]));
        assert_eq!((&accepts[0]["object"]["actor"], &accepts[0]["object"]["object"]), (&json!(follower.id), &json!(node.union())));
        assert_eq!(accepts[0]["proof"], Value::Null, "a proof would make it undeniable");
        assert_eq!(node.get(id(&accepts[0])).await.status, 404, "and nobody else may read it");
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 1);
        follower.says(&node, &follower.activity("Undo", follow)).await;
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 0);
        assert_eq!(node.publish("Nobody listens").await.deliveries, 0);
    }

    async fn an_undo_may_name_the_follow_by_its_id_alone(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let follower = remote.person("amal");
        let follow = follower.follows(&node).await;
        follower.says(&node, &follower.activity("Undo", id(&follow))).await;
        assert_eq!(node.count("follows").await, 0);
        node.deliver_all().await;
    }

    async fn a_follow_again_is_accepted_again_and_counts_once(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let follower = remote.person("amal");
        for accepts in 1..=2 {
            follower.follows(&node).await;
            node.deliver_all().await;
            assert_eq!(remote.heard_of("Accept").len(), accepts);
        }
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 1);
    }

    async fn whoever_asks_again_before_the_accept_left_gets_one_for_the_newest_follow(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let (follower, other) = (remote.person("amal"), remote.person("bea"));
        other.follows(&node).await;
        follower.follows(&node).await;
        let newest = follower.follows(&node).await;
        assert_eq!(node.count("activities").await, 2);
        node.deliver_all().await;
        let accepts = remote.heard_of("Accept");
        assert_eq!(accepts.len(), 2, "one for each of them");
        assert!(accepts.iter().any(|accept| accept["object"]["id"] == newest["id"]));
        // One that was delivered is replaced as well: asking again and again fills nothing.
        for _ in 0..3 {
            follower.follows(&node).await;
            node.deliver_all().await;
        }
        assert_eq!((remote.heard_of("Accept").len(), node.count("activities").await), (5, 2));
    }

    async fn nobody_follows_the_instance_actor_or_what_is_no_actor(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let person = remote.person("amal");
        for object in [format!("{}/instance", node.base), format!("{}/nowhere", node.base), "https://elsewhere.example/".to_owned()] {
            person.says(&node, &person.activity("Follow", object)).await;
        }
        assert_eq!((node.count("follows").await, node.waiting().await), (0, 0));
    }

    async fn our_follow_is_requested_accepted_rejected_and_taken_back(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let other = remote.person("ally");
        let state = async || {
            let (uri, union) = (other.id.clone(), node.node.identity.union.id);
            node.read(move |conn| {
                let actor = picket::actors::find(conn, &uri)?.expect("known");
                Ok(alliances::find(conn, union, actor.id)?.map(|follow| follow.state))
            })
            .await
        };
        outbox::follow(&node.node, &other.id).await.expect("asked");
        node.deliver_all().await;
        assert_eq!(state().await, Some(FollowState::Requested));
        let follow = remote.heard_of("Follow").remove(0);
        assert_eq!((&follow["actor"], &follow["object"], &follow["proof"]), (&json!(node.union()), &json!(other.id), &Value::Null));
        other.says(&node, &other.activity("Accept", id(&follow))).await;
        assert_eq!(state().await, Some(FollowState::Accepted));
        assert_eq!(node.get("/actor/following").await.json()["totalItems"], 1);
        other.says(&node, &other.activity("Reject", follow.clone())).await;
        assert_eq!(state().await, Some(FollowState::Rejected));
        assert_eq!(node.get("/actor/following").await.json()["totalItems"], 0);
        outbox::unfollow(&node.node, &other.id).await.expect("taken back");
        node.deliver_all().await;
        assert_eq!(state().await, None);
        assert_eq!(remote.heard_of("Undo").remove(0)["object"]["id"], follow["id"]);
    }

    async fn two_unions_of_ours_follow_each_other_and_hear_each_other(world) {
        let (one, other) = (world.node().await, world.node().await);
        for (from, to) in [(&one, &other), (&other, &one)] {
            outbox::follow(&from.node, to.union()).await.expect("asked");
        }
        for _ in 0..3 {
            one.deliver_all().await;
            other.deliver_all().await;
        }
        let statement = one.publish_at("# Grev\n\nفارسی، 日本語, 한국어").await;
        one.deliver_all().await;
        assert_eq!(timeline(&other).await, std::slice::from_ref(&statement));
        let answer = other.publish_at(&format!("+++\nin_reply_to = \"{statement}\"\n+++\nSolidarity!")).await;
        other.deliver_all().await;
        assert_eq!(one.review_of(&answer).await, Some(Review::Approved));
        assert_eq!(one.get(&statement).await.json()["replies"]["totalItems"], 1);
        outbox::withdraw(&other.node, &answer).await.expect("withdrawn");
        other.deliver_all().await;
        assert_eq!(one.get(&statement).await.json()["replies"]["totalItems"], 0);
        one.deliver_all().await;
    }

    async fn an_ally_may_take_back_its_answer(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = remote.person("ally");
        let accept = followed(&node, &remote, &ally).await;
        let state = async || node.texts("state", "follows").await.remove(0).expect("a state");
        assert_eq!(state().await, "accepted");
        // By its id alone, as Mastodon's relatives do, and whole.
        ally.says(&node, &ally.activity("Undo", id(&accept))).await;
        assert_eq!(state().await, "rejected", "without its Accept the Follow is ended");
        let follow = accept["object"].clone();
        ally.says(&node, &ally.activity("Accept", follow.clone())).await;
        assert_eq!(state().await, "accepted");
        ally.says(&node, &ally.activity("Undo", accept)).await;
        assert_eq!(state().await, "rejected");
        let reject = ally.activity("Reject", follow);
        ally.says(&node, &reject).await;
        ally.says(&node, &ally.activity("Undo", id(&reject))).await;
        assert_eq!(state().await, "requested", "without its Reject the Follow is asked still");
        assert_eq!(node.waiting().await, 0);
    }

    async fn the_undo_of_another_answer_than_the_last_changes_nothing(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = remote.person("ally");
        let accept = followed(&node, &remote, &ally).await;
        let other = ally.activity("Accept", "https://elsewhere.example/follow");
        for object in [json!(id(&other)), other.clone(), ally.activity("Reject", accept["object"].clone()), json!("https://elsewhere.example/")] {
            ally.says(&node, &ally.activity("Undo", object)).await;
        }
        assert_eq!(node.count("follows WHERE state = 'accepted'").await, 1);
    }

    async fn whoever_dropped_us_without_a_word_is_asked_again_and_stays_an_ally_meanwhile(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = remote.person("ally");
        let first = followed(&node, &remote, &ally).await["object"]["id"].clone();
        let again = outbox::follow(&node.node, &ally.id).await.expect("asked again");
        assert_eq!(again.state, FollowState::Accepted);
        node.deliver_all().await;
        let follow = remote.heard_of("Follow").pop().expect("a Follow");
        assert_ne!(follow["id"], first, "whoever keeps the ids of what it heard would not look at it");
        assert_eq!(node.count("follows WHERE state = 'accepted'").await, 1);
        // The newest is what the answer is about.
        ally.says(&node, &ally.activity("Accept", id(&follow))).await;
        assert_eq!(node.count("follows WHERE state = 'accepted'").await, 1);
        ally.says(&node, &ally.activity("Reject", id(&follow))).await;
        assert_eq!(node.count("follows WHERE state = 'rejected'").await, 1);
        outbox::unfollow(&node.node, &ally.id).await.expect("taken back");
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Undo").remove(0)["object"]["id"], follow["id"]);
    }

    async fn a_node_that_dropped_another_takes_it_back_when_it_asks_again(world) {
        let (node, ally) = (world.node().await, world.node().await);
        outbox::follow(&node.node, ally.union()).await.expect("asked");
        for _ in 0..2 {
            node.deliver_all().await;
            ally.deliver_all().await;
        }
        let (follower, union) = (node.union().to_owned(), ally.node.identity.union.id);
        let dropped = ally.write(move |conn| {
            let follower = picket::actors::find(conn, &follower)?.expect("known").id;
            alliances::remove(conn, follower, union)
        });
        assert!(dropped.await);
        outbox::follow(&node.node, ally.union()).await.expect("asked again");
        for _ in 0..2 {
            node.deliver_all().await;
            ally.deliver_all().await;
        }
        assert_eq!(ally.get("/actor/followers").await.json()["totalItems"], 1);
        assert_eq!(node.get("/actor/following").await.json()["totalItems"], 1);
    }

    async fn an_accept_of_anything_but_a_follow_is_ignored(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = remote.person("ally");
        outbox::follow(&node.node, &ally.id).await.expect("asked");
        node.deliver_all().await;
        for kind in ["Offer", "Join", "Invite", "QuoteRequest", "Nonsense"] {
            let object = json!({"type": kind, "id": format!("{}/1", ally.base), "actor": node.union(), "object": ally.id});
            for answer in ["Accept", "Reject"] {
                ally.says(&node, &ally.activity(answer, object.clone())).await;
            }
        }
        assert_eq!(node.count("follows WHERE state = 'requested'").await, 1);
    }


    async fn whoever_follows_again_under_the_same_ids_is_heard_each_time(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let (pixel, mei) = (remote.person("pixel"), remote.person("mei"));
        // As Pixelfed says it: without an id, and the Undo names one that was never said.
        let mut bare = pixel.activity("Follow", node.union());
        bare.as_object_mut().expect("an object").remove("id");
        let mut undone = bare.clone();
        undone["id"] = json!(format!("{}#follows/1", pixel.id));
        // As Misskey does: ids that are made of the two actors.
        let mut named = mei.activity("Follow", node.union());
        named["id"] = json!(format!("{}/follows/mei/union", mei.base));
        for (follower, follow, undone) in [(&pixel, &bare, &undone), (&mei, &named, &named)] {
            let mut undo = follower.activity("Undo", undone.clone());
            undo["id"] = json!(format!("{}#follow/1/undo", follower.id));
            for round in ["first", "again", "and again"] {
                remote.forget();
                follower.says(&node, follow).await;
                follower.says(&node, follow).await;
                node.deliver_all().await;
                assert_eq!((node.count("follows").await, remote.heard_of("Accept").len()), (1, 1), "{round}: {follow}");
                world.pass(TimeDelta::minutes(1));
                follower.says(&node, &undo).await;
                follower.says(&node, &undo).await;
                assert_eq!(node.count("follows").await, 0, "{round}: {undo}");
            }
        }
    }

    async fn a_late_copy_of_an_undo_does_not_end_a_newer_follow(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let follower = remote.person("amal");
        let undo = follower.activity("Undo", follower.follows(&node).await);
        follower.says(&node, &undo).await;
        world.pass(TimeDelta::minutes(1));
        follower.follows(&node).await;
        follower.says(&node, &undo).await;
        assert_eq!(node.count("follows").await, 1);
        node.deliver_all().await;
    }
}
