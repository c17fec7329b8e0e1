//! The table of all answers in `docs/DELIVERY.md`, row by row against the policy.

use chrono::TimeDelta;
use picket::clock::{Clock, Time};
use picket::delivery::policy::{GIVE_UP_AFTER, Outcome, Server, Verdict, judge};

const PAGE: &str = include_str!("../../../docs/DELIVERY.md");

/// A row of the table.
struct Row {
    answer: String,
    delivered: String,
    later_ones: String,
    at_most: String,
    says: String,
}

fn rows() -> Vec<Row> {
    let table = PAGE.lines().skip_while(|line| !line.starts_with("| answer |")).skip(2);
    let rows: Vec<Row> = table.take_while(|line| line.starts_with('|')).map(row).collect();
    assert!(rows.len() > 8, "the table is gone");
    rows
}

fn row(line: &str) -> Row {
    let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let [answer, delivered, later_ones, at_most, says] = cells.try_into().expect("five cells");
    Row { answer, delivered, later_ones, at_most, says }
}

impl Row {
    fn covers(&self, status: u16) -> bool {
        match self.answer.split_once('–') {
            Some((from, to)) => (from.parse().expect("a status")..=to.parse().expect("a status")).contains(&status),
            None => self.answer == status.to_string(),
        }
    }

    /// What the policy makes of an outcome after very many tries, without chance or with the most of it.
    fn agrees_with(&self, outcome: &Outcome, now: Time) {
        let (soonest, latest) = (judge(outcome, 40, now, now, 0.0), judge(outcome, 40, now, now, 1.0));
        let context = format!("{}: {outcome}", self.answer);
        match self.delivered.as_str() {
            "yes" => assert_eq!(soonest, Verdict::Delivered, "{context}"),
            "failed at once" => assert_eq!(soonest, Verdict::Failed, "{context}"),
            _ => {
                let Verdict::Retry { lets_pass, server, .. } = soonest else { panic!("{context}: {soonest:?}") };
                let Verdict::Retry { at, .. } = latest else { panic!("{context}: {latest:?}") };
                assert_eq!(if lets_pass { "pass" } else { "wait" }, self.later_ones, "{context}");
                assert_eq!(said(server), self.says, "{context}");
                assert_eq!(at - now, duration(&self.at_most), "{context}");
                assert_eq!(judge(outcome, 40, now - GIVE_UP_AFTER, now, 0.0), Verdict::Failed, "{context}");
            }
        }
    }
}

fn said(server: Server) -> &'static str {
    match server {
        Server::Away => "it is away",
        Server::Busy => "nothing",
        Server::There => "it is there",
    }
}

fn duration(text: &str) -> TimeDelta {
    let (number, unit) = text.split_once(' ').expect("a number and a unit");
    let number = number.parse().expect("a number");
    match unit {
        "h" => TimeDelta::hours(number),
        "min" => TimeDelta::minutes(number),
        _ => panic!("{unit} is no unit"),
    }
}

#[test]
fn every_status_means_what_the_table_says() {
    let now = Clock::default().now();
    let rows = rows();
    for status in 100..=599 {
        let covering: Vec<&Row> = rows.iter().filter(|row| row.covers(status)).collect();
        let [row] = covering[..] else { panic!("{status} is in {} rows", covering.len()) };
        let outcome = Outcome::Answered { status, retry_after: None };
        row.agrees_with(&outcome, now);
        assert_eq!(outcome.says_gone(), row.answer == "410", "{status}");
    }
    let named = |name: &str| rows.iter().find(|row| row.answer == name).expect("its row");
    named("no answer").agrees_with(&Outcome::Silent("too slow".to_owned()), now);
    named("not asked").agrees_with(&Outcome::Forbidden("blocked".to_owned()), now);
}

#[test]
fn whatever_a_server_asks_for_it_is_asked_again_within_a_day() {
    let now = Clock::default().now();
    for status in [301, 404, 429, 503] {
        for (asked, expected) in [(TimeDelta::hours(3), TimeDelta::hours(3)), (TimeDelta::days(14), TimeDelta::days(1))]
        {
            let outcome = Outcome::Answered { status, retry_after: Some(asked) };
            let Verdict::Retry { at, .. } = judge(&outcome, 0, now, now, 0.0) else { panic!("{outcome}") };
            assert_eq!(at - now, expected, "{status} with {asked}");
        }
    }
}
