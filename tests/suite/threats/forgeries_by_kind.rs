//! Rarer activities that are truly signed and speak of what is not their speaker's; each must change no row and send nothing.

use serde_json::{Value, json};

use super::scene;
use crate::harness::{Person, Remote, Reply, TestNode, World, followed, id, on_both_databases};

/// A node that follows a union, which follows it and lives on the attacker's server.
async fn with_ally(world: &World) -> (TestNode, Remote, Person, Person) {
    let (node, remote, eve) = scene(world).await;
    let ally = remote.person("ally");
    let mut document = ally.document();
    document["featured"] = json!(format!("{}/featured", ally.id));
    remote.reply(&ally.path, Reply::Json(document));
    followed(&node, &remote, &ally).await;
    ally.follows(&node).await;
    node.deliver_all().await;
    (node, remote, eve, ally)
}

const TABLES: [&str; 10] = [
    "follows WHERE state = 'accepted'",
    "follows",
    "posts",
    "likes",
    "boosts",
    "moves",
    "quotes",
    "reports",
    "featured_posts",
    "deliveries",
];

async fn rows(node: &TestNode) -> Vec<i64> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push(node.count(table).await);
    }
    rows
}

/// Sends an activity that is signed as it should be, and asserts that nothing comes of it.
async fn assert_no_effect(node: &TestNode, speaker: &Person, activity: &Value) {
    let before = rows(node).await;
    let status = speaker.send(node, activity).await;
    assert!(matches!(status, 202 | 403), "{status}: {activity}");
    assert_eq!(rows(node).await, before, "{activity}");
}

