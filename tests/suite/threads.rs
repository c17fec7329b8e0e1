//! The conversation around a statement, answers between third servers included: fetched, held, and shown in order.

use chrono::TimeDelta;
use picket::federation::inbox::threads::look_around;
use picket::federation::outbox;
use picket::moderation::review::{approve, reject};
use picket::posts::{self, Review};
use serde_json::{Value, json};

use crate::harness::{Person, Remote, Reply, TestNode, World, ally, id, on_both_databases};

/// A node with a statement, and two servers that never followed it.
async fn scene(world: &World) -> (TestNode, String, Remote, Remote) {
    let (node, one, other) = (world.node().await, world.remote().await, world.remote().await);
    let statement = node.publish_at("# Strike\n\nFrom Monday on.").await;
    (node, statement, one, other)
}

/// An answer that its own server shows.
fn answer(remote: &Remote, person: &Person, to: &str, text: &str) -> Value {
    let note = person.answer(to, text);
    remote.serve(&note);
    note
}

fn mentions(note: &mut Value, node: &TestNode) {
    note["tag"] = json!([{"type": "Mention", "href": node.union()}]);
}

async fn tell(node: &TestNode, person: &Person, note: &Value) {
    person.says(node, &person.activity("Create", note.clone())).await;
}

async fn look(node: &TestNode) {
    look_around(&node.node).await.expect("looked");
}

async fn reviews(node: &TestNode, notes: &[&Value]) -> Vec<Option<Review>> {
    let mut reviews = Vec::new();
    for note in notes {
        reviews.push(node.review_of(id(note)).await);
    }
    reviews
}

/// The page's answers as nested brackets: what stands between list tags is told by the marks in the texts.
async fn shown(node: &TestNode, statement: &str, marks: &[&str]) -> String {
    let page = node.page(statement).await.body;
    let Some((_, answers)) = page.split_once("<section class=\"answers\"") else { return String::new() };
    let answers = answers.split("</section>").next().expect("an end");
    let mut words: Vec<(usize, &str)> = Vec::new();
    for (word, sign) in
        [("<ol class=\"thread\">", "("), ("</ol>", ")")].into_iter().chain(marks.iter().map(|mark| (*mark, *mark)))
    {
        words.extend(answers.match_indices(word).map(|(at, _)| (at, sign)));
    }
    words.sort_unstable();
    words.into_iter().map(|(_, word)| word).collect()
}

