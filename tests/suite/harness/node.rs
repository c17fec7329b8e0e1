//! A node of ours: the real server, on a free port, with a database of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use http::Method;
use http::header::{ACCEPT, HeaderMap, HeaderName};
use picket::actors::Keys;
use picket::config::Config;
use picket::delivery;
use picket::delivery::receipts::{self, Receipts};
use picket::federation::defederation;
use picket::federation::outbox::{self, Published};
use picket::node::Node;
use picket::posts::{self, Review};
use picket::server::{self, Patience};
use picket::statements::draft::Draft;
use picket::storage::Conn;
use picket::transport::resolver::Lookup;
use picket::transport::{Client, Network};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::database::{Created, Database};
use super::{ACTIVITY_JSON, World, count, texts};

/// How long an impatient node waits for a server that says nothing. The others wait as long as any node does, since a busy machine may
/// keep an honest server from answering for seconds.
const LITTLE_PATIENCE: Duration = Duration::from_secs(2);

/// A running node. What it holds goes with it.
pub struct TestNode {
    /// The node itself, for what the command line would do.
    pub node: Node,
    /// `http://127.0.0.1:PORT`, where it really listens.
    pub base: String,
    http: reqwest::Client,
    expects_undelivered: Arc<AtomicBool>,
    _stop: watch::Sender<bool>,
    data: TempDir,
    database: Arc<Created>,
}

/// Another address of a node.
pub struct Door {
    pub address: SocketAddr,
    _stop: watch::Sender<bool>,
}

/// What the world keeps of a node until the end of the test.
pub struct Watched {
    node: Node,
    expects_undelivered: Arc<AtomicBool>,
    #[expect(dead_code, reason = "held so that the database is dropped after its last user")]
    database: Arc<Created>,
}

/// An answer of a node.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {:?}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub async fn from(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.expect("a whole answer") }
    }
}

impl TestNode {
    pub(super) async fn start(world: &World, database: &Database, settings: &[(&str, &str)]) -> Self {
        let listener = server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let data = tempfile::tempdir().expect("a temporary folder");
        let created = Arc::new(database.create(data.path()));
        let config = config(&address, data.path(), &created.url, settings);
        let node = Node::open(config, world.clock.clone()).await.expect("a node");
        defederation::adopt_allow_list(&node).await.expect("a rule");
        let network = Network { lookup: lookup(world), ..Network::default() };
        let node = on(world, network, node);
        let stop = serve(&node, listener);
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self {
            node,
            base: format!("http://{address}"),
            http: http.build().expect("a client"),
            expects_undelivered: Arc::default(),
            _stop: stop,
            data,
            database: created,
        }
    }

    /// The same with little patience for servers that say nothing.
    pub fn impatient(self, world: &World) -> Self {
        let network = Network { deadline: LITTLE_PATIENCE, lookup: lookup(world), ..Network::default() };
        Self { node: on(world, network, self.node.clone()), ..self }
    }

    /// A second door to the same node, with less patience. Open until the value goes.
    pub async fn impatient_door(&self, patience: Patience) -> Door {
        let listener = server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(server::serve(self.node.clone(), listener, patience, stopped));
        Door { address, _stop: stop }
    }

    /// What `GET /metrics` shows, as a Prometheus would ask for it. Each call opens a new door, which looks afresh.
    pub async fn metrics(&self) -> String {
        let door = self.metrics_door().await;
        let shown = self.http.get(format!("http://{}/metrics", door.address)).send().await.expect("an answer");
        shown.text().await.expect("text")
    }

