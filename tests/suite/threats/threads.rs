//! Conversations that lie, go round in circles, or never end.

use picket::federation::inbox::threads::look_around;
use picket::moderation::blocks;
use picket::moderation::domains::Domain;
use picket::moderation::review::approve;
use picket::posts::Review;
use serde_json::{Value, json};

use crate::harness::{Person, Remote, TestNode, World, ally, id, on_both_databases};

/// A node with a statement, and a server with an ally whose words it goes after.
async fn scene(world: &World) -> (TestNode, String, Remote, Person) {
    let (node, remote) = (world.node().await, world.remote().await);
    let statement = node.publish_at("# Strike").await;
    let ally = ally(&node, &remote).await;
    remote.forget();
    (node, statement, remote, ally)
}

/// A chain of posts on one server, each answering the next, the last of them something else. Gives the id of the first.
fn chain(remote: &Remote, person: &Person, length: usize, top: &str) -> String {
    let at = |number: usize| format!("{}/chain/{number}", remote.base);
    for number in 0..length {
        let above = if number + 1 == length { top.to_owned() } else { at(number + 1) };
        let mut note = person.answer(&above, "<p>On and on</p>");
        note["id"] = json!(at(number));
        remote.serve(&note);
    }
    at(0)
}

async fn tell(node: &TestNode, person: &Person, note: &Value) {
    person.says(node, &person.activity("Create", note.clone())).await;
}

/// Whatever is above, this is kept as what an ally says, and nothing else is kept.
async fn assert_nothing_above(node: &TestNode, note: &Value) {
    assert_eq!(node.review_of(id(note)).await, Some(Review::NotNeeded));
    assert_eq!(node.count("posts").await, 1);
}

