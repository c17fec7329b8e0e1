//! Several workers on one database: none writes down what is not its own, each is woken, one does the chores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use picket::config::Config;
use picket::delivery;
use picket::storage::Membership;

use super::{followed_on, titles, with_follower};
use crate::harness::{Database, Reply, World, count, execute, on_both_databases, other_connection};

on_both_databases! {
    async fn a_worker_whose_lease_lapsed_writes_nothing_down(world) {
        let (node, remote) = with_follower(world).await;
        let node = node.impatient(world);
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        // The first is never answered, so that its worker thinks the server away in the end.
        remote.inbox_replies(move |_| match count.fetch_add(1, Ordering::SeqCst) { 0 => Reply::Silence, _ => Reply::Status(202) });
        node.publish("# One").await;
        let slow = node.node.clone();
        let slow = tokio::spawn(async move { delivery::deliver_due(&slow).await });
        remote.until_posted(1).await;
        world.pass(TimeDelta::minutes(4));
        node.deliver_all().await;
        assert_eq!((node.waiting().await, remote.posted().len()), (0, 2));
        slow.await.expect("no panic").expect("a readable queue");
        assert_eq!(node.count("deliveries WHERE state = 'delivered' AND attempts = 1 AND answer = 'answered 202'").await, 2);
        assert_eq!(node.count("hosts WHERE failures > 0").await, 0);
        assert_eq!(node.count("lanes WHERE leased_until IS NOT NULL").await, 0);
    }

    async fn what_a_crash_left_in_flight_is_delivered_when_its_lease_lapses(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.inbox_replies(|_| Reply::Silence);
        node.publish("# One").await;
        let running = node.node.clone();
        let delivering = tokio::spawn(async move { delivery::deliver_due(&running).await });
        remote.until_posted(1).await;
        delivering.abort();
        _ = delivering.await;
        remote.forget();
        remote.inbox_status(202);
        node.deliver_all().await;
        assert!(remote.posted().is_empty(), "the lease still stands");
        world.pass(TimeDelta::seconds(200));
        node.deliver_all().await;
        assert_eq!(titles(remote), ["One"]);
    }

    async fn two_workers_deliver_everything_once(world) {
        let (node, remotes) = followed_on(world, 4).await;
        for number in 0..6 {
            node.publish(&format!("# {number}")).await;
        }
        let workers = (0..3).map(|_| delivery::deliver_due(&node.node));
        for done in futures::future::join_all(workers).await {
            done.expect("delivered");
        }
        node.deliver_all().await;
        for remote in &remotes {
            assert_eq!(titles(remote), ["0", "1", "2", "3", "4", "5"]);
        }
    }
}

fn member(config: &Config, number: i32) -> Membership {
    Membership::join(&config.database, number).expect("a member")
}

/// Looks again and again; what another connection does takes a moment to arrive.
async fn soon(mut look: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if look() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    false
}

#[tokio::test]
async fn a_commit_that_leaves_something_to_deliver_calls_every_process() {
    let Some(database) = Database::postgres() else { return };
    let world = World::on(database);
    let (node, remote) = (world.node().await, world.remote().await);
    remote.person("amal").follows(&node).await;
    node.deliver_all().await;
    let mut members = [member(&node.node.config, 7), member(&node.node.config, 8)];
    node.write(|_| Ok(())).await;
    assert!(members.iter_mut().all(|member| !member.was_called().expect("a connection")));
    node.publish("# One").await;
    for member in &mut members {
        assert!(soon(|| member.was_called().expect("a connection")).await);
        assert!(!member.was_called().expect("a connection"), "once");
    }
    node.deliver_all().await;
    drop(members);
    world.finish().await;
}

#[tokio::test]
async fn what_is_taken_back_while_it_is_looked_for_holds_nothing_up() {
    let Some(database) = Database::postgres() else { return };
    let world = World::on(database);
    let (node, remote) = with_follower(&world).await;
    node.publish("# One").await;
    node.publish("# Two").await;
    // Whose turn it is has been read when the words of it are asked for, and wait.
    let mut other = other_connection(&node.node.config.database);
    execute(&mut other, "BEGIN; LOCK TABLE activities IN ACCESS EXCLUSIVE MODE");
    let delivering = node.node.clone();
    let delivering = tokio::spawn(async move { delivery::deliver_due(&delivering).await });
    let waits = "pg_locks JOIN pg_class ON pg_class.oid = relation JOIN pg_database ON pg_database.oid = database \
        WHERE relname = 'activities' AND datname = current_database() AND NOT granted";
    assert!(soon(|| count(&mut other, waits) == 1).await);
    execute(
        &mut other,
        "DELETE FROM deliveries WHERE id = (SELECT MIN(id) FROM deliveries WHERE state = 'pending'); COMMIT",
    );
    delivering.await.expect("no panic").expect("a readable queue");
    assert_eq!((titles(&remote), node.waiting().await), (vec!["Two".to_owned()], 0));
    drop(other);
    world.finish().await;
}

#[tokio::test]
async fn one_process_has_the_chores_and_when_it_is_gone_the_next() {
    let Some(database) = Database::postgres() else { return };
    let world = World::on(database);
    let node = world.node().await;
    let (mut one, mut other) = (member(&node.node.config, 7), member(&node.node.config, 8));
    assert!(one.has_chores().expect("an answer"));
    assert!(!other.has_chores().expect("an answer"));
    assert!(one.has_chores().expect("an answer"), "it stays so");
    drop(one);
    assert!(soon(|| other.has_chores().expect("an answer")).await);
    drop(other);
    world.finish().await;
}

#[tokio::test]
async fn the_lanes_of_a_process_that_died_are_taken_up_without_waiting_for_their_leases() {
    let Some(database) = Database::postgres() else { return };
    let world = World::on(database);
    let (node, remote) = with_follower(&world).await;
    remote.inbox_replies(|_| Reply::Silence);
    // The node's own number stands for the process that dies, another's for the one that lives.
    let dying = member(&node.node.config, node.node.number);
    node.publish("# One").await;
    let delivering = node.node.clone();
    let delivering = tokio::spawn(async move { delivery::deliver_due(&delivering).await });
    remote.until_posted(1).await;
    delivering.abort();
    _ = delivering.await;
    remote.forget();
    remote.inbox_status(202);
    let living = member(&node.node.config, 7);
    let other = node.node.clone().with(|parts| parts.number = 7);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(delivery::run(other, stopped));
    drop(dying);
    remote.until_posted(1).await;
    stop.send_replace(true);
    worker.await.expect("no panic");
    assert_eq!(node.waiting().await, 0);
    drop(living);
    world.finish().await;
}
