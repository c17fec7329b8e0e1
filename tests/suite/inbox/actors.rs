//! Actors that change, and actors that end.

use picket::moderation::review::approve;
use serde_json::json;

use super::{assert_shown, with_statement};
use crate::harness::{Reply, id, on_both_databases};

on_both_databases! {
    async fn an_actor_that_changed_is_read_anew_at_its_own_server(world) {
        let (node, _, remote, person) = with_statement(world).await;
        person.follows(&node).await;
        let mut document = person.document();
        document["name"] = json!("A new name");
        document["endpoints"] = json!({"sharedInbox": format!("{}/other-inbox", remote.base)});
        remote.reply(&person.path, Reply::Json(document));
        // What is embedded is not believed; what the server shows is.
        let mut lie = person.document();
        lie["name"] = json!("A lie");
        person.says(&node, &person.activity("Update", lie)).await;
        assert_eq!(node.texts("name", "actors WHERE uri LIKE '%/users/amal'").await, [Some("A new name".to_owned())]);
        assert_eq!(node.publish("To the new inbox").await.deliveries, 1);
        node.deliver_all().await;
        assert!(remote.posted().iter().any(|posted| posted.target == "/other-inbox"));
    }

    async fn an_actor_that_deletes_itself_is_forgotten_with_all_that_it_left(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        person.follows(&node).await;
        node.deliver_all().await;
        let answer = person.answer(&statement, "<p>UNSEEN</p>");
        person.says(&node, &person.activity("Create", answer.clone())).await;
        node.review(id(&answer), approve).await.expect("approved");
        person.says(&node, &person.activity("Like", statement.as_str())).await;
        person.says(&node, &person.activity("Announce", statement.as_str())).await;
        person.says(&node, &person.activity("Delete", person.id.as_str())).await;
        for table in ["posts", "follows", "likes", "boosts", "actors WHERE uri LIKE '%/users/amal'"] {
            assert_eq!(node.count(table).await, 0, "{table}");
        }
        let note = node.get(&statement).await.json();
        for property in ["replies", "likes", "shares"] {
            assert_eq!(note[property]["totalItems"], 0, "{property}");
        }
        assert_shown(&node, &statement, &answer, false).await;
    }

    async fn an_actor_that_a_statement_answers_can_be_forgotten_too(world) {
        let (node, _, remote, person) = with_statement(world).await;
        let note = person.note("<p>Who stands with us?</p>");
        remote.serve(&note);
        node.publish(&format!("---\nin_reply_to: {}\n---\nWe do.", note["id"].as_str().expect("an id"))).await;
        node.deliver_all().await;
        assert_eq!(node.count("statement_mentions").await, 1);
        person.says(&node, &person.activity("Delete", person.id.as_str())).await;
        assert_eq!(node.count("actors WHERE NOT local").await, 0);
        assert_eq!(node.count("statement_mentions").await, 0);
    }

    async fn an_unknown_actor_that_deletes_itself_causes_no_fetch(world) {
        let (node, _, remote, stranger) = with_statement(world).await;
        remote.reply(&stranger.path, Reply::Status(410));
        stranger.says(&node, &stranger.activity("Delete", stranger.id.as_str())).await;
        assert_eq!(remote.asked().len(), 0);
        assert_eq!(node.count("actors WHERE NOT local").await, 0);
        assert_eq!(node.count("heard_activities").await, 0);
    }


    async fn the_number_of_what_is_gone_is_given_to_nobody_else(world) {
        let (node, statement, remote, amal) = with_statement(world).await;
        let number = async |table: &str| node.texts("MAX(id)", table).await.remove(0).expect("a number").parse::<i64>();
        amal.says(&node, &amal.activity("Create", amal.answer(&statement, "<p>Mine</p>"))).await;
        let (actor, post) = (number("actors").await.expect("a number"), number("posts").await.expect("a number"));
        amal.says(&node, &amal.activity("Delete", amal.id.as_str())).await;
        let bea = remote.person("bea");
        bea.says(&node, &bea.activity("Create", bea.answer(&statement, "<p>Hers</p>"))).await;
        assert!(number("actors").await.expect("a number") > actor, "who waits for a fetch would speak in her name");
        assert!(number("posts").await.expect("a number") > post, "an editor may still have the old number");
    }
}