on_both_databases! {
    async fn the_way_up_to_a_statement_is_fetched_and_all_of_it_is_held(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        let second = answer(&other, &bea, id(&first), "<p>TWO</p>");
        let mut third = answer(&one, &amal, id(&second), "<p>THREE</p>");
        mentions(&mut third, &node);
        tell(&node, &amal, &third).await;
        assert_eq!(reviews(&node, &[&first, &second, &third]).await, [Some(Review::Held); 3]);
        assert_eq!(node.count("posts WHERE statement_id IS NOT NULL").await, 3);
        let page = node.page(&statement).await.body;
        let replies = node.get(&format!("{statement}/replies?page=true")).await.body;
        let conversation = node.get(&format!("{statement}/context?page=true")).await.body;
        for note in [&first, &second, &third] {
            for body in [&page, &replies, &conversation, &node.page("/feed.atom").await.body, &node.page("/").await.body] {
                assert!(!body.contains(id(note)), "held, and so seen nowhere");
            }
        }
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 0);
        assert_eq!(node.get(&format!("{statement}/context")).await.json()["totalItems"], 1);
    }

    async fn what_an_ally_answers_in_it_is_fetched_too_and_only_the_ally_is_approved(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, ally) = (one.person("amal"), ally(&node, &other).await);
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        let second = answer(&other, &ally, id(&first), "<p>TWO</p>");
        tell(&node, &ally, &second).await;
        assert_eq!(reviews(&node, &[&first, &second]).await, [Some(Review::Held), Some(Review::Approved)]);
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1);
        assert_eq!(shown(&node, &statement, &["ONE", "TWO"]).await, "(TWO)", "on top, since what it answers is not shown");
        assert!(!node.page(&statement).await.body.contains(id(&first)), "nor is it named");
    }

    async fn an_answer_in_a_conversation_of_ours_by_its_name_is_fetched_as_well(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let context = node.get(&statement).await.json()["context"].clone();
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        for property in ["context", "conversation"] {
            let mut second = answer(&other, &bea, id(&first), "<p>TWO</p>");
            second[property] = context.clone();
            tell(&node, &bea, &second).await;
            assert_eq!(node.review_of(id(&second)).await, Some(Review::Held), "{property}");
        }
        assert_eq!(node.review_of(id(&first)).await, Some(Review::Held));
        // What is in it by name only is not kept.
        let elsewhere = answer(&one, &amal, &format!("{}/notes/nowhere", one.base), "<p>NO</p>");
        let mut lie = answer(&other, &bea, id(&elsewhere), "<p>LIE</p>");
        lie["context"] = context;
        tell(&node, &bea, &lie).await;
        assert_eq!(reviews(&node, &[&elsewhere, &lie]).await, [None, None]);
    }

    async fn a_strangers_answer_that_has_nothing_to_do_with_us_causes_no_fetch(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        let second = answer(&other, &bea, id(&first), "<p>TWO</p>");
        tell(&node, &bea, &second).await;
        assert_eq!((one.fetches(), node.count("posts").await), (0, 0));
    }

    async fn what_came_before_the_post_it_answers_joins_the_conversation_with_it(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, ally) = (one.person("amal"), ally(&node, &other).await);
        // Its server is slow to show the first: the others come before it.
        let first = amal.answer(&statement, "<p>ONE</p>");
        let second = answer(&other, &ally, id(&first), "<p>TWO</p>");
        let mut third = answer(&one, &amal, id(&second), "<p>THREE</p>");
        mentions(&mut third, &node);
        tell(&node, &ally, &second).await;
        tell(&node, &amal, &third).await;
        assert_eq!(node.count("posts WHERE statement_id IS NULL").await, 2);
        tell(&node, &amal, &first).await;
        assert_eq!(node.count("posts WHERE statement_id IS NULL").await, 0);
        assert_eq!(reviews(&node, &[&first, &second, &third]).await, [Some(Review::Held), Some(Review::Approved), Some(Review::Held)]);
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1);
    }

    async fn what_an_editor_rejected_stays_rejected_when_its_conversation_is_found(world) {
        let (node, statement, one, _other) = scene(world).await;
        let amal = one.person("amal");
        let first = amal.answer(&statement, "<p>ONE</p>");
        let mut second = answer(&one, &amal, id(&first), "<p>TWO</p>");
        mentions(&mut second, &node);
        tell(&node, &amal, &second).await;
        node.review(id(&second), reject).await.expect("rejected");
        tell(&node, &amal, &first).await;
        assert_eq!(node.review_of(id(&second)).await, Some(Review::Rejected));
        assert_eq!(node.count("posts WHERE statement_id IS NOT NULL").await, 2);
    }

    async fn answers_between_others_appear_when_an_answer_is_approved_and_are_held(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let mut first = amal.answer(&statement, "<p>ONE</p>");
        let second = answer(&other, &bea, id(&first), "<p>TWO</p>");
        let third = answer(&one, &amal, id(&first), "<p>THREE</p>");
        // As one server lists them: the first page inside, the next by its address, an item whole.
        let mut forged = second.clone();
        forged["content"] = json!("<p>LIE</p>");
        let next = format!("{}/replies?page=2", id(&first));
        first["replies"] = json!({"id": format!("{}/replies", id(&first)), "type": "Collection", "first": {
            "type": "CollectionPage", "next": next, "items": [forged]}});
        one.serve(&first);
        one.serve(&json!({"id": next, "type": "CollectionPage", "items": [id(&third), id(&third)]}));
        tell(&node, &amal, &first).await;
        look(&node).await;
        assert_eq!(reviews(&node, &[&second, &third]).await, [None, None], "what is held is not looked at");
        node.review(id(&first), approve).await.expect("approved");
        look(&node).await;
        assert_eq!(reviews(&node, &[&second, &third]).await, [Some(Review::Held), Some(Review::Held)]);
        assert_eq!(node.texts("content", "posts WHERE content LIKE '%TWO%'").await.len(), 1, "as its own server has it");
        for note in [&second, &third] {
            assert!(!node.page(&statement).await.body.contains(id(note)));
            node.review(id(note), approve).await.expect("approved");
        }
        assert_eq!(shown(&node, &statement, &["ONE", "TWO", "THREE"]).await, "(ONE(TWOTHREE))");
    }

    async fn a_conversation_is_looked_at_again_while_its_statement_is_young(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let mut first = amal.answer(&statement, "<p>ONE</p>");
        first["replies"] = json!(format!("{}/replies", id(&first)));
        one.serve(&first);
        let list = |items: &[&Value]| {
            let ids: Vec<&str> = items.iter().map(|item| id(item)).collect();
            one.serve(&json!({"id": first["replies"], "type": "Collection", "items": ids}));
        };
        list(&[]);
        tell(&node, &amal, &first).await;
        node.review(id(&first), approve).await.expect("approved");
        look(&node).await;
        let second = answer(&other, &bea, id(&first), "<p>TWO</p>");
        list(&[&second]);
        one.forget();
        world.pass(TimeDelta::minutes(59));
        look(&node).await;
        assert_eq!(one.fetches(), 0, "not within the hour");
        world.pass(TimeDelta::minutes(2));
        look(&node).await;
        assert_eq!(node.review_of(id(&second)).await, Some(Review::Held));
        let third = answer(&other, &bea, id(&first), "<p>THREE</p>");
        list(&[&second, &third]);
        let mut looks = 0;
        for _ in 0..24 * 8 {
            world.pass(TimeDelta::hours(1));
            one.forget();
            look(&node).await;
            looks += one.fetches_of(id(&first).trim_start_matches(&one.base));
        }
        assert!((8..24).contains(&looks), "more and more seldom, and at last not any more: {looks}");
        assert_eq!(node.review_of(id(&third)).await, Some(Review::Held));
        assert_eq!(node.count("posts WHERE next_look IS NOT NULL").await, 0);
        // An Update of an answer that is shown is a reason to look once more.
        first["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
        one.serve(&first);
        amal.says(&node, &amal.activity("Update", first.clone())).await;
        world.pass(TimeDelta::hours(2));
        one.forget();
        look(&node).await;
        look(&node).await;
        assert_eq!(one.fetches_of(id(&first).trim_start_matches(&one.base)), 1);
    }

    async fn an_answer_that_is_gone_or_changed_at_its_own_server_is_so_here_after_a_look(world) {
        let (node, statement, one, _other) = scene(world).await;
        let amal = one.person("amal");
        let (mut first, second, third) = (amal.answer(&statement, "<p>ONE</p>"), amal.answer(&statement, "<p>TWO</p>"), amal.answer(&statement, "<p>THREE</p>"));
        for note in [&first, &second, &third] {
            tell(&node, &amal, note).await;
            node.review(id(note), approve).await.expect("approved");
        }
        first["content"] = json!("<p>CHANGED</p>");
        first["updated"] = json!(picket::clock::rfc3339(world.clock.now() + TimeDelta::seconds(1)));
        one.serve(&first);
        one.reply(id(&second).trim_start_matches(&one.base), Reply::Status(410));
        one.reply(id(&third).trim_start_matches(&one.base), Reply::Status(500));
        look(&node).await;
        assert_eq!(reviews(&node, &[&first, &second, &third]).await, [Some(Review::Held), None, Some(Review::Approved)]);
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1);
    }

    async fn a_server_that_is_away_is_not_asked(world) {
        let (node, statement, one, _other) = scene(world).await;
        let amal = one.person("amal");
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        amal.follows(&node).await;
        tell(&node, &amal, &first).await;
        node.review(id(&first), approve).await.expect("approved");
        one.inbox_replies(|_| Reply::Hangup);
        node.deliver_all().await;
        one.forget();
        look(&node).await;
        assert_eq!(one.fetches(), 0);
        assert_eq!(node.review_of(id(&first)).await, Some(Review::Approved));
        node.expect_undelivered();
    }

    async fn the_page_shows_every_answer_under_what_it_answers(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let mut notes: Vec<Value> = Vec::new();
        for (mark, above) in [("ONE", None), ("TWO", None), ("THREE", Some(0)), ("FOUR", Some(1)), ("FIVE", Some(2)), ("SIX", Some(0))] {
            world.pass(TimeDelta::minutes(1));
            let person = if notes.len().is_multiple_of(2) { &amal } else { &bea };
            let above = above.map_or(statement.clone(), |index: usize| id(&notes[index]).to_owned());
            let note = person.answer(&above, &format!("<p>{mark}</p>"));
            tell(&node, person, &note).await;
            node.review(id(&note), approve).await.expect("approved");
            notes.push(note);
        }
        let marks = ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX"];
        assert_eq!(shown(&node, &statement, &marks).await, "(ONE(THREE(FIVE)SIX)TWO(FOUR))");
        // One in the middle that is not shown any more leaves the rest, on top.
        node.review(id(&notes[2]), reject).await.expect("rejected");
        assert_eq!(shown(&node, &statement, &marks).await, "(ONE(SIX)TWO(FOUR)FIVE)");
        assert!(!node.page(&statement).await.body.contains(id(&notes[2])));
        amal.says(&node, &amal.activity("Delete", id(&notes[0]))).await;
        assert_eq!(shown(&node, &statement, &marks).await, "(TWO(FOUR)FIVESIX)");
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 4);
    }

    async fn our_own_answer_stands_in_the_conversation_and_carries_its_name(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        tell(&node, &amal, &first).await;
        node.review(id(&first), approve).await.expect("approved");
        world.pass(TimeDelta::minutes(1));
        let own = node.publish_at(&format!("---\nin_reply_to: {}\n---\nOUROWN answer", id(&first))).await;
        let (asked, told) = (node.get(&statement).await.json(), node.get(&own).await.json());
        assert_eq!(asked["context"], json!(format!("{statement}/context")));
        assert_eq!((&told["context"], &told["conversation"]), (&asked["context"], &asked["context"]));
        assert_eq!(shown(&node, &statement, &["ONE", "OUROWN"]).await, "(ONE(OUROWN))");
        // The conversation as others read it.
        world.pass(TimeDelta::minutes(1));
        let held = bea.answer(&own, "<p>HELD</p>");
        tell(&node, &bea, &held).await;
        let conversation = node.get(asked["context"].as_str().expect("an address")).await.json();
        assert_eq!((&conversation["id"], &conversation["totalItems"]), (&asked["context"], &json!(3)));
        assert_eq!(conversation["attributedTo"], json!(node.union()));
        let page = node.get(conversation["first"].as_str().expect("an address")).await.json();
        assert_eq!(page["orderedItems"], json!([statement, id(&first), own]));
        assert_eq!(node.get(&format!("{own}/context")).await.status, 404, "it begins no conversation itself");
        outbox::withdraw(&node.node, &own).await.expect("withdrawn");
        assert_eq!(shown(&node, &statement, &["ONE", "OUROWN"]).await, "(ONE)");
        assert_eq!(node.get(&format!("{statement}/context")).await.json()["totalItems"], 2);
        node.deliver_all().await;
    }

    async fn an_answer_of_ours_to_others_carries_the_name_of_their_conversation(world) {
        let (node, _, one, _other) = scene(world).await;
        let amal = one.person("amal");
        for (property, name) in [("context", "https://a.example/contexts/1"), ("conversation", "tag:a.example,2026-05-01:objectId=1:objectType=Conversation")] {
            let mut note = amal.note("<p>Who is with us?</p>");
            note[property] = json!(name);
            one.serve(&note);
            node.publish(&format!("---\nin_reply_to: {}\n---\nWe are.", id(&note))).await;
            node.deliver_all().await;
            let told = one.heard_of("Create").pop().expect("told")["object"].clone();
            assert_eq!((&told["context"], &told["conversation"]), (&json!(name), &json!(name)));
        }
    }

    async fn what_we_answer_deep_in_our_own_conversation_brings_the_way_up(world) {
        let (node, statement, one, other) = scene(world).await;
        let (amal, bea) = (one.person("amal"), other.person("bea"));
        let first = answer(&one, &amal, &statement, "<p>ONE</p>");
        let second = answer(&other, &bea, id(&first), "<p>TWO</p>");
        let third = answer(&one, &amal, id(&second), "<p>THREE</p>");
        let own = node.publish_at(&format!("---\nin_reply_to: {}\n---\nWe see it so.", id(&third))).await;
        assert_eq!(reviews(&node, &[&first, &second, &third]).await, [Some(Review::Held); 3]);
        assert_eq!(node.get(&own).await.json()["context"], json!(format!("{statement}/context")));
        node.deliver_all().await;
    }

    async fn a_name_that_was_published_is_kept(world) {
        let (node, statement, _one, _other) = scene(world).await;
        let old = format!("{statement}#conversation");
        let set = old.clone();
        node.write(move |conn| { crate::harness::execute(conn, &format!("UPDATE statements SET context = '{set}'")); Ok(()) }).await;
        assert_eq!(node.get(&statement).await.json()["context"], json!(old));
        let translation = node.publish_at(&format!("---\ntranslates: {statement}\nlanguage: tr\n---\nGrev")).await;
        assert_eq!(node.get(&translation).await.json()["context"], json!(old));
        assert_eq!(node.get(&format!("{statement}/context")).await.status, 404);
    }

    async fn held_and_rejected_answers_of_a_long_conversation_are_counted_nowhere(world) {
        let (node, statement, one, _other) = scene(world).await;
        let amal = one.person("amal");
        let mut above = statement.clone();
        for number in 0..6 {
            let note = amal.answer(&above, &format!("<p>UNSEEN {number}</p>"));
            tell(&node, &amal, &note).await;
            if number % 2 == 0 {
                node.review(id(&note), reject).await.expect("rejected");
            }
            above = id(&note).to_owned();
        }
        let listed = node.read(|conn| posts::list_answers(conn, None, None, 100)).await;
        assert_eq!(listed.len(), 6);
        for path in ["", "/replies", "/replies?page=true", "/context", "/context?page=true"] {
            let answered = node.get(&format!("{statement}{path}")).await;
            assert!(answered.status == 200 && !answered.body.contains(&one.host), "{path}: {}", answered.body);
        }
        for page in [node.page(&statement).await, node.page("/").await, node.page("/feed.atom").await] {
            assert!(!page.body.contains("UNSEEN") && !page.body.contains(&one.host), "{}", page.body);
        }
        assert_eq!(node.get(&format!("{statement}/context")).await.json()["totalItems"], 1);
    }
}
