//! Servers that are down, hang or come back, and clocks that go wrong.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use picket::clock::{Clock, Time};
use picket::delivery;
use picket::federation::outbox;
use serde_json::Value;
use tokio::sync::watch;

use super::{followed_on, titles, with_follower};
use crate::harness::{Person, Remote, Reply, on_both_databases};

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
        let written = async {
            while node.count("hosts WHERE failures > 0").await == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), written).await.expect("the failure, within half a minute");
        remote.forget();
        remote.inbox_status(202);
        world.pass(-TimeDelta::hours(12));
        remote.until_posted(1).await;
        stop.send_replace(true);
        worker.await.expect("no panic");
        assert_eq!((titles(&remote), node.waiting().await), (vec!["One".to_owned()], 0));
    }

    async fn a_server_that_was_down_for_days_gets_everything_in_order_after_its_return(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.go_down().await;
        for day in 0..14 {
            node.publish(&format!("# Day {day}")).await;
            for _ in 0..4 {
                node.deliver_all().await;
                world.pass(TimeDelta::hours(6));
            }
        }
        node.deliver_all().await;
        assert_eq!(node.waiting().await, 14, "nothing is given up before 15 days");
        remote.come_back().await;
        world.pass(TimeDelta::minutes(72));
        node.deliver_all().await;
        let expected: Vec<String> = (0..14).map(|day| format!("Day {day}")).collect();
        assert_eq!(titles(remote), expected);
    }

    async fn a_server_that_is_down_is_asked_at_most_once_an_hour(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        let tried = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&tried);
        // It breaks each connection after the request, which is counted.
        remote.inbox_replies(move |_| { count.fetch_add(1, Ordering::SeqCst); Reply::Hangup });
        node.publish("# One").await;
        node.publish("# Two").await;
        // The first hours are for the backoff to grow.
        for _ in 0..(4 * 60) {
            world.pass(TimeDelta::minutes(1));
            node.deliver_all().await;
        }
        tried.store(0, Ordering::SeqCst);
        for _ in 0..(10 * 12) {
            world.pass(TimeDelta::minutes(5));
            node.deliver_all().await;
        }
        let probes = tried.load(Ordering::SeqCst);
        assert!((8..=10).contains(&probes), "{probes} probes in ten hours");
        remote.inbox_status(202);
        world.pass(TimeDelta::minutes(72));
        node.deliver_all().await;
    }

    async fn a_dead_server_with_many_inboxes_is_asked_no_more_often_than_one_with_a_single_inbox(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        for number in 0..12 {
            let person = remote.person("amal");
            let mut document = person.document();
            let id = format!("{}/users/{number}", remote.base);
            let text = document.to_string().replace(&person.id, &id);
            document = serde_json::from_str(&text).expect("JSON");
            document.as_object_mut().expect("an object").remove("endpoints");
            remote.serve(&document);
            let one = Person { id: id.clone(), ..person.naming_key(&format!("{id}#main-key")) };
            one.follows(&node).await;
        }
        node.deliver_all().await;
        let tried = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&tried);
        remote.inbox_replies(move |_| { count.fetch_add(1, Ordering::SeqCst); Reply::Hangup });
        assert_eq!(node.publish("# One").await.deliveries, 12);
        for _ in 0..(6 * 60) {
            world.pass(TimeDelta::minutes(1));
            node.deliver_all().await;
        }
        tried.store(0, Ordering::SeqCst);
        for _ in 0..(10 * 12) {
            world.pass(TimeDelta::minutes(5));
            node.deliver_all().await;
        }
        let probes = tried.load(Ordering::SeqCst);
        assert!(probes <= 10, "{probes} probes in ten hours");
        remote.inbox_status(202);
        world.pass(TimeDelta::minutes(72));
        for _ in 0..3 {
            node.deliver_all().await;
            world.pass(TimeDelta::seconds(1));
        }
    }

    async fn a_server_that_speaks_to_us_is_back_and_gets_what_waits(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.go_down().await;
        node.publish("# One").await;
        for _ in 0..20 {
            world.pass(TimeDelta::hours(1));
            node.deliver_all().await;
        }
        remote.come_back().await;
        node.deliver_all().await;
        assert!(titles(remote).is_empty(), "its time has not come");
        let person = remote.person("amal");
        person.says(&node, &person.activity("Like", "http://127.0.0.1:1/x")).await;
        node.deliver_all().await;
        assert_eq!(titles(remote), ["One"]);
    }

    async fn what_somebody_else_passes_on_of_a_servers_people_does_not_say_that_it_is_back(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        let author = remote.person("bea");
        author.says(&node, &author.activity("Like", "http://127.0.0.1:1/x")).await;
        remote.go_down().await;
        node.publish("# One").await;
        node.deliver_all().await;
        assert_eq!(node.count("hosts WHERE failures > 0").await, 1);
        let elsewhere = world.remote().await;
        let forwarder = elsewhere.person("relay");
        let note = author.note("<p>From before</p>");
        forwarder.says(&node, &author.proves(author.activity("Create", note))).await;
        assert_eq!(node.count("hosts WHERE failures > 0").await, 1);
        node.expect_undelivered();
    }

    async fn a_hanging_server_costs_the_others_nothing(world) {
        let (node, remotes) = followed_on(world, 5).await;
        let node = node.impatient(world);
        let (hanging, living) = remotes.split_first().expect("servers");
        hanging.inbox_replies(|_| Reply::Silence);
        for title in ["# One", "# Two", "# Three"] {
            node.publish(title).await;
        }
        let running = node.node.clone();
        let delivering = tokio::spawn(async move { delivery::deliver_due(&running).await });
        for remote in living {
            remote.until_posted(3).await;
            assert_eq!(titles(remote), ["One", "Two", "Three"]);
        }
        assert_eq!(hanging.posted().len(), 1, "and it holds one place only");
        delivering.await.expect("no panic").expect("delivered");
        node.expect_undelivered();
        assert_eq!(node.waiting().await, 3);
    }

    async fn a_server_that_was_down_never_gets_the_text_of_what_was_withdrawn(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.inbox_status(503);
        let statement = node.publish_at("# One\n\nNames of the strikers").await;
        node.deliver_all().await;
        node.edit(&statement, "# One\n\nStill names of the strikers").await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        assert_eq!(node.count("activities WHERE body LIKE '%names of the strikers%'").await, 0);
        assert_eq!(node.count("activities WHERE body LIKE '%Names of the strikers%'").await, 0);
        remote.forget();
        remote.inbox_status(202);
        world.pass(TimeDelta::hours(1));
        node.deliver_all().await;
        let kinds: Vec<Value> = remote.heard().iter().map(|activity| activity["type"].clone()).collect();
        assert_eq!(kinds, ["Delete"]);
    }

    async fn a_withdrawal_overtakes_what_nobody_has_seen(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        let statement = node.publish_at("# Secret plan").await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        let heard: Vec<Value> = remote.heard();
        assert!(heard.iter().all(|activity| activity["type"] == "Delete"), "{heard:?}");
        assert_eq!(heard.len(), 1);
    }
}
