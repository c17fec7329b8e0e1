//! Servers that a node has no contact with: what a block cuts, hides and drops, lists of blocks, and the allow list.

use picket::federation::defederation::{self, Ruled};
use picket::federation::inbox::threads::look_around;
use picket::federation::outbox;
use picket::moderation::blocks::{self, Effects};
use picket::moderation::{lists, review};
use picket::posts::{self, Review};
use serde_json::{Value, json};

use crate::fixtures;
use crate::harness::{Person, TestNode, ally, id, on_both_databases};

async fn block(node: &TestNode, domain: &str) -> Ruled {
    defederation::block(&node.node, domain, None).await.unwrap_or_else(|error| panic!("{domain}: {error}"))
}

async fn unblock(node: &TestNode, domain: &str) -> Ruled {
    defederation::unblock(&node.node, domain).await.unwrap_or_else(|error| panic!("{domain}: {error}"))
}

/// An answer of somebody, approved.
async fn approved(node: &TestNode, person: &Person, statement: &str, text: &str) -> Value {
    let answer = person.answer(statement, text);
    person.says(node, &person.activity("Create", answer.clone())).await;
    node.review(id(&answer), review::approve).await.expect("approved");
    answer
}

/// Likes, boosts and answers as a statement counts them.
async fn counts(node: &TestNode, statement: &str) -> (u64, u64, u64) {
    let note = node.get(statement).await.json();
    let count = |name: &str| note[name]["totalItems"].as_u64().expect("a count");
    (count("likes"), count("shares"), count("replies"))
}

async fn shown_replies(node: &TestNode, statement: &str) -> Vec<Value> {
    let page = node.get(&format!("{statement}/replies?page=true")).await.json();
    page["items"].as_array().expect("items").clone()
}

async fn timeline(node: &TestNode) -> Vec<String> {
    let union = node.node.identity.union.id;
    let posts = node.read(move |conn| posts::timeline(conn, union, 100)).await;
    posts.into_iter().map(|(post, _)| post.content).collect()
}

