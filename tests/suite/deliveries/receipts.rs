//! What an editor is told of the deliveries of a statement, and for how long.

use chrono::TimeDelta;
use picket::delivery::receipts::Receipts;
use picket::delivery::{self, receipts};
use picket::federation::outbox;
use picket::server;

use crate::harness::{TestNode, on_both_databases};

async fn receipts_of(node: &TestNode, statement: i64) -> Receipts {
    let union = node.node.identity.union.id;
    node.read(move |conn| receipts::of_statement(conn, statement, union)).await
}

on_both_databases! {
    async fn a_receipt_says_how_many_followers_a_server_had_when_it_was_told(world) {
        let node = world.node().await;
        let (large, small) = (world.remote_named("large.example").await, world.remote_named("small.example").await);
        let mut followers = Vec::new();
        for name in ["a1", "a2", "a3", "a4", "a5"] {
            let person = large.person(name);
            followers.push((person.follows(&node).await, person));
        }
        small.person("a1").follows(&node).await;
        let statement = node.publish("# One").await.statement.id;
        node.deliver_all().await;
        // One who leaves changes nothing of what was.
        let (follow, person) = followers.pop().expect("a follower");
        person.says(&node, &person.activity("Undo", follow)).await;
        let receipts = receipts_of(&node, statement).await;
        let told: Vec<(&str, u64, u64)> =
            receipts.hosts.iter().map(|host| (host.host.as_str(), host.followers, host.delivered)).collect();
        assert_eq!(told, [(large.host.as_str(), 5, 1), ("small servers", 1, 1)]);
        assert_eq!(receipts.hosts[1].answer, None, "of small servers nothing but numbers is told");
        // With four followers it is a small one for what comes now.
        let statement = node.publish("# Two").await.statement.id;
        node.deliver_all().await;
        let receipts = receipts_of(&node, statement).await;
        assert_eq!(receipts.hosts.len(), 1);
        assert_eq!((receipts.hosts[0].host.as_str(), receipts.hosts[0].followers), ("small servers", 5));
    }

    async fn what_is_started_again_is_kept_until_it_ends_however_old_it_is(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.go_down().await;
        let statement = node.publish("# One").await.statement.id;
        for _ in 0..17 {
            node.deliver_all().await;
            world.pass(TimeDelta::days(1));
        }
        let later = world.clock.now() + TimeDelta::days(1);
        node.write(move |conn| {
            let old = delivery::old_receipts(conn, later, 9)?;
            delivery::let_receipts_go(conn, &old)
        })
        .await;
        let now = world.clock.now();
        assert_eq!(node.write(move |conn| delivery::start_again(conn, statement, now)).await, 1);
        remote.come_back().await;
        server::forget(&node.node).await.expect("forgotten");
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Create").len(), 1);
    }

    async fn receipts_are_forgotten_in_time_and_a_withdrawal_still_reaches_everybody(world) {
        let node = world.node_with(&[("PICKET_RECEIPTS_DAYS", "60")]).await;
        let (stays, leaves) = (world.remote().await, world.remote().await);
        stays.person("amal").follows(&node).await;
        let leaver = leaves.person("bilal");
        let follow = leaver.follows(&node).await;
        let published = node.publish("# One").await.statement;
        node.deliver_all().await;
        leaver.says(&node, &leaver.activity("Undo", follow)).await;
        node.deliver_all().await;
        world.pass(TimeDelta::days(59));
        server::forget(&node.node).await.expect("forgotten");
        assert_eq!(receipts_of(&node, published.id).await.total, 2, "their time has not come");
        world.pass(TimeDelta::days(2));
        server::forget(&node.node).await.expect("forgotten");
        let receipts = receipts_of(&node, published.id).await;
        assert_eq!((receipts.total, receipts.forgotten), (0, true));
        assert_eq!(node.count("deliveries").await, 0);
        for remote in [&stays, &leaves] {
            remote.forget();
        }
        outbox::withdraw(&node.node, &published.uri).await.expect("withdrawn");
        node.deliver_all().await;
        assert_eq!((stays.heard_of("Delete").len(), leaves.heard_of("Delete").len()), (1, 1));
    }

    async fn what_still_waits_keeps_its_receipt_however_old_it_is(world) {
        let node = world.node_with(&[("PICKET_RECEIPTS_DAYS", "30")]).await;
        let remote = world.remote().await;
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.inbox_status(503);
        let statement = node.publish("# One").await.statement.id;
        node.deliver_all().await;
        world.pass(TimeDelta::days(40));
        server::forget(&node.node).await.expect("forgotten");
        let receipts = receipts_of(&node, statement).await;
        assert_eq!((receipts.total, receipts.pending, receipts.forgotten), (1, 1, false));
        node.expect_undelivered();
    }
}
