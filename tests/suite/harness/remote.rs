//! A server of somebody else, scripted, so that it can lie, hang and fall silent.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Method, StatusCode, Uri};
use picket::clock::Clock;
use picket::transport::SignatureForm;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::{ACTIVITY_JSON, Person};

/// What a scripted server answers.
#[derive(Clone)]
pub enum Reply {
    /// A document.
    Json(Value),
    /// A body of some media type.
    Typed(&'static str, String),
    /// Bytes of some media type.
    Bytes(&'static str, Vec<u8>),
    /// A status with an empty body.
    Status(u16),
    /// A status with a header.
    Header(u16, &'static str, String),
    /// Nothing, while the other side waits.
    Silence,
    /// Nothing, and the connection is closed.
    Hangup,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    /// Path, with the query where there is one.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Asked {
    /// How it is signed, if at all.
    pub fn form(&self) -> SignatureForm {
        if self.headers.contains_key("signature-input") { SignatureForm::Rfc9421 } else { SignatureForm::Cavage }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

type InboxScript = dyn Fn(&Asked) -> Reply + Send + Sync;

#[derive(Default)]
struct Script {
    documents: HashMap<String, Reply>,
    inbox: Option<Arc<InboxScript>>,
    refused: Option<SignatureForm>,
    asked: Vec<Asked>,
}

/// A running server. It falls silent when it is dropped.
pub struct Remote {
    /// `http://host:PORT`.
    pub base: String,
    /// `host:PORT`.
    pub host: String,
    pub(super) clock: Clock,
    script: Arc<Mutex<Script>>,
    arrived: Arc<Notify>,
    address: SocketAddr,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Remote {
    pub(super) async fn start(clock: Clock, name: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let host = format!("{name}:{}", address.port());
        let remote = Self {
            base: format!("http://{host}"),
            host,
            clock,
            script: Arc::default(),
            arrived: Arc::default(),
            address,
            task: Mutex::default(),
        };
        remote.listen(listener);
        remote
    }

    fn listen(&self, listener: TcpListener) {
        let shared = Shared { script: Arc::clone(&self.script), arrived: Arc::clone(&self.arrived) };
        let router = Router::new().fallback(answer).with_state(shared);
        let task = tokio::spawn(async move { axum_serve(listener, router).await });
        *self.task.lock().expect("nobody panicked") = Some(task);
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("nobody panicked")
    }

    /// An actor here, with keys, whose document is served.
    pub fn person(&self, name: &str) -> Person {
        Person::new(self, name)
    }

    /// Serves a document at the path of its id.
    pub fn serve(&self, document: &Value) {
        let id = document["id"].as_str().expect("an id");
        let path = id.strip_prefix(&self.base).expect("an id here");
        self.reply(path, Reply::Json(document.clone()));
    }

    /// Answers at a path.
    pub fn reply(&self, path: &str, reply: Reply) {
        self.script().documents.insert(path.to_owned(), reply);
    }

    /// Answers all that is posted to any inbox; 202 where nothing is said.
    pub fn inbox_replies(&self, reply: impl Fn(&Asked) -> Reply + Send + Sync + 'static) {
        self.script().inbox = Some(Arc::new(reply));
    }

    /// Does not believe questions that are signed in this form.
    pub fn refuses(&self, form: SignatureForm) {
        self.script().refused = Some(form);
    }

    /// Answers all that is posted with a status.
    pub fn inbox_status(&self, status: u16) {
        self.inbox_replies(move |_| Reply::Status(status));
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.script().asked.clone()
    }

    /// How often a path was fetched.
    pub fn fetches_of(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.method == Method::GET && asked.target == path).count()
    }

    /// How many documents were fetched.
    pub fn fetches(&self) -> usize {
        self.asked().iter().filter(|asked| asked.method == Method::GET).count()
    }

    /// Every delivery so far, whatever was answered.
    pub fn posted(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.method == Method::POST).collect()
    }

    /// What was delivered, as documents.
    pub fn heard(&self) -> Vec<Value> {
        self.posted().iter().map(Asked::json).collect()
    }

    /// What was delivered of a type.
    pub fn heard_of(&self, kind: &str) -> Vec<Value> {
        self.heard().into_iter().filter(|activity| activity["type"] == kind).collect()
    }

    /// Forgets what arrived so far.
    pub fn forget(&self) {
        self.script().asked.clear();
    }

    /// Waits until so many deliveries have arrived.
    pub async fn until_posted(&self, count: usize) {
        let enough = async {
            loop {
                let arrived = self.arrived.notified();
                if self.posted().len() >= count {
                    return;
                }
                arrived.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), enough).await.expect("the deliveries within half a minute");
    }

    /// Closes the port: connections are refused.
    pub async fn go_down(&self) {
        let task = self.task.lock().expect("nobody panicked").take();
        if let Some(task) = task {
            task.abort();
            _ = task.await;
        }
    }

    /// Opens the port again.
    pub async fn come_back(&self) {
        self.listen(TcpListener::bind(self.address).await.expect("the same port"));
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().expect("nobody panicked").take() {
            task.abort();
        }
    }
}

#[derive(Clone)]
struct Shared {
    script: Arc<Mutex<Script>>,
    arrived: Arc<Notify>,
}

/// Serves each connection in a task that ends with this one, so that a server which goes down is down at once.
async fn axum_serve(listener: TcpListener, router: Router) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        connections.spawn(async move {
            let io = hyper_util::rt::TokioIo::new(stream);
            // Whoever hangs up has its reasons.
            _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
        });
    }
}

async fn answer(State(shared): State<Shared>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let target = uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let asked = Asked { method, target, headers, body };
    let reply = {
        let mut script = shared.script.lock().expect("nobody panicked");
        script.asked.push(asked.clone());
        if asked.method == Method::POST {
            script.inbox.clone().map_or(Reply::Status(202), |reply| reply(&asked))
        } else if script.refused.is_some_and(|form| form == asked.form()) {
            Reply::Status(401)
        } else {
            script.documents.get(&asked.target).cloned().unwrap_or(Reply::Status(404))
        }
    };
    shared.arrived.notify_waiters();
    match reply {
        Reply::Json(document) => ([(CONTENT_TYPE, ACTIVITY_JSON)], document.to_string()).into_response(),
        Reply::Typed(media_type, body) => ([(CONTENT_TYPE, media_type)], body).into_response(),
        Reply::Bytes(media_type, body) => ([(CONTENT_TYPE, media_type)], body).into_response(),
        Reply::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Reply::Header(status, name, value) => {
            (StatusCode::from_u16(status).expect("a status"), [(name, value)]).into_response()
        }
        Reply::Silence => std::future::pending().await,
        // The connection's task dies of this, and the connection with it.
        Reply::Hangup => std::panic::resume_unwind(Box::new("hung up")),
    }
}
