//! Nothing is lost, nothing comes twice, nobody waits for somebody else.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use picket::delivery::receipts::{self, Receipts};
use picket::federation::outbox;
use picket::transport::SignatureForm;
use picket::transport::signature::{Request, read_claim};
use serde_json::Value;

use crate::harness::{Asked, Remote, Reply, TestNode, World, on_both_databases};

/// A node whose union is followed by one person on each of so many servers.
async fn followed_on(world: &World, servers: usize) -> (TestNode, Vec<Remote>) {
    let node = world.node().await;
    let mut remotes = Vec::new();
    for _ in 0..servers {
        let remote = world.remote().await;
        remote.person("amal").follows(&node).await;
        remotes.push(remote);
    }
    node.deliver_all().await;
    for remote in &remotes {
        remote.forget();
    }
    (node, remotes)
}

/// The titles of what arrived, in order.
fn titles(remote: &Remote) -> Vec<String> {
    remote
        .heard_of("Create")
        .iter()
        .map(|create| create["object"]["name"].as_str().expect("a title").to_owned())
        .collect()
}

async fn receipts_of(node: &TestNode, statement: i64) -> Receipts {
    let union = node.node.identity.union.id;
    node.read(move |conn| receipts::of_statement(conn, statement, union)).await
}

fn form_of(asked: &Asked, host: &str, now: picket::clock::Time) -> SignatureForm {
    let request = Request { method: "POST", path_and_query: &asked.target, headers: &asked.headers, body: &asked.body };
    read_claim(&request, host, "http", now).expect("a good signature").form
}