on_both_databases! {
    async fn the_way_up_is_bounded_by_the_budget_of_the_activity(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let bottom = chain(&remote, &ally, 40, &statement);
        let note = ally.answer(&bottom, "<p>Deep</p>");
        tell(&node, &ally, &note).await;
        assert!(remote.fetches() <= 6, "{} fetches", remote.fetches());
        assert_nothing_above(&node, &note).await;
    }

    async fn a_stranger_who_names_us_causes_no_more_than_the_budget_either(world) {
        let (node, statement, remote, _ally) = scene(world).await;
        let eve = remote.person("eve");
        eve.says(&node, &eve.activity("Like", "http://127.0.0.1:1/x")).await;
        remote.forget();
        let mut note = eve.answer(&chain(&remote, &eve, 40, &statement), "<p>Deep</p>");
        note["tag"] = json!([{"type": "Mention", "href": node.union()}]);
        tell(&node, &eve, &note).await;
        assert!(remote.fetches() <= 6, "{} fetches", remote.fetches());
        assert_eq!((node.review_of(id(&note)).await, node.count("posts").await), (Some(Review::Held), 1));
    }

    async fn the_way_up_is_bounded_in_depth_also_through_what_we_know(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let bottom = chain(&remote, &ally, 60, &statement);
        // An editor's act has a large budget, and goes no further up for that.
        let draft = format!("---\nin_reply_to: {bottom}\n---\nWhere does this begin?");
        node.publish(&draft).await;
        assert!(remote.fetches() <= 51, "{} fetches", remote.fetches());
        assert_eq!(node.count("posts").await, 1);
        node.deliver_all().await;
    }

    async fn answers_that_go_round_in_circles_are_left(world) {
        let (node, _statement, remote, ally) = scene(world).await;
        let round = format!("{}/chain/0", remote.base);
        chain(&remote, &ally, 3, &round);
        let note = ally.answer(&round, "<p>Round</p>");
        tell(&node, &ally, &note).await;
        assert_eq!(remote.fetches(), 3);
        assert_nothing_above(&node, &note).await;
        // And one that answers itself.
        let mut note = ally.note("<p>Myself</p>");
        note["inReplyTo"] = note["id"].clone();
        remote.serve(&note);
        tell(&node, &ally, &note).await;
        assert_eq!(node.review_of(id(&note)).await, Some(Review::NotNeeded));
    }

    async fn the_way_up_does_not_lead_through_a_blocked_server(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let bad = world.remote_named("bad.example").await;
        let now = world.clock.now();
        node.write(move |conn| blocks::block(conn, &Domain::parse("bad.example")?, None, now)).await;
        let blocked = chain(&bad, &bad.person("eve"), 1, &statement);
        let note = ally.answer(&chain(&remote, &ally, 1, &blocked), "<p>Up</p>");
        tell(&node, &ally, &note).await;
        assert_eq!(bad.asked().len(), 0);
        assert_nothing_above(&node, &note).await;
    }

    async fn the_way_up_does_not_lead_through_what_is_private_or_not_published(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let mut private = ally.answer(&statement, "<p>UNSEEN</p>");
        private["to"] = json!([format!("{}/followers", ally.id)]);
        remote.serve(&private);
        let note = ally.answer(id(&private), "<p>Up</p>");
        tell(&node, &ally, &note).await;
        assert_nothing_above(&node, &note).await;
        assert_eq!(node.count("private_posts").await, 0, "nobody sent it to us");
        let scheduled = node.publish_at("---\ndate: 2031-05-01\n---\nLater").await;
        for unpublished in [scheduled, format!("{}/statements/none", node.base), format!("{}/actor", node.base)] {
            tell(&node, &ally, &ally.answer(&unpublished, "<p>x</p>")).await;
        }
        assert_eq!(node.count("posts WHERE statement_id IS NOT NULL").await, 0);
    }

    async fn a_lie_about_what_a_post_answers_is_not_believed(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let origin = world.remote().await;
        let author = origin.person("author");
        // It answers nothing of ours; who embeds it says that it does, and says other words.
        let truth = author.note("<p>The truth</p>");
        origin.serve(&truth);
        let mut lie = truth.clone();
        lie["content"] = json!("<p>LIE</p>");
        lie["inReplyTo"] = json!(statement);
        let mut note = ally.answer("", "<p>Up</p>");
        note["inReplyTo"] = lie;
        tell(&node, &ally, &note).await;
        assert_eq!(origin.fetches(), 1, "its own server is asked");
        assert_nothing_above(&node, &note).await;
        // A document that calls itself another's post, or whose author lives elsewhere.
        let mut foreign = author.answer(&statement, "<p>LIE</p>");
        remote.reply("/stolen", crate::harness::Reply::Json(foreign.clone()));
        foreign["id"] = json!(format!("{}/foreign", remote.base));
        remote.serve(&foreign);
        for stolen in ["/stolen", "/foreign"] {
            tell(&node, &ally, &ally.answer(&format!("{}{stolen}", remote.base), "<p>x</p>")).await;
        }
        assert_eq!(node.count("posts WHERE content LIKE '%LIE%'").await, 0);
        assert_eq!(node.count("posts WHERE statement_id IS NOT NULL").await, 0);
    }

    async fn a_list_of_answers_makes_us_ask_a_bounded_number_of_questions(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let victim = world.remote().await;
        let mut first = ally.answer(&statement, "<p>ONE</p>");
        let replies = format!("{}/replies", id(&first));
        first["replies"] = json!(replies);
        remote.serve(&first);
        let page = |number: usize| {
            let items: Vec<String> = (0..50).map(|item| format!("{}/notes/{number}-{item}", victim.base)).collect();
            json!({"id": format!("{replies}?page={number}"), "type": "CollectionPage", "items": items,
                "next": format!("{replies}?page={}", number + 1)})
        };
        for number in 0..40 {
            remote.serve(&page(number));
        }
        remote.serve(&json!({"id": replies, "type": "Collection", "first": format!("{replies}?page=0")}));
        tell(&node, &ally, &first).await;
        remote.forget();
        look_around(&node.node).await.expect("looked");
        look_around(&node.node).await.expect("looked");
        let asked = remote.fetches() + victim.fetches();
        assert!(asked <= 40, "{asked} questions");
        assert_eq!(node.count("posts").await, 1);
    }

    async fn a_list_of_answers_brings_only_answers_in_this_conversation(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let origin = world.remote().await;
        let author = origin.person("author");
        let mut first = ally.answer(&statement, "<p>ONE</p>");
        let mut mention = author.note("<p>Not an answer</p>");
        mention["tag"] = json!([{"type": "Mention", "href": node.union()}]);
        let mut private = author.answer(id(&first), "<p>UNSEEN</p>");
        private["to"] = json!([node.union()]);
        let elsewhere = author.answer("https://elsewhere.example/1", "<p>Elsewhere</p>");
        let own = ally.note("<p>An ally's own</p>");
        for note in [&mention, &private, &elsewhere] {
            origin.serve(note);
        }
        remote.serve(&own);
        let listed = [id(&mention), id(&private), id(&elsewhere), id(&own), &statement, "javascript:alert(1)", "http://127.0.0.1:1/x"];
        let inside = json!({"id": format!("{}/replies", id(&first)), "type": "Collection", "items": listed});
        first["replies"] = inside;
        remote.serve(&first);
        tell(&node, &ally, &first).await;
        look_around(&node.node).await.expect("looked");
        assert_eq!((node.count("posts").await, node.count("private_posts").await), (1, 0));
        // A collection on another server than the post is none of it.
        let mut second = ally.answer(&statement, "<p>TWO</p>");
        second["replies"] = json!(format!("{}/replies", origin.base));
        remote.serve(&second);
        origin.forget();
        tell(&node, &ally, &second).await;
        look_around(&node.node).await.expect("looked");
        assert_eq!(origin.fetches(), 0);
    }

    async fn a_full_conversation_is_not_looked_into_for_more(world) {
        let (node, statement, remote, ally) = scene(world).await;
        let mut first = ally.answer(&statement, "<p>ONE</p>");
        first["replies"] = json!(format!("{}/replies", id(&first)));
        remote.serve(&first);
        let second = ally.answer(id(&first), "<p>TWO</p>");
        remote.serve(&second);
        remote.serve(&json!({"id": first["replies"], "type": "Collection", "items": [id(&second)]}));
        tell(&node, &ally, &first).await;
        node.write(|conn| {
            let (made, post) = picket::posts::list_answers(conn, None, None, 1)?.pop().map(|(post, _)| (post.author_id, post.statement_id)).expect("one");
            let statement = post.expect("a statement");
            for number in 0..1_000 {
                crate::harness::execute(conn, &format!(
                    "INSERT INTO posts (uri, author_id, kind, visibility, review, content, sensitive, pictures, published, received_at, statement_id)
                     VALUES ('made:{number}', {made}, 'Note', 'public', 'held', '', FALSE, '[]', '2026-01-01 00:00:00', '2026-01-01 00:00:00', {statement})"));
            }
            Ok(())
        }).await;
        look_around(&node.node).await.expect("looked");
        assert_eq!(node.review_of(id(&second)).await, None);
        assert_eq!(remote.fetches_of(first["replies"].as_str().expect("an address").trim_start_matches(&remote.base)), 0);
    }

    async fn an_answer_held_again_brings_nothing_from_below(world) {
        let (node, statement, remote, _ally) = scene(world).await;
        let eve = remote.person("eve");
        let mut first = eve.answer(&statement, "<p>Well done</p>");
        tell(&node, &eve, &first).await;
        node.review(id(&first), approve).await.expect("approved");
        let second = eve.answer(id(&first), "<p>TWO</p>");
        remote.serve(&second);
        first["content"] = json!("<p>Something else</p>");
        first["updated"] = json!(picket::clock::rfc3339(world.clock.now() + chrono::TimeDelta::seconds(1)));
        first["replies"] = json!({"type": "Collection", "id": format!("{}/replies", id(&first)), "items": [id(&second)]});
        remote.serve(&first);
        look_around(&node.node).await.expect("looked");
        assert_eq!((node.review_of(id(&first)).await, node.review_of(id(&second)).await), (Some(Review::Held), None));
    }
}
