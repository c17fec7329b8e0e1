//! `GET /metrics` on a listener of its own, in the text form of Prometheus: what is counted as it happens, and what the database is asked at
//! that moment. Every name stands here; docs/OPERATING.md tells what to watch.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::FutureExt;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tower::ServiceExt;

use super::{Patience, connections, listen};
use crate::delivery::{self, Queue};
use crate::error::{Error, Result};
use crate::metrics::Labels;
use crate::node::Node;
use crate::{posts, storage};

const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// How often the database is asked at most, however often we are.
const LOOK_PAUSE: Duration = Duration::from_secs(5);
/// How long a look may take: Prometheus itself waits for ten seconds.
const LOOK_PATIENCE: Duration = Duration::from_secs(5);

/// Binds the address for metrics.
///
/// # Errors
/// `Invalid`, naming the setting, when it is taken or not ours.
pub async fn bind_metrics(address: SocketAddr) -> Result<TcpListener> {
    listen("PICKET_METRICS_LISTEN", address).await
}

/// Serves `GET /metrics`, and nothing else, until told to stop.
pub async fn serve_metrics(node: Node, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let router = Router::new().route("/metrics", get(show)).with_state(Arc::new(Display::new(node)));
    let answer =
        move |request| router.clone().oneshot(request).map(|answered| answered.unwrap_or_else(|never| match never {}));
    connections::accept(answer, listener, &Patience::default(), &mut stop).await;
}

async fn show(State(display): State<Arc<Display>>) -> Result<Response> {
    display.look().await;
    let mut text = String::new();
    encode(&mut text, &display.registry).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, TEXT)], text).into_response())
}

/// All that is shown.
struct Display {
    node: Node,
    registry: Registry,
    gauges: Gauges,
    looked_at: Mutex<Option<Instant>>,
}

/// What is true at the moment of a look.
#[derive(Default)]
struct Gauges {
    database_up: Gauge,
    deliveries_waiting: Gauge,
    oldest_due: Gauge<f64, AtomicU64>,
    hosts: Family<Labels<1>, Gauge>,
    held_posts: Gauge,
    writes_waiting: Gauge,
    disk_free: Gauge,
}

impl Display {
    fn new(node: Node) -> Self {
        let gauges = Gauges::default();
        let mut registry = Registry::with_prefix("picket");
        register_counters(&mut registry, &node);
        gauges.register(&mut registry);
        Self { node, registry, gauges, looked_at: Mutex::default() }
    }

    /// Asks the database, unless that was done a moment ago.
    async fn look(&self) {
        let mut looked_at = self.looked_at.lock().await;
        if looked_at.is_some_and(|at| at.elapsed() < LOOK_PAUSE) {
            return;
        }
        *looked_at = Some(Instant::now());
        let (node, gauges) = (&self.node, &self.gauges);
        gauges.writes_waiting.set(node.db.waiting_writes());
        if let Ok(free) = storage::free_space(&node.config.data_dir) {
            gauges.disk_free.set(i64::try_from(free).unwrap_or(i64::MAX));
        }
        let now = node.now();
        let read = node.db.read(move |conn| Ok((delivery::queue(conn, now)?, posts::count_held(conn)?)));
        let read = tokio::time::timeout(LOOK_PATIENCE, read).await;
        let Ok(Ok((queue, held))) = read else {
            // What was seen last stays; that it is old is what this says.
            gauges.database_up.set(0);
            return;
        };
        gauges.database_up.set(1);
        gauges.held_posts.set(held);
        gauges.show(&queue);
    }
}

impl Gauges {
    fn show(&self, queue: &Queue) {
        self.deliveries_waiting.set(queue.waiting);
        self.oldest_due.set(queue.oldest_due_seconds());
        let hosts = [
            ("answering", queue.hosts - queue.away),
            ("away", queue.away - queue.long_away),
            ("long_away", queue.long_away),
        ];
        for (state, number) in hosts {
            self.hosts.get_or_create(&[("state", state)]).set(number);
        }
    }

    fn register(&self, registry: &mut Registry) {
        registry.register(
            "database_up",
            "1 where the last look at the database succeeded; with 0 the other gauges are old",
            self.database_up.clone(),
        );
        registry.register("deliveries_waiting", "Deliveries that wait, due or not", self.deliveries_waiting.clone());
        registry.register(
            "oldest_due_delivery_seconds",
            "For how long the oldest due delivery has been due",
            self.oldest_due.clone(),
        );
        registry.register(
            "hosts",
            "Servers that were delivered to, by state; long_away: in vain for about a day",
            self.hosts.clone(),
        );
        registry.register("held_posts", "Answers and posts to us that wait for an editor", self.held_posts.clone());
        registry.register("writes_waiting", "Writes that wait for the database", self.writes_waiting.clone());
        registry.register("disk_free_bytes", "Room on the disk of the data folder", self.disk_free.clone());
    }
}

fn register_counters(registry: &mut Registry, node: &Node) {
    let metrics = &node.metrics;
    registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    registry.register(
        "activities_heard",
        "Activities that came to the inboxes, by form of signature and outcome",
        metrics.heard.clone(),
    );
    registry.register("request_seconds", "Answered requests, by door", metrics.requests.clone());
    registry.register("rejections", "Requests that were refused, by door and reason", metrics.rejections.clone());
    registry.register(
        "delivery_attempts",
        "Requests to other servers' inboxes, by form of signature and outcome",
        node.client.posts(),
    );
    if let Some(commits) = node.db.commits() {
        registry.register("commit_batch_writes", "Writes that shared a commit of SQLite", commits);
    }
}