    /// The address at which its metrics are shown. Open until the value goes.
    pub async fn metrics_door(&self) -> Door {
        let listener = server::bind_metrics(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(server::serve_metrics(self.node.clone(), listener, stopped));
        Door { address, _stop: stop }
    }

    pub(super) fn watched(&self) -> Watched {
        Watched {
            node: self.node.clone(),
            expects_undelivered: Arc::clone(&self.expects_undelivered),
            database: Arc::clone(&self.database),
        }
    }

    /// Says that deliveries may be left at the end of the test.
    pub fn expect_undelivered(&self) {
        self.expects_undelivered.store(true, Ordering::Relaxed);
    }

    /// The union's id.
    pub fn union(&self) -> &str {
        &self.node.identity.union.uri
    }

    /// The keys that it signs with.
    pub async fn keys(&self) -> Arc<Keys> {
        self.node.keys().await.expect("keys")
    }

    pub fn data_dir(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Delivers all that is due, and what becomes due by that.
    pub async fn deliver_all(&self) {
        delivery::deliver_due(&self.node).await.expect("a readable queue");
    }

    /// Does what is done by the clock with what is old.
    pub async fn forget(&self) {
        server::forget(&self.node).await.expect("forgotten");
    }

    /// What an editor is told of the deliveries of a statement.
    pub async fn receipts_of(&self, statement: i64) -> Receipts {
        let union = self.node.identity.union.id;
        self.read(move |conn| receipts::of_statement(conn, statement, union)).await
    }

    /// How many deliveries wait.
    pub async fn waiting(&self) -> i64 {
        self.read(delivery::waiting).await
    }

    /// Reads from the database.
    pub async fn read<T, F>(&self, read: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> picket::error::Result<T> + Send + 'static,
    {
        self.node.db.read(read).await.expect("read")
    }

    /// Writes to the database.
    pub async fn write<T, F>(&self, write: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> picket::error::Result<T> + Send + 'static,
    {
        self.node.db.write(write).await.expect("written")
    }

    /// How many rows: `posts`, or `posts WHERE review = 'held'`.
    pub async fn count(&self, rows: &str) -> i64 {
        let rows = rows.to_owned();
        self.read(move |conn| Ok(count(conn, &rows))).await
    }

    /// One column of some rows as text.
    pub async fn texts(&self, column: &str, rows: &str) -> Vec<Option<String>> {
        let (column, rows) = (column.to_owned(), rows.to_owned());
        self.read(move |conn| Ok(texts(conn, &column, &rows))).await
    }

    /// Publishes a Markdown text, with a front matter where it has one.
    pub async fn publish(&self, text: &str) -> Published {
        let draft = Draft::from_file_text(text).expect("a draft");
        outbox::publish(&self.node, draft).await.unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    /// The address of a newly published statement.
    pub async fn publish_at(&self, text: &str) -> String {
        self.publish(text).await.statement.uri
    }

    /// Puts a newer text in place of a statement's.
    pub async fn edit(&self, address: &str, text: &str) -> Published {
        let draft = Draft::from_file_text(text).expect("a draft");
        outbox::edit(&self.node, address, draft).await.expect("edited").expect("a newer wording")
    }

    /// What an editor makes of an answer, given by its id.
    pub async fn review(
        &self,
        id: &str,
        decide: fn(&mut Conn, i64) -> picket::error::Result<()>,
    ) -> picket::error::Result<()> {
        let id = id.to_owned();
        self.node
            .db
            .write(move |conn| {
                let post = posts::find(conn, &id)?.unwrap_or_else(|| panic!("{id} is not kept"));
                decide(conn, post.id)
            })
            .await
    }

    /// What became of an answer; `None` where it is not kept.
    pub async fn review_of(&self, id: &str) -> Option<Review> {
        let id = id.to_owned();
        self.read(move |conn| Ok(posts::find(conn, &id)?.map(|post| post.review))).await
    }

    /// Asks as a program does. `path` may be a whole address.
    pub async fn get(&self, path: &str) -> Answered {
        self.get_as(path, ACTIVITY_JSON).await
    }

    /// Asks as a browser does.
    pub async fn page(&self, path: &str) -> Answered {
        self.get_as(path, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8").await
    }

    /// Asks with an `Accept` header.
    pub async fn get_as(&self, path: &str, accept: &str) -> Answered {
        self.ask(Method::GET, path, accept).await
    }

    /// Asks by any method, without a body.
    pub async fn ask(&self, method: Method, path: &str, accept: &str) -> Answered {
        let address = if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() };
        let response = self.http.request(method, address).header(ACCEPT, accept).send().await.expect("an answer");
        Answered::from(response).await
    }

    /// Asks with these headers.
    pub async fn get_with(&self, path: &str, headers: &HeaderMap) -> Answered {
        let request = self.http.get(format!("{}{path}", self.base)).headers(headers.clone());
        Answered::from(request.send().await.expect("an answer")).await
    }

    /// Posts to a path with just these headers.
    pub async fn post(&self, path: &str, headers: &HeaderMap, body: impl Into<reqwest::Body>) -> Answered {
        let mut request = self.http.post(format!("{}{path}", self.base)).body(body).build().expect("a request");
        request.headers_mut().extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        // `extend` of a map replaces; repeated headers are part of some attacks.
        for name in headers.keys().collect::<Vec<&HeaderName>>() {
            request.headers_mut().remove(name);
            for value in headers.get_all(name) {
                request.headers_mut().append(name, value.clone());
            }
        }
        Answered::from(self.http.execute(request).await.expect("an answer")).await
    }
}

/// The node on a network of this world.
fn on(world: &World, network: Network, node: Node) -> Node {
    let client = Client::on(network, &node.config, world.clock.clone()).expect("a client");
    node.with(|parts| parts.client = client)
}

/// Every name leads to this machine, and is written down.
fn lookup(world: &World) -> Lookup {
    let names = Arc::clone(&world.names);
    Arc::new(move |name| {
        names.lock().expect("nobody panicked").push(name);
        std::future::ready(Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))])).boxed()
    })
}

fn serve(node: &Node, listener: TcpListener) -> watch::Sender<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(server::serve(node.clone(), listener, Patience::default(), stopped));
    stop
}

fn config(address: &str, data: &std::path::Path, database: &str, settings: &[(&str, &str)]) -> Config {
    let usual = [
        ("PICKET_DOMAIN", address),
        ("PICKET_INSECURE", "true"),
        ("PICKET_DATA_DIR", data.to_str().expect("a plain path")),
        ("PICKET_DATABASE_URL", database),
    ];
    let environment: BTreeMap<String, String> =
        usual.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::from_sources(None, environment).expect("settings")
}

impl Watched {
    pub async fn assert_nothing_undelivered(&self) {
        if self.expects_undelivered.load(Ordering::Relaxed) {
            return;
        }
        let left = self.node.db.read(|conn| Ok(texts(conn, "inbox", "deliveries WHERE state = 'pending'"))).await;
        let left = left.expect("a readable queue");
        assert!(left.is_empty(), "left undelivered at the end of the test: {left:?}");
    }
}
