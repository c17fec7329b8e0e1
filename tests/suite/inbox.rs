//! What others can make us do, when they are honest.

use chrono::TimeDelta;
use picket::alliances::{self, FollowState};
use picket::federation::outbox;
use picket::moderation::review::{approve, reject};
use picket::posts::{self, Review};
use serde_json::{Value, json};

use crate::harness::{PUBLIC, Person, Remote, Reply, TestNode, World, ally, id, on_both_databases};

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
    node.read(move |conn| posts::timeline(conn, union, 100)).await.into_iter().map(|(post, _)| post.uri).collect()
}

on_both_databases! {
    async fn a_follow_is_accepted_and_its_undo_ends_it(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let follower = remote.person("amal");
        let follow = follower.follows(&node).await;
        node.deliver_all().await;
        let accepts = remote.heard_of("Accept");
        assert_eq!(accepts.len(), 1);
        assert_eq!(remote.posted()[0].target, format!("{}/inbox", follower.path), "told in person");
        assert_eq!((&accepts[0]["actor"], &accepts[0]["object"]["id"]), (&json!(node.union()), &follow["id"]));
        assert_eq!((&accepts[0]["object"]["actor"], &accepts[0]["object"]["object"]), (&json!(follower.id), &json!(node.union())));
        assert_eq!(accepts[0]["proof"], Value::Null, "a proof would make it undeniable");
        assert_eq!(node.get(id(&accepts[0])).await.status, 404, "and nobody else may read it");
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 1);
        follower.says(&node, &follower.activity("Undo", follow)).await;
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 0);
        assert_eq!(node.publish("Nobody listens").await.deliveries, 0);
    }

    async fn an_undo_may_name_the_follow_by_its_id_alone(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let follower = remote.person("amal");
        let follow = follower.follows(&node).await;
        follower.says(&node, &follower.activity("Undo", id(&follow))).await;
        assert_eq!(node.count("follows").await, 0);
        node.deliver_all().await;
    }

    async fn a_follow_again_is_accepted_again_and_counts_once(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let follower = remote.person("amal");
        follower.follows(&node).await;
        follower.follows(&node).await;
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Accept").len(), 2);
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 1);
    }

    async fn nobody_follows_the_instance_actor_or_what_is_no_actor(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let person = remote.person("amal");
        for object in [format!("{}/instance", node.base), format!("{}/nowhere", node.base), "https://elsewhere.example/".to_owned()] {
            person.says(&node, &person.activity("Follow", object)).await;
        }
        assert_eq!((node.count("follows").await, node.waiting().await), (0, 0));
    }

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

    async fn what_allies_publish_and_pass_on_stands_in_the_timeline(world) {
        let node = world.node().await;
        let (remote, others) = (world.remote().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let own = ally.note("<p>We strike too</p>");
        ally.says(&node, &ally.activity("Create", own.clone())).await;
        let passed_on = others.person("bea").note("<p>Read this</p>");
        others.serve(&passed_on);
        let announce = ally.activity("Announce", id(&passed_on));
        ally.says(&node, &announce).await;
        let mut timeline_now = timeline(&node).await;
        timeline_now.sort();
        let mut expected = vec![id(&own).to_owned(), id(&passed_on).to_owned()];
        expected.sort();
        assert_eq!(timeline_now, expected);
        ally.says(&node, &ally.activity("Undo", announce)).await;
        assert_eq!(timeline(&node).await, [id(&own)]);
        ally.says(&node, &ally.activity("Delete", id(&own))).await;
        assert!(timeline(&node).await.is_empty());
    }

    async fn what_a_stranger_publishes_is_not_kept(world) {
        let (node, _, remote, stranger) = with_statement(world).await;
        stranger.says(&node, &stranger.activity("Create", stranger.note("<p>Look at me</p>"))).await;
        let note = stranger.note("<p>Look at this</p>");
        remote.serve(&note);
        stranger.says(&node, &stranger.activity("Announce", id(&note))).await;
        assert_eq!((node.count("posts").await, node.count("boosts").await), (0, 0));
        assert_eq!(remote.fetches_of(note["id"].as_str().expect("an id").trim_start_matches(&remote.base)), 0);
    }

    async fn a_stranger_who_mentions_the_union_is_held(world) {
        let (node, _, _remote, stranger) = with_statement(world).await;
        let mut note = stranger.note("<p>UNSEEN</p>");
        note["tag"] = json!([{"type": "Mention", "href": node.union()}]);
        stranger.says(&node, &stranger.activity("Create", note.clone())).await;
        assert_eq!(node.review_of(id(&note)).await, Some(Review::Held));
        assert!(!node.page("/").await.body.contains("UNSEEN"));
    }

    async fn our_follow_is_requested_accepted_rejected_and_taken_back(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let other = remote.person("ally");
        let state = async || {
            let (uri, union) = (other.id.clone(), node.node.identity.union.id);
            node.read(move |conn| {
                let actor = picket::actors::find(conn, &uri)?.expect("known");
                Ok(alliances::find(conn, union, actor.id)?.map(|follow| follow.state))
            })
            .await
        };
        outbox::follow(&node.node, &other.id).await.expect("asked");
        node.deliver_all().await;
        assert_eq!(state().await, Some(FollowState::Requested));
        let follow = remote.heard_of("Follow").remove(0);
        assert_eq!((&follow["actor"], &follow["object"], &follow["proof"]), (&json!(node.union()), &json!(other.id), &Value::Null));
        other.says(&node, &other.activity("Accept", id(&follow))).await;
        assert_eq!(state().await, Some(FollowState::Accepted));
        assert_eq!(node.get("/actor/following").await.json()["totalItems"], 1);
        other.says(&node, &other.activity("Reject", follow.clone())).await;
        assert_eq!(state().await, Some(FollowState::Rejected));
        assert_eq!(node.get("/actor/following").await.json()["totalItems"], 0);
        outbox::unfollow(&node.node, &other.id).await.expect("taken back");
        node.deliver_all().await;
        assert_eq!(state().await, None);
        assert_eq!(remote.heard_of("Undo").remove(0)["object"]["id"], follow["id"]);
    }

    async fn two_unions_of_ours_follow_each_other_and_hear_each_other(world) {
        let (one, other) = (world.node().await, world.node().await);
        for (from, to) in [(&one, &other), (&other, &one)] {
            outbox::follow(&from.node, to.union()).await.expect("asked");
        }
        for _ in 0..3 {
            one.deliver_all().await;
            other.deliver_all().await;
        }
        let statement = one.publish_at("# Grev\n\nفارسی، 日本語, 한국어").await;
        one.deliver_all().await;
        assert_eq!(timeline(&other).await, std::slice::from_ref(&statement));
        let answer = other.publish_at(&format!("+++\nin_reply_to = \"{statement}\"\n+++\nSolidarity!")).await;
        other.deliver_all().await;
        assert_eq!(one.review_of(&answer).await, Some(Review::Approved));
        assert_eq!(one.get(&statement).await.json()["replies"]["totalItems"], 1);
        outbox::withdraw(&other.node, &answer).await.expect("withdrawn");
        other.deliver_all().await;
        assert_eq!(one.get(&statement).await.json()["replies"]["totalItems"], 0);
        one.deliver_all().await;
    }

    async fn an_activity_of_an_unknown_type_is_taken_and_changes_nothing(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        for kind in ["Move", "EmojiReact", "Arrive", "Flag", "Block", "Add", "Remove", "Offer", "Nonsense", "Question"] {
            person.says(&node, &person.activity(kind, statement.as_str())).await;
        }
        for table in ["posts", "follows", "likes", "boosts", "deliveries"] {
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