on_both_databases! {
    async fn every_delivery_is_signed_by_the_unions_key_and_says_what_it_is(world) {
        let (node, remotes) = followed_on(world, 1).await;
        node.publish("# One").await;
        node.deliver_all().await;
        let posted = remotes[0].posted();
        assert_eq!(posted.len(), 1);
        let request = Request { method: "POST", path_and_query: "/inbox", headers: &posted[0].headers, body: &posted[0].body };
        let claim = read_claim(&request, &remotes[0].host, "http", world.clock.now()).expect("a good signature");
        let actor = node.get("/actor").await.json();
        assert_eq!(claim.key_id, actor["publicKey"]["id"]);
        let key = picket::crypto::PublicKey::from_pem(actor["publicKey"]["publicKeyPem"].as_str().expect("a key")).expect("a key");
        assert!(claim.verify(&key));
        assert!(posted[0].headers["user-agent"].to_str().expect("text").contains(&node.base));
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
            let one = crate::harness::Person { id: id.clone(), ..person.naming_key(&format!("{id}#main-key")) };
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

    async fn a_hanging_server_costs_the_others_nothing(world) {
        let (node, remotes) = followed_on(world, 5).await;
        let (hanging, living) = remotes.split_first().expect("servers");
        hanging.inbox_replies(|_| Reply::Silence);
        for title in ["# One", "# Two", "# Three"] {
            node.publish(title).await;
        }
        let running = node.node.clone();
        let delivering = tokio::spawn(async move { picket::delivery::deliver_due(&running).await });
        for remote in living {
            remote.until_posted(3).await;
            assert_eq!(titles(remote), ["One", "Two", "Three"]);
        }
        assert_eq!(hanging.posted().len(), 1, "and it holds one place only");
        delivering.await.expect("no panic").expect("delivered");
        node.expect_undelivered();
        assert_eq!(node.waiting().await, 3);
    }

    async fn a_refusal_is_tried_again_on_its_own_and_lets_later_ones_pass(world) {
        for status in [400, 401, 403, 404, 410, 413, 422] {
            let (node, remotes) = followed_on(world, 1).await;
            let remote = &remotes[0];
            let refuse = Arc::new(Mutex::new(true));
            let still = Arc::clone(&refuse);
            remote.inbox_replies(move |asked| {
                let first = asked.json()["object"]["name"] == "One";
                Reply::Status(if first && *still.lock().expect("nobody panicked") { status } else { 202 })
            });
            node.publish("# One").await;
            node.publish("# Two").await;
            node.deliver_all().await;
            world.pass(TimeDelta::seconds(2));
            node.deliver_all().await;
            assert_eq!(titles(remote).last().map(String::as_str), Some("Two"), "{status}");
            assert_eq!(node.waiting().await, 1, "{status}");
            *refuse.lock().expect("nobody panicked") = false;
            world.pass(TimeDelta::hours(1));
            node.deliver_all().await;
            assert_eq!(titles(remote).last().map(String::as_str), Some("One"), "{status}");
        }
    }

    async fn what_was_refused_for_hours_does_not_hold_up_what_is_new(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.inbox_replies(|asked| Reply::Status(if asked.json()["object"]["name"] == "One" { 404 } else { 202 }));
        node.publish("# One").await;
        for _ in 0..12 {
            node.deliver_all().await;
            world.pass(TimeDelta::hours(1));
        }
        node.deliver_all().await;
        remote.forget();
        node.publish("# Two").await;
        node.deliver_all().await;
        assert_eq!(titles(remote), ["Two"]);
        node.expect_undelivered();
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

    async fn a_busy_server_holds_its_lane_so_that_order_is_kept(world) {
        for status in [429, 500, 502, 503] {
            let (node, remotes) = followed_on(world, 1).await;
            let remote = &remotes[0];
            remote.inbox_status(status);
            node.publish("# One").await;
            node.publish("# Two").await;
            node.deliver_all().await;
            assert_eq!(titles(remote), ["One"], "{status}: the second waits behind the first");
            remote.forget();
            remote.inbox_status(202);
            world.pass(TimeDelta::hours(1));
            node.deliver_all().await;
            assert_eq!(titles(remote), ["One", "Two"], "{status}");
        }
    }

    async fn a_server_may_say_when_to_come_again(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.inbox_replies(|_| Reply::Header(503, "retry-after", "7200".to_owned()));
        node.publish("# One").await;
        node.deliver_all().await;
        remote.inbox_status(202);
        world.pass(TimeDelta::minutes(119));
        node.deliver_all().await;
        assert_eq!(remote.posted().len(), 1);
        world.pass(TimeDelta::minutes(2));
        node.deliver_all().await;
        assert_eq!(remote.posted().len(), 2);
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
        let receipts = receipts_of(&node, published.statement.id).await;
        assert_eq!((receipts.total, receipts.delivered, receipts.pending, receipts.failed), (2, 1, 1, 0));
        world.pass(TimeDelta::days(1) + TimeDelta::hours(1));
        node.deliver_all().await;
        let receipts = receipts_of(&node, published.statement.id).await;
        assert_eq!((receipts.total, receipts.delivered, receipts.pending, receipts.failed), (2, 1, 0, 1));
        // What is published after that has its own fifteen days.
        node.publish("# Two").await;
        node.deliver_all().await;
        remotes[0].come_back().await;
        world.pass(TimeDelta::hours(2));
        node.deliver_all().await;
        assert_eq!(titles(&remotes[0]), ["Two"]);
    }

    async fn what_a_crash_left_in_flight_is_delivered_when_its_lease_lapses(world) {
        let (node, remotes) = followed_on(world, 1).await;
        let remote = &remotes[0];
        remote.inbox_replies(|_| Reply::Silence);
        node.publish("# One").await;
        let running = node.node.clone();
        let delivering = tokio::spawn(async move { picket::delivery::deliver_due(&running).await });
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
        let workers = (0..3).map(|_| picket::delivery::deliver_due(&node.node));
        for done in futures::future::join_all(workers).await {
            done.expect("delivered");
        }
        node.deliver_all().await;
        for remote in &remotes {
            assert_eq!(titles(remote), ["0", "1", "2", "3", "4", "5"]);
        }
    }

    async fn a_server_that_knows_one_form_of_signature_gets_it_and_is_remembered(world) {
        for known in [SignatureForm::Cavage, SignatureForm::Rfc9421] {
            let (node, remotes) = followed_on(world, 1).await;
            let remote = &remotes[0];
            let (host, clock) = (remote.host.clone(), world.clock.clone());
            remote.inbox_replies(move |asked| Reply::Status(if form_of(asked, &host, clock.now()) == known { 202 } else { 401 }));
            node.publish("# One").await;
            node.deliver_all().await;
            let first = remote.posted().len();
            assert_eq!(first, if known == SignatureForm::Cavage { 1 } else { 2 }, "{known:?}");
            node.publish("# Two").await;
            node.deliver_all().await;
            assert_eq!(remote.posted().len(), first + 1, "{known:?} is remembered");
            // A server may change its mind.
            let (host, clock) = (remote.host.clone(), world.clock.clone());
            remote.inbox_replies(move |asked| Reply::Status(if form_of(asked, &host, clock.now()) == known { 401 } else { 202 }));
            node.publish("# Three").await;
            node.deliver_all().await;
            assert_eq!(node.waiting().await, 0, "{known:?}");
        }
    }

    async fn a_redirect_is_no_delivery(world) {
        let (node, remotes) = followed_on(world, 2).await;
        let elsewhere = format!("{}/inbox", remotes[1].base);
        remotes[0].inbox_replies(move |_| Reply::Header(307, "location", elsewhere.clone()));
        node.publish("# One").await;
        node.deliver_all().await;
        assert_eq!(remotes[1].posted().len(), 1, "its own copy only");
        node.expect_undelivered();
        assert_eq!(node.waiting().await, 1);
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
        let receipts = receipts_of(&node, statement).await;
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
