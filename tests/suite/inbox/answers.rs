//! Answers to our statements: held, shown, changed, deleted.

use chrono::TimeDelta;
use picket::moderation::review::{approve, reject};
use picket::posts::{self, Review};
use serde_json::{Value, json};

use super::{assert_shown, timeline, with_statement};
use crate::harness::{PUBLIC, ally, id, on_both_databases};

on_both_databases! {
    async fn the_answer_of_a_stranger_is_held_until_an_editor_approves_it(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let answer = stranger.answer(&statement, "<p>UNSEEN</p>");
        stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
        assert_shown(&node, &statement, &answer, false).await;
        assert!(timeline(&node).await.is_empty());
        node.review(id(&answer), approve).await.expect("approved");
        assert_shown(&node, &statement, &answer, true).await;
        node.review(id(&answer), approve).await.expect("approved again");
        assert_shown(&node, &statement, &answer, true).await;
        node.review(id(&answer), reject).await.expect("rejected");
        assert_shown(&node, &statement, &answer, false).await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Rejected));
    }

    async fn an_approved_answer_stands_on_the_statements_page(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let answer = stranger.answer(&statement, "<p>We stand with you</p>");
        stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
        assert!(!node.page(&statement).await.body.contains("We stand with you"));
        node.review(id(&answer), approve).await.expect("approved");
        assert!(node.page(&statement).await.body.contains("We stand with you"));
    }

    async fn what_an_editor_reads_of_an_answer_is_all_that_the_page_shows_of_it(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let text = "<p>The union is <span class=\"invisible\">not</span> corrupt</p>";
        let answer = stranger.answer(&statement, text);
        stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
        node.review(id(&answer), approve).await.expect("approved");
        let page = node.page(&statement).await.body;
        assert!(page.contains("The union is <span>not</span> corrupt"), "{page}");
    }

    async fn an_answer_to_an_answer_belongs_to_the_statement_and_is_held_as_well(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let first = stranger.answer(&statement, "<p>First</p>");
        stranger.says(&node, &stranger.activity("Create", first.clone())).await;
        let second = stranger.answer(id(&first), "<p>UNSEEN</p>");
        stranger.says(&node, &stranger.activity("Create", second.clone())).await;
        assert_eq!(node.review_of(id(&second)).await, Some(Review::Held));
        assert_shown(&node, &statement, &second, false).await;
    }

    async fn a_delete_by_its_author_removes_an_answer_everywhere(world) {
        let (node, statement, remote, stranger) = with_statement(world).await;
        for object in ["by id", "as a Tombstone"] {
            let answer = stranger.answer(&statement, "<p>UNSEEN</p>");
            let create = stranger.activity("Create", answer.clone());
            stranger.says(&node, &create).await;
            node.review(id(&answer), approve).await.expect("approved");
            let object = if object == "by id" { json!(id(&answer)) } else { json!({"id": id(&answer), "type": "Tombstone"}) };
            stranger.says(&node, &stranger.activity("Delete", object)).await;
            assert_shown(&node, &statement, &answer, false).await;
            assert_eq!(node.count("posts").await, 0);
            // A copy that comes late, under the old or a new id of its Create, is not kept.
            stranger.says(&node, &create).await;
            stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
            assert_eq!(node.count("posts").await, 0);
        }
        drop(remote);
    }

    async fn a_delete_that_comes_before_its_create_wins(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let answer = stranger.answer(&statement, "<p>UNSEEN</p>");
        stranger.says(&node, &stranger.activity("Delete", id(&answer))).await;
        stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
        assert_eq!(node.count("posts").await, 0);
        assert_shown(&node, &statement, &answer, false).await;
    }

    async fn the_answer_of_an_ally_is_shown_at_once(world) {
        let (node, statement, remote, _) = with_statement(world).await;
        let ally = ally(&node, &remote).await;
        let answer = ally.answer(&statement, "<p>Solidarity!</p>");
        ally.says(&node, &ally.activity("Create", answer.clone())).await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Approved));
        assert_shown(&node, &statement, &answer, true).await;
    }

    async fn a_private_answer_appears_nowhere_and_cannot_be_approved(world) {
        let (node, statement, remote, stranger) = with_statement(world).await;
        let ally = ally(&node, &remote).await;
        for person in [&stranger, &ally] {
            for to in [json!([node.union()]), json!([format!("{}/followers", person.id)]), json!([]), Value::Null] {
                let mut answer = person.answer(&statement, "<p>UNSEEN</p>");
                answer["to"] = to.clone();
                let mut create = person.activity("Create", answer.clone());
                create["to"] = to;
                person.says(&node, &create).await;
                assert_shown(&node, &statement, &answer, false).await;
                assert_eq!(node.review_of(id(&answer)).await, None, "there is nothing to approve");
            }
        }
        let listed = node.read(|conn| posts::list_answers(conn, None, None, 100)).await;
        assert!(listed.is_empty(), "editors see public answers only: {listed:?}");
        assert!(timeline(&node).await.is_empty());
    }

    async fn a_changed_answer_of_a_stranger_is_held_again(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let mut answer = stranger.answer(&statement, "<p>Well done</p>");
        stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
        for (property, value) in [
            ("content", json!("<p>UNSEEN</p>")),
            ("summary", json!("UNSEEN")),
            ("name", json!("UNSEEN")),
            ("attachment", json!([{"type": "Image", "mediaType": "image/png", "url": "https://a.example/unseen.png"}])),
        ] {
            node.review(id(&answer), approve).await.expect("approved");
            world.pass(TimeDelta::minutes(1));
            answer[property] = value;
            answer["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
            stranger.says(&node, &stranger.activity("Update", answer.clone())).await;
            assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held), "{property}");
            assert_shown(&node, &statement, &answer, false).await;
        }
    }

    async fn an_answer_that_becomes_private_is_hidden_and_no_longer_counted(world) {
        let (node, statement, remote, stranger) = with_statement(world).await;
        let ally = ally(&node, &remote).await;
        for person in [&stranger, &ally] {
            let mut answer = person.answer(&statement, "<p>UNSEEN</p>");
            person.says(&node, &person.activity("Create", answer.clone())).await;
            node.review(id(&answer), approve).await.expect("approved");
            assert_shown(&node, &statement, &answer, true).await;
            world.pass(TimeDelta::minutes(1));
            answer["to"] = json!([format!("{}/followers", person.id)]);
            answer["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
            person.says(&node, &person.activity("Update", answer.clone())).await;
            assert_shown(&node, &statement, &answer, false).await;
            assert_eq!(node.review_of(id(&answer)).await, None, "there is nothing left to approve");
        }
    }

    async fn an_older_version_does_not_replace_a_newer_one(world) {
        let (node, statement, _remote, stranger) = with_statement(world).await;
        let mut answer = stranger.answer(&statement, "<p>First</p>");
        stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
        let (older, newer) = (world.clock.now() + TimeDelta::seconds(1), world.clock.now() + TimeDelta::seconds(2));
        for (at, said) in [(newer, "<p>Third</p>"), (older, "<p>Second</p>")] {
            answer["content"] = json!(said);
            answer["updated"] = json!(picket::clock::rfc3339(at));
            stranger.says(&node, &stranger.activity("Update", answer.clone())).await;
        }
        assert_eq!(node.texts("content", "posts").await, [Some("<p>Third</p>".to_owned())]);
    }

    async fn real_documents_come_in_every_shape(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        let note = person.note("<p>x</p>");
        let shapes = [
            json!({"to": PUBLIC, "attributedTo": [{"id": person.id, "type": "Person"}]}),
            json!({"to": ["as:Public"], "cc": null, "tag": null, "attachment": [null]}),
            json!({"to": {"id": "Public"}, "type": ["Note"], "url": [{"type": "Link", "href": "https://a.example/1", "mediaType": "text/html"}]}),
            json!({"content": null, "contentMap": {"fa": "<p>سلام</p>"}}),
            json!({"published": "2026-05-01T09:30:00.123456+03:30", "updated": null, "summary": null, "name": null}),
        ];
        for (number, shape) in shapes.into_iter().enumerate() {
            let mut object = note.clone();
            object["id"] = json!(format!("{}/{number}", id(&note)));
            object["inReplyTo"] = json!({"id": statement, "type": "Note"});
            object.as_object_mut().expect("an object").extend(shape.as_object().expect("an object").clone());
            let mut create = person.activity("Create", json!([object]));
            create["actor"] = json!({"id": person.id, "type": "Person"});
            person.says(&node, &create).await;
            assert_eq!(node.review_of(id(&object)).await, Some(Review::Held), "{object}");
        }
        assert_eq!(node.count("posts WHERE visibility = 'public'").await, 5);
        assert_eq!(node.count("posts WHERE language = 'fa'").await, 1);
    }

    async fn html_of_others_is_made_safe_before_it_is_kept(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        let mut answer = person.answer(&statement, "<p onclick=\"x()\">Hi<script>alert(1)</script><img src=x onerror=y><a href=\"javascript:z\">l</a></p>");
        answer["name"] = json!("<b>bold</b>");
        person.says(&node, &person.activity("Create", answer)).await;
        for kept in node.texts("content", "posts").await.into_iter().chain(node.texts("title", "posts").await).flatten() {
            for evil in ["onclick", "script", "onerror", "javascript", "<b>", "<img"] {
                assert!(!kept.contains(evil), "{kept}");
            }
        }
    }
}
