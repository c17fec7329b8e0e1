//! Whether it stays as fast with a hundred times as much: pages, collections and looks of the worker, on a small archive and a large one.

use std::time::{Duration, Instant};

use picket::{delivery, posts, statements};

use crate::Amounts;
use crate::archive::fill;
use crate::database::Database;
use crate::machine::{Cores, program_starts_in};
use crate::node::Home;
use crate::table::{Beside, Table};
use crate::web::ask;

const PAGE: &str = "text/html";
const DOCUMENT: &str = "application/activity+json";
/// Of so many the middle one counts.
const TIMES: usize = 101;
const STARTS: usize = 5;

/// What is asked of both archives.
struct Measured {
    started_in: Duration,
    times: Vec<(String, Duration)>,
}

/// Fills two nodes, and asks both the same.
pub async fn measure(cores: Cores, amounts: &Amounts, database: &Database, table: &mut Table) {
    let (few, many) = amounts.archives;
    let small = look(cores, database, few).await;
    let large = look(cores, database, many).await;
    let limit = program_starts_in(cores);
    let beside = Beside {
        limit: Some((milliseconds(limit), "exec of the same program, which only says its version")),
        goal: "100 ms",
        less_is_better: true,
        counted: format!(
            "exec to the first 200 of /healthz; middle of {STARTS}; with {few} it was {:.1} ms",
            milliseconds(small.started_in)
        ),
        ..Beside::default()
    };
    table.row(
        &format!("start with {many} statements, {}", database.name),
        milliseconds(large.started_in),
        "ms",
        beside,
    );
    for ((what, before), (_, after)) in small.times.into_iter().zip(large.times) {
        let counted =
            format!("{:.2} ms with {few} statements, {:.2} ms with {many}", milliseconds(before), milliseconds(after));
        let name = format!("growth: {what}, {}", database.name);
        // Among more there is more to look through: what counts is how long somebody waits.
        if what.starts_with("search") {
            let beside = Beside { goal: "50 ms", less_is_better: true, counted, ..Beside::default() };
            table.row(&name, milliseconds(after), "ms", beside);
            continue;
        }
        let beside = Beside { goal: "1.5 times", less_is_better: true, counted, ..Beside::default() };
        table.row(&name, after.as_secs_f64() / before.as_secs_f64(), "times", beside);
    }
}

async fn look(cores: Cores, database: &Database, count: usize) -> Measured {
    let fresh = database.fresh();
    let home = Home::new(fresh.url.as_deref());
    let node = home.open().await;
    fill(&node, count, count / 10).await;
    let mut starts: Vec<Duration> = (0..STARTS).map(|_| home.start(cores).started_in).collect();
    starts.sort_unstable();
    let running = home.start(cores);
    let middle = node.db.read(|conn| statements::list_all(conn, 1_000)).await.expect("statements");
    let statement = middle.last().expect("a statement").uri.clone();
    let path = statement.split_once("://").and_then(|(_, rest)| rest.split_once('/')).expect("a path").1.to_owned();
    let (_, collection) = ask(home.address, &request(&home, "/actor/outbox?page=true", DOCUMENT)).await;
    let next = next_page(collection.body());
    let mut times = Vec::new();
    for (what, path, accept) in [
        ("home page", "/", PAGE),
        ("page of a statement", &format!("/{path}"), PAGE),
        ("Note of a statement", &format!("/{path}"), DOCUMENT),
        ("page of a hashtag", "/tags/lockout", PAGE),
        ("feed", "/feed.atom", PAGE),
        ("search: a word in each twelfth", "/search?q=gates", PAGE),
        ("search: two words", "/search?q=closed+gates", PAGE),
        ("search: in Japanese", "/search?q=%E9%80%A3%E5%B8%AF", PAGE),
        ("search: in one language", "/search?q=porte%C3%B5es&in=pt-BR", PAGE),
        ("search: a word that is nowhere", "/search?q=xylophone", PAGE),
        ("actor", "/actor", DOCUMENT),
        ("outbox", "/actor/outbox", DOCUMENT),
        ("outbox, first page", "/actor/outbox?page=true", DOCUMENT),
        ("outbox, next page", &next, DOCUMENT),
        ("outbox, last page", "/actor/outbox?page=last", DOCUMENT),
        ("collection of a hashtag", "/tags/lockout?page=true", DOCUMENT),
        ("followers", "/actor/followers", DOCUMENT),
        ("WebFinger", &format!("/.well-known/webfinger?resource=acct:union@{}", home.address), PAGE),
        ("NodeInfo", "/nodeinfo/2.1", PAGE),
    ] {
        times.push((what.to_owned(), middle_of_answers(&home, path, accept).await));
    }
    let (union, now) = (node.identity.union.id, node.now());
    times.push((
        "the worker's look at the queue".to_owned(),
        timed(async || node.db.read(move |conn| delivery::queue(conn, now)).await.map(drop)).await,
    ));
    times.push((
        "the timeline".to_owned(),
        timed(async || node.db.read(move |conn| posts::timeline(conn, union, 40)).await.map(drop)).await,
    ));
    times.push((
        "the list of statements".to_owned(),
        timed(async || node.db.read(|conn| statements::list_all(conn, 40)).await.map(drop)).await,
    ));
    drop(running);
    drop(node);
    Measured { started_in: starts[STARTS / 2], times }
}

fn next_page(collection: &[u8]) -> String {
    let page: serde_json::Value = serde_json::from_slice(collection).expect("a page");
    let next = page["next"].as_str().expect("a next page");
    next.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned())).expect("a path")
}

async fn middle_of_answers(home: &Home, path: &str, accept: &str) -> Duration {
    let mut times = Vec::new();
    let request = request(home, path, accept);
    for _ in 0..TIMES {
        let (took, answer) = ask(home.address, &request).await;
        assert!(!answer.body().is_empty(), "{path} is empty");
        times.push(took);
    }
    times.sort_unstable();
    times[TIMES / 2]
}

fn request(home: &Home, path: &str, accept: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: {accept}\r\n\r\n", home.address).into_bytes()
}

async fn timed(work: impl AsyncFn() -> picket::error::Result<()>) -> Duration {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        work().await.expect("an answer of the database");
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times[TIMES / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
