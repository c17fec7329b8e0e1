//! What was corrected leaves in its newest words only, however late it leaves.

use chrono::TimeDelta;
use picket::delivery;
use picket::federation::outbox;
use serde_json::json;

use super::followed_on;
use crate::harness::{Remote, Reply, TestNode, given_up, on_both_databases};

/// All that was posted to a server since it last forgot.
fn heard(remote: &Remote) -> String {
    remote.heard().iter().map(ToString::to_string).collect()
}

/// Refuses statements that it does not know, and takes everything else without a look.
fn refuses_statements(remote: &Remote) {
    remote.inbox_replies(|asked| Reply::Status(if asked.json()["type"] == "Create" { 404 } else { 202 }));
}

async fn text_of(node: &TestNode, statement: &str) -> Option<String> {
    node.texts("content", &format!("posts WHERE uri = '{statement}'")).await.into_iter().next().flatten()
}

on_both_databases! {
    async fn what_was_refused_is_offered_again_in_its_newest_words(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        refuses_statements(remote);
        let statement = node.publish_at("# Strike\n\nAmal leads us.").await;
        node.deliver_all().await;
        node.edit(&statement, "# Strike\n\nOne of us leads.").await;
        node.deliver_all().await;
        assert_eq!((remote.heard_of("Update").len(), node.waiting().await), (1, 1));
        remote.forget();
        remote.inbox_status(202);
        world.pass(TimeDelta::hours(6));
        node.deliver_all().await;
        let creates = remote.heard_of("Create");
        assert_eq!((creates.len(), &creates[0]["id"]), (1, &json!(format!("{statement}/activity"))));
        assert!(heard(remote).contains("One of us leads") && !heard(remote).contains("Amal"), "{}", heard(remote));
        assert_eq!(creates[0]["object"]["updated"], node.get(&statement).await.json()["updated"]);
    }

    async fn what_is_started_again_leaves_in_its_newest_words(world) {
        let (node, remote, id) = given_up(world).await;
        remote.come_back().await;
        let statement = node.texts("uri", "statements").await.remove(0).expect("a statement");
        node.edit(&statement, "# Two").await;
        node.deliver_all().await;
        let now = world.clock.now();
        assert_eq!(node.write(move |conn| delivery::start_again(conn, id, now)).await, 1);
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Create")[0]["object"]["name"], json!("Two"));
    }

    async fn of_several_corrections_only_the_last_is_told_to_whoever_heard_none(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.inbox_status(503);
        let statement = node.publish_at("# Strike\n\nAmal leads us.").await;
        node.deliver_all().await;
        for words in ["Amal leads.", "Amal and Bea lead.", "Two of us lead."] {
            node.edit(&statement, &format!("# Strike\n\n{words}")).await;
        }
        remote.forget();
        remote.inbox_status(202);
        world.pass(TimeDelta::hours(1));
        node.deliver_all().await;
        assert_eq!((remote.heard_of("Create").len(), remote.heard_of("Update").len()), (1, 1));
        assert!(heard(remote).contains("Two of us lead") && !heard(remote).contains("Amal"), "{}", heard(remote));
    }

    async fn a_translation_that_was_withdrawn_leaves_in_no_older_activity(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        refuses_statements(remote);
        let original = node.publish_at("# Strike\n\nFrom Monday on.").await;
        let translation = format!("---\ntranslates: {original}\nlanguage: tr\n---\n# Grev\n\nPazartesi.");
        let translation = node.publish_at(&translation).await;
        node.deliver_all().await;
        outbox::withdraw(&node.node, &translation).await.expect("withdrawn");
        remote.forget();
        remote.inbox_status(202);
        world.pass(TimeDelta::hours(6));
        node.deliver_all().await;
        assert!(heard(remote).contains("From Monday on") && !heard(remote).contains("Pazartesi"), "{}", heard(remote));
    }

    async fn a_correction_is_heeded_by_others_wherever_the_clock_was_set(world) {
        let (node, reader) = (world.node().await, world.node().await);
        outbox::follow(&reader.node, node.union()).await.expect("asked");
        reader.deliver_all().await;
        node.deliver_all().await;
        let statement = node.publish_at("One").await;
        node.deliver_all().await;
        world.pass(TimeDelta::minutes(1));
        node.edit(&statement, "Two").await;
        node.deliver_all().await;
        assert!(text_of(&reader, &statement).await.is_some_and(|text| text.contains("Two")));
        world.pass(-TimeDelta::days(1));
        node.edit(&statement, "Three").await;
        node.deliver_all().await;
        assert!(text_of(&reader, &statement).await.is_some_and(|text| text.contains("Three")));
    }
}
