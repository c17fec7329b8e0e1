//! What somebody passes on: believed by a proof of its actor, else asked for at its origin.

use chrono::TimeDelta;
use picket::federation::proof;
use picket::posts::Review;
use serde_json::{Value, json};

use super::{FORMS, rows, scene};
use crate::fixtures;
use crate::harness::{PUBLIC, Person, Remote, Reply, TestNode, World, on_both_databases};

fn id(document: &Value) -> &str {
    document["id"].as_str().expect("an id")
}

/// A node with a statement, one who passes things on, and an author whose server shows nothing but the author.
struct Scene {
    node: TestNode,
    forwarder: Person,
    origin: Remote,
    author: Person,
    statement: String,
    _remote: Remote,
}

async fn forwarding(world: &World) -> Scene {
    let (node, remote, forwarder) = scene(world).await;
    let origin = world.remote().await;
    let author = origin.person("author");
    let statement = node.publish_at("# Strike").await;
    // Both are known, so that a test may count what it adds.
    for person in [&forwarder, &author] {
        person.says(&node, &person.activity("Like", "http://127.0.0.1:1/x")).await;
    }
    origin.forget();
    Scene { node, forwarder, origin, author, statement, _remote: remote }
}

impl Scene {
    fn create(&self, text: &str) -> Value {
        self.author.activity("Create", self.author.answer(&self.statement, text))
    }

    async fn passes_on(&self, activity: &Value) {
        self.forwarder.says(&self.node, activity).await;
    }

    async fn assert_ignored(&self, activity: &Value, why: &str) {
        let before = rows(&self.node).await;
        self.passes_on(activity).await;
        assert_eq!(rows(&self.node).await, before, "{why}");
    }
}

