//! `kill -9` at random moments of publishing to many inboxes: after the restart every inbox has every published activity, once by id.
//!
//! A short run is part of the suite. The full one, 200 moments and 2,000 inboxes on each database:
//! `TEST_KILLS=200 tests/run kills`. `TEST_SEED=…` repeats the moments of a run, whose seed is printed.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::process::Stdio;
use std::time::Duration;

use super::database::on_both;
use super::ended::{argument, eventually};
use super::number_if_set;
use super::sinks::{Sinks, create_of};
use super::union::Union;
use crate::harness::Chance;

/// Servers, and inboxes on each, in the short and in the full run.
const SHORT: (usize, usize) = (20, 6);
const FULL: (usize, usize) = (100, 20);
const SHORT_KILLS: u64 = 4;
/// How long after the start of a command the latest kill comes: while it publishes, or while the server delivers.
const LATEST: usize = 900;
/// For all inboxes of one moment.
const PATIENCE: Duration = Duration::from_secs(90);
/// What one process has on the wire at most.
const IN_FLIGHT: usize = 576;

/// Publishes by the command line and kills the server meanwhile, and now and then the command as well.
fn publish_and_kill(union: &mut Union, number: u64, chance: &mut Chance) {
    let file = union.file("statement.md", format!("# Statement {number}\n\nA text.\n"));
    let mut publish = union.program();
    publish.args(["statement", "publish", argument(&file)]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut command = publish.spawn().expect("the program");
    std::thread::sleep(Duration::from_millis(chance.below(LATEST) as u64));
    union.kill();
    if chance.below(4) == 0 {
        command.kill().expect("to kill it");
    }
    command.wait().expect("its end");
    union.serve();
}

/// The Creates of all that is published, oldest first.
fn published(union: &Union) -> Vec<String> {
    let listed = union.list(&["statement", "list", "--limit", "100000"]);
    listed.iter().rev().map(|entry| create_of(entry["id"].as_str().expect("an id"))).collect()
}

on_both! {
    fn whatever_moment_a_server_is_killed_at_every_inbox_has_everything_once_by_id_in_order(on) {
        let seed = number_if_set("TEST_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
        println!("TEST_SEED={seed}");
        let kills = number_if_set("TEST_KILLS").unwrap_or(SHORT_KILLS);
        let (hosts, inboxes) = if kills > SHORT_KILLS { FULL } else { SHORT };
        let mut chance = Chance::new(seed);
        let mut union = Union::start(on, "press");
        let sinks = Sinks::start(hosts, inboxes);
        sinks.follow(&union);
        for moment in 0..kills {
            publish_and_kill(&mut union, moment, &mut chance);
            let ids = published(&union);
            let expected = hosts * inboxes * ids.len();
            let what = format!("moment {moment} of seed {seed}: {expected} deliveries");
            eventually(&what, PATIENCE, || (sinks.distinct() >= expected).then_some(()));
        }
        let ids = published(&union);
        assert!(!ids.is_empty(), "every command was killed before it published: another seed");
        let arrived = sinks.in_order();
        assert_eq!(arrived.len(), hosts * inboxes);
        let wrong: Vec<&String> = arrived.iter().filter(|(_, at)| **at != ids).map(|(inbox, _)| inbox).collect();
        assert!(wrong.is_empty(), "seed {seed}: {} inboxes lack something or have it out of order: {wrong:?}", wrong.len());
        let known: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(known.len(), ids.len());
        let bound = usize::try_from(kills).expect("few") * IN_FLIGHT.min(hosts * inboxes);
        assert!(sinks.copies() <= bound, "{} copies, {bound} at most were in flight", sinks.copies());
        println!("{kills} kills, {} statements, {} copies on the wire beyond the first", ids.len(), sinks.copies());
    }
}
