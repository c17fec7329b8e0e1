//! What people see of answers on the page of a statement.

use super::database::Database;
use super::ended::{PATIENCE, eventually};
use super::union::Union;

#[test]
fn a_held_answer_is_on_no_page_an_approved_one_is_and_a_rejected_one_is_not() {
    let press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    let id = press.publish("# An appeal\n\nWho stands with us?\n", &[]);
    let good = ally.publish("We stand with you from *Ankara* to Chiba.", &["--in-reply-to", &id]);
    let bad = ally.publish("Buy cheap watches.", &["--in-reply-to", &id]);
    eventually("both are held", PATIENCE, || (press.list(&["replies", &id, "--held"]).len() == 2).then_some(()));
    let shown = |text: &str| {
        let pages = [press.page(&id), press.page("/")];
        pages.iter().any(|page| page.status == 200 && page.text().contains(text))
    };
    assert!(press.page(&id).text().contains("Who stands with us?"));
    assert!(!shown("Ankara") && !shown("watches"));
    press.json(&["approve", &good]);
    press.json(&["reject", &bad]);
    assert!(shown("Ankara"));
    assert!(!shown("watches"));
    press.json(&["reject", &good]);
    assert!(!shown("Ankara"), "an editor may think again");
}

#[test]
fn an_answer_of_a_followed_union_is_shown_at_once() {
    let press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    press.follow(&ally);
    let id = press.publish("Who stands with us?", &[]);
    let answer = ally.publish("We do.", &["--in-reply-to", &id]);
    let known = eventually("the answer arrives", PATIENCE, || press.list(&["replies", &id]).pop());
    assert_eq!((known["id"].as_str(), known["state"].as_str()), (Some(answer.as_str()), Some("approved")));
    assert!(press.page(&id).text().contains("We do."));
}

#[test]
fn answers_are_decided_on_by_their_number_as_well_and_unknown_ones_are_refused() {
    let press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    let id = press.publish("Who stands with us?", &[]);
    ally.publish("We do.", &["--in-reply-to", &id]);
    let held = eventually("the answer arrives", PATIENCE, || press.list(&["replies", "--held"]).pop());
    let number = held["number"].as_i64().expect("a number").to_string();
    assert_eq!(press.json(&["reject", &number])["state"], "rejected");
    assert_eq!(press.list(&["replies"])[0]["state"], "rejected");
    assert_eq!(press.json(&["approve", &number])["state"], "approved");
    assert!(press.run(&["approve", "http://nowhere.test/1"]).refusal(1).contains("was not found"));
    assert_eq!(press.run(&["approve", "999999"]).code, Some(1));
    assert_eq!(press.run(&["replies", "http://nowhere.test/1"]).code, Some(1));
}