on_both_databases! {
    async fn what_is_passed_on_with_its_actors_proof_is_believed_and_nobody_is_asked(world) {
        let scene = forwarding(world).await;
        let create = scene.author.proves(scene.create("<p>With you</p>"));
        scene.passes_on(&create).await;
        assert_eq!(scene.node.review_of(id(&create["object"])).await, Some(Review::Held));
        assert_eq!(scene.node.texts("content", "posts").await, [Some("<p>With you</p>".to_owned())]);
        let mut newer = create["object"].clone();
        newer["content"] = json!("<p>With you all</p>");
        newer["updated"] = json!("2099-01-01T00:00:00Z");
        scene.passes_on(&scene.author.proves(scene.author.activity("Update", newer))).await;
        assert_eq!(scene.node.texts("content", "posts").await, [Some("<p>With you all</p>".to_owned())]);
        scene.passes_on(&scene.author.proves(scene.author.activity("Delete", id(&create["object"])))).await;
        assert_eq!(scene.node.count("posts").await, 0);
        assert_eq!(scene.origin.asked().len(), 0, "its key was known");
    }

    async fn an_older_proven_version_does_not_take_the_place_of_what_its_author_corrected(world) {
        let scene = forwarding(world).await;
        let bare = scene.author.answer(&scene.statement, "<p>Ada Moran called</p>");
        let first = scene.author.proves(bare.clone());
        scene.author.says(&scene.node, &scene.author.activity("Create", first.clone())).await;
        let mut corrected = bare.clone();
        corrected["content"] = json!("<p>A driver called</p>");
        corrected["updated"] = json!(picket::clock::rfc3339(world.clock.now() + TimeDelta::minutes(1)));
        let corrected = scene.author.proves(corrected);
        scene.author.says(&scene.node, &scene.author.activity("Update", corrected.clone())).await;
        for kind in ["Create", "Update"] {
            scene.passes_on(&scene.author.activity(kind, first.clone())).await;
            scene.passes_on(&scene.author.activity(kind, corrected.clone())).await;
        }
        assert_eq!(scene.node.texts("content", "posts").await, [Some("<p>A driver called</p>".to_owned())]);
        let mut newer = bare;
        newer["content"] = json!("<p>Two drivers called</p>");
        newer["updated"] = json!(picket::clock::rfc3339(world.clock.now() + TimeDelta::minutes(2)));
        scene.passes_on(&scene.author.activity("Update", scene.author.proves(newer))).await;
        assert_eq!(scene.node.texts("content", "posts").await, [Some("<p>Two drivers called</p>".to_owned())]);
    }

    async fn a_proof_is_believed_though_its_origin_is_down(world) {
        let scene = forwarding(world).await;
        scene.origin.go_down().await;
        scene.passes_on(&scene.author.proves(scene.create("<p>They cut our line</p>"))).await;
        assert_eq!(scene.node.count("posts").await, 1);
    }

    async fn a_prover_whom_we_never_met_is_looked_up_once(world) {
        let scene = forwarding(world).await;
        let stranger = scene.origin.person("stranger");
        let create = stranger.proves(stranger.activity("Create", stranger.answer(&scene.statement, "<p>Hello</p>")));
        scene.passes_on(&create).await;
        assert_eq!(scene.node.review_of(id(&create["object"])).await, Some(Review::Held));
        assert!(scene.origin.asked().iter().all(|asked| asked.target == stranger.path), "{:?}", scene.origin.asked());
    }

    async fn a_proof_that_does_not_hold_is_none(world) {
        let scene = forwarding(world).await;
        let proven = |create: Value| scene.author.proves(create);
        let mut changed = proven(scene.create("<p>I stand with you</p>"));
        changed["object"]["content"] = json!("<p>LIE</p>");
        scene.assert_ignored(&changed, "another text").await;
        let mut added = proven(scene.create("<p>LIE</p>"));
        added["object"]["summary"] = json!("LIE");
        scene.assert_ignored(&added, "something added").await;
        scene.assert_ignored(&scene.forwarder.proves(scene.create("<p>LIE</p>")), "the forwarder's own proof").await;
        let neighbour = scene.origin.person("neighbour");
        scene.assert_ignored(&neighbour.proves(scene.create("<p>LIE</p>")), "a neighbour's proof").await;
        let mut borrowed = neighbour.proves(scene.create("<p>LIE</p>"));
        borrowed["proof"]["verificationMethod"] = json!(scene.author.proof_key.id);
        scene.assert_ignored(&borrowed, "a neighbour's proof under the author's key").await;
        let keys = scene.node.keys().await;
        let ours = { let mut create = scene.create("<p>LIE</p>"); proof::prove(&mut create, &keys.proof, world.clock.now()).expect("a proof"); create };
        scene.assert_ignored(&ours, "our own key").await;
        let mut signed = scene.create("<p>LIE</p>");
        signed["signature"] = json!({"type": "RsaSignature2017", "creator": scene.author.key.id, "created": "2026-01-01T00:00:00Z", "signatureValue": "AAAA"});
        scene.assert_ignored(&signed, "a linked-data signature").await;
    }

    async fn what_a_proof_covers_must_be_its_actors_own(world) {
        let scene = forwarding(world).await;
        let victim = scene.origin.person("victim");
        let before = rows(&scene.node).await;
        let of_other = scene.author.proves(scene.author.activity("Create", victim.answer(&scene.statement, "<p>LIE</p>")));
        assert_eq!(scene.forwarder.send(&scene.node, &of_other).await, 403);
        let mut elsewhere = scene.create("<p>LIE</p>");
        elsewhere["object"]["id"] = json!(format!("{}/notes/1", scene.forwarder.base));
        assert_eq!(scene.forwarder.send(&scene.node, &scene.author.proves(elsewhere)).await, 403);
        let mut foreign = scene.create("<p>LIE</p>");
        foreign["id"] = json!(format!("{}/activities/1", scene.forwarder.base));
        scene.passes_on(&scene.author.proves(foreign)).await;
        let mut nameless = scene.create("<p>LIE</p>");
        nameless.as_object_mut().expect("an object").shift_remove("id");
        scene.passes_on(&scene.author.proves(nameless)).await;
        assert_eq!(rows(&scene.node).await, before);
    }

    async fn only_what_was_said_in_public_is_believed_from_others(world) {
        let scene = forwarding(world).await;
        let union = scene.node.union().to_owned();
        let mut private = scene.create("<p>Between us</p>");
        private["to"] = json!([union]);
        private["object"]["to"] = json!([union]);
        scene.assert_ignored(&scene.author.proves(private.clone()), "private").await;
        private["to"] = json!([PUBLIC]);
        scene.assert_ignored(&scene.author.proves(private.clone()), "a private post in a public activity").await;
        private["object"] = scene.author.proves(private["object"].clone());
        scene.assert_ignored(&private, "a private post with a proof").await;
    }

    async fn a_proof_over_json_that_can_be_read_in_two_ways_is_not_believed(world) {
        let scene = forwarding(world).await;
        let create = scene.author.proves(scene.create("<p>With you</p>")).to_string();
        let doubled = create.replacen("\"content\":", "\"content\":\"<p>LIE</p>\",\"content\":", 1);
        let before = rows(&scene.node).await;
        let answered = scene.forwarder.letter(FORMS[0], &scene.node, doubled).post(&scene.node).await;
        assert!(matches!(answered.status, 202 | 400), "{}", answered.status);
        assert_eq!(rows(&scene.node).await, before);
    }

    async fn an_old_proof_is_asked_for_at_its_origin_and_an_expired_one_too(world) {
        let scene = forwarding(world).await;
        let old = scene.author.proves(scene.create("<p>Long ago</p>"));
        world.pass(TimeDelta::days(15));
        scene.assert_ignored(&old, "a fortnight old").await;
        let early = scene.author.proves(scene.create("<p>Tomorrow</p>"));
        world.pass(TimeDelta::minutes(-6));
        scene.assert_ignored(&early, "from the future").await;
        // What its origin still shows is taken from there.
        let shown = scene.author.proves(scene.create("<p>Long ago, and still there</p>"));
        scene.origin.serve(&shown["object"]);
        world.pass(TimeDelta::days(15));
        scene.passes_on(&shown).await;
        assert_eq!(scene.node.texts("content", "posts").await, [Some("<p>Long ago, and still there</p>".to_owned())]);
        assert_eq!(scene.origin.fetches_of(id(&shown["object"]).trim_start_matches(&scene.origin.base)), 1);
    }

    async fn a_proven_post_is_believed_and_nothing_of_the_activity_around_it(world) {
        let scene = forwarding(world).await;
        let post = scene.author.proves(scene.author.answer(&scene.statement, "<p>With you</p>"));
        let create = scene.author.activity("Create", post.clone());
        scene.passes_on(&create).await;
        assert_eq!(scene.node.texts("content", "posts").await, [Some("<p>With you</p>".to_owned())]);
        // Whoever passes it on cannot keep the author's own activity from being heard by using its id.
        assert_eq!(scene.node.count(&format!("heard_activities WHERE activity_uri = '{}'", id(&create))).await, 0);
        let mut changed = post.clone();
        changed["content"] = json!("<p>LIE</p>");
        scene.assert_ignored(&scene.author.activity("Update", changed), "another text").await;
        let as_own = scene.forwarder.activity("Announce", post);
        scene.passes_on(&as_own).await;
        assert_eq!((scene.node.count("posts").await, scene.node.count("boosts").await), (1, 0));
        assert_eq!(scene.origin.asked().iter().filter(|asked| asked.target.starts_with("/notes")).count(), 1, "for the changed one");
    }

    async fn what_comes_directly_and_passed_on_has_one_effect(world) {
        let scene = forwarding(world).await;
        let create = scene.author.proves(scene.create("<p>With you</p>"));
        let like = scene.author.proves(scene.author.activity("Like", scene.statement.as_str()));
        scene.author.says(&scene.node, &create).await;
        scene.passes_on(&create).await;
        scene.passes_on(&like).await;
        scene.author.says(&scene.node, &like).await;
        for document in [&create, &like] {
            assert_eq!(scene.node.count(&format!("heard_activities WHERE activity_uri = '{}'", id(document))).await, 1);
        }
        assert_eq!((scene.node.count("posts").await, scene.node.count("likes").await), (1, 1));
        // What its author took back does not come again by being passed on once more.
        scene.author.says(&scene.node, &scene.author.activity("Delete", id(&create["object"]))).await;
        scene.author.says(&scene.node, &scene.author.activity("Undo", like.clone())).await;
        scene.passes_on(&create).await;
        scene.passes_on(&like).await;
        assert_eq!((scene.node.count("posts").await, scene.node.count("likes").await), (0, 0));
    }

    async fn a_broken_proof_beside_a_good_signature_of_the_actor_does_no_harm(world) {
        let scene = forwarding(world).await;
        let mut create = scene.author.proves(scene.create("<p>With you</p>"));
        create["proof"]["created"] = json!("2020-01-01T00:00:00Z");
        scene.author.says(&scene.node, &create).await;
        assert_eq!(scene.node.count("posts").await, 1);
    }

    async fn a_proof_key_that_changed_is_found_and_one_that_disappeared_is_good_no_more(world) {
        let scene = forwarding(world).await;
        let renewed = scene.author.with_new_proof_key("#ed25519-key-2");
        scene.origin.reply(&renewed.path, Reply::Json(renewed.document()));
        scene.passes_on(&renewed.proves(scene.create("<p>With a new key</p>"))).await;
        assert_eq!(scene.node.count("posts").await, 1);
        scene.assert_ignored(&scene.author.proves(scene.create("<p>With the old key</p>")), "it is not listed any more").await;
        world.pass(TimeDelta::minutes(6));
        let again = renewed.with_new_proof_key("#ed25519-key-2");
        scene.origin.reply(&again.path, Reply::Json(again.document()));
        scene.passes_on(&again.proves(scene.create("<p>With another key under the old name</p>"))).await;
        assert_eq!(scene.node.count("posts").await, 2);
    }

    async fn a_linked_data_signature_of_mastodon_makes_us_ask_mastodon(world) {
        let Some(folder) = fixtures::folder() else { return };
        let scene = forwarding(world).await;
        for name in ["create", "create_tampered", "delete"] {
            let document = fixtures::json(&folder.join(format!("ldsig/mastodon-mastodon_signed_{name}.json")));
            scene.assert_ignored(&document, name).await;
        }
    }
}
