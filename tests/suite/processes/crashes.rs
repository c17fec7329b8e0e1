//! `kill -9` at any point, and what is there after a restart: all of it, once.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use super::database::{Database, on_both};
use super::ended::{PATIENCE, eventually};
use super::union::Union;

/// All ids of a timeline, newest first.
fn timeline(union: &Union) -> Vec<String> {
    let entries = union.list(&["timeline", "--limit", "1000"]);
    entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

/// A pair that follow each other, so that each hears of the other's return.
fn two_allies(on: &Database) -> (Union, Union) {
    let (one, other) = (Union::start(on, "one"), Union::start(on, "other"));
    other.follow(&one);
    one.follow(&other);
    (one, other)
}

/// Says something to the other union, which then knows that this one is back and delivers what waited.
fn make_contact(returned: &Union) {
    returned.publish("We are back.", &[]);
}

/// Waits until the statements of `one` are in the timeline of `other`, each once and in order.
fn all_arrive(one: &Union, other: &Union, ids: &[String]) {
    eventually(&format!("{} statements of {} arrive", ids.len(), one.handle), PATIENCE, || {
        let there = timeline(other);
        ids.iter().all(|id| there.contains(id)).then_some(())
    });
    let author = one.at("/");
    let arrived: Vec<String> = timeline(other).into_iter().rev().filter(|id| id.starts_with(&author)).collect();
    let ours: Vec<&String> = arrived.iter().filter(|id| ids.contains(id)).collect();
    assert_eq!(ours, ids.iter().collect::<Vec<_>>(), "each once, in the order of publishing");
}

on_both! {
    fn a_publisher_killed_right_after_publish_returned_delivers_after_its_restart(on) {
        let (mut one, other) = two_allies(on);
        let mut ids = Vec::new();
        for number in 0..5 {
            ids.push(one.publish(&format!("Statement {number}"), &[]));
            // At once, while the worker wakes, while it delivers, and after.
            std::thread::sleep(Duration::from_millis(number * 120));
            one.kill();
            one.serve();
        }
        // Published while no server runs at all.
        one.kill();
        ids.push(one.publish("The last one", &[]));
        one.serve();
        all_arrive(&one, &other, &ids);
        for id in &ids {
            eventually("it is delivered", PATIENCE, || {
                let receipts = one.json(&["statement", "deliveries", id]);
                (receipts["delivered"] == 1 && receipts["pending"] == 0).then_some(())
            });
        }
    }

    fn a_follower_killed_while_it_is_told_has_everything_after_its_restart(on) {
        let (one, mut other) = two_allies(on);
        let mut ids: Vec<String> = Vec::new();
        for number in 0..9 {
            ids.push(one.publish(&format!("Statement {number}"), &[]));
            if number % 3 == 1 {
                std::thread::sleep(Duration::from_millis(number * 60));
                other.kill();
            }
            if number % 3 == 2 {
                other.serve();
                make_contact(&other);
            }
        }
        all_arrive(&one, &other, &ids);
    }

    fn a_follower_whose_server_was_down_gets_what_it_missed(on) {
        let (mut one, mut other) = two_allies(on);
        assert!(other.stop().success());
        let withdrawn = one.publish("Said too early", &[]);
        let ids: Vec<String> = (0..3).map(|number| one.publish(&format!("Statement {number}"), &[])).collect();
        one.json(&["statement", "withdraw", &withdrawn]);
        let waits = |one: &Union| one.json(&["statement", "deliveries", &ids[0]])["pending"] == 1;
        assert!(waits(&one));
        // The publisher dies as well in between: what waits is not in its memory.
        one.kill();
        one.serve();
        assert!(waits(&one));
        other.serve();
        make_contact(&other);
        all_arrive(&one, &other, &ids);
        eventually("nothing waits", PATIENCE, || (!waits(&one)).then_some(()));
        assert!(!timeline(&other).contains(&withdrawn));
    }

    fn a_follow_survives_the_death_of_either_side_before_and_after_it_arrives(on) {
        let mut asked = Union::start(on, "asked");
        let mut asking = Union::start(on, "asking");
        // Committed while the asking server does not run, and sent when the asked one does not.
        asking.kill();
        assert_eq!(asking.json(&["follow", &asked.address()])["state"], "requested");
        asked.kill();
        asking.serve();
        eventually("a first try fails", PATIENCE, || asking.log().contains("not delivered yet").then_some(()));
        asking.kill();
        asked.serve();
        asking.serve();
        // The asked one dies as soon as it knows the follower, and may not have sent its answer.
        eventually("the question arrives", PATIENCE, || asked.list(&["followers"]).pop());
        asked.kill();
        asked.serve();
        asking.is_accepted_by(&asked);
        let id = asked.publish("Welcome.", &[]);
        asking.receives(&id);
    }

    fn a_command_killed_while_it_publishes_has_published_all_or_nothing(on) {
        let (one, other) = two_allies(on);
        for number in 0..8_u64 {
            let file = one.file("statement.md", format!("# Statement {number}\n\nA text.\n"));
            let mut publish = one.program();
            publish.args(["statement", "publish"]).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
            let mut command = publish.spawn().expect("the program");
            std::thread::sleep(Duration::from_millis(2 + 2 * number * number));
            command.kill().expect("to kill it");
            command.wait().expect("its end");
        }
        let last = one.publish("# The last one", &[]);
        other.receives(&last);
        let listed = one.list(&["statement", "list"]);
        println!("{} of 8 were published before their command was killed", listed.len() - 1);
        let mut ids: Vec<String> = listed.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect();
        ids.reverse();
        all_arrive(&one, &other, &ids);
        assert_eq!(timeline(&other).len(), ids.len(), "what is listed arrived, and nothing else");
    }

    fn nothing_that_a_server_took_is_lost_when_it_is_killed_again_and_again(on) {
        let (one, mut other) = two_allies(on);
        let mut ids: Vec<String> = Vec::new();
        for number in 0..4 {
            ids.push(one.publish(&format!("Statement {number}"), &[]));
            other.receives(&ids[number]);
            other.kill();
            assert_eq!(timeline(&other).len(), ids.len(), "what was taken is kept");
            other.serve();
        }
        all_arrive(&one, &other, &ids);
        assert_eq!(one.list(&["following"]).len(), 1);
        assert_eq!(one.list(&["followers"]).len(), 1);
    }

    fn a_server_that_is_asked_to_stop_ends_well_and_the_next_one_takes_its_place(on) {
        let mut one = Union::start(on, "one");
        let key = one.document(&one.actor()).json()["publicKey"]["publicKeyPem"].clone();
        for _ in 0..2 {
            let ended = one.stop();
            assert_eq!(ended.code(), Some(0), "{}", one.log());
            one.serve();
        }
        assert_eq!(one.document(&one.actor()).json()["publicKey"]["publicKeyPem"], key, "its keys are kept");
    }
}

#[test]
fn a_server_that_waits_for_a_page_of_its_profile_ends_when_it_is_asked_to() {
    let page = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = page.local_addr().expect("an address");
    let mut one = Union::without_server(&Database::Sqlite, "one");
    page.set_nonblocking(true).expect("a setting");
    let asked = || eventually("the page is asked for", PATIENCE, || page.accept().ok());
    // Killed while it waits for the page, the command has said nothing of it yet: the server asks as well.
    let mut set = one.program();
    set.args(["profile", "field", "set", "Website", &format!("http://{address}/")]);
    let mut set = set.spawn().expect("the program");
    let first = asked();
    set.kill().expect("killed");
    set.wait().expect("its end");
    one.serve();
    let second = asked();
    assert_eq!(one.stop().code(), Some(0), "{}", one.log());
    drop((first, second));
}