on_both_databases! {
    async fn nobody_takes_back_the_answer_of_another(world) {
        let (node, remote, eve, ally) = with_ally(world).await;
        let accept_id = node.texts("answer_uri", "follows WHERE answer_uri IS NOT NULL").await.remove(0).expect("an id");
        let follow = remote.heard_of("Follow").remove(0);
        let accept = json!({"id": accept_id, "type": "Accept", "actor": ally.id, "object": follow});
        let mut as_own = accept.clone();
        as_own["actor"] = json!(eve.id);
        for object in [json!(accept_id), accept, as_own] {
            assert_no_effect(&node, &eve, &eve.activity("Undo", object)).await;
        }
    }

    async fn nobody_blocks_in_the_name_of_another(world) {
        let (node, _remote, eve, ally) = with_ally(world).await;
        assert_no_effect(&node, &eve, &eve.activity("Block", node.union())).await;
        assert_no_effect(&node, &eve, &ally.activity("Block", node.union())).await;
    }

    async fn nobody_moves_another(world) {
        let (node, remote, eve, ally) = with_ally(world).await;
        let mut document = eve.document();
        document["alsoKnownAs"] = json!([ally.id]);
        remote.reply(&eve.path, Reply::Json(document));
        for actor in [&eve, &ally] {
            let mut activity = actor.activity("Move", ally.id.as_str());
            activity["target"] = json!(eve.id);
            // Signed by her in either case: as herself, and as the ally.
            assert_no_effect(&node, &eve, &activity).await;
        }
        // The ally itself, where its own document does not confirm it; then where it names itself, or us.
        for target in [eve.id.as_str(), ally.id.as_str(), node.union()] {
            let mut activity = ally.activity("Move", ally.id.as_str());
            activity["target"] = json!(target);
            assert_no_effect(&node, &ally, &activity).await;
        }
    }

    async fn nobody_pins_to_the_profile_of_another(world) {
        let (node, remote, eve, ally) = with_ally(world).await;
        let (theirs, hers) = (ally.note("<p>Theirs</p>"), eve.note("<p>Hers</p>"));
        for note in [&theirs, &hers] {
            remote.serve(note);
        }
        for (speaker, note) in [(&eve, &theirs), (&eve, &hers), (&ally, &hers)] {
            for kind in ["Add", "Remove"] {
                let mut activity = speaker.activity(kind, id(note));
                activity["target"] = json!(format!("{}/featured", ally.id));
                let before = node.count("featured_posts").await;
                assert_eq!(speaker.send(&node, &activity).await, 202);
                assert_eq!(node.count("featured_posts").await, before, "{activity}");
            }
        }
    }

    async fn nobody_gets_a_stamp_for_the_post_of_another_or_for_another_statement(world) {
        let (node, remote, eve) = scene(world).await;
        let elsewhere = world.remote().await;
        let (victim, afar) = (remote.person("victim"), elsewhere.person("afar"));
        let (statement, other) = (node.publish_at("# One").await, node.publish_at("# Two").await);
        let quoting = |author: &Person, quoted: &str| {
            let mut note = author.note("<p>Look</p>");
            note["quote"] = json!(quoted);
            note
        };
        let (hers, afars) = (quoting(&victim, &statement), quoting(&afar, &statement));
        let mut stolen = hers.clone();
        stolen["attributedTo"] = json!(eve.id);
        stolen["id"] = afars["id"].clone();
        remote.serve(&hers);
        elsewhere.serve(&afars);
        let another = quoting(&eve, &other);
        for instrument in [hers.clone(), json!(id(&hers)), afars.clone(), json!(id(&afars)), stolen, another, eve.note("<p>No quote</p>")] {
            let mut request = eve.activity("QuoteRequest", statement.as_str());
            request["instrument"] = instrument;
            eve.says(&node, &request).await;
        }
        node.deliver_all().await;
        assert_eq!(node.count("quotes").await, 0);
        assert_eq!((remote.heard_of("Accept").len(), remote.heard_of("Reject").len()), (0, 7));
        assert_eq!(elsewhere.fetches(), 0, "what lies elsewhere is not even asked for");
        // Passed on in another's name: nothing, not even an answer.
        let mut request = victim.activity("QuoteRequest", statement.as_str());
        request["instrument"] = hers;
        eve.says(&node, &request).await;
        assert_eq!((node.waiting().await, node.count("quotes").await), (0, 0));
    }

    async fn a_replayed_activity_of_any_kind_has_no_second_effect(world) {
        let (node, remote, _eve, ally) = with_ally(world).await;
        let statement = node.publish_at("# Strike").await;
        node.deliver_all().await;
        let mut note = ally.note("<p>Look</p>");
        note["quote"] = json!(statement);
        remote.serve(&note);
        let mut request = ally.activity("QuoteRequest", statement.as_str());
        request["instrument"] = note.clone();
        let mut add = ally.activity("Add", id(&note));
        add["target"] = json!(format!("{}/featured", ally.id));
        let mut react = ally.activity("EmojiReact", statement.as_str());
        react["content"] = json!("✊");
        for activity in [request, add, react, ally.activity("Flag", statement.as_str()), ally.activity("Block", node.union())] {
            ally.says(&node, &activity).await;
            node.deliver_all().await;
            assert_no_effect(&node, &ally, &activity).await;
        }
        assert_eq!(rows(&node).await[..9], [0, 1, 1, 1, 0, 0, 1, 1, 1]);
    }

    async fn a_forwarded_delete_uses_up_no_id_of_its_author_and_ends_no_private_post(world) {
        let (node, remote, eve) = scene(world).await;
        let author = remote.person("author");
        let statement = node.publish_at("# Strike").await;
        let mut private = author.answer(&statement, "<p>For you alone</p>");
        private["to"] = json!([node.union()]);
        let mut create = author.activity("Create", private.clone());
        create["to"] = json!([node.union()]);
        author.says(&node, &create).await;
        // Its server hides it from us, as it should: that does not mean that it is gone.
        eve.says(&node, &author.activity("Delete", id(&private))).await;
        assert_eq!(node.count("private_posts").await, 1);
        let public = author.answer(&statement, "<p>For all</p>");
        author.says(&node, &author.activity("Create", public.clone())).await;
        let later = author.activity("Like", statement.as_str());
        let mut forged = author.activity("Delete", id(&public));
        forged["id"] = later["id"].clone();
        eve.says(&node, &forged).await;
        author.says(&node, &later).await;
        assert_eq!(node.count("likes").await, 1);
    }
}
