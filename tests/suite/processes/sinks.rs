//! Inboxes of many followers on many servers: they take what comes, and note which activity came to which inbox.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use picket::actors::{self, RemoteActor};
use picket::clock::Clock;
use picket::config::Config;
use picket::federation::outbox;
use picket::node::Node;
use picket::statements::draft::Draft;
use picket::{alliances, storage};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::union::Union;

/// The servers. They end with the value.
pub struct Sinks {
    runtime: Runtime,
    hosts: Vec<String>,
    inboxes_per_host: usize,
    noted: Arc<Noted>,
}

#[derive(Default)]
struct Noted {
    /// Ids by inbox, in the order of their arrival, copies included.
    arrived: Mutex<HashMap<String, Vec<String>>>,
    /// Milliseconds that each answer takes.
    delay: AtomicU64,
    /// Servers that take what comes and do not answer, until they are let go.
    hanging: watch::Sender<BTreeSet<String>>,
    /// Requests that they hold.
    held: AtomicUsize,
}

impl Sinks {
    /// So many servers with so many inboxes each.
    pub fn start(hosts: usize, inboxes_per_host: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime for the sinks");
        let noted = Arc::new(Noted::default());
        let hosts = runtime.block_on(async {
            let mut names = Vec::new();
            for _ in 0..hosts {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
                names.push(listener.local_addr().expect("its address").to_string());
                tokio::spawn(serve(listener, Arc::clone(&noted), names[names.len() - 1].clone()));
            }
            names
        });
        Self { runtime, hosts, inboxes_per_host, noted }
    }

    /// How long each answer takes from now on.
    pub fn delay(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).expect("a short time");
        self.noted.delay.store(millis, Ordering::Relaxed);
    }

    /// Lets the first so many servers hang.
    pub fn hang(&self, servers: usize) {
        self.noted.hanging.send_replace(self.hosts[..servers].iter().cloned().collect());
    }

    /// Lets them answer again.
    pub fn let_go(&self) {
        self.noted.hanging.send_replace(BTreeSet::new());
    }

    /// How many requests the hanging ones hold.
    pub fn held(&self) -> usize {
        self.noted.held.load(Ordering::Relaxed)
    }

    /// All inboxes, as the sinks name them.
    pub fn inboxes(&self) -> impl Iterator<Item = String> {
        let number = self.inboxes_per_host;
        self.hosts.iter().flat_map(move |host| (0..number).map(move |inbox| format!("{host}/inbox/{inbox}")))
    }

    /// A follower of a union at each inbox, put into its database as if they had followed.
    pub fn follow(&self, union: &Union) {
        let followers: Vec<RemoteActor> = self.inboxes().map(|inbox| follower(&inbox)).collect();
        self.runtime.block_on(async {
            let node = open(&union.config()).await;
            let (union, now) = (node.identity.union.id, node.now());
            let follow = move |conn: &mut storage::Conn| {
                for follower in &followers {
                    let actor = actors::save_remote(conn, follower, false, now)?;
                    alliances::add_follower(conn, actor.id, union, &format!("{}#follow", actor.uri), now)?;
                }
                Ok(())
            };
            node.db.write(follow).await.expect("followers");
        });
    }

    /// Publishes as the command line does, from a process of its own; gives the ids of the activities.
    pub fn publish(&self, union: &Union, count: usize) -> Vec<String> {
        self.runtime.block_on(async {
            let node = open(&union.config()).await;
            let mut ids = Vec::new();
            for number in 0..count {
                let draft = Draft { markdown: format!("Statement {number}."), ..Draft::default() };
                let statement = outbox::publish(&node, draft).await.expect("published").statement;
                ids.push(create_of(&statement.uri));
            }
            ids
        })
    }

    /// How many distinct activities there are in distinct inboxes.
    pub fn distinct(&self) -> usize {
        let arrived = self.noted.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.values().map(|ids| ids.iter().collect::<BTreeSet<_>>().len()).sum()
    }

    /// How many copies came beyond the first of each.
    pub fn copies(&self) -> usize {
        let arrived = self.noted.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.values().map(|ids| ids.len() - ids.iter().collect::<BTreeSet<_>>().len()).sum()
    }

    /// What came to each inbox, each activity where it came first.
    pub fn in_order(&self) -> BTreeMap<String, Vec<String>> {
        let arrived = self.noted.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived
            .iter()
            .map(|(inbox, ids)| {
                let mut seen = BTreeSet::new();
                (inbox.clone(), ids.iter().filter(|id| seen.insert(id.as_str())).cloned().collect())
            })
            .collect()
    }
}

/// The id of the Create of a statement.
pub fn create_of(statement: &str) -> String {
    format!("{statement}/activity")
}

async fn open(config: &Config) -> Node {
    Node::open(config.clone(), Clock::default()).await.expect("the node")
}

fn follower(inbox: &str) -> RemoteActor {
    let (host, number) = inbox.split_once("/inbox/").expect("an inbox");
    let uri = format!("http://{host}/users/{number}");
    RemoteActor {
        kind: "Person".to_owned(),
        handle: format!("worker{number}@{host}"),
        host: host.to_owned(),
        name: "A worker".to_owned(),
        summary: String::new(),
        url: None,
        inbox: format!("http://{inbox}"),
        shared_inbox: None,
        outbox: None,
        followers: None,
        icon: None,
        featured: None,
        indexable: false,
        keys: Vec::new(),
        uri,
    }
}

async fn serve(listener: TcpListener, noted: Arc<Noted>, host: String) {
    let router = Router::new().fallback(note).with_state((noted, host));
    while let Ok((stream, _)) = listener.accept().await {
        let service = hyper_util::service::TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let io = hyper_util::rt::TokioIo::new(stream);
            // A node that is killed hangs up.
            _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
        });
    }
}

/// A request that is held; whoever sent it may give up.
struct Held<'n>(&'n Noted);

impl<'n> Held<'n> {
    fn new(noted: &'n Noted) -> Self {
        noted.held.fetch_add(1, Ordering::Relaxed);
        Self(noted)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.held.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn note(State((noted, host)): State<(Arc<Noted>, String)>, uri: Uri, body: Bytes) -> StatusCode {
    let activity: Value = serde_json::from_slice(&body).expect("JSON");
    let id = activity["id"].as_str().expect("an id").to_owned();
    let mut hanging = noted.hanging.subscribe();
    if hanging.borrow().contains(&host) {
        let _held = Held::new(&noted);
        hanging.wait_for(|hosts| !hosts.contains(&host)).await.expect("the sinks are there");
    }
    noted
        .arrived
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(format!("{host}{}", uri.path()))
        .or_default()
        .push(id);
    tokio::time::sleep(Duration::from_millis(noted.delay.load(Ordering::Relaxed))).await;
    StatusCode::ACCEPTED
}
