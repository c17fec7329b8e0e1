//! What others can make us do, when they are honest.

mod actors;
mod answers;
mod blocks;
mod featured;
mod follows;
mod groups;
mod moves;
mod posts;
mod quotes;
mod reactions;
mod reports;

use picket::posts as kept_posts;
use serde_json::{Value, json};

use crate::harness::{Person, Remote, TestNode, World, id, on_both_databases};

/// A node with a statement, and a stranger on another server.
async fn with_statement(world: &World) -> (TestNode, String, Remote, Person) {
    let (node, remote) = (world.node().await, world.remote().await);
    let statement = node.publish_at("# Strike\n\nFrom Monday on.").await;
    let stranger = remote.person("amal");
    (node, statement, remote, stranger)
}

/// Asserts that an answer is shown in every public place, or in none.
async fn assert_shown(node: &TestNode, statement: &str, answer: &Value, shown: bool) {
    let total = i64::from(shown);
    assert_eq!(node.get(statement).await.json()["replies"]["totalItems"], total);
    assert_eq!(node.get(&format!("{statement}/replies")).await.json()["totalItems"], total);
    let page = node.get(&format!("{statement}/replies?page=true")).await;
    let items: Vec<&Value> = if shown { vec![&answer["id"]] } else { Vec::new() };
    assert_eq!(page.json()["items"], json!(items));
    for body in [
        page.body,
        node.get("/actor/outbox?page=true").await.body,
        node.page(statement).await.body,
        node.page("/").await.body,
        node.page("/feed.atom").await.body,
    ] {
        assert!(shown || (!body.contains(id(answer)) && !body.contains("UNSEEN")), "{body}");
    }
}

async fn timeline(node: &TestNode) -> Vec<String> {
    let union = node.node.identity.union.id;
    node.read(move |conn| kept_posts::timeline(conn, union, 100)).await.into_iter().map(|(post, _)| post.uri).collect()
}

on_both_databases! {
    async fn an_activity_of_an_unknown_type_is_taken_and_changes_nothing(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        for kind in ["Arrive", "Offer", "Join", "Listen", "Dislike", "Nonsense", "Question", "Move", "Add", "Remove", "QuoteRequest"] {
            person.says(&node, &person.activity(kind, statement.as_str())).await;
        }
        for table in ["posts", "follows", "likes", "boosts", "deliveries", "moves", "quotes", "reports"] {
            assert_eq!(node.count(table).await, 0, "{table}");
        }
    }

    async fn the_same_activity_twice_has_one_effect(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        let follow = person.follows(&node).await;
        person.says(&node, &follow).await;
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Accept").len(), 1);
        let like = person.activity("Like", statement.as_str());
        person.says(&node, &like).await;
        person.says(&node, &person.activity("Undo", like.clone())).await;
        person.says(&node, &like).await;
        assert_eq!(node.get(&statement).await.json()["likes"]["totalItems"], 0, "a replayed Like does not count again");
        let answer = person.activity("Create", person.answer(&statement, "<p>Yes</p>"));
        person.says(&node, &answer).await;
        person.says(&node, &answer).await;
        assert_eq!(node.count("posts").await, 1);
    }

    async fn an_activity_without_an_id_is_heard_once_too(world) {
        let (node, _, remote, person) = with_statement(world).await;
        let mut follow = person.activity("Follow", node.union());
        follow.as_object_mut().expect("an object").remove("id");
        person.says(&node, &follow).await;
        person.says(&node, &follow).await;
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Accept").len(), 1);
    }
}
