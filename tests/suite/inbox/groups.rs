//! What a Group passes on of its members: Announce of a whole activity (FEP-1b12).

use chrono::TimeDelta;
use picket::federation::inbox::waiting::hear_again;
use picket::posts::Review;
use serde_json::{Value, json};

use super::{timeline, with_statement};
use crate::harness::{Person, Remote, Reply, TestNode, World, followed, id, on_both_databases};

/// A node that follows a Group, and a member of it on another server.
async fn with_group(world: &World) -> (TestNode, Remote, Person, Remote, Person) {
    let (node, _, remote, _) = with_statement(world).await;
    let group = remote.person("dockers");
    let mut document = group.document();
    document["type"] = json!("Group");
    remote.reply(&group.path, Reply::Json(document));
    followed(&node, &remote, &group).await;
    let elsewhere = world.remote().await;
    let member = elsewhere.person("member");
    (node, remote, group, elsewhere, member)
}

fn path<'d>(document: &'d Value, remote: &Remote) -> &'d str {
    id(document).strip_prefix(&remote.base).expect("an id there")
}

on_both_databases! {
    async fn what_members_of_a_followed_group_publish_stands_in_the_timeline_as_its_author_shows_it(world) {
        let (node, _remote, group, elsewhere, member) = with_group(world).await;
        let mut page = member.note("<p>The truth</p>");
        page["type"] = json!("Page");
        elsewhere.serve(&page);
        let mut lie = page.clone();
        lie["content"] = json!("<p>LIE</p>");
        let create = member.activity("Create", lie);
        group.says(&node, &group.activity("Announce", create.clone())).await;
        assert_eq!(timeline(&node).await, [id(&page)]);
        assert_eq!(node.texts("content", "posts").await, [Some("<p>The truth</p>".to_owned())]);
        // The post alone, as Lemmy says besides for those who do not know Groups, changes nothing.
        group.says(&node, &group.activity("Announce", id(&page))).await;
        group.says(&node, &group.activity("Announce", create)).await;
        assert_eq!((node.count("posts").await, node.count("boosts").await), (1, 1));
        world.pass(TimeDelta::minutes(1));
        page["content"] = json!("<p>The newer truth</p>");
        page["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
        elsewhere.serve(&page);
        group.says(&node, &group.activity("Announce", member.activity("Update", json!({"id": id(&page), "type": "Page"})))).await;
        assert_eq!(node.texts("content", "posts").await, [Some("<p>The newer truth</p>".to_owned())]);
    }

    async fn an_activity_that_a_group_names_by_its_id_alone_is_read_where_it_was_said(world) {
        let (node, remote, group, elsewhere, member) = with_group(world).await;
        let page = member.note("<p>The truth</p>");
        let create = member.activity("Create", page.clone());
        elsewhere.serve(&page);
        elsewhere.serve(&create);
        group.says(&node, &group.activity("Announce", id(&create))).await;
        assert_eq!(timeline(&node).await, [id(&page)]);
        // What another server says that the member said is nothing, and neither is what is no activity at all.
        let mut forged = member.activity("Create", member.note("<p>LIE</p>"));
        forged["id"] = json!(format!("{}/activities/forged", remote.base));
        remote.serve(&forged);
        let order = json!({"id": format!("{}/lists/1", elsewhere.base), "type": "Collection", "actor": member.id});
        elsewhere.serve(&order);
        for other in [&forged, &order] {
            group.says(&node, &group.activity("Announce", id(other))).await;
        }
        assert_eq!((node.count("posts").await, node.count("boosts").await), (1, 1));
    }

    async fn what_its_author_deleted_is_not_kept_though_its_server_still_shows_it(world) {
        let (node, _remote, group, elsewhere, member) = with_group(world).await;
        let page = member.note("<p>Gone</p>");
        elsewhere.serve(&page);
        member.says(&node, &member.activity("Delete", id(&page))).await;
        group.says(&node, &group.activity("Announce", member.activity("Create", page.clone()))).await;
        group.says(&node, &group.activity("Announce", id(&page))).await;
        assert_eq!((node.count("posts").await, node.count("boosts").await), (0, 0));
    }

    async fn answers_in_the_threads_of_a_group_do_not_fill_the_timeline(world) {
        let (node, _remote, group, elsewhere, member) = with_group(world).await;
        let comment = member.answer(&format!("{}/notes/other", elsewhere.base), "<p>I agree</p>");
        elsewhere.serve(&comment);
        group.says(&node, &group.activity("Announce", member.activity("Create", comment.clone()))).await;
        assert!(timeline(&node).await.is_empty());
        assert_eq!(node.count("posts").await, 0);
    }

    async fn an_answer_to_our_statement_that_a_group_passes_on_is_held(world) {
        let (node, _remote, group, elsewhere, member) = with_group(world).await;
        let statement = node.texts("uri", "statements").await.remove(0).expect("an id");
        let answer = member.answer(&statement, "<p>UNSEEN</p>");
        elsewhere.serve(&answer);
        group.says(&node, &group.activity("Announce", member.activity("Create", answer.clone()))).await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
        assert!(!node.page(&statement).await.body.contains("UNSEEN"));
        assert!(timeline(&node).await.is_empty());
        // A Group that nobody follows may pass on answers to us, and nothing else.
        let stranger = world.remote().await;
        let other_group = stranger.person("others");
        let (second, post) = (member.answer(&statement, "<p>Me too</p>"), member.note("<p>Buy!</p>"));
        for note in [&second, &post] {
            elsewhere.serve(note);
            other_group.says(&node, &other_group.activity("Announce", member.activity("Create", note.clone()))).await;
        }
        assert_eq!(node.review_of(id(&second)).await, Some(Review::Held));
        assert_eq!((node.review_of(id(&post)).await, elsewhere.fetches_of(path(&post, &elsewhere))), (None, 0));
    }

    async fn a_delete_that_a_group_passes_on_is_believed_when_the_posts_server_confirms_it(world) {
        let (node, _remote, group, elsewhere, member) = with_group(world).await;
        let tombstone = |page: &Value| Reply::Json(json!({"id": id(page), "type": "Tombstone"}));
        for gone in [|_: &Value| Reply::Status(410), |_: &Value| Reply::Status(404), tombstone] {
            let page = member.note("<p>Here</p>");
            elsewhere.serve(&page);
            group.says(&node, &group.activity("Announce", member.activity("Create", page.clone()))).await;
            group.says(&node, &group.activity("Announce", member.activity("Delete", id(&page)))).await;
            assert_eq!(node.count("posts").await, 1, "it still stands there");
            elsewhere.reply(path(&page, &elsewhere), gone(&page));
            // A moderator may say so as well.
            group.says(&node, &group.activity("Announce", group.activity("Delete", id(&page)))).await;
            assert_eq!((node.count("posts").await, node.count("boosts").await), (0, 0));
        }
    }

    async fn likes_and_all_else_that_cannot_be_looked_up_is_ignored(world) {
        let (node, remote, group, elsewhere, member) = with_group(world).await;
        let statement = node.texts("uri", "statements").await.remove(0).expect("an id");
        remote.forget();
        for kind in ["Like", "Dislike", "EmojiReact", "Undo", "Follow", "Announce", "Block", "Flag", "Add", "Remove", "Nonsense"] {
            let mut inner = member.activity(kind, statement.as_str());
            inner["content"] = json!("👍");
            group.says(&node, &group.activity("Announce", inner)).await;
        }
        for table in ["likes", "boosts", "posts", "reports", "deliveries WHERE state = 'pending'"] {
            assert_eq!(node.count(table).await, 0, "{table}");
        }
        assert_eq!((remote.fetches(), elsewhere.fetches()), (0, 0));
    }

    async fn what_its_authors_server_cannot_show_now_holds_up_nobody(world) {
        let (node, _remote, group, elsewhere, member) = with_group(world).await;
        let page = member.note("<p>Later</p>");
        elsewhere.reply(path(&page, &elsewhere), Reply::Status(503));
        group.says(&node, &group.activity("Announce", member.activity("Create", page.clone()))).await;
        elsewhere.serve(&page);
        world.pass(TimeDelta::minutes(5));
        hear_again(&node.node).await.expect("heard");
        assert_eq!((timeline(&node).await, node.count("waiting_activities").await), (vec![id(&page).to_owned()], 0));
        // What is gone is asked for again as well.
        elsewhere.reply(path(&page, &elsewhere), Reply::Hangup);
        group.says(&node, &group.activity("Announce", member.activity("Delete", id(&page)))).await;
        elsewhere.reply(path(&page, &elsewhere), Reply::Status(410));
        world.pass(TimeDelta::minutes(5));
        hear_again(&node.node).await.expect("heard");
        assert_eq!((node.count("posts").await, node.count("waiting_activities").await), (0, 0));
    }

    async fn what_a_group_that_nobody_follows_passes_on_waits_for_no_server(world) {
        let (node, _remote, _group, elsewhere, member) = with_group(world).await;
        let statement = node.texts("uri", "statements").await.remove(0).expect("an id");
        let stranger = world.remote().await;
        let others = stranger.person("others");
        let answer = member.answer(&statement, "<p>Me too</p>");
        elsewhere.reply(path(&answer, &elsewhere), Reply::Status(500));
        others.says(&node, &others.activity("Announce", member.activity("Create", answer))).await;
        assert_eq!(node.count("waiting_activities").await, 0);
    }
}
