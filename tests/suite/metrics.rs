//! What the operator sees by numbers: counted right, on a listener of its own, without a name from outside.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use picket::transport::SignatureForm;
use serde_json::json;

use crate::harness::{Database, TestNode, World, on_both_databases};

/// The value of a series, `name{labels}`, where it is shown.
fn shown(metrics: &str, series: &str) -> Option<f64> {
    let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map(|number| number.parse().expect("a number"))
}

/// The value of a series that must be shown.
fn value(metrics: &str, series: &str) -> f64 {
    shown(metrics, series).unwrap_or_else(|| panic!("{series} is not shown in\n{metrics}"))
}

/// Asserts the values of some series.
async fn assert_shown(node: &TestNode, expected: &[(&str, f64)]) {
    let metrics = node.metrics().await;
    for (series, number) in expected {
        assert!((value(&metrics, series) - number).abs() < f64::EPSILON, "{series} is not {number} in\n{metrics}");
    }
}

on_both_databases! {
    async fn activities_are_counted_by_form_and_outcome(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let amal = remote.person("amal");
        let follow = amal.follows(&node).await;
        amal.says(&node, &follow).await;
        assert_eq!(amal.send_as(SignatureForm::Rfc9421, &node, &amal.activity("Listen", "https://a.example/1")).await, 202);
        let forged = amal.with_new_key();
        assert_eq!(forged.send(&node, &amal.activity("Follow", node.union())).await, 401);
        let letter = amal.letter(SignatureForm::Cavage, &node, "{}").without("signature");
        assert_eq!(letter.post(&node).await.status, 401);
        assert_shown(&node, &[
            (r#"picket_activities_heard_total{form="cavage",outcome="done"}"#, 1.0),
            (r#"picket_activities_heard_total{form="cavage",outcome="repeated"}"#, 1.0),
            (r#"picket_activities_heard_total{form="rfc9421",outcome="ignored"}"#, 1.0),
            (r#"picket_activities_heard_total{form="cavage",outcome="unauthorized"}"#, 1.0),
            (r#"picket_activities_heard_total{form="none",outcome="unauthorized"}"#, 1.0),
            (r#"picket_rejections_total{door="inbox",reason="unsigned"}"#, 2.0),
            (r#"picket_request_seconds_count{door="inbox"}"#, 5.0),
        ]).await;
        node.deliver_all().await;
    }

    async fn the_queue_its_age_and_the_state_of_servers_are_shown_by_number(world) {
        let (node, remote, silent) = (world.node().await, world.remote().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        silent.person("bea").follows(&node).await;
        node.deliver_all().await;
        assert_shown(&node, &[
            ("picket_deliveries_waiting", 0.0),
            ("picket_oldest_due_delivery_seconds", 0.0),
            (r#"picket_hosts{state="away"}"#, 0.0),
            (r#"picket_delivery_attempts_total{form="cavage",outcome="taken"}"#, 2.0),
        ]).await;
        silent.inbox_replies(|_| crate::harness::Reply::Hangup);
        node.publish("# One").await;
        node.publish("# Two").await;
        world.pass(TimeDelta::seconds(90));
        let metrics = node.metrics().await;
        assert!((value(&metrics, "picket_deliveries_waiting") - 4.0).abs() < f64::EPSILON, "{metrics}");
        assert!(value(&metrics, "picket_oldest_due_delivery_seconds") >= 90.0, "{metrics}");
        node.deliver_all().await;
        assert_shown(&node, &[
            ("picket_deliveries_waiting", 2.0),
            ("picket_oldest_due_delivery_seconds", 0.0),
            (r#"picket_hosts{state="away"}"#, 1.0),
            (r#"picket_hosts{state="long_away"}"#, 0.0),
            (r#"picket_delivery_attempts_total{form="cavage",outcome="taken"}"#, 4.0),
            (r#"picket_delivery_attempts_total{form="cavage",outcome="unreachable"}"#, 1.0),
        ]).await;
        node.expect_undelivered();
    }

    async fn held_posts_pages_documents_and_refusals_are_counted(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let statement = node.publish_at("# Strike").await;
        let amal = remote.person("amal");
        amal.says(&node, &amal.activity("Create", amal.answer(&statement, "<p>With you</p>"))).await;
        node.page("/").await;
        node.get(&statement).await;
        node.page("/nothing/here").await;
        node.get("/.well-known/nodeinfo").await;
        assert_shown(&node, &[
            ("picket_held_posts", 1.0),
            ("picket_database_up", 1.0),
            ("picket_writes_waiting", 0.0),
            (r#"picket_request_seconds_count{door="page"}"#, 2.0),
            (r#"picket_request_seconds_count{door="document"}"#, 1.0),
            (r#"picket_request_seconds_count{door="discovery"}"#, 1.0),
            (r#"picket_rejections_total{door="page",reason="missing"}"#, 1.0),
        ]).await;
        let metrics = node.metrics().await;
        assert!(value(&metrics, "picket_disk_free_bytes") > 1e6, "{metrics}");
        let on_sqlite = node.node.db.commits().is_some();
        let writes = shown(&metrics, "picket_commit_batch_writes_count");
        assert_eq!(writes.map(|writes| writes > 2.0), on_sqlite.then_some(true), "{metrics}");
    }

    async fn nothing_that_others_say_becomes_a_name_or_a_series(world) {
        let (node, remote) = (world.node().await, world.remote_named("solidarity.example").await);
        let amal = remote.person("amal");
        amal.follows(&node).await;
        node.deliver_all().await;
        let before = series(&node.metrics().await);
        for number in 0..20 {
            let made_up = amal.naming_key(&format!("https://evil{number}.example/key"));
            made_up.send(&node, &amal.activity(&format!("Invented{number}"), json!({"id": format!("https://x{number}.example/")}))).await;
            node.page(&format!("/made/up/{number}")).await;
            node.ask(format!("PURGE{number}").parse().expect("a method"), &format!("/{number}"), "text/html").await;
            node.get_as("/", &format!("application/x{number}")).await;
        }
        let metrics = node.metrics().await;
        let new: Vec<String> = series(&metrics).difference(&before).cloned().collect();
        assert!(new.len() < 60, "{new:?}");
        for word in ["solidarity", "example", "evil", "Invented", "PURGE", "made", "127.0.0.1", "amal"] {
            assert!(!metrics.contains(word), "{word} stands in\n{metrics}");
        }
    }

    async fn the_database_is_asked_once_in_a_few_seconds_however_often_metrics_are(world) {
        let node = world.node().await;
        let door = node.metrics_door().await;
        let address = format!("http://{}/metrics", door.address);
        let ask = async || reqwest::get(&address).await.expect("an answer").text().await.expect("text");
        assert!((value(&ask().await, "picket_held_posts")).abs() < f64::EPSILON);
        let (remote, statement) = (world.remote().await, node.publish_at("# Strike").await);
        let amal = remote.person("amal");
        amal.says(&node, &amal.activity("Create", amal.answer(&statement, "<p>With you</p>"))).await;
        let metrics = ask().await;
        assert!((value(&metrics, "picket_held_posts")).abs() < f64::EPSILON, "the look of a moment ago is shown");
        assert!((value(&metrics, r#"picket_request_seconds_count{door="inbox"}"#) - 1.0).abs() < f64::EPSILON, "{metrics}");
        assert_shown(&node, &[("picket_held_posts", 1.0)]).await;
    }

    async fn the_listener_shows_metrics_and_nothing_else(world) {
        let node = world.node().await;
        let door = node.metrics_door().await;
        let client = reqwest::Client::new();
        let at = |path: &str| format!("http://{}{path}", door.address);
        let shown = client.get(at("/metrics")).send().await.expect("an answer");
        assert_eq!(shown.status(), 200);
        assert!(shown.headers()["content-type"].to_str().expect("text").starts_with("application/openmetrics-text"));
        assert!(shown.text().await.expect("text").ends_with("# EOF\n"));
        for path in ["/", "/healthz", "/inbox", "/actor", "/metrics/x", "/statements/1"] {
            assert_eq!(client.get(at(path)).send().await.expect("an answer").status(), 404, "{path}");
        }
        assert_eq!(client.post(at("/metrics")).send().await.expect("an answer").status(), 405);
        // Nor does the door for everybody show them.
        assert_eq!(node.page("/metrics").await.status, 404);
    }
}

/// The names of all series.
fn series(metrics: &str) -> BTreeSet<String> {
    let lines = metrics.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned())).collect()
}

#[tokio::test]
async fn those_who_write_at_the_same_time_share_their_commits() {
    const WRITERS: usize = 16;
    const TIMES: usize = 20;
    let world = World::on(Database::Sqlite);
    let node = world.node().await;
    let numbers = async || {
        let metrics = node.metrics().await;
        let of = |part: &str| shown(&metrics, &format!("picket_commit_batch_writes_{part}")).unwrap_or_default();
        (of("count"), of("sum"))
    };
    let (commits_before, writes_before) = numbers().await;
    let writer = async || {
        for _ in 0..TIMES {
            node.write(|_| Ok(())).await;
        }
    };
    futures::future::join_all((0..WRITERS).map(|_| writer())).await;
    let (commits, writes) = numbers().await;
    let (commits, writes) = (commits - commits_before, writes - writes_before);
    assert!((writes - 320.0).abs() < f64::EPSILON, "{writes} writes");
    assert!(commits < writes / 4.0, "{commits} commits for {writes} writes");
    world.finish().await;
}
