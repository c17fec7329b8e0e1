//! `picket doctor` beside a real node.

use serde_json::Value;

use super::database::Database;
use super::union::Union;

/// What one check found.
fn check(checks: &Value, name: &str) -> Value {
    let found = checks.as_array().expect("a list").iter().find(|check| check["check"] == name);
    found.unwrap_or_else(|| panic!("no check of {name} in {checks}")).clone()
}

#[test]
fn doctor_finds_all_well_beside_a_server_and_says_how_to_mend_what_is_not() {
    let mut union = Union::start(&Database::Sqlite, "press");
    let healthy = union.run(&["doctor", "--json"]);
    let checks = healthy.document();
    let checks = checks.as_array().expect("a list");
    for check in checks {
        let keys: Vec<&String> = check.as_object().expect("an object").keys().collect();
        assert!(keys.starts_with(&[&"check".to_owned(), &"ok".to_owned(), &"mend".to_owned()]), "{check}");
        assert_eq!((check["ok"].as_bool(), check["mend"].is_null()), (Some(true), true), "{check}");
    }
    assert!(checks.len() >= 6, "{checks:?}");
    assert_eq!(healthy.code, Some(0), "{healthy:?}");

    union.kill();
    let ill = union.run(&["doctor", "--json"]);
    assert_eq!(ill.code, Some(1), "{ill:?}");
    let checks = ill.document();
    let failed: Vec<&Value> = checks.as_array().expect("a list").iter().filter(|check| check["ok"] == false).collect();
    assert!(
        !failed.is_empty() && failed.iter().all(|check| check["mend"].as_str().is_some_and(|mend| mend.len() > 20))
    );
    assert!(failed.iter().any(|check| check["check"] == "WebFinger"), "{failed:?}");

    union.set("PICKET_LANGUAGE", "english");
    let unset = union.run(&["doctor", "--json"]);
    assert_eq!(unset.code, Some(1), "{unset:?}");
    assert!(unset.document()[0]["mend"].as_str().is_some_and(|mend| mend.contains("PICKET_LANGUAGE")));
}

#[test]
fn doctor_tells_what_waits_who_is_away_and_what_is_kept() {
    let union = Union::without_server(&Database::Sqlite, "press");
    union.publish("# One\n\nA text.", &[]);
    // A server that always took the first signature is known by its lane alone, and one that was never delivered to has none.
    union.sql("INSERT INTO hosts (host, failures) VALUES ('asked.example', 3), ('b.example', 3), ('c.example', 40)");
    let lane = |host: &str| format!("INSERT INTO lanes (inbox, host) VALUES ('https://{host}/inbox', '{host}');");
    union.sql(&["a.example", "b.example", "c.example"].map(lane).concat());
    let checks = union.run(&["doctor", "--json"]).document();
    assert_eq!(check(&checks, "servers")["found"], "2 of 3 do not answer, 1 of them for about a day or longer");
    assert_eq!(check(&checks, "deliveries")["found"], "0 wait");
    assert!(check(&checks, "backups")["found"].as_str().is_some_and(|found| found.starts_with("not encrypted")));
    assert!(check(&checks, "disk")["found"].as_str().is_some_and(|found| found.ends_with("free")), "{checks}");
    let kept = check(&checks, "kept")["kept"].clone();
    let of =
        |kind: &str| kept.as_array().expect("a list").iter().find(|kept| kept["kind"] == kind).expect(kind).clone();
    assert_eq!((&of("statements")["rows"], &of("files")["rows"]), (&1.into(), &0.into()));
    assert!(of("statements")["bytes"].as_i64().is_some_and(|bytes| bytes >= 4096), "{kept}");

    // What is due for an hour leaves nobody: its server does not run.
    union.sql(
        "INSERT INTO deliveries (activity_id, inbox, host, state, attempts, next_try_at, lets_pass, created_at) \
             SELECT id, 'https://a.example/inbox', 'a.example', 'pending', 0, '2026-01-01 00:00:00', FALSE, '2026-01-01 00:00:00' \
             FROM activities LIMIT 1; \
         UPDATE lanes SET next_try_at = '2026-01-01 00:00:00' WHERE host = 'a.example'",
    );
    // And with most of many servers away, it is rather this machine that is cut off.
    let many: Vec<String> = (0..20).map(|number| format!("('h{number}.example', 5)")).collect();
    union.sql(&format!("INSERT INTO hosts (host, failures) VALUES {}", many.join(", ")));
    union.sql(&(0..20).map(|number| lane(&format!("h{number}.example"))).collect::<String>());
    let ended = union.run(&["doctor", "--json"]);
    let checks = ended.document();
    let mend = |name: &str| check(&checks, name)["mend"].as_str().unwrap_or_default().to_owned();
    assert_eq!(ended.code, Some(1));
    assert!(
        mend("deliveries").starts_with("1 wait, the oldest due for") && mend("deliveries").contains("picket serve"),
        "{checks}"
    );
    assert!(mend("servers").contains("22 of 23") && mend("servers").contains("PICKET_PROXY"), "{checks}");
    assert!(!ended.stdout.contains(".example"), "servers are counted, not named: {}", ended.stdout);
}
