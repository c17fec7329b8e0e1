//! Who may quote a statement of ours (FEP-044f, as Mastodon 4.5 asks).

use picket::federation::outbox;
use serde_json::{Value, json};

use super::with_statement;
use crate::harness::{Person, Reply, id, on_both_databases};

fn quote(person: &Person, statement: &str) -> Value {
    let mut note = person.note("<p>Read this!</p>");
    note["quote"] = json!(statement);
    note["_misskey_quote"] = json!(statement);
    note
}

fn request(person: &Person, statement: &str, instrument: Value) -> Value {
    let mut activity = person.activity("QuoteRequest", statement);
    activity["instrument"] = instrument;
    activity
}

on_both_databases! {
    async fn everybody_may_quote_a_public_statement_and_gets_a_stamp_that_all_can_check(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        let post = quote(&person, &statement);
        let asked = request(&person, &statement, post.clone());
        person.says(&node, &asked).await;
        node.deliver_all().await;
        let accept = remote.heard_of("Accept").remove(0);
        assert_eq!((&accept["actor"], &accept["to"]), (&json!(node.union()), &json!([person.id])));
        assert_eq!(accept["object"], json!({"id": asked["id"], "type": "QuoteRequest", "actor": person.id, "object": statement, "instrument": post["id"]}));
        assert_eq!(accept["proof"], Value::Null);
        let stamp = node.get(accept["result"].as_str().expect("a stamp")).await;
        assert_eq!(stamp.status, 200);
        let stamp = stamp.json();
        assert_eq!((&stamp["id"], &stamp["type"]), (&accept["result"], &json!("QuoteAuthorization")));
        assert_eq!(stamp["attributedTo"], json!(node.union()));
        assert_eq!((&stamp["interactingObject"], &stamp["interactionTarget"]), (&post["id"], &json!(statement)));
        // Asked again, the answer is the same stamp.
        person.says(&node, &request(&person, &statement, post)).await;
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Accept")[1]["result"], accept["result"]);
        assert_eq!(node.get(&format!("{statement}/quotes/other")).await.status, 404);
    }

    async fn a_quote_that_is_named_by_its_id_is_looked_at(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        let post = quote(&person, &statement);
        remote.serve(&post);
        person.says(&node, &request(&person, &statement, json!(id(&post)))).await;
        let missing = quote(&person, &statement);
        person.says(&node, &request(&person, &statement, json!(id(&missing)))).await;
        let away = quote(&person, &statement);
        remote.reply(id(&away).trim_start_matches(&remote.base), Reply::Status(503));
        assert_eq!(person.send(&node, &request(&person, &statement, json!(id(&away)))).await, 503);
        node.deliver_all().await;
        assert_eq!((remote.heard_of("Accept").len(), remote.heard_of("Reject").len()), (1, 1));
    }

    async fn with_the_statement_all_that_was_allowed_is_withdrawn(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        person.says(&node, &request(&person, &statement, quote(&person, &statement))).await;
        node.deliver_all().await;
        let stamp = remote.heard_of("Accept").remove(0)["result"].clone();
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        let deletes = remote.heard_of("Delete");
        let revoked = deletes.iter().find(|delete| delete["object"] == stamp).expect("the stamp's Delete");
        assert_eq!(revoked["actor"], json!(node.union()));
        assert_eq!(node.get(stamp.as_str().expect("an id")).await.status, 404);
        remote.forget();
        person.says(&node, &request(&person, &statement, quote(&person, &statement))).await;
        node.deliver_all().await;
        let reject = remote.heard_of("Reject").remove(0);
        assert_eq!((&reject["object"]["type"], &reject["result"]), (&json!("QuoteRequest"), &Value::Null));
        assert_eq!(node.count("quotes").await, 0);
    }

    async fn what_is_not_published_is_answered_like_what_does_not_exist(world) {
        let (node, _, remote, person) = with_statement(world).await;
        let scheduled = node.publish_at("---\ndate: 2031-01-01\n---\nNot yet").await;
        remote.forget();
        for object in [scheduled.clone(), format!("{}/statements/unknown", node.base), node.union().to_owned(), "https://elsewhere.example/1".to_owned()] {
            person.says(&node, &request(&person, &object, quote(&person, &object))).await;
        }
        assert_eq!((node.waiting().await, node.count("quotes").await), (0, 0));
    }

    async fn one_person_cannot_fill_the_disk_with_quotes(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        for _ in 0..12 {
            person.says(&node, &request(&person, &statement, quote(&person, &statement))).await;
        }
        node.deliver_all().await;
        assert_eq!(node.count("quotes").await, 10);
        assert_eq!((remote.heard_of("Accept").len(), remote.heard_of("Reject").len()), (10, 2));
    }
}
