//! A fortnight's outage, and clocks that go wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use picket::clock::{Clock, Time};
use picket::delivery;
use tokio::sync::watch;

use crate::harness::{Remote, Reply, TestNode, World, on_both_databases};

/// A node with a follower on a server of its own.
async fn with_follower(world: &World) -> (TestNode, Remote) {
    let (node, remote) = (world.node().await, world.remote().await);
    remote.person("amal").follows(&node).await;
    node.deliver_all().await;
    remote.forget();
    (node, remote)
}

fn titles(remote: &Remote) -> Vec<String> {
    let creates = remote.heard_of("Create");
    creates.iter().map(|create| create["object"]["name"].as_str().expect("a title").to_owned()).collect()
}

/// Breaks every connection, and notes when.
fn breaks_connections(remote: &Remote, clock: &Clock) -> Arc<Mutex<Vec<Time>>> {
    let times: Arc<Mutex<Vec<Time>>> = Arc::default();
    let (noted, clock) = (Arc::clone(&times), clock.clone());
    remote.inbox_replies(move |_| {
        noted.lock().expect("nobody panicked").push(clock.now());
        Reply::Hangup
    });
    times
}

on_both_databases! {
    async fn a_server_that_is_down_for_a_fortnight_costs_a_probe_an_hour_and_gets_everything_in_order(world) {
        let (node, remote) = with_follower(world).await;
        let tried = breaks_connections(&remote, &world.clock);
        for hour in 0..14 * 24 {
            if hour % 24 == 0 {
                node.publish(&format!("# Day {}", hour / 24)).await;
            }
            for _ in 0..3 {
                node.deliver_all().await;
                world.pass(TimeDelta::minutes(20));
            }
        }
        let tried = tried.lock().expect("nobody panicked").clone();
        // The pauses double from five seconds to an hour, which takes ten tries.
        for pair in tried[10..].windows(2) {
            assert!(pair[1] - pair[0] >= TimeDelta::hours(1), "asked again after {}", pair[1] - pair[0]);
        }
        assert!((240..=14 * 24 + 10).contains(&tried.len()), "{} probes in a fortnight", tried.len());
        assert_eq!(node.waiting().await, 14, "nothing is given up");
        remote.forget();
        remote.inbox_status(202);
        world.pass(TimeDelta::minutes(72));
        node.deliver_all().await;
        let days: Vec<String> = (0..14).map(|day| format!("Day {day}")).collect();
        assert_eq!(titles(&remote), days);
    }

    async fn a_server_that_answers_a_probe_with_a_refusal_is_back(world) {
        let (node, remote) = with_follower(world).await;
        breaks_connections(&remote, &world.clock);
        node.publish("# One").await;
        node.publish("# Two").await;
        node.deliver_all().await;
        world.pass(TimeDelta::hours(1));
        remote.forget();
        remote.inbox_replies(|asked| Reply::Status(if asked.json()["object"]["name"] == "One" { 404 } else { 202 }));
        node.deliver_all().await;
        assert_eq!(titles(&remote), ["One", "Two"], "what waited behind the refused one leaves at once");
        assert_eq!((node.waiting().await, node.count("hosts WHERE failures > 0").await), (1, 0));
        node.expect_undelivered();
    }

    async fn all_requests_that_fail_together_count_as_one_failure(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        for name in ["a", "b", "c", "d", "e", "f"] {
            let person = remote.person(name);
            let mut document = person.document();
            document["inbox"] = format!("{}/inbox/{name}", remote.base).into();
            document.as_object_mut().expect("an object").remove("endpoints");
            remote.serve(&document);
            person.follows(&node).await;
        }
        node.deliver_all().await;
        let tried = breaks_connections(&remote, &world.clock);
        assert_eq!(node.publish("# One").await.deliveries, 6);
        node.deliver_all().await;
        assert!(tried.lock().expect("nobody panicked").len() > 1, "several were under way at once");
        assert_eq!(node.count("hosts WHERE failures = 1").await, 1);
        // So the first probe comes soon, by one of them.
        tried.lock().expect("nobody panicked").clear();
        world.pass(TimeDelta::seconds(7));
        node.deliver_all().await;
        assert_eq!(tried.lock().expect("nobody panicked").len(), 1);
        remote.inbox_status(202);
        world.pass(TimeDelta::minutes(1));
        node.deliver_all().await;
        assert_eq!(node.waiting().await, 0);
    }

    async fn a_clock_that_jumps_a_day_ahead_and_back_loses_nothing_and_repeats_nothing(world) {
        let (node, remote) = with_follower(world).await;
        let down = Arc::new(AtomicUsize::new(1));
        let still = Arc::clone(&down);
        remote.inbox_replies(move |_| if still.load(Ordering::SeqCst) == 1 { Reply::Hangup } else { Reply::Status(202) });
        node.publish("# One").await;
        node.deliver_all().await;
        world.pass(TimeDelta::days(1));
        node.publish("# Two").await;
        node.deliver_all().await;
        world.pass(-TimeDelta::days(1));
        node.publish("# Three").await;
        node.deliver_all().await;
        down.store(0, Ordering::SeqCst);
        remote.forget();
        // What waits for a time of tomorrow is tried when the server starts.
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(delivery::run(node.node.clone(), stopped));
        remote.until_posted(3).await;
        stop.send_replace(true);
        worker.await.expect("no panic");
        assert_eq!(titles(&remote), ["One", "Two", "Three"]);
        assert_eq!(node.waiting().await, 0);
    }

    async fn a_clock_that_is_set_back_while_the_worker_runs_holds_nothing_up(world) {
        let (node, remote) = with_follower(world).await;
        world.pass(TimeDelta::hours(12));
        breaks_connections(&remote, &world.clock);
        node.publish("# One").await;
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(delivery::run(node.node.clone(), stopped));
        remote.until_posted(1).await;
        // Written down, before the clock goes back.
        while node.count("hosts WHERE failures > 0").await == 0 {
            tokio::task::yield_now().await;
        }
        remote.forget();
        remote.inbox_status(202);
        world.pass(-TimeDelta::hours(12));
        remote.until_posted(1).await;
        stop.send_replace(true);
        worker.await.expect("no panic");
        assert_eq!((titles(&remote), node.waiting().await), (vec!["One".to_owned()], 0));
    }
}
