//! Wiring: routers, layers, workers, and a graceful stop.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::get;
use chrono::TimeDelta;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::delivery;
use crate::error::{Error, Result};
use crate::federation::{outbox, routes};
use crate::node::Node;
use crate::{heard, posts, private_box, storage, website};

/// The largest body that anybody may send us.
const BODY_LIMIT: usize = 1024 * 1024;
/// From the first byte of a request to the last.
const REQUEST_DEADLINE: Duration = Duration::from_secs(30);
/// For the headers alone: whoever dribbles them is cut off.
const HEADER_DEADLINE: Duration = Duration::from_secs(10);
/// A connection is closed after this long, whatever it does; an honest one is opened anew.
const CONNECTION_LIFE: Duration = Duration::from_mins(10);
/// Connections open at once; more wait in the system's own queue.
const CONNECTIONS: usize = 2_000;
/// How long a stop waits for requests under way.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// How long is kept that an activity was heard or a post deleted (signatures are good for an hour; servers try again for up to a
/// fortnight), and what came to us in private.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// How often what is older is removed.
const FORGET_PAUSE: Duration = Duration::from_hours(1);
/// How often the clock is looked at for statements that are due.
const SCHEDULE_POLL: Duration = Duration::from_secs(1);

/// Binds the address.
///
/// # Errors
/// `Invalid`, naming the setting, when it is taken or not ours.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = format!("{address} cannot be bound ({error}); stop the other program there or choose another port");
        Error::invalid("PICKET_LISTEN", why)
    })
}

/// Serves and delivers until told to stop, then finishes what is under way.
pub async fn run(node: Node, listener: TcpListener, stop: watch::Receiver<bool>) {
    let worker = tokio::spawn(delivery::run(node.clone(), stop.clone()));
    let schedule = tokio::spawn(publish_on_schedule(node.clone(), stop.clone()));
    let forgetting = tokio::spawn(forget_in_time(node.clone(), stop.clone()));
    serve(node, listener, stop).await;
    for task in [worker, schedule, forgetting] {
        finish(task).await;
    }
}

/// Answers requests until told to stop: the doors alone, without the workers.
pub async fn serve(node: Node, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    accept_connections(router(node), listener, &mut stop).await;
}

async fn finish(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(%error, "a worker did not stop as it should");
    }
}

/// All doors of the node.
pub fn router(node: Node) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/", routes::by_accept(website::home, routes::to_actor))
        .route("/actor", routes::by_accept(website::home, routes::actor))
        .route("/statements/{slug}", routes::by_accept(website::statement, routes::statement))
        .merge(routes::routes())
        .merge(website::routes())
        .method_not_allowed_fallback(website::method_not_allowed)
        .layer(axum::middleware::from_fn_with_state(node.clone(), website::security_headers))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        // Refuses by the told length at once, where the other counts what arrives.
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_DEADLINE))
        .with_state(node)
}

/// `GET /healthz`: whether the node can serve.
async fn health(State(node): State<Node>) -> Result<&'static str> {
    node.db.read(storage::answers).await.map_err(|error| Error::Unavailable(error.to_string()))?;
    Ok("ok\n")
}

async fn accept_connections(router: Router, listener: TcpListener, stop: &mut watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let places = std::sync::Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Most often too many open files: give others time to close theirs.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stop.changed() => break,
        };
        let connection = serve_connection(&router, stream, &graceful);
        tokio::spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_PATIENCE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

fn serve_connection(
    router: &Router,
    stream: TcpStream,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_DEADLINE);
    let service = TowerToHyperService::new(router.clone());
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let connection = graceful.watch(connection);
    async move {
        // A peer that hangs up in the middle, or takes for ever to read, is its own affair.
        if let Ok(Err(error)) = tokio::time::timeout(CONNECTION_LIFE, connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

async fn publish_on_schedule(node: Node, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = outbox::publish_due(&node).await {
            tracing::error!(%error, "scheduled statements could not be published; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(SCHEDULE_POLL) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Removes what need not be kept any more.
///
/// # Errors
/// Faults of the database.
pub async fn forget(node: &Node) -> Result<()> {
    let before = node.now() - KEPT_FOR;
    node.db
        .write(move |conn| {
            heard::forget_older(conn, before)?;
            posts::forget_older(conn, before)?;
            private_box::forget_older(conn, before)
        })
        .await
}

/// Forgets: at the start, and then once in a while.
async fn forget_in_time(node: Node, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = forget(&node).await {
            tracing::error!(%error, "old entries could not be removed; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(FORGET_PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}
