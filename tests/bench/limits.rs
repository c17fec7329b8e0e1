//! What this machine can do at most: each step alone, on one core, without the node around it.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use picket::clock::Clock;
use picket::crypto::PrivateKey;
use picket::markup;
use picket::posts::{NewPost, Review, Visibility};
use picket::storage::schema::{heard_activities, posts};
use picket::storage::{self, Location};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

use crate::machine::{Cores, cpu_time};
use crate::node::free_address;
use crate::outbound;
use crate::peers::Peers;
use crate::senders::{ANSWER, GROUP, HOSTS, Senders};
use crate::table::{Beside, Table};
use crate::web::flood;
use crate::{Amounts, inbound};

/// Words by which this program becomes one of the two that the node is compared with.
pub const BARE_SERVER: &str = "bare-server";
/// See [`BARE_SERVER`].
pub const BARE_CLIENT: &str = "bare-client";

/// Activities that share a commit, as with as many senders at a time.
const BATCH: usize = 64;
const CONNECTIONS: usize = 96;
const IN_FLIGHT: usize = 256;
const SPEED_SPAN: Duration = Duration::from_millis(500);
const BARE_POSTS: usize = 10_000;

/// What each step alone takes.
pub struct Limits {
    signatures: Rate,
    verifications: Rate,
    cleanings: Rate,
    inserts: Rate,
    answers: Rate,
    posts: Rate,
}

/// Times a second.
#[derive(Clone, Copy)]
struct Rate {
    /// By the clock on the wall.
    measured: f64,
    /// By the time that the process had on its core, however many others wanted it.
    alone: f64,
}

impl Rate {
    fn new(count: usize, wall: Duration, core: Duration) -> Self {
        Self { measured: inbound::per_second(count, wall), alone: inbound::per_second(count, core) }
    }

    /// Seconds of a core for one.
    fn cost(self) -> f64 {
        1.0 / self.alone
    }
}

impl Limits {
    /// Measures all of them.
    pub fn measure(cores: Cores, amounts: &Amounts, runtime: &Runtime) -> Self {
        let key = PrivateKey::generate_rsa().expect("an RSA key");
        let public = key.public_key().expect("its public half");
        let message = [b'x'; 300];
        let signature = key.sign(&message).expect("a signature");
        let span = Duration::from_secs_f64(amounts.limit_seconds);
        Self {
            signatures: signatures(span),
            verifications: often(span, || assert!(public.verifies(&message, &signature))),
            cleanings: often(span, || assert!(!markup::remote_html(ANSWER).is_empty())),
            inserts: inserts(span),
            answers: runtime.block_on(answers(cores, amounts)),
            posts: runtime.block_on(posts_to_followers(cores)),
        }
    }

    /// How fast the machine is now, beside how fast it was when the limits were measured: the cores of a rented machine are half as fast
    /// in one minute as in the next.
    pub fn speed(&self) -> f64 {
        signatures(SPEED_SPAN).alone / self.signatures.alone
    }

    /// Inbound activities that one core could take if the node did nothing but the unavoidable, at a given speed.
    pub fn inbound(&self, speed: f64) -> f64 {
        speed / (self.answers.cost() + self.verifications.cost() + self.cleanings.cost() + self.inserts.cost())
    }

    /// Deliveries, likewise.
    pub fn outbound(&self, speed: f64) -> f64 {
        speed / (self.signatures.cost() + self.posts.cost())
    }

    /// The limits as rows of their own.
    pub fn tell(&self, table: &mut Table) {
        let mut row = |what: &str, rate: Rate, counted: &str| {
            let beside = Beside { alone: Some(rate.alone), counted: counted.to_owned(), ..Beside::default() };
            table.row(&format!("limit: {what}"), rate.measured, "/s", beside);
        };
        row("RSA-2048 signatures", self.signatures, "aws-lc-rs, one core");
        row("RSA-2048 verifications", self.verifications, "aws-lc-rs, one core, key read each time");
        row("HTML cleaned", self.cleanings, "the content of an answer, one core");
        row("activities inserted", self.inserts, "SQLite, synchronous=FULL, 2 rows each, 64 a commit");
        row("bare axum", self.answers, "the same requests, answered 202 unread");
        row("bare HTTP client", self.posts, "the same client library, inboxes and body, unsigned");
    }
}

fn signatures(span: Duration) -> Rate {
    let key = PrivateKey::generate_rsa().expect("an RSA key");
    often(span, || assert!(key.sign(&[b'x'; 300]).is_ok()))
}

fn often(span: Duration, mut work: impl FnMut()) -> Rate {
    let (begun, used) = (Instant::now(), cpu_time(std::process::id()));
    let mut count = 0;
    while begun.elapsed() < span {
        work();
        count += 1;
    }
    Rate::new(count, begun.elapsed(), cpu_time(std::process::id()).saturating_sub(used))
}

