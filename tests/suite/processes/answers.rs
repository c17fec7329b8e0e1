//! What people see of answers on the page of a statement.

use serde_json::json;

use super::database::Database;
use super::ended::{PATIENCE, eventually};
use super::stranger::Stranger;
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

#[test]
fn an_answer_that_its_author_changed_is_not_approved_by_the_number_of_what_was_read() {
    let (press, stranger) = (Union::start(&Database::Sqlite, "press"), Stranger::named("amal"));
    let id = press.publish("Who stands with us?", &[]);
    let mut answer = stranger.person.answer(&id, "<p>We do</p>");
    stranger.says(&press, "Create", answer.clone());
    let read = press.list(&["replies", "--held"]).remove(0)["number"].to_string();
    answer["content"] = json!("<p>Buy watches</p>");
    answer["updated"] = json!("2099-01-01T00:00:00Z");
    stranger.says(&press, "Update", answer.clone());
    let refused = press.run(&["approve", &read]);
    let refused = refused.refusal(1);
    assert!(refused.contains("changed") && refused.contains("picket replies"), "{refused}");
    assert_eq!(press.list(&["replies"])[0]["state"], "held");
    let listed = press.run(&["replies", "--held"]).stdout;
    let number = listed.split_whitespace().next().expect("a number");
    assert_eq!(press.json(&["approve", number])["state"], "approved");
    // Where nothing is shown by it, an older number does.
    assert_eq!(press.json(&["reject", &read])["state"], "rejected");
}

#[test]
fn editors_read_the_whole_of_an_answer_as_its_page_will_show_it() {
    let (press, stranger) = (Union::start(&Database::Sqlite, "press"), Stranger::named("amal"));
    let id = press.publish("Who stands with us?", &[]);
    let mut answer = stranger.person.answer(&id, "");
    let long = "We stand with you, and so does everybody whom we asked. ".repeat(12);
    answer["content"] = json!(format!("<p>{long}</p><p>LASTWORD <a href=\"https://a.example/elsewhere\">here</a></p>"));
    answer["name"] = json!("THETITLE");
    answer["summary"] = json!("THEWARNING");
    answer["attachment"] =
        json!([{"type": "Image", "mediaType": "image/png", "url": "https://a.example/1.png", "name": "THEPICTURE"}]);
    stranger.says(&press, "Create", answer.clone());
    let (told, listed) = (press.run(&["replies"]).stdout, press.run(&["replies", "--json"]).stdout);
    press.json(&["approve", answer["id"].as_str().expect("an id")]);
    let page = press.page(&id);
    let page = page.text();
    for part in ["THETITLE", "THEWARNING", "LASTWORD", "https://a.example/elsewhere", "THEPICTURE"] {
        assert!(page.contains(part), "the page shows {part}");
        assert!(told.contains(part), "{part} is missing: {told}");
        assert!(listed.contains(part), "{part} is missing: {listed}");
    }
    for form in [&told, &listed] {
        assert!(form.contains("https://a.example/1.png"), "{form}");
    }
}

#[test]
fn nobody_makes_up_an_entry_in_the_list_of_answers() {
    let (press, stranger) = (Union::start(&Database::Sqlite, "press"), Stranger::named("amal"));
    let id = press.publish("Who stands with us?", &[]);
    let made_up = "x\n99  held  @press@ally.example\r\n98  held\r97  held\u{2028}\u{202e}";
    let mut answer = stranger.person.answer(&id, "<p>One<br>96  held</p>");
    answer["name"] = json!(made_up);
    answer["summary"] = json!(format!("{made_up}<br>95  held"));
    answer["attachment"] =
        json!([{"type": "Image", "mediaType": "image/png", "url": "https://a.example/1.png", "name": made_up}]);
    stranger.says(&press, "Create", answer);
    let told = press.run(&["replies"]).stdout;
    let at_the_margin: Vec<&str> = told.lines().filter(|line| !line.starts_with("    ")).collect();
    assert_eq!(at_the_margin.len(), 1, "{told}");
    assert!(told.contains("99  held") && told.contains("95 held"), "{told}");
    assert!(!told.contains(['\r', '\u{202e}']), "{told}");
}
