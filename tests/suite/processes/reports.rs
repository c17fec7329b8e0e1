//! Reports between two real nodes.

use super::database::Database;
use super::ended::{PATIENCE, eventually};
use super::union::Union;

#[test]
fn a_report_reaches_the_other_union_and_is_put_away_there() {
    let press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    let id = press.publish("The company closed the gates.", &[]);
    let told = ally.json(&["report", &id, "--comment", "The gates are open again"]);
    assert_eq!((told["actor"].as_str(), told["post"].as_str()), (Some(press.actor().as_str()), Some(id.as_str())));
    let report = eventually("the report", PATIENCE, || press.list(&["reports"]).pop());
    assert_eq!(report["comment"], "The gates are open again");
    assert_eq!(report["about"], serde_json::json!([press.actor(), id]));
    assert!(!report.to_string().contains(&ally.actor()), "who reported is not told");
    let number = report["id"].to_string();
    press.json(&["report", "close", &number]);
    assert!(press.list(&["reports"]).is_empty());
    assert!(press.list(&["reports", "--all"])[0]["closed"].is_string());
    assert!(press.run(&["report", "close", &number]).refusal(1).contains(&number));
    for wrong in [&["report"][..], &["report", &id], &["report", "--comment", "x"], &["report", "close"]] {
        assert_eq!(ally.run(wrong).code, Some(2), "{wrong:?}");
    }
}
