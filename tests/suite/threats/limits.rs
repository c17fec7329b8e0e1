//! Too much, too deep, too many.

use http::header::{CONTENT_LENGTH, HeaderMap};
use picket::federation::outbox;
use serde_json::json;

use super::{FORMS, assert_refused, rows, scene};
use crate::harness::{Reply, on_both_databases};

const MIB: usize = 1024 * 1024;

on_both_databases! {
    async fn a_body_over_one_mebibyte_is_refused_whether_its_length_is_told_or_not(world) {
        let (node, remote, person) = scene(world).await;
        let mut follow = person.activity("Follow", node.union());
        follow["padding"] = json!("a".repeat(MIB));
        for form in FORMS {
            let letter = person.letter(form, &node, follow.to_string());
            assert_refused(&node, letter.clone(), 413, "with its length").await;
            let chunks = letter.body.chunks(64 * 1024).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
            let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
            let answered = node.post("/inbox", &letter.headers, body).await;
            assert_eq!(answered.status, 413, "in chunks");
        }
        let body = reqwest::Body::wrap_stream(futures::stream::iter(vec![Ok::<_, std::io::Error>(vec![b'a'; 2 * MIB])]));
        assert_eq!(node.post("/actor/inbox", &HeaderMap::new(), body).await.status, 413, "unsigned");
        assert_eq!((remote.asked().len(), node.count("heard_activities").await), (0, 0));
    }

    async fn a_body_just_under_the_limit_is_read(world) {
        let (node, _remote, person) = scene(world).await;
        let mut follow = person.activity("Follow", node.union());
        let room = MIB - follow.to_string().len() - 20;
        follow["padding"] = json!("a".repeat(room));
        person.says(&node, &follow).await;
        assert_eq!(node.count("follows").await, 1);
        node.deliver_all().await;
    }

    async fn a_length_that_is_a_lie_does_no_harm(world) {
        let (node, _remote, _) = scene(world).await;
        let mut stream = tokio::net::TcpStream::connect(node.base.trim_start_matches("http://")).await.expect("connected");
        let head = format!("POST /inbox HTTP/1.1\r\nHost: {}\r\n{CONTENT_LENGTH}: 99999999999\r\n\r\n{{", node.node.config.domain);
        tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes()).await.expect("written");
        let mut answer = vec![0; 64];
        tokio::io::AsyncReadExt::read(&mut stream, &mut answer).await.expect("an answer");
        assert!(answer.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&answer));
    }

    async fn what_is_no_activity_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        for body in [
            "", "null", "[]", "{}", "7", "\"x\"", "{", "{\"type\":\"Follow\"", "<html>", "{\"type\":\"Follow\"}", "{\"actor\":\"x\"}",
            "{\"type\":7,\"actor\":7}", "{\"type\":\"Follow\",\"actor\":\"https://a.example/\"}", "\u{feff}{}", "{\"type\":\"Follow\",\"actor\":null,\"object\":{}}",
        ] {
            for form in FORMS {
                assert_refused(&node, person.letter(form, &node, body), 400, body).await;
            }
        }
        assert_refused(&node, person.letter(FORMS[0], &node, vec![0xff, 0xfe, b'{', b'}']), 400, "no UTF-8").await;
        assert_eq!(remote.asked().len(), 0, "refused before any key is fetched");
    }

    async fn deeply_nested_json_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        for depth in [200, 30_000] {
            for body in [
                format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
                format!("{}1{}", "{\"object\":".repeat(depth), "}".repeat(depth)),
                format!("{{\"type\":\"Follow\",\"actor\":\"{}\",\"object\":{}1{}}}", person.id, "[".repeat(depth), "]".repeat(depth)),
            ] {
                assert_refused(&node, person.letter(FORMS[0], &node, body), 400, "nested").await;
            }
        }
        assert_eq!(remote.asked().len(), 0);
    }

    async fn an_activity_with_very_many_values_is_read_in_time(world) {
        let (node, _remote, person) = scene(world).await;
        let statement = node.publish_at("# Strike").await;
        let mut answer = person.answer(&statement, &"<b>".repeat(100_000));
        answer["to"] = (0..20_000).map(|number| json!(format!("https://a.example/{number}"))).chain([json!(crate::harness::PUBLIC)]).collect();
        answer["tag"] = json!(vec![json!({"type": "Mention", "href": "https://a.example/"}); 2_000]);
        let begun = std::time::Instant::now();
        let status = person.send(&node, &person.activity("Create", answer)).await;
        assert!(matches!(status, 202 | 400 | 413), "{status}");
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    async fn of_very_many_mentions_a_hundred_are_looked_at(world) {
        let (node, _remote, person) = scene(world).await;
        for (before, kept) in [(99, 1), (100, 0)] {
            let mut note = person.note("<p>To all of you</p>");
            let mention = |href: String| json!({"type": "Mention", "href": href});
            let others = (0..before).map(|number| mention(format!("https://a.example/{number}")));
            note["tag"] = others.chain([mention(node.union().to_owned())]).collect();
            person.says(&node, &person.activity("Create", note)).await;
            assert_eq!(node.count("posts").await, kept, "{before} others named before us");
            node.write(|conn| { crate::harness::execute(conn, "DELETE FROM posts"); Ok(()) }).await;
        }
    }

    async fn one_activity_causes_a_bounded_number_of_fetches(world) {
        let (node, remote, _eve) = scene(world).await;
        let ally = remote.person("ally");
        outbox::follow(&node.node, &ally.id).await.expect("asked");
        node.deliver_all().await;
        ally.says(&node, &ally.activity("Accept", remote.heard_of("Follow").remove(0))).await;
        remote.forget();
        // Each document names another as its true address; each author names a handle elsewhere; each key leads on.
        for number in 0..40 {
            let mut note = remote.person("author").note("<p>On and on</p>");
            note["id"] = json!(format!("{}/chain/{}", remote.base, number + 1));
            remote.reply(&format!("/chain/{number}"), Reply::Json(note));
        }
        ally.says(&node, &ally.activity("Announce", format!("{}/chain/0", remote.base))).await;
        assert!(remote.fetches() <= 6, "{} fetches", remote.fetches());
        assert_eq!(node.count("posts").await, 0);
    }

    async fn a_strangers_chain_of_answers_is_not_followed(world) {
        let (node, remote, person) = scene(world).await;
        person.says(&node, &person.activity("Like", "http://127.0.0.1:1/x")).await;
        remote.forget();
        for number in 0..20 {
            let mut note = person.note("<p>Up the thread</p>");
            note["id"] = json!(format!("{}/thread/{number}", remote.base));
            note["inReplyTo"] = json!(format!("{}/thread/{}", remote.base, number + 1));
            remote.serve(&note);
        }
        let answer = person.answer(&format!("{}/thread/0", remote.base), "<p>Deep</p>");
        person.says(&node, &person.activity("Create", answer)).await;
        assert_eq!(remote.fetches(), 0);
        assert_eq!(node.count("posts").await, 0);
    }

    async fn contexts_are_never_fetched(world) {
        let (node, remote, person) = scene(world).await;
        let mut follow = person.activity("Follow", node.union());
        follow["@context"] = json!(["https://www.w3.org/ns/activitystreams", format!("{}/context", remote.base), {"x": format!("{}/x#", remote.base)}]);
        person.says(&node, &follow).await;
        node.deliver_all().await;
        assert_eq!(remote.fetches_of("/context"), 0);
    }

    async fn a_flood_of_nonsense_leaves_no_trace_and_good_peers_are_served(world) {
        let (node, remote, person) = scene(world).await;
        let before = rows(&node).await;
        let attacks = (0..300).map(|number| {
            let (node, letter) = (&node, person.letter(FORMS[number % 2], &node, format!("{{\"nonsense\":{number}")));
            async move { letter.post(node).await.status }
        });
        let statuses = futures::future::join_all(attacks).await;
        assert!(statuses.iter().all(|status| *status == 400), "{statuses:?}");
        assert_eq!(rows(&node).await, before);
        person.follows(&node).await;
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Accept").len(), 1);
        assert_eq!(node.get("/healthz").await.status, 200);
    }
}
