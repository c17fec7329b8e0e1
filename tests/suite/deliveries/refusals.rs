//! What a server refuses, puts off or sends elsewhere comes again, and holds nothing up that need not wait.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;

use super::{followed_on, titles};
use crate::harness::{Remote, Reply, on_both_databases};

on_both_databases! {
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

    async fn the_pause_that_an_inbox_asked_for_holds_when_its_server_comes_back(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let mut paths = Vec::new();
        for name in ["a", "b"] {
            let person = remote.person(name);
            let mut document = person.document();
            document.as_object_mut().expect("an object").remove("endpoints");
            remote.serve(&document);
            person.follows(&node).await;
            paths.push(format!("{}/inbox", person.path));
        }
        node.deliver_all().await;
        let busy = paths.remove(0);
        let asked_of = |remote: &Remote| remote.posted().iter().filter(|asked| asked.target == busy).count();
        let full = busy.clone();
        remote.forget();
        remote.inbox_replies(move |asked| {
            if asked.target == full { Reply::Header(429, "retry-after", "3600".to_owned()) } else { Reply::Hangup }
        });
        node.publish("# One").await;
        node.deliver_all().await;
        assert_eq!(node.count("hosts WHERE failures > 0").await, 1, "the other inbox did not answer");
        remote.inbox_status(202);
        world.pass(TimeDelta::minutes(1));
        node.deliver_all().await;
        assert_eq!((node.count("hosts WHERE failures > 0").await, asked_of(&remote)), (0, 1), "now it did");
        // What is new waits behind what waits.
        node.publish("# Two").await;
        world.pass(TimeDelta::minutes(58));
        node.deliver_all().await;
        assert_eq!((asked_of(&remote), node.waiting().await), (1, 2));
        world.pass(TimeDelta::minutes(2));
        node.deliver_all().await;
        assert_eq!(asked_of(&remote), 3);
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
}
