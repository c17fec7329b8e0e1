//! Reports: others' about what is ours, and ours about what is others'.

use picket::federation::outbox;
use picket::moderation::reports::{self, Report};
use serde_json::{Value, json};

use super::with_statement;
use crate::harness::{Person, Reply, TestNode, id, on_both_databases};

async fn reported(node: &TestNode) -> Vec<Report> {
    node.read(|conn| reports::list(conn, false, 10_000)).await
}

fn flag(person: &Person, objects: Value, comment: &str) -> Value {
    let mut flag = person.activity("Flag", objects);
    flag["content"] = json!(comment);
    flag
}

on_both_databases! {
    async fn a_report_about_ours_is_kept_as_text_without_who_reported(world) {
        let (node, statement, remote, person) = with_statement(world).await;
        let objects = json!([node.union(), statement, statement, "https://elsewhere.example/1", {"id": person.id, "type": "Person"}]);
        person.says(&node, &flag(&person, objects, "<p>This is <script>x</script><b>wrong</b></p>")).await;
        let report = reported(&node).await.remove(0);
        assert_eq!((report.host.as_str(), report.comment.as_str()), (remote.host.as_str(), "This is wrong"));
        assert_eq!(report.about(), [node.union(), statement.as_str()]);
        for column in ["host", "comment", "about"] {
            assert!(!node.texts(column, "reports").await[0].as_ref().expect("text").contains("amal"), "{column}");
        }
        let now = world.clock.now();
        node.write(move |conn| reports::close(conn, report.id, now)).await;
        assert!(reported(&node).await.is_empty());
        assert_eq!(node.read(|conn| reports::list(conn, true, 10)).await.len(), 1);
        let again = node.node.db.write(move |conn| reports::close(conn, report.id, now)).await;
        assert!(again.is_err());
        node.write(move |conn| reports::forget_older(conn, now + chrono::TimeDelta::seconds(1))).await;
        assert_eq!(node.count("reports").await, 0);
    }

    async fn a_report_about_nothing_of_ours_is_ignored(world) {
        let (node, _, _remote, person) = with_statement(world).await;
        let scheduled = node.publish_at("---\ndate: 2031-01-01\n---\nNot yet").await;
        for objects in [
            json!("https://elsewhere.example/1"),
            json!(person.id),
            json!([]),
            json!([null, 7]),
            json!(scheduled),
            json!(format!("{}/nowhere", node.base)),
        ] {
            person.says(&node, &flag(&person, objects, "Bad")).await;
        }
        assert_eq!(node.count("reports").await, 0);
    }

    async fn one_server_cannot_fill_the_list_of_reports(world) {
        let (node, statement, _remote, person) = with_statement(world).await;
        let long = "x".repeat(100_000);
        for _ in 0..55 {
            person.says(&node, &flag(&person, json!(statement), &long)).await;
        }
        let reports = reported(&node).await;
        assert_eq!(reports.len(), 50);
        assert!(reports.iter().all(|report| report.comment.len() == 2_000));
        let elsewhere = world.remote().await;
        let other = elsewhere.person("other");
        other.says(&node, &flag(&other, json!(statement), "Look")).await;
        assert_eq!(reported(&node).await.len(), 51);
    }

    async fn our_report_leaves_by_the_instance_actor_and_reaches_the_reported_server_only(world) {
        let (node, _, remote, troll) = with_statement(world).await;
        let elsewhere = world.remote().await;
        let follower = elsewhere.person("follower");
        follower.follows(&node).await;
        node.deliver_all().await;
        elsewhere.forget();
        let post = troll.note("<p>Scabs are welcome</p>");
        remote.serve(&post);
        let told = outbox::report(&node.node, id(&post), "It calls for breaking the strike").await.expect("reported");
        assert_eq!((told.actor.uri.as_str(), told.post.as_deref()), (troll.id.as_str(), Some(id(&post))));
        outbox::report(&node.node, &troll.id, "All of it").await.expect("reported");
        node.deliver_all().await;
        let flags = remote.heard_of("Flag");
        let instance = format!("{}/instance", node.base);
        assert_eq!(flags[0]["actor"], json!(instance));
        assert_eq!(flags[0]["object"], json!([troll.id, id(&post)]));
        assert_eq!((&flags[0]["content"], &flags[0]["proof"]), (&json!("It calls for breaking the strike"), &Value::Null));
        assert_eq!(flags[1]["object"], json!([troll.id]));
        for posted in remote.posted() {
            let signature = posted.headers["signature"].to_str().expect("text");
            assert!(signature.contains(&format!("keyId=\"{instance}#")), "{signature}");
            assert!(!String::from_utf8_lossy(&posted.body).contains(node.union()), "who of us it was is not in it");
            assert_eq!(posted.target, "/inbox");
        }
        assert_eq!(elsewhere.posted().len(), 0);
        assert_eq!(node.count("posts").await, 0, "what is reported is not kept");
        assert_eq!(node.get(id(&flags[0])).await.status, 404);
    }

    async fn a_report_says_why_and_is_about_somebody_elses(world) {
        let (node, statement, remote, troll) = with_statement(world).await;
        for (address, comment) in [
            (troll.id.as_str(), ""),
            (troll.id.as_str(), &*"x".repeat(1_001)),
            (statement.as_str(), "Ours"),
            (node.union(), "Ours"),
            ("nonsense", "What"),
            (&*format!("{}/nowhere", remote.base), "What"),
        ] {
            assert!(outbox::report(&node.node, address, comment).await.is_err(), "{address}");
        }
        remote.reply("/page", Reply::Typed("text/html", "<p>Hello</p>".to_owned()));
        assert!(outbox::report(&node.node, &format!("{}/page", remote.base), "What").await.is_err());
        assert_eq!(node.waiting().await, 0);
    }
}