/// An answer and the note that its activity was heard, in a database with the node's own tables.
fn inserts(span: Duration) -> Rate {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("limit.sqlite");
    let location = Location::Sqlite(path.clone());
    storage::alone(&location, storage::take_missing_steps).expect("its tables");
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("the same database");
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;")
        .expect("its settings");
    let now = Clock::default().now();
    let mut number = 0;
    let batches = often(span, || {
        let batch = conn.transaction(|conn| {
            for _ in 0..BATCH {
                number += 1;
                insert(conn, number, now)?;
            }
            QueryResult::Ok(())
        });
        batch.expect("a batch");
    });
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let per_batch = BATCH as f64;
    Rate { measured: batches.measured * per_batch, alone: batches.alone * per_batch }
}

fn insert(conn: &mut SqliteConnection, number: usize, now: picket::clock::Time) -> QueryResult<()> {
    let uri = format!("http://127.0.1.1:4000/users/{}/statuses/{number}", number % 2_000);
    let heard = (
        heard_activities::actor_uri.eq("http://127.0.1.1:4000/users/1"),
        heard_activities::activity_uri.eq(format!("{uri}/activity")),
        heard_activities::heard_at.eq(now),
    );
    diesel::insert_into(heard_activities::table).values(heard).execute(conn)?;
    let post = NewPost {
        uri: uri.clone(),
        author_id: 1,
        kind: "Note".to_owned(),
        visibility: Visibility::Public,
        review: Review::Held,
        title: None,
        summary: None,
        content: ANSWER.to_owned(),
        language: Some("en".to_owned()),
        sensitive: false,
        url: Some(uri),
        in_reply_to: Some("http://127.0.0.1:4000/statements/1".to_owned()),
        statement_id: Some(1),
        pictures: "[]".to_owned(),
        published: now,
        updated: None,
        received_at: now,
        context: None,
        next_look: None,
    };
    diesel::insert_into(posts::table).values(post).execute(conn)?;
    Ok(())
}

/// The requests of the inbound part against a server that answers without reading.
async fn answers(cores: Cores, amounts: &Amounts) -> Rate {
    let address = free_address();
    let server = Child::start(cores, &[BARE_SERVER, &address.to_string()]);
    while TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let peers = Peers::start(GROUP, HOSTS, 0).await;
    let senders = Senders::new(100, &peers);
    let said = senders.answers("http://127.0.0.1/statements/1", "http://127.0.0.1/actor", amounts.answers);
    let requests = senders.sign(&said, &format!("http://{address}/inbox"));
    let count = requests.len();
    let used = cpu_time(server.0.id());
    let flood = flood(address, requests, CONNECTIONS).await;
    Rate::new(count, flood.took, cpu_time(server.0.id()).saturating_sub(used))
}

/// This program in its other role: a server without anything behind it.
pub fn serve_barely(address: &str) {
    serve(address, &axum::Router::new().route("/inbox", post(async |_body: Bytes| StatusCode::ACCEPTED)));
}

/// Serves without anything around.
pub fn serve(address: &str, router: &axum::Router) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await.expect("its address");
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let service = hyper_util::service::TowerToHyperService::new(router.clone());
            tokio::spawn(async move {
                let http = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
                // The driver hangs up at the end.
                let _ = http.serve_connection(hyper_util::rt::TokioIo::new(stream), service).await;
            });
        }
    });
}

/// The requests of the outbound part by a client without anything before it.
async fn posts_to_followers(cores: Cores) -> Rate {
    let peers = Peers::start(outbound::GROUP, outbound::HOSTS, 0).await;
    let mut client = Child::start(cores, &[BARE_CLIENT, &peers.port.to_string()]);
    let arrivals = peers.arrivals(BARE_POSTS, Duration::from_mins(1)).await;
    // A process that has ended and was not waited for is still known to the system.
    let used = cpu_time(client.0.id());
    client.end();
    Rate::new(arrivals.distinct, arrivals.last - arrivals.first, used)
}

/// This program in its third role: a client that only posts.
pub fn post_barely(words: &[String]) {
    let port: u16 = words[0].parse().expect("a port");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(4).build().expect("a client");
        let places = Arc::new(Semaphore::new(IN_FLIGHT));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..BARE_POSTS {
            let host = number % usize::from(outbound::HOSTS) + 1;
            let address = SocketAddr::from(([127, 0, outbound::GROUP, u8::try_from(host).expect("few hosts")], port));
            let body = Bytes::from(format!("{{\"id\":\"{number}\",\"content\":\"{}\"}}", "x".repeat(2_500)));
            let request = client
                .post(format!("http://{address}/inbox/1"))
                .header("date", "Fri, 01 May 2026 09:30:00 GMT")
                .header("digest", "SHA-256=MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM=")
                .header("signature", "x".repeat(500))
                .body(body);
            let place = places.clone().acquire_owned().await.expect("a place");
            tasks.spawn(async move {
                let answer = request.send().await.expect("an answer");
                assert_eq!(answer.status(), StatusCode::ACCEPTED);
                drop(place);
            });
        }
        tasks.join_all().await;
    });
}

/// This program once more, on the node's core; ended by its id.
struct Child(std::process::Child);

impl Child {
    fn start(cores: Cores, words: &[&str]) -> Self {
        let this = std::env::current_exe().expect("this program's path");
        Self(cores.on_node_core(this).args(words).stdout(Stdio::null()).spawn().expect("this program again"))
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}
