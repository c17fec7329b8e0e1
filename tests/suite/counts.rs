//! How many statements and followers there are stays right whatever changes it, though nobody counts them.

use chrono::TimeDelta;
use futures::future::join_all;
use picket::alliances;
use picket::clock::rfc3339;
use picket::error::Error;
use picket::federation::{defederation, outbox};
use picket::statements;
use serde_json::json;

use crate::harness::{Reply, TestNode, ally, execute, id, on_both_databases};

const PUBLIC: &str = "statements WHERE state = 'published'";
const FOLLOWERS: &str =
    "follows JOIN actors ON actors.id = follows.followee_id WHERE follows.state = 'accepted' AND actors.local";

/// What others are told, beside what somebody finds who counts.
async fn assert_counts(node: &TestNode, statements: i64, followers: i64) {
    assert_eq!((node.count(PUBLIC).await, node.count(FOLLOWERS).await), (statements, followers));
    assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], statements);
    assert_eq!(node.get("/nodeinfo/2.1").await.json()["usage"]["localPosts"], statements);
    assert_eq!(node.get("/actor/followers").await.json()["totalItems"], followers);
}

on_both_databases! {
    async fn statements_are_counted_from_their_publication_until_they_are_withdrawn(world) {
        let node = world.node().await;
        assert_counts(&node, 0, 0).await;
        let uri = node.publish_at("# One").await;
        node.publish("# Two").await;
        assert_counts(&node, 2, 0).await;
        node.edit(&uri, "# One, corrected").await;
        assert_counts(&node, 2, 0).await;
        let later = rfc3339(world.clock.now() + TimeDelta::hours(1));
        node.publish(&format!("---\nat: {later}\n---\n# Three")).await;
        assert_counts(&node, 2, 0).await;
        world.pass(TimeDelta::hours(2));
        outbox::publish_due(&node.node).await.expect("published");
        assert_counts(&node, 3, 0).await;
        outbox::withdraw(&node.node, &uri).await.expect("withdrawn");
        assert_counts(&node, 2, 0).await;
        node.write(|conn| {
            execute(conn, "DELETE FROM activities; DELETE FROM statement_tags; DELETE FROM statements");
            Ok(())
        }).await;
        assert_counts(&node, 0, 0).await;
    }

    async fn followers_are_counted_until_they_leave_are_blocked_or_are_gone(world) {
        let node = world.node().await;
        let (bad, good) = (world.remote_named("bad.example").await, world.remote_named("good.example").await);
        // Whom we follow is no follower of ours.
        ally(&node, &good).await;
        assert_counts(&node, 0, 0).await;
        let (amal, noor, eve) = (good.person("amal"), good.person("noor"), bad.person("eve"));
        amal.follows(&node).await;
        let again = amal.follows(&node).await;
        assert_counts(&node, 0, 1).await;
        noor.follows(&node).await;
        eve.follows(&node).await;
        assert_counts(&node, 0, 3).await;
        amal.says(&node, &amal.activity("Undo", again)).await;
        assert_counts(&node, 0, 2).await;
        defederation::block(&node.node, "bad.example", None).await.expect("blocked");
        assert_counts(&node, 0, 1).await;
        defederation::unblock(&node.node, "bad.example").await.expect("unblocked");
        assert_counts(&node, 0, 1).await;
        good.reply(&noor.path, Reply::Status(410));
        noor.says(&node, &noor.activity("Delete", json!(noor.id))).await;
        assert_counts(&node, 0, 0).await;
        node.deliver_all().await;
    }

    async fn what_the_union_passed_on_is_counted_while_everybody_may_see_it(world) {
        let node = world.node().await;
        let (home, elsewhere) = (world.remote_named("home.example").await, world.remote_named("elsewhere.example").await);
        let (author, friend) = (home.person("author"), ally(&node, &elsewhere).await);
        let note = author.note("<p>On strike</p>");
        home.serve(&note);
        let total = async || node.get("/actor/outbox").await.json()["totalItems"].as_i64().expect("a number");
        let review = async |review: &'static str| {
            node.write(move |conn| {
                execute(conn, &format!("UPDATE posts SET review = '{review}'"));
                Ok(())
            }).await;
        };
        friend.says(&node, &friend.activity("Announce", id(&note))).await;
        assert_eq!(total().await, 0, "what an ally passed on is the ally's");
        outbox::boost(&node.node, id(&note)).await.expect("passed on");
        assert_eq!(total().await, 1);
        for (decided, counted) in [("held", 0), ("rejected", 0), ("approved", 1), ("none", 1)] {
            review(decided).await;
            assert_eq!(total().await, counted, "{decided}");
        }
        defederation::block(&node.node, "home.example", None).await.expect("blocked");
        review("approved").await;
        assert_eq!(total().await, 0);
        defederation::unblock(&node.node, "home.example").await.expect("unblocked");
        assert_eq!(total().await, 1);
        outbox::unboost(&node.node, id(&note)).await.expect("taken back");
        assert_eq!(total().await, 0);
        outbox::boost(&node.node, id(&note)).await.expect("passed on");
        assert_eq!(total().await, 1);
        author.says(&node, &author.activity("Delete", id(&note))).await;
        assert_eq!((total().await, node.count("boosts").await), (0, 0));
        node.deliver_all().await;
    }

    async fn what_is_taken_back_was_never_counted(world) {
        let node = world.node().await;
        let uri = node.publish_at("# One").await;
        let withdraw = |fails: bool| {
            let uri = uri.clone();
            node.node.db.write(move |conn| {
                let statement = statements::find(conn, &uri)?.expect("the statement");
                statements::withdraw(conn, &statement, statement.published)?;
                if fails { Err(Error::Forbidden("no".to_owned())) } else { Ok(()) }
            })
        };
        for _ in 0..3 {
            withdraw(true).await.expect_err("taken back");
            assert_counts(&node, 1, 0).await;
        }
        withdraw(false).await.expect("withdrawn");
        assert_counts(&node, 0, 0).await;
    }

    async fn many_who_change_the_counts_and_the_site_at_once_do_not_wait_in_a_circle(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let people: Vec<_> = (0..12).map(|number| remote.person(&format!("p{number}"))).collect();
        for person in &people {
            person.follows(&node).await;
        }
        node.deliver_all().await;
        let union = node.node.identity.union.id;
        let leave = people.iter().enumerate().map(|(number, person)| {
            let id = person.id.clone();
            node.node.db.write(move |conn| {
                let actor = picket::actors::find(conn, &id)?.expect("a follower");
                let rename = format!("UPDATE actors SET name = 'renamed' WHERE id = {}", actor.id);
                // What is shown changes before what is counted, or after it.
                if number % 2 == 0 {
                    execute(conn, &rename);
                }
                alliances::remove(conn, actor.id, union)?;
                if number % 2 == 1 {
                    if matches!(conn, picket::storage::Conn::Postgres(_)) {
                        execute(conn, "SET CONSTRAINTS follows_written IMMEDIATE");
                    }
                    execute(conn, &rename);
                }
                Ok(())
            })
        });
        for left in join_all(leave).await {
            left.expect("nobody is refused");
        }
        assert_counts(&node, 0, 0).await;
    }
}
