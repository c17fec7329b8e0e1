//! Activities that are truly signed and speak of what is not their speaker's.

use picket::alliances::FollowState;
use picket::federation::outbox;
use picket::moderation::review::approve;
use picket::posts::Review;
use serde_json::{Value, json};

use super::{FORMS, assert_refused, rows, scene};
use crate::harness::{Person, Reply, TestNode, World, on_both_databases};

fn id(document: &Value) -> &str {
    document["id"].as_str().expect("an id")
}

/// A node with an approved answer of a victim, who lives on the attacker's server.
async fn with_answer(world: &World) -> (TestNode, crate::harness::Remote, Person, Person, Value) {
    let (node, remote, eve) = scene(world).await;
    let victim = remote.person("victim");
    let statement = node.publish_at("# Strike").await;
    let answer = victim.answer(&statement, "<p>I stand with you</p>");
    victim.says(&node, &victim.activity("Create", answer.clone())).await;
    node.review(id(&answer), approve).await.expect("approved");
    (node, remote, eve, victim, answer)
}

on_both_databases! {
    async fn nobody_changes_the_post_of_another_on_the_same_server(world) {
        let (node, _remote, eve, victim, answer) = with_answer(world).await;
        let mut lie = answer.clone();
        lie["content"] = json!("<p>LIE</p>");
        lie["updated"] = json!("2099-01-01T00:00:00Z");
        // As the victim's post, and as her own under its id.
        let letter = eve.letter(FORMS[0], &node, eve.activity("Update", lie.clone()).to_string());
        assert_eq!(letter.post(&node).await.status, 403);
        lie["attributedTo"] = json!(eve.id);
        for kind in ["Update", "Create"] {
            let status = eve.send(&node, &eve.activity(kind, lie.clone())).await;
            assert!(matches!(status, 202 | 403), "{status}");
        }
        assert_eq!(node.texts("content", "posts").await, [Some("<p>I stand with you</p>".to_owned())]);
        assert_eq!(node.count(&format!("posts WHERE uri = '{}' AND review = 'approved'", id(&answer))).await, 1);
        drop(victim);
    }

    async fn nobody_deletes_the_post_of_another_on_the_same_server(world) {
        let (node, _remote, eve, victim, answer) = with_answer(world).await;
        for object in [json!(id(&answer)), json!({"id": id(&answer), "type": "Tombstone"}), answer.clone()] {
            eve.says(&node, &eve.activity("Delete", object)).await;
        }
        assert_eq!(node.count("posts").await, 1);
        victim.says(&node, &victim.activity("Delete", id(&answer))).await;
        assert_eq!(node.count("posts").await, 0);
    }

    async fn nobody_keeps_the_coming_post_of_another_on_the_same_server_out(world) {
        let (node, remote, eve) = scene(world).await;
        let statement = node.publish_at("# Strike").await;
        let victim = remote.person("victim");
        let answer = victim.answer(&statement, "<p>I stand with you</p>");
        eve.says(&node, &eve.activity("Delete", id(&answer))).await;
        victim.says(&node, &victim.activity("Create", answer.clone())).await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
        // What its own author deleted stays out all the same.
        let second = victim.answer(&statement, "<p>Another</p>");
        victim.says(&node, &victim.activity("Delete", id(&second))).await;
        eve.says(&node, &eve.activity("Delete", id(&second))).await;
        victim.says(&node, &victim.activity("Create", second.clone())).await;
        assert_eq!(node.review_of(id(&second)).await, None);
    }

    async fn nobody_deletes_another_actor(world) {
        let (node, _remote, eve, victim, _) = with_answer(world).await;
        eve.says(&node, &eve.activity("Delete", victim.id.as_str())).await;
        assert_eq!(node.count(&format!("actors WHERE uri = '{}'", victim.id)).await, 1);
        assert_eq!(node.count("posts").await, 1);
    }

    async fn nobody_undoes_what_another_did(world) {
        let (node, remote, eve, victim, _) = with_answer(world).await;
        let statement = node.texts("uri", "statements").await.remove(0).expect("an id");
        let follow = victim.follows(&node).await;
        let like = victim.activity("Like", statement.as_str());
        let boost = victim.activity("Announce", statement.as_str());
        victim.says(&node, &like).await;
        victim.says(&node, &boost).await;
        for done in [&follow, &like, &boost] {
            let mut as_own = done.clone();
            as_own["actor"] = json!(eve.id);
            for object in [json!(id(done)), done.clone(), as_own] {
                eve.says(&node, &eve.activity("Undo", object)).await;
            }
        }
        for table in ["follows", "likes", "boosts"] {
            assert_eq!(node.count(table).await, 1, "{table}");
        }
        node.deliver_all().await;
        drop(remote);
    }

    async fn the_accept_of_a_follow_never_sent_is_ignored(world) {
        let (node, remote, eve) = scene(world).await;
        let ally = remote.person("ally");
        eve.says(&node, &eve.activity("Follow", "http://127.0.0.1:1/other")).await;
        let invented = json!({"id": format!("{}/activities/1", node.base), "type": "Follow", "actor": node.union(), "object": eve.id});
        for kind in ["Accept", "Reject"] {
            eve.says(&node, &eve.activity(kind, invented.clone())).await;
        }
        assert_eq!(node.count("follows").await, 0);
        // Nor does she answer for the one who was asked.
        outbox::follow(&node.node, &ally.id).await.expect("asked");
        node.deliver_all().await;
        let follow = remote.heard_of("Follow").remove(0);
        for kind in ["Accept", "Reject"] {
            for object in [json!(id(&follow)), follow.clone()] {
                eve.says(&node, &eve.activity(kind, object)).await;
            }
        }
        assert_eq!(node.count(&format!("follows WHERE state = '{}'", FollowState::Requested.as_str())).await, 1);
        assert_eq!(node.count("follows").await, 1);
    }

    async fn an_activity_whose_id_lies_on_another_server_is_refused(world) {
        let (node, _remote, eve) = scene(world).await;
        for address in ["https://elsewhere.example/1".to_owned(), format!("{}/activities/1", node.base), "as:1".to_owned(), "nonsense".to_owned()] {
            let mut follow = eve.activity("Follow", node.union());
            follow["id"] = json!(address);
            let answered = eve.letter(FORMS[0], &node, follow.to_string()).post(&node).await;
            assert_eq!(answered.status, 403, "{address}");
        }
        assert_eq!((node.count("follows").await, node.count("heard_activities").await), (0, 0));
    }

    async fn a_post_that_is_not_its_speakers_own_is_refused(world) {
        let (node, remote, eve) = scene(world).await;
        let elsewhere = world.remote().await;
        let victim = elsewhere.person("victim");
        let statement = node.publish_at("# Strike").await;
        eve.says(&node, &eve.activity("Like", "http://127.0.0.1:1/x")).await;
        let foreign_author = { let mut note = eve.answer(&statement, "<p>LIE</p>"); note["attributedTo"] = json!(victim.id); note };
        let foreign_id = { let mut note = victim.answer(&statement, "<p>LIE</p>"); note["attributedTo"] = json!(eve.id); note };
        for object in [foreign_author, foreign_id, victim.answer(&statement, "<p>LIE</p>")] {
            for kind in ["Create", "Update"] {
                let letter = eve.letter(FORMS[0], &node, eve.activity(kind, object.clone()).to_string());
                assert_refused(&node, letter, 403, "not her own").await;
            }
        }
        assert_eq!(elsewhere.asked().len(), 0);
        drop(remote);
    }

    async fn of_what_is_forwarded_only_what_its_origin_shows_is_believed(world) {
        let (node, _remote, eve) = scene(world).await;
        let origin = world.remote().await;
        let author = origin.person("author");
        let statement = node.publish_at("# Strike").await;
        let truth = author.answer(&statement, "<p>The truth</p>");
        origin.serve(&truth);
        let mut lie = truth.clone();
        lie["content"] = json!("<p>LIE</p>");
        eve.says(&node, &author.activity("Create", lie)).await;
        assert_eq!(node.texts("content", "posts").await, [Some("<p>The truth</p>".to_owned())]);
        assert_eq!(node.review_of(id(&truth)).await, Some(Review::Held));
        let path = id(&truth).trim_start_matches(&origin.base).to_owned();
        assert_eq!(origin.fetches_of(&path), 1);
    }

    async fn what_its_origin_does_not_show_is_not_believed(world) {
        let (node, remote, eve) = scene(world).await;
        let origin = world.remote().await;
        let author = origin.person("author");
        let statement = node.publish_at("# Strike").await;
        eve.says(&node, &eve.activity("Like", "http://127.0.0.1:1/x")).await;
        let before = rows(&node).await;
        let unknown = author.answer(&statement, "<p>LIE</p>");
        eve.says(&node, &author.activity("Create", unknown)).await;
        // The forwarder shows it herself, under her own address and the author's name.
        let mut planted = eve.answer(&statement, "<p>LIE</p>");
        planted["attributedTo"] = json!(author.id);
        remote.serve(&planted);
        eve.says(&node, &author.activity("Create", planted)).await;
        for kind in ["Follow", "Like", "Announce", "Undo"] {
            let object = if kind == "Follow" { node.union() } else { statement.as_str() };
            eve.says(&node, &author.activity(kind, object)).await;
        }
        assert_eq!(rows(&node).await, before);
    }

    async fn a_forwarded_delete_is_believed_when_the_origin_has_it_no_more(world) {
        let (node, remote, eve, victim, answer) = with_answer(world).await;
        remote.serve(&answer);
        let delete = victim.activity("Delete", id(&answer));
        eve.says(&node, &delete).await;
        assert_eq!(node.count("posts").await, 1, "it still stands there");
        remote.reply(id(&answer).trim_start_matches(&remote.base), Reply::Status(410));
        eve.says(&node, &victim.activity("Delete", id(&answer))).await;
        assert_eq!(node.count("posts").await, 0);
    }

    async fn an_actor_that_is_gone_may_say_so_with_its_known_key(world) {
        let (node, remote, _eve, victim, _) = with_answer(world).await;
        remote.reply(&victim.path, Reply::Status(410));
        victim.says(&node, &victim.activity("Delete", victim.id.as_str())).await;
        assert_eq!((node.count("posts").await, node.count(&format!("actors WHERE uri = '{}'", victim.id)).await), (0, 0));
    }

    async fn an_actor_that_is_gone_is_forgotten_though_its_key_is_not_known(world) {
        let (node, remote, _eve, victim, _) = with_answer(world).await;
        let renewed = victim.with_new_key();
        // Whoever says so: as long as its server shows the actor, nobody is believed.
        assert_eq!(renewed.send(&node, &renewed.activity("Delete", victim.id.as_str())).await, 401);
        assert_eq!(node.count("posts").await, 1);
        remote.reply(&victim.path, Reply::Status(410));
        world.pass(chrono::TimeDelta::minutes(6));
        renewed.says(&node, &renewed.activity("Delete", victim.id.as_str())).await;
        assert_eq!((node.count("posts").await, node.count(&format!("actors WHERE uri = '{}'", victim.id)).await), (0, 0));
    }

    async fn a_post_embedded_in_a_boost_is_not_believed(world) {
        let (node, remote, _eve) = scene(world).await;
        let origin = world.remote().await;
        let ally = remote.person("ally");
        outbox::follow(&node.node, &ally.id).await.expect("asked");
        node.deliver_all().await;
        ally.says(&node, &ally.activity("Accept", remote.heard_of("Follow").remove(0))).await;
        let truth = origin.person("author").note("<p>The truth</p>");
        origin.serve(&truth);
        let mut lie = truth.clone();
        lie["content"] = json!("<p>LIE</p>");
        ally.says(&node, &ally.activity("Announce", lie)).await;
        assert_eq!(node.texts("content", "posts").await, [Some("<p>The truth</p>".to_owned())]);
        // A boost of a private post brings nothing, even where its server shows it to us.
        let mut private = origin.person("other").note("<p>PRIVATE</p>");
        private["to"] = json!([]);
        origin.serve(&private);
        ally.says(&node, &ally.activity("Announce", id(&private))).await;
        assert_eq!(node.count("posts").await, 1);
    }

    async fn a_document_that_calls_itself_something_elses_is_not_kept(world) {
        let (node, remote, eve) = scene(world).await;
        let elsewhere = world.remote().await;
        let victim = elsewhere.person("victim");
        // Her server shows the victim as if it lived there; an actor's inbox may not lead elsewhere either.
        remote.reply("/users/fake", Reply::Json(victim.document()));
        assert!(outbox::follow(&node.node, &format!("{}/users/fake", remote.base)).await.is_err());
        let mut document = eve.document();
        document["inbox"] = json!(format!("{}/inbox", elsewhere.base));
        remote.reply(&eve.path, Reply::Json(document));
        assert!(outbox::follow(&node.node, &eve.id).await.is_err());
        let mut document = eve.document();
        document["endpoints"] = json!({"sharedInbox": format!("{}/inbox", elsewhere.base)});
        remote.reply(&eve.path, Reply::Json(document));
        eve.follows(&node).await;
        node.publish("Not to the victim").await;
        node.deliver_all().await;
        assert_eq!(elsewhere.posted().len(), 0);
        assert_eq!(remote.heard_of("Create").len(), 1);
    }
}
