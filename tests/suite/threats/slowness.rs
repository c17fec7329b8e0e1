//! Slow ones, silent ones and fat ones: each is cut off in its time, and takes no room from others.

use std::time::Duration;

use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use picket::server::Patience;
use picket::transport::SignatureForm::Cavage;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{assert_refused, scene};
use crate::harness::{Door, on_both_databases};

const SHORT: Duration = Duration::from_millis(200);
/// For what must end by itself.
const LONG: Duration = Duration::from_secs(20);
const MIB: usize = 1024 * 1024;

/// Patience with everything but one thing.
fn patient() -> Patience {
    let [head, body, room, request, reader, connection] = [Duration::from_mins(5); 6];
    Patience { head, body, room, request, reader, connection }
}

/// Opens a connection and says something.
async fn said(door: &Door, words: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(door.address).await.expect("connected");
    stream.write_all(words).await.expect("written");
    stream
}

/// All that is still said until the other side hangs up.
async fn rest(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let read = tokio::time::timeout(LONG, stream.read_to_end(&mut heard)).await;
    // Cut off in the middle is cut off as well.
    _ = read.expect("the connection is cut off");
    String::from_utf8_lossy(&heard).into_owned()
}

on_both_databases! {
    async fn a_silent_connection_is_cut(world) {
        let (node, _remote, _) = scene(world).await;
        let door = node.impatient_door(Patience { head: SHORT, ..patient() }).await;
        assert_eq!(rest(&mut said(&door, b"").await).await, "");
    }

    async fn a_dribbled_head_is_cut(world) {
        let (node, _remote, _) = scene(world).await;
        let door = node.impatient_door(Patience { head: SHORT, ..patient() }).await;
        let mut stream = said(&door, b"GET / HTTP/1.1\r\nhost: x\r\n").await;
        let dribble = async {
            while stream.write_all(b"x-more: y\r\n").await.is_ok() {
                tokio::time::sleep(SHORT / 10).await;
            }
        };
        tokio::time::timeout(LONG, dribble).await.expect("cut off");
    }

    async fn a_connection_that_stays_open_for_nothing_is_cut(world) {
        let (node, _remote, _) = scene(world).await;
        let door = node.impatient_door(Patience { head: SHORT, ..patient() }).await;
        let answer = rest(&mut said(&door, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
    }

    async fn a_slow_body_is_cut(world) {
        let (node, _remote, person) = scene(world).await;
        let door = node.impatient_door(Patience { body: SHORT, ..patient() }).await;
        let whole = person.letter(Cavage, &node, person.activity("Like", node.union()).to_string()).to_bytes();
        let answer = rest(&mut said(&door, &whole[..whole.len() - 10]).await).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert_eq!(node.count("heard_activities").await, 0);
    }

    async fn whoever_does_not_read_the_answers_is_cut(world) {
        let (node, _remote, _) = scene(world).await;
        let door = node.impatient_door(Patience { reader: SHORT, ..patient() }).await;
        let mut stream = TcpStream::connect(door.address).await.expect("connected");
        let ask = async {
            while stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.is_ok() {}
        };
        tokio::time::timeout(LONG, ask).await.expect("cut off");
    }

    async fn fat_bodies_take_no_room_from_small_ones(world) {
        let node = world.node_with(&[("PICKET_ACTIVITY_RATE", "100000")]).await;
        let remote = world.remote().await;
        let person = remote.person("ally");
        let door = node.impatient_door(Patience { room: SHORT, ..patient() }).await;
        let head = format!("POST /inbox HTTP/1.1\r\nhost: x\r\ncontent-length: {MIB}\r\n\r\n");
        let fat = [head.as_bytes(), &vec![b' '; MIB - 1]].concat();
        let mut attackers = Vec::new();
        // Nearly all the room there is, each waiting with its last byte for as long as it may.
        for _ in 0..16 {
            attackers.push(said(&door, &fat).await);
        }
        let small = person.letter(Cavage, &node, person.activity("Like", node.union()).to_string());
        let mut large = person.activity("Like", node.union());
        large["padding"] = json!("a".repeat(MIB / 2));
        let large = person.letter(Cavage, &node, large.to_string()).set("connection", "close").to_bytes();
        let answer = loop {
            // Until the attackers have arrived.
            let answer = rest(&mut said(&door, &large).await).await;
            if !answer.starts_with("HTTP/1.1 202") {
                break answer;
            }
            // Who came while this one had the room was told to try again.
            for attacker in attackers.iter_mut().filter(|attacker| attacker.try_read(&mut [0]).is_ok()) {
                *attacker = said(&door, &fat).await;
            }
        };
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: "), "{answer}");
        let answer = rest(&mut said(&door, &small.set("connection", "close").to_bytes()).await).await;
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
        drop(attackers);
        let answer = loop {
            let answer = rest(&mut said(&door, &large).await).await;
            if !answer.starts_with("HTTP/1.1 503") {
                break answer;
            }
        };
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    }

    async fn an_encoded_body_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        let letter = person.letter(Cavage, &node, person.activity("Follow", node.union()).to_string());
        for encoding in ["gzip", "br", "deflate, gzip", "zstd", "x"] {
            assert_refused(&node, letter.clone().set(CONTENT_ENCODING.as_str(), encoding), 415, encoding).await;
        }
        assert_eq!(remote.asked().len(), 0);
        assert_eq!(letter.set("content-encoding", "identity").post(&node).await.status, 202);
        node.deliver_all().await;
    }

    async fn too_many_values_are_refused_before_they_are_read(world) {
        let (node, remote, person) = scene(world).await;
        for padding in ["0,".repeat(300_000), "{},".repeat(200_000), "[],".repeat(200_000)] {
            let mut follow = person.activity("Follow", node.union()).to_string();
            follow.truncate(follow.len() - 1);
            follow.extend([",\"padding\":[", &padding, "0]}"]);
            assert_refused(&node, person.letter(Cavage, &node, follow), 400, "many values").await;
        }
        assert_eq!(remote.asked().len(), 0);
    }

    async fn endless_heads_and_addresses_are_refused(world) {
        let (node, _remote, _) = scene(world).await;
        let door = node.impatient_door(patient()).await;
        for (words, status) in [
            (format!("GET /tags/{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "a".repeat(9_000)), "414"),
            (format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(20_000)), "431"),
            (format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(200)), "431"),
        ] {
            let answer = rest(&mut said(&door, words.as_bytes()).await).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        }
        assert_eq!(node.post("/inbox", &HeaderMap::new(), "{}").await.status, 401, "and all is well");
    }
}
