//! Servers of others on many loopback addresses: they show their actors, and note what reaches their inboxes.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, HeaderValue};
use picket::clock::Time;
use picket::crypto::PublicKey;
use picket::transport::signature::{Request, read_claim};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::node::free_address;
use crate::web::{Message, read_message};

/// Of how many requests one is kept, to look at its signature later.
const SAMPLE: usize = 25;

/// The servers; they end when dropped.
pub struct Peers {
    /// The port of all of them.
    pub port: u16,
    noted: Arc<Mutex<Noted>>,
    silent: Arc<HashSet<IpAddr>>,
    _listeners: JoinSet<()>,
}

/// What happened at all of them.
#[derive(Default)]
struct Noted {
    documents: HashMap<String, Arc<[u8]>>,
    arrived: HashSet<(String, String)>,
    copies: usize,
    first: Option<Instant>,
    last: Option<Instant>,
    samples: Vec<(String, Message)>,
}

/// What arrived in the inboxes since the last look.
pub struct Arrivals {
    /// Distinct activities in distinct inboxes.
    pub distinct: usize,
    /// All requests.
    pub copies: usize,
    /// When the first of the distinct ones came.
    pub first: Instant,
    /// When the last of them came.
    pub last: Instant,
}

#[derive(Deserialize)]
struct WithId {
    id: String,
}

impl Peers {
    /// Servers on `127.0.GROUP.1` and the following addresses; the first `silent` of them accept and never answer.
    pub async fn start(group: u8, hosts: u8, silent: u8) -> Self {
        let port = free_address().port();
        let noted = Arc::new(Mutex::new(Noted::default()));
        let silent: Arc<HashSet<IpAddr>> = Arc::new((1..=silent).map(|host| address(group, host)).collect());
        let mut listeners = JoinSet::new();
        for host in 1..=hosts {
            let listener = TcpListener::bind((address(group, host), port)).await.expect("a loopback address");
            listeners.spawn(serve(listener, noted.clone(), silent.clone()));
        }
        Self { port, noted, silent, _listeners: listeners }
    }

    /// `host:port` of one of them.
    pub fn authority(&self, group: u8, host: u8) -> String {
        SocketAddr::new(address(group, host), self.port).to_string()
    }

    /// How many never answer.
    pub fn silent(&self) -> usize {
        self.silent.len()
    }

    /// Shows a document at a path.
    pub fn show(&self, path: &str, document: &serde_json::Value) {
        let body = document.to_string();
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        lock(&self.noted).documents.insert(path.to_owned(), answer.into_bytes().into());
    }

    /// Forgets what arrived.
    pub fn forget(&self) {
        let mut noted = lock(&self.noted);
        *noted = Noted { documents: std::mem::take(&mut noted.documents), ..Noted::default() };
    }

    /// Waits until so many distinct activities have arrived in distinct inboxes, or for some time at most.
    pub async fn arrivals(&self, expected: usize, patience: Duration) -> Arrivals {
        let begun = Instant::now();
        loop {
            let arrived = lock(&self.noted).arrived.len();
            if arrived >= expected || begun.elapsed() > patience {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let noted = lock(&self.noted);
        let (first, last) = (noted.first.unwrap_or(begun), noted.last.unwrap_or(begun));
        Arrivals { distinct: noted.arrived.len(), copies: noted.copies, first, last }
    }

    /// How many of the kept requests there are, and how many of them bear a good signature of this key.
    pub fn verified(&self, key: &PublicKey, now: Time) -> (usize, usize) {
        let noted = lock(&self.noted);
        let good = noted.samples.iter().filter(|(host, message)| is_signed(host, message, key, now)).count();
        (good, noted.samples.len())
    }
}

fn address(group: u8, host: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, group, host))
}

fn lock(noted: &Mutex<Noted>) -> MutexGuard<'_, Noted> {
    noted.lock().expect("nobody panicked while noting")
}

async fn serve(listener: TcpListener, noted: Arc<Mutex<Noted>>, silent: Arc<HashSet<IpAddr>>) {
    let own = listener.local_addr().expect("its address");
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(answer_all(stream, own, noted.clone(), silent.contains(&own.ip())));
        while connections.try_join_next().is_some() {}
    }
}

async fn answer_all(mut stream: TcpStream, own: SocketAddr, noted: Arc<Mutex<Noted>>, silent: bool) {
    let mut buffer = Vec::new();
    let host = own.to_string();
    stream.set_nodelay(true).expect("a setting of the connection");
    while let Some(message) = read_message(&mut stream, &mut buffer).await {
        if silent {
            continue;
        }
        let answer = lock(&noted).answer(&host, message);
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

impl Noted {
    fn answer(&mut self, host: &str, message: Message) -> Arc<[u8]> {
        let line = message.first_line();
        let path = line.get(1).copied().unwrap_or_default();
        if line.first() == Some(&"GET") {
            let missing = || Arc::from(&b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"[..]);
            return self.documents.get(path).cloned().unwrap_or_else(missing);
        }
        let inbox = format!("{host}{path}");
        self.note(inbox, host, message);
        Arc::from(&b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"[..])
    }

    fn note(&mut self, inbox: String, host: &str, message: Message) {
        let Ok(WithId { id }) = serde_json::from_slice(message.body()) else { return };
        self.copies += 1;
        let now = Instant::now();
        self.first.get_or_insert(now);
        if self.arrived.insert((inbox, id)) {
            self.last = Some(now);
        }
        if self.copies % SAMPLE == 1 {
            self.samples.push((host.to_owned(), message));
        }
    }
}

fn is_signed(host: &str, message: &Message, key: &PublicKey, now: Time) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in message.head().lines().filter_map(|line| line.split_once(':')) {
        let name: HeaderName = name.parse().expect("a header name");
        headers.append(name, HeaderValue::from_str(value.trim()).expect("a header"));
    }
    let line = message.first_line();
    let request = Request { method: line[0], path_and_query: line[1], headers: &headers, body: message.body() };
    read_claim(&request, host, "http", now).is_ok_and(|claim| claim.verify(key))
}
