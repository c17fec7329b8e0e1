//! Likes and boosts of our statements.

use serde_json::{Value, json};

use super::with_statement;
use crate::harness::{Person, id, on_both_databases};

/// A reaction as Pleroma and Akkoma send it.
fn react(person: &Person, statement: &str, content: &str) -> Value {
    let mut react = person.activity("EmojiReact", statement);
    react["content"] = json!(content);
    react
}

on_both_databases! {
    async fn likes_and_boosts_are_counted_once_and_taken_back(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        for (kind, property) in [("Like", "likes"), ("Announce", "shares")] {
            let total = async || node.get(&statement).await.json()[property]["totalItems"].as_i64().expect("a number");
            let first = person.activity(kind, statement.as_str());
            person.says(&node, &first).await;
            person.says(&node, &person.activity(kind, statement.as_str())).await;
            assert_eq!(total().await, 1, "{kind} twice by one actor counts once");
            assert_eq!(node.get(&format!("{statement}/{property}")).await.json()["totalItems"], 1);
            person.says(&node, &person.activity("Undo", first.clone())).await;
            assert_eq!(total().await, 0, "Undo of a {kind}");
            person.says(&node, &person.activity("Undo", first)).await;
            assert_eq!(total().await, 0, "Undo twice");
            let again = person.activity(kind, statement.as_str());
            person.says(&node, &again).await;
            person.says(&node, &person.activity("Undo", id(&again))).await;
            assert_eq!(total().await, 0, "Undo by id alone");
        }
    }

    async fn a_reaction_with_an_emoji_counts_as_a_like(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        let total = async || node.get(&statement).await.json()["likes"]["totalItems"].as_i64().expect("a number");
        let first = react(&person, &statement, "✊");
        person.says(&node, &first).await;
        let second = react(&person, &statement, ":strike:");
        person.says(&node, &second).await;
        person.says(&node, &person.activity("Like", statement.as_str())).await;
        assert_eq!(total().await, 1, "one person counts once, however she reacts");
        person.says(&node, &person.activity("Undo", second)).await;
        assert_eq!(total().await, 1, "the first still stands");
        person.says(&node, &person.activity("Undo", id(&first))).await;
        assert_eq!(total().await, 0);
        let misskey = remote.person("mei");
        let mut like = misskey.activity("Like", statement.as_str());
        like["content"] = json!(":strike:");
        like["_misskey_reaction"] = json!(":strike:");
        misskey.says(&node, &like).await;
        assert_eq!(total().await, 1);
        misskey.says(&node, &misskey.activity("Undo", like)).await;
        assert_eq!(total().await, 0);
    }

    async fn a_reaction_without_an_emoji_is_ignored(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        for content in ["~", "", "no"] {
            person.says(&node, &react(&person, &statement, content)).await;
        }
        person.says(&node, &person.activity("EmojiReact", statement.as_str())).await;
        assert_eq!(node.count("likes").await, 0);
    }
}