on_both_databases! {
    async fn a_block_ends_follow_relations_both_ways_and_what_waits_for_the_server(world) {
        let node = world.node().await;
        let (bad, good) = (world.remote_named("social.bad.example").await, world.remote_named("good.example").await);
        ally(&node, &bad).await;
        bad.person("eve").follows(&node).await;
        good.person("amal").follows(&node).await;
        node.deliver_all().await;
        bad.inbox_status(503);
        let statement = node.publish("# Strike").await.statement;
        node.deliver_all().await;
        bad.forget();
        let effects = block(&node, "bad.example").await.effects;
        let expected =
            Effects { followers_removed: 1, following_ended: 1, deliveries_dropped: 1, ..Effects::default() };
        assert_eq!(effects, expected);
        assert_eq!(node.count("follows").await, 1);
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 1);
        assert_eq!(node.waiting().await, 0);
        // The receipt says what became of it.
        let answers = node.texts("answer", "deliveries WHERE state = 'failed'").await;
        assert_eq!(answers, [Some("not sent: this server was blocked".to_owned())]);
        // Nothing is put on its way there any more: no edit, no withdrawal of what it got, no follow.
        node.edit(&statement.uri, "# Strike!").await;
        outbox::withdraw(&node.node, &statement.uri).await.expect("withdrawn");
        assert_eq!(node.count("deliveries WHERE state = 'pending' AND host LIKE '%bad%'").await, 0);
        world.pass(chrono::TimeDelta::days(2));
        node.deliver_all().await;
        let said = outbox::follow(&node.node, &format!("{}/users/ally", bad.base)).await.expect_err("refused").to_string();
        assert!(said.contains("blocked here"), "{said}");
        assert_eq!(bad.asked().len(), 0, "it is told nothing, not even that it is blocked");
        assert_eq!(good.heard_of("Delete").len(), 1);
    }

    async fn a_block_hides_everything_that_is_stored_and_its_end_shows_it_again(world) {
        let node = world.node().await;
        let (bad, good) = (world.remote_named("bad.example").await, world.remote_named("good.example").await);
        let statement = node.publish_at("# Strike").await;
        let (eve, amal) = (bad.person("eve"), good.person("amal"));
        approved(&node, &eve, &statement, "<p>BAD ANSWER</p>").await;
        let kept = approved(&node, &amal, &statement, "<p>GOOD ANSWER</p>").await;
        for person in [&eve, &amal] {
            person.says(&node, &person.activity("Like", statement.as_str())).await;
            person.says(&node, &person.activity("Announce", statement.as_str())).await;
        }
        let boosted = eve.note("<p>BAD BOOSTED</p>");
        bad.serve(&boosted);
        outbox::boost(&node.node, id(&boosted)).await.expect("boosted");
        node.deliver_all().await;
        let union = node.node.identity.union.id;
        let boost = node.texts("uri", &format!("boosts WHERE actor_id = {union}")).await.remove(0).expect("an id");
        let reply = node.publish_at(&format!("---\nin_reply_to: {}\n---\nWe answer.", id(&boosted))).await;
        node.deliver_all().await;
        assert_eq!(counts(&node, &statement).await, (2, 2, 2));
        bad.forget();

        let effects = block(&node, "bad.example").await.effects;
        assert_eq!((effects.posts_hidden, effects.reactions_hidden, effects.posts_shown), (2, 2, 0));
        assert_eq!(counts(&node, &statement).await, (1, 1, 1));
        assert_eq!(shown_replies(&node, &statement).await, [json!(id(&kept))]);
        let page = node.page(&statement).await.body;
        assert!(page.contains("GOOD ANSWER") && !page.contains("BAD") && !page.contains("bad.example"), "{page}");
        assert!(!node.page("/").await.body.contains("BAD"));
        assert!(!node.page(&reply).await.body.contains("A person"), "the name of whom we answered");
        assert!(!node.page("/feed.atom").await.body.contains("BAD"));
        assert!(!node.get("/actor/outbox?page=true").await.body.contains("\"type\":\"Announce\""));
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 2);
        assert_eq!(node.get(&boost).await.status, 404);
        let for_editors = node.read(|conn| posts::list_answers(conn, None, None, 100)).await;
        assert_eq!(for_editors.len(), 1);

        let effects = unblock(&node, "BAD.example.").await.effects;
        assert_eq!((effects.posts_hidden, effects.posts_shown), (0, 2));
        assert_eq!(counts(&node, &statement).await, (2, 2, 2));
        assert_eq!(shown_replies(&node, &statement).await.len(), 2);
        assert!(node.page("/").await.body.contains("BAD BOOSTED"));
        assert_eq!(node.get(&boost).await.status, 200);
        assert_eq!(bad.asked().len(), 0);
    }

    async fn what_an_ally_passed_on_of_a_blocked_author_leaves_the_timeline(world) {
        let node = world.node().await;
        let (bad, good) = (world.remote_named("bad.example").await, world.remote_named("good.example").await);
        let (friend, enemy) = (ally(&node, &good).await, ally(&node, &bad).await);
        friend.says(&node, &friend.activity("Create", friend.note("<p>GOOD</p>"))).await;
        enemy.says(&node, &enemy.activity("Create", enemy.note("<p>BAD</p>"))).await;
        let passed_on = bad.person("author").note("<p>BAD PASSED ON</p>");
        bad.serve(&passed_on);
        friend.says(&node, &friend.activity("Announce", id(&passed_on))).await;
        assert_eq!(timeline(&node).await.len(), 3);
        block(&node, "bad.example").await;
        assert_eq!(timeline(&node).await, ["<p>GOOD</p>"]);
        // Nobody brings it back while the block stands: no ally, and no editor.
        friend.says(&node, &friend.activity("Announce", id(&passed_on))).await;
        assert_eq!(timeline(&node).await, ["<p>GOOD</p>"]);
        assert!(outbox::boost(&node.node, id(&passed_on)).await.is_err());
        unblock(&node, "bad.example").await;
        assert_eq!(timeline(&node).await.len(), 2, "what was passed on is seen again; the enemy is not followed any more");
    }

    async fn an_answer_of_a_blocked_server_cannot_be_approved(world) {
        let node = world.node().await;
        let bad = world.remote_named("bad.example").await;
        let statement = node.publish_at("# Strike").await;
        let eve = bad.person("eve");
        let answer = eve.answer(&statement, "<p>BAD</p>");
        eve.says(&node, &eve.activity("Create", answer.clone())).await;
        block(&node, "bad.example").await;
        assert!(node.review(id(&answer), review::approve).await.is_err());
        assert_eq!(counts(&node, &statement).await, (0, 0, 0));
        unblock(&node, "bad.example").await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
    }

    async fn the_domain_of_a_handle_may_be_blocked_as_well(world) {
        let node = world.node().await;
        let (home, names) = (world.remote_named("social.example.org").await, world.remote_named("bad.example").await);
        let eve = home.person("eve");
        let mut document = eve.document();
        let handle = format!("eve@{}", names.host);
        document["webfinger"] = json!(handle);
        home.serve(&document);
        let finger = json!({"subject": format!("acct:{handle}"), "links": [{"rel": "self", "type": "application/activity+json", "href": eve.id}]});
        let path = format!("/.well-known/webfinger?resource=acct%3Aeve%40bad%2Eexample%3A{}", names.host.rsplit(':').next().expect("a port"));
        names.reply(&path, crate::harness::Reply::Typed("application/jrd+json", finger.to_string()));
        eve.follows(&node).await;
        node.deliver_all().await;
        assert_eq!(node.count(&format!("actors WHERE handle = '{handle}'")).await, 1);
        let statement = node.publish_at("# Strike").await;
        node.deliver_all().await;
        home.serve(&approved(&node, &eve, &statement, "<p>BAD</p>").await);
        assert_eq!(counts(&node, &statement).await.2, 1);
        assert_eq!(block(&node, "bad.example").await.effects.followers_removed, 1);
        home.forget();
        names.forget();
        assert_eq!(eve.send(&node, &eve.activity("Follow", node.union())).await, 403);
        assert!(outbox::follow(&node.node, &format!("@{handle}")).await.is_err());
        // Nor is her word taken from others, proven as it may be.
        let post = world.remote().await;
        let (forwarder, update) = (post.person("forwarder"), eve.proves(eve.activity("Update", eve.id.as_str())));
        assert_eq!(forwarder.send(&node, &update).await, 403);
        assert_eq!((node.count("follows").await, home.asked().len(), names.asked().len()), (0, 0, 0));
        // Nor is her answer looked at again, or taken off the count twice.
        world.pass(chrono::TimeDelta::hours(2));
        look_around(&node.node).await.expect("looked");
        assert_eq!((counts(&node, &statement).await.2, home.asked().len()), (0, 0));
        unblock(&node, "bad.example").await;
        assert_eq!(counts(&node, &statement).await.2, 1);
        // A neighbour of hers with a handle at home is welcome.
        home.person("amal").follows(&node).await;
        node.deliver_all().await;
    }

    async fn an_actor_first_met_under_a_block_is_marked_at_once(world) {
        let node = world.node().await;
        let (bad, good) = (world.remote_named("bad.example").await, world.remote_named("good.example").await);
        block(&node, "bad.example").await;
        let eve = bad.person("eve");
        assert_eq!(eve.send(&node, &eve.activity("Follow", node.union())).await, 403);
        assert_eq!((node.count("actors WHERE NOT local").await, bad.asked().len()), (0, 0));
        good.person("amal").follows(&node).await;
        node.deliver_all().await;
        assert_eq!(node.count("actors WHERE blocked").await, 0);
    }

    async fn ones_own_domain_top_level_domains_and_nonsense_are_not_blocked(world) {
        let node = world.node_with(&[("PICKET_DOMAIN", "social.union.test"), ("PICKET_ACCOUNT_DOMAIN", "press.test")]).await;
        for (host, why) in [
            ("union.test", "this node's own"),
            ("Social.Union.Test:80", "this node's own"),
            ("press.test", "this node's own"),
            ("test", "top-level domain"),
            ("*", "no host name"),
            ("", "no host name"),
            ("*.bad.example", "no host name"),
        ] {
            let said = defederation::block(&node.node, host, None).await.expect_err(host).to_string();
            assert!(said.contains(why), "{host:?}: {said}");
        }
        assert_eq!(node.count("domain_blocks").await, 0);
        assert!(defederation::unblock(&node.node, "never.example").await.is_err());
    }

    async fn with_an_allow_list_only_those_on_it_speak_and_are_spoken_with(world) {
        let node = world.node_with(&[("PICKET_ALLOW_LIST", "true")]).await;
        let (friend, stranger) = (world.remote_named("social.friend.example").await, world.remote_named("stranger.example").await);
        defederation::allow(&node.node, "Friend.example").await.expect("allowed");
        friend.person("amal").follows(&node).await;
        let eve = stranger.person("eve");
        assert_eq!(eve.send(&node, &eve.activity("Follow", node.union())).await, 403);
        for address in [&eve.id, &format!("@eve@{}", stranger.host)] {
            let said = outbox::follow(&node.node, address).await.expect_err("refused").to_string();
            assert!(said.contains("not on the allow list"), "{said}");
        }
        node.publish("# Strike").await;
        node.deliver_all().await;
        assert_eq!(friend.heard_of("Create").len(), 1);
        assert_eq!((stranger.asked().len(), node.count("actors WHERE NOT local").await), (0, 1));
        // Taken off the list, relations rest, nothing goes there, and nothing of it is shown.
        let statement = node.publish_at("# Another").await;
        node.deliver_all().await;
        approved(&node, &friend.person("amal"), &statement, "<p>GOOD</p>").await;
        let effects = defederation::disallow(&node.node, "friend.example").await.expect("disallowed").effects;
        assert_eq!((effects.followers_removed, effects.posts_hidden), (0, 1));
        friend.forget();
        node.publish("# Not for them").await;
        node.deliver_all().await;
        assert_eq!(friend.asked().len(), 0);
        assert_eq!(counts(&node, &statement).await, (0, 0, 0));
        assert_eq!(node.count("follows").await, 1);
        defederation::allow(&node.node, "friend.example").await.expect("allowed");
        assert_eq!(counts(&node, &statement).await, (0, 0, 1));
        node.publish("# Again").await;
        node.deliver_all().await;
        assert_eq!(friend.heard_of("Create").len(), 1);
        // A block goes before, and cuts.
        assert_eq!(block(&node, "social.friend.example").await.effects.followers_removed, 1);
        assert_eq!(friend.person("amal").send(&node, &friend.person("amal").activity("Follow", node.union())).await, 403);
        assert!(defederation::allow(&node.node, "social.friend.example").await.is_err());
    }

    async fn an_allow_list_without_the_setting_refuses_nobody(world) {
        let node = world.node().await;
        defederation::allow(&node.node, "friend.example").await.expect("allowed");
        let stranger = world.remote_named("stranger.example").await;
        stranger.person("eve").follows(&node).await;
        node.deliver_all().await;
        assert_eq!(node.count("actors WHERE blocked").await, 0);
    }

    async fn a_list_is_imported_whole_or_not_at_all_and_exported_again(world) {
        let node = world.node_with(&[("PICKET_DOMAIN", "union.test")]).await;
        let bad = world.remote_named("bad.example").await;
        bad.person("eve").follows(&node).await;
        node.deliver_all().await;
        let text = "severity,domain,public_comment\nsuspend,bad.example,\"spam, lies\"\nsilence,loud.example,\nsuspend,union.test,\n";
        let read = || lists::read(text).expect("a list");
        let would = defederation::import_blocks(&node.node, read(), true).await.expect("a dry run");
        assert_eq!((would.domains.len(), would.effects.followers_removed, would.skipped.len()), (1, 1, 2));
        assert_eq!((node.count("domain_blocks").await, node.count("follows").await), (0, 1), "nothing came of it");
        let did = defederation::import_blocks(&node.node, read(), false).await.expect("imported");
        assert_eq!(did, would);
        assert_eq!((node.count("domain_blocks").await, node.count("follows").await), (1, 0));
        let again = defederation::import_blocks(&node.node, read(), false).await.expect("imported");
        assert_eq!((again.domains.len(), again.known), (0, 1));
        let blocks = node.read(blocks::blocks).await;
        assert_eq!(blocks[0].reason.as_deref(), Some("spam, lies"));
        let written = lists::write_blocks(&blocks).expect("written");
        assert_eq!(written, "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nbad.example,suspend,true,true,\"spam, lies\",false\n");
        // A list of blocks is none of servers to allow; one with a blocked server is refused whole.
        assert!(defederation::import_allowed(&node.node, read(), false).await.is_err());
        let list = lists::read("good.example\nsub.bad.example\n").expect("a list");
        assert!(defederation::import_allowed(&node.node, list, false).await.is_err());
        assert_eq!(node.count("domain_allows").await, 0);
    }

    async fn lists_of_other_nodes_are_taken_over(world) {
        let Some(folder) = fixtures::folder() else { return };
        // Blocks, lesser severities left out, and all hidden names.
        let expected = [
            ("fediblockhole-data-mastodon.json", 7, 3),
            ("fediblockhole-data-silences-01.csv", 0, 13),
            ("fediblockhole-data-suspends-01.csv", 13, 0),
            ("fediblockhole-demo-allowlist-02.csv", 1, 0),
            ("mastodon-domain_allows.csv", 2, 0),
            ("mastodon-domain_blocks_list.txt", 3, 0),
        ];
        for file in fixtures::files(&folder, "blocklist", "", "") {
            let name = file.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let list = lists::read(&fixtures::text(&file)).unwrap_or_else(|error| panic!("{name}: {error}"));
            let node = world.node().await;
            if name.contains("allow") {
                let imported = defederation::import_allowed(&node.node, list.clone(), false).await.expect(&name);
                assert_eq!(i64::try_from(imported.domains.len()).expect("few"), node.count("domain_allows").await, "{name}");
            }
            node.write(|conn| { for domain in blocks::allowed(conn)? { blocks::disallow(conn, &picket::moderation::domains::Domain::parse(&domain)?)?; } Ok(()) }).await;
            let imported = defederation::import_blocks(&node.node, list, false).await.expect(&name);
            println!("{name}: {} blocked, {} left out", imported.domains.len(), imported.skipped.len());
            assert_eq!(i64::try_from(imported.domains.len()).expect("few"), node.count("domain_blocks").await, "{name}");
            if let Some((_, blocked, skipped)) = expected.iter().find(|(known, ..)| *known == name) {
                assert_eq!((imported.domains.len(), imported.skipped.len()), (*blocked, *skipped), "{name}");
            }
        }
    }

    async fn a_visitor_from_a_blocked_server_is_not_asked_about_there(world) {
        let node = world.node().await;
        let bad = world.remote_named("bad.example").await;
        block(&node, "bad.example").await;
        let said = picket::federation::remote::subscribe_address(&node.node, &format!("eve@{}", bad.host)).await;
        assert!(said.is_err());
        assert_eq!(bad.asked().len(), 0);
    }

    async fn a_permission_to_quote_rests_while_its_server_is_blocked(world) {
        let node = world.node().await;
        let bad = world.remote_named("bad.example").await;
        let statement = node.publish_at("# Strike").await;
        let eve = bad.person("eve");
        let mut quote = eve.note("<p>BAD</p>");
        quote["quote"] = json!(statement);
        let mut asked = eve.activity("QuoteRequest", statement.as_str());
        asked["instrument"] = quote;
        eve.says(&node, &asked).await;
        node.deliver_all().await;
        let stamp = bad.heard_of("Accept").remove(0)["result"].as_str().expect("a stamp").to_owned();
        assert_eq!(node.get(&stamp).await.status, 200);
        block(&node, "bad.example").await;
        assert_eq!(node.get(&stamp).await.status, 404);
        unblock(&node, "bad.example").await;
        assert_eq!(node.get(&stamp).await.status, 200);
    }

    async fn counts_stay_right_when_a_blocked_actor_is_forgotten(world) {
        let node = world.node().await;
        let bad = world.remote_named("bad.example").await;
        let statement = node.publish_at("# Strike").await;
        let eve = bad.person("eve");
        let answer = approved(&node, &eve, &statement, "<p>BAD</p>").await;
        block(&node, "bad.example").await;
        let uri = id(&answer).to_owned();
        node.write(move |conn| {
            let post = posts::find(conn, &uri)?.expect("kept");
            review::remove(conn, &post)
        }).await;
        assert_eq!(counts(&node, &statement).await, (0, 0, 0));
    }
}
