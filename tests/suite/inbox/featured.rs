//! Posts that followed unions pin to their profiles.

use picket::posts;
use serde_json::{Value, json};

use super::with_statement;
use crate::harness::{Person, Remote, Reply, TestNode, World, followed, id, on_both_databases};

/// A node and a union that it follows, which says where its pinned posts are.
async fn with_pinning_ally(world: &World) -> (TestNode, Remote, Person) {
    let (node, _, remote, _) = with_statement(world).await;
    let ally = remote.person("ally");
    let mut document = ally.document();
    document["featured"] = json!(featured_of(&ally));
    remote.reply(&ally.path, Reply::Json(document));
    followed(&node, &remote, &ally).await;
    (node, remote, ally)
}

fn featured_of(person: &Person) -> String {
    format!("{}/collections/featured", person.id)
}

fn pinning(person: &Person, kind: &str, post: &str, target: &str) -> Value {
    let mut activity = person.activity(kind, post);
    activity["target"] = json!(target);
    activity
}

async fn pinned(node: &TestNode) -> Vec<String> {
    let union = node.node.identity.union.id;
    node.read(move |conn| posts::featured(conn, union, 100)).await.into_iter().map(|(post, _)| post.uri).collect()
}

on_both_databases! {
    async fn what_an_ally_pins_is_remembered_until_it_is_taken_off(world) {
        let (node, remote, ally) = with_pinning_ally(world).await;
        let (known, unknown) = (ally.note("<p>We are on strike</p>"), ally.note("<p>Who we are</p>"));
        ally.says(&node, &ally.activity("Create", known.clone())).await;
        remote.serve(&unknown);
        for note in [&known, &unknown] {
            ally.says(&node, &pinning(&ally, "Add", id(note), &featured_of(&ally))).await;
        }
        assert_eq!(pinned(&node).await.len(), 2);
        ally.says(&node, &pinning(&ally, "Remove", id(&unknown), &featured_of(&ally))).await;
        assert_eq!(pinned(&node).await, [id(&known)]);
        ally.says(&node, &ally.activity("Delete", id(&known))).await;
        assert!(pinned(&node).await.is_empty());
    }

    async fn the_collection_of_an_ally_that_we_met_before_is_looked_up(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let ally = remote.person("ally");
        followed(&node, &remote, &ally).await;
        let mut document = ally.document();
        document["featured"] = json!(featured_of(&ally));
        remote.reply(&ally.path, Reply::Json(document));
        let note = ally.note("<p>Who we are</p>");
        remote.serve(&note);
        ally.says(&node, &pinning(&ally, "Add", id(&note), &featured_of(&ally))).await;
        assert_eq!(pinned(&node).await, [id(&note)]);
    }

    async fn no_more_is_remembered_than_a_profile_can_show(world) {
        let (node, _remote, ally) = with_pinning_ally(world).await;
        for _ in 0..25 {
            let note = ally.note("<p>Again</p>");
            ally.says(&node, &ally.activity("Create", note.clone())).await;
            ally.says(&node, &pinning(&ally, "Add", id(&note), &featured_of(&ally))).await;
        }
        assert_eq!(pinned(&node).await.len(), 20);
    }

    async fn other_collections_posts_and_people_are_ignored(world) {
        let (node, remote, ally) = with_pinning_ally(world).await;
        let stranger = remote.person("stranger");
        let mut document = stranger.document();
        document["featured"] = json!(featured_of(&stranger));
        remote.reply(&stranger.path, Reply::Json(document));
        let (own, others) = (ally.note("<p>Own</p>"), stranger.note("<p>Another's</p>"));
        for note in [&own, &others] {
            remote.serve(note);
        }
        ally.says(&node, &pinning(&ally, "Add", id(&own), &format!("{}/moderators", ally.id))).await;
        ally.says(&node, &pinning(&ally, "Add", id(&own), &featured_of(&stranger))).await;
        ally.says(&node, &pinning(&ally, "Add", id(&others), &featured_of(&ally))).await;
        ally.says(&node, &pinning(&ally, "Add", &format!("{}/nowhere", ally.base), &featured_of(&ally))).await;
        stranger.says(&node, &pinning(&stranger, "Add", id(&others), &featured_of(&stranger))).await;
        assert_eq!(node.count("featured_posts").await, 0);
        ally.says(&node, &pinning(&ally, "Add", id(&own), &featured_of(&ally))).await;
        stranger.says(&node, &pinning(&stranger, "Remove", id(&own), &featured_of(&ally))).await;
        assert_eq!(node.count("featured_posts").await, 1);
    }
}
