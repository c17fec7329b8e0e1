//! Wiring: routers, layers, workers, and a graceful stop.

mod bodies;
mod chores;
mod connections;
mod health;
mod metrics;
mod processes;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::error::{Error, Result};
use crate::federation::routes;
use crate::node::Node;
use crate::website;
use bodies::Bodies;

pub use chores::{fill_search, forget};
pub use metrics::{bind_metrics, serve_metrics};

/// The longest address that is looked at; none of ours is longer than a few hundred letters.
const LONGEST_TARGET: usize = 8 * 1024;

/// How long others may take. Tests are shorter of patience.
#[derive(Debug, Clone)]
pub struct Patience {
    /// For the head of a request, and for a connection that says nothing at all.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For room in memory for a large body.
    pub room: Duration,
    /// For a request in all, from its head to its answer.
    pub request: Duration,
    /// For whoever does not read on in our answer.
    pub reader: Duration,
    /// For a connection, whatever it does; an honest one is opened anew.
    pub connection: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(15),
            room: Duration::from_secs(2),
            request: Duration::from_secs(30),
            reader: Duration::from_secs(15),
            connection: Duration::from_mins(10),
        }
    }
}

/// Binds the address for everybody.
///
/// # Errors
/// `Invalid`, naming the setting, when it is taken or not ours.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    listen("PICKET_LISTEN", address).await
}

async fn listen(setting: &str, address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = format!("{address} cannot be bound ({error}); stop the other program there or choose another port");
        Error::invalid(setting, why)
    })
}

/// Does this process' part until told to stop, then finishes what is under way: answers requests where there is a listener; delivers, and does
/// what is done by the clock, where its role says so.
pub async fn run(node: Node, listener: Option<TcpListener>, stop: watch::Receiver<bool>) {
    let work = node.config.role.delivers().then(|| tokio::spawn(processes::work(node.clone(), stop.clone())));
    if let Some(listener) = listener {
        serve(node, listener, Patience::default(), stop).await;
    }
    if let Some(work) = work {
        finish(work).await;
    }
}

/// Answers requests until told to stop: the doors alone, without the workers.
pub async fn serve(node: Node, listener: TcpListener, patience: Patience, mut stop: watch::Receiver<bool>) {
    let house = House::new(node, &patience);
    let answer = move |request| house.clone().answer(request);
    connections::accept(answer, listener, &patience, &mut stop).await;
}

async fn finish(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(%error, "a worker did not stop as it should; what it left undone is done after the next start, report this line");
    }
}

/// All doors of the node.
fn doors(node: Node) -> Router {
    Router::new()
        .route("/healthz", health::door())
        .route("/", routes::by_accept(website::home, routes::to_actor))
        .route("/actor", routes::by_accept(website::home, routes::actor))
        .route("/statements/{slug}", routes::by_accept(website::statement, routes::statement))
        .route("/tags/{tag}", routes::by_accept(website::tag, routes::tagged))
        .merge(routes::routes(&node))
        .merge(website::routes())
        .method_not_allowed_fallback(website::method_not_allowed)
        .with_state(node)
}

/// The doors with what stands around all of them. Cheap to clone, which each request does: layers of the router would be boxes around every
/// door, copied at each request.
#[derive(Clone)]
struct House {
    doors: Router,
    node: Node,
    bodies: Bodies,
    pages: website::Pages,
    /// For a request in all.
    patience: Duration,
}

impl House {
    fn new(node: Node, patience: &Patience) -> Self {
        Self {
            doors: doors(node.clone()),
            node,
            bodies: Bodies::new(patience.body, patience.room),
            pages: website::Pages::default(),
            patience: patience.request,
        }
    }

    /// Has a request answered in time, tells the browser what to refuse, and counts the request and the time until the head of its answer.
    async fn answer(self, request: Request) -> Response {
        let begun = Instant::now();
        let by_path = door(request.method(), request.uri().path());
        let (metrics, insecure) = (self.node.metrics.clone(), self.node.config.insecure);
        let mut response = if is_long(&request) {
            (StatusCode::URI_TOO_LONG, "this address is too long\n").into_response()
        } else {
            let answered = tokio::time::timeout(self.patience, self.lead(request)).await;
            answered.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
        };
        website::set_security_headers(response.headers_mut(), insecure);
        let door = by_path.unwrap_or_else(|| if is_page(&response) { "page" } else { "document" });
        metrics.answered(door, response.status().as_u16(), begun.elapsed());
        response
    }

    /// Leads a request to its door, with its body whole.
    async fn lead(self, mut request: Request) -> Response {
        request.extensions_mut().insert(self.pages);
        if request.method() != Method::POST {
            return open(self.doors, request).await;
        }
        // In a box, so that readers do not carry room for it about.
        let taken = Box::pin(async move {
            match self.bodies.take(request).await {
                Ok((request, _room)) => open(self.doors, request).await,
                Err(refusal) => refusal.into_response(),
            }
        });
        taken.await
    }
}

async fn open(doors: Router, request: Request) -> Response {
    doors.oneshot(request).await.unwrap_or_else(|never| match never {})
}

fn is_long(request: &Request) -> bool {
    request.uri().path_and_query().is_some_and(|target| target.as_str().len() > LONGEST_TARGET)
}

/// Where a request goes; `None` where people and programs meet at one address.
fn door(method: &Method, path: &str) -> Option<&'static str> {
    if method == Method::POST && path.ends_with("/inbox") || path == "/inbox" {
        return Some("inbox");
    }
    match path.split('/').nth(1).unwrap_or_default() {
        ".well-known" | "nodeinfo" => Some("discovery"),
        "media" | "assets" => Some("file"),
        "healthz" => Some("health"),
        _ => None,
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !kind.contains("json")
}
