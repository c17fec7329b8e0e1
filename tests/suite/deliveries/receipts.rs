//! What an editor is told of the deliveries of a statement, and for how long.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use picket::delivery;
use picket::federation::outbox;

use super::{followed_on, titles};
use crate::harness::{given_up, on_both_databases};

fn numbers(answers: &[(&str, u64)]) -> BTreeMap<String, u64> {
    answers.iter().map(|(answer, count)| ((*answer).to_owned(), *count)).collect()
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
        let receipts = node.receipts_of(statement).await;
        let told: Vec<(&str, u64, u64)> =
            receipts.hosts.iter().map(|host| (host.host.as_str(), host.followers, host.delivered)).collect();
        assert_eq!(told, [(large.host.as_str(), 5, 1), ("small servers", 1, 1)]);
        assert_eq!(receipts.hosts[1].answer, None, "which of the small ones said so is not told");
        // With four followers it is a small one for what comes now.
        let statement = node.publish("# Two").await.statement.id;
        node.deliver_all().await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!(receipts.hosts.len(), 1);
        assert_eq!((receipts.hosts[0].host.as_str(), receipts.hosts[0].followers), ("small servers", 5));
    }

    async fn of_small_servers_sums_are_told_and_no_name(world) {
        let node = world.node().await;
        let mut remotes = Vec::new();
        for name in ["calm.example", "busy.example", "down.example"] {
            let remote = world.remote_named(name).await;
            remote.person("amal").follows(&node).await;
            remotes.push(remote);
        }
        node.deliver_all().await;
        remotes[1].inbox_status(503);
        remotes[2].go_down().await;
        let statement = node.publish("# One").await.statement.id;
        node.deliver_all().await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!(receipts.hosts.len(), 1);
        let small = &receipts.hosts[0];
        assert_eq!((small.followers, small.delivered, small.pending, small.attempts), (3, 1, 2, 3));
        assert_eq!(small.answers, numbers(&[("answered 202", 1), ("answered 503", 1), ("no answer", 1)]));
        assert!(small.delivered_at.is_some() && small.next_try_at > small.last_tried_at, "{small:?}");
        let told = serde_json::to_string(&receipts).expect("JSON");
        assert!(!told.contains(".example"), "{told}");
        remotes[1].inbox_status(202);
        remotes[2].come_back().await;
        world.pass(TimeDelta::hours(2));
        node.deliver_all().await;
        let small = node.receipts_of(statement).await.hosts.remove(0);
        assert_eq!((small.delivered, small.attempts, small.next_try_at), (3, 5, None));
        assert_eq!(small.answers, numbers(&[("answered 202", 3)]));
    }

    async fn what_is_started_again_is_kept_until_it_ends_however_old_it_is(world) {
        let (node, remote, statement) = given_up(world).await;
        let later = world.clock.now() + TimeDelta::days(1);
        node.write(move |conn| {
            let old = delivery::old_receipts(conn, later, 9)?;
            delivery::let_receipts_go(conn, &old)
        })
        .await;
        let now = world.clock.now();
        assert_eq!(node.write(move |conn| delivery::start_again(conn, statement, now)).await, 1);
        remote.come_back().await;
        node.forget().await;
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Create").len(), 1);
    }

    async fn what_is_started_again_while_receipts_are_let_go_keeps_its_own(world) {
        let (node, remote, statement) = given_up(world).await;
        let (now, later) = (world.clock.now(), world.clock.now() + TimeDelta::days(1));
        let old = node.read(move |conn| delivery::old_receipts(conn, later, 9)).await;
        assert!(!old.is_empty());
        assert_eq!(node.write(move |conn| delivery::start_again(conn, statement, now)).await, 1);
        node.write(move |conn| delivery::let_receipts_go(conn, &old)).await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!((receipts.total, receipts.forgotten), (1, false));
        remote.come_back().await;
        node.deliver_all().await;
    }

    async fn what_waits_keeps_nothing_else_from_being_forgotten(world) {
        let node = world.node().await;
        let (away, there) = (world.remote_named("away.example").await, world.remote_named("there.example").await);
        for remote in [&away, &there] {
            remote.person("amal").follows(&node).await;
        }
        node.deliver_all().await;
        away.go_down().await;
        let statement = node.publish("# One").await.statement.id;
        for _ in 0..17 {
            node.deliver_all().await;
            world.pass(TimeDelta::days(1));
        }
        let (now, later) = (world.clock.now(), world.clock.now() + TimeDelta::days(1));
        node.write(move |conn| {
            let old = delivery::old_receipts(conn, later, 9)?;
            delivery::let_receipts_go(conn, &old)?;
            assert_eq!(delivery::start_again(conn, statement, now)?, 1);
            let said = delivery::worn_receipts(conn, 9)?.pop().expect("what was said last");
            delivery::forget_receipts(conn, &[said], 1)?;
            let is_worn = delivery::worn_receipts(conn, 9)?.contains(&said);
            assert!(!is_worn, "what waits is not looked for again and again");
            Ok(())
        })
        .await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!((receipts.total, receipts.pending), (1, 1));
        away.come_back().await;
        node.deliver_all().await;
        assert_eq!(titles(&away), ["One"]);
        node.forget().await;
        assert_eq!((node.count("deliveries").await, node.count("activities WHERE receipts_worn").await), (0, 0));
    }

    async fn what_was_given_up_is_not_started_again_without_its_words(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.go_down().await;
        let statement = node.publish("# One").await.statement;
        for _ in 0..17 {
            node.deliver_all().await;
            world.pass(TimeDelta::days(1));
        }
        outbox::withdraw(&node.node, &statement.uri).await.expect("withdrawn");
        let now = world.clock.now();
        assert_eq!(node.write(move |conn| delivery::start_again(conn, statement.id, now)).await, 0);
        remote.come_back().await;
        world.pass(TimeDelta::hours(2));
        node.deliver_all().await;
        assert_eq!((remote.heard_of("Create").len(), remote.heard_of("Delete").len()), (0, 1));
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
        node.forget().await;
        assert_eq!(node.receipts_of(published.id).await.total, 2, "their time has not come");
        world.pass(TimeDelta::days(2));
        node.forget().await;
        let receipts = node.receipts_of(published.id).await;
        assert_eq!((receipts.total, receipts.forgotten), (0, true));
        assert_eq!((node.count("deliveries").await, node.count("activities WHERE receipts_worn").await), (0, 0));
        // Nothing is left to start again, and who heard of it does not become known by the attempt.
        let now = world.clock.now();
        assert_eq!(node.write(move |conn| delivery::start_again(conn, published.id, now)).await, 0);
        assert!(node.receipts_of(published.id).await.forgotten);
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
        node.forget().await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!((receipts.total, receipts.pending, receipts.forgotten), (1, 1, false));
        node.expect_undelivered();
    }

    async fn after_fifteen_days_a_delivery_has_failed_and_the_receipt_says_so(world) {
        let (node, remotes) = followed_on(world, 2).await;
        remotes[0].go_down().await;
        let published = node.publish("# One").await;
        node.deliver_all().await;
        for _ in 0..14 {
            world.pass(TimeDelta::days(1));
            node.deliver_all().await;
        }
        let receipts = node.receipts_of(published.statement.id).await;
        assert_eq!((receipts.total, receipts.delivered, receipts.pending, receipts.failed), (2, 1, 1, 0));
        world.pass(TimeDelta::days(1) + TimeDelta::hours(1));
        node.deliver_all().await;
        let receipts = node.receipts_of(published.statement.id).await;
        assert_eq!((receipts.total, receipts.delivered, receipts.pending, receipts.failed), (2, 1, 0, 1));
        // What is published after that has its own fifteen days.
        node.publish("# Two").await;
        node.deliver_all().await;
        remotes[0].come_back().await;
        world.pass(TimeDelta::hours(2));
        node.deliver_all().await;
        assert_eq!(titles(&remotes[0]), ["Two"]);
    }

    async fn receipts_name_servers_of_many_and_of_allies_and_no_others(world) {
        let node = world.node().await;
        let (small, large, ally_server) = (world.remote_named("small.example").await, world.remote_named("large.example").await, world.remote_named("ally.example").await);
        for name in ["a1", "a2", "a3", "a4"] {
            small.person(name).follows(&node).await;
        }
        for name in ["a1", "a2", "a3", "a4", "a5"] {
            large.person(name).follows(&node).await;
        }
        let ally = ally_server.person("ally");
        ally.follows(&node).await;
        outbox::follow(&node.node, &ally.id).await.expect("asked");
        node.deliver_all().await;
        ally.says(&node, &ally.activity("Accept", ally_server.heard_of("Follow").remove(0))).await;
        large.inbox_status(503);
        let statement = node.publish("# One").await.statement.id;
        node.deliver_all().await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!((receipts.total, receipts.delivered, receipts.pending, receipts.failed), (3, 2, 1, 0));
        let mut names: Vec<&str> = receipts.hosts.iter().map(|host| host.host.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, [ally_server.host.as_str(), large.host.as_str(), "small servers"]);
        let waiting = receipts.hosts.iter().find(|host| host.host == large.host).expect("the large server");
        assert_eq!((waiting.pending, waiting.attempts, waiting.answer.as_deref()), (1, 1, Some("answered 503")));
        assert!(waiting.next_try_at.is_some());
        let told = serde_json::to_string(&receipts).expect("JSON");
        assert!(!told.contains("small.example"), "{told}");
        large.inbox_status(202);
        world.pass(TimeDelta::hours(1));
        node.deliver_all().await;
    }
}
