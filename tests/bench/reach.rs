//! One statement to 10,000 followers on 2,000 servers, each 300 milliseconds away; a tenth of them accept connections and never answer.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use picket::federation::outbox;
use picket::node::Node;
use picket::statements::draft::Draft;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::database::Database;
use crate::followers::{self, follower};
use crate::machine::{Cores, memory};
use crate::node::{Home, free_address};
use crate::table::{Beside, Table};
use crate::web::read_message;

/// The first third byte of the servers' addresses, of which each has 250.
const FIRST_GROUP: u8 = 10;
const GROUPS: u8 = 8;
const HOSTS_OF_GROUP: u8 = 250;
const FOLLOWERS_OF_HOST: u8 = 5;
/// Of each ten servers one hangs.
const HANGING: u8 = 10;
const AWAY: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_mins(2);
const ACCEPTED: &[u8] = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";

/// A union with all those followers publishes.
pub async fn measure(cores: Cores, database: &Database, table: &mut Table) {
    let sinks = Sinks::start().await;
    let fresh = database.fresh();
    let home = Home::new(fresh.url.as_deref());
    let node = home.open().await;
    let followers = sinks.follow(&node).await;
    let running = home.start(cores);
    let markdown = "The yard has been closed since Monday. We ask every branch to refuse diverted work.".to_owned();
    outbox::publish(&node, Draft { markdown, ..Draft::default() }).await.expect("a statement");
    let committed = Instant::now();

    let living = sinks.living();
    let (arrived, last) = sinks.until_arrived(living).await;
    let hanging = sinks.hosts.len() - living;
    let counted = format!(
        "{arrived} of {living} servers that answer, {hanging} more hang; {followers} followers; from the command's commit"
    );
    let took = last.saturating_duration_since(committed).as_secs_f64() * 1000.0;
    let beside = Beside { counted, less_is_better: true, ..Beside::default() };
    table.row(
        &format!("one statement to the last living of 2,000 servers, 300 ms away, {}", database.name),
        took,
        "ms",
        beside,
    );
    let counted = "VmHWM after that".to_owned();
    let beside = Beside { counted, less_is_better: true, ..Beside::default() };
    let peak = memory(running.id(), "VmHWM");
    table.row(&format!("peak memory while delivering to 2,000 servers, {}", database.name), peak, "MiB", beside);
    drop(running);
    drop(node);
}

/// The servers; they end when dropped.
struct Sinks {
    hosts: Vec<SocketAddr>,
    arrived: Arc<Mutex<Arrived>>,
    _listeners: JoinSet<()>,
}

/// Which servers have got something, and when the last of them first did.
#[derive(Default)]
struct Arrived {
    hosts: HashSet<SocketAddr>,
    last: Option<Instant>,
}

impl Sinks {
    async fn start() -> Self {
        let port = free_address().port();
        let (mut hosts, mut listeners) = (Vec::new(), JoinSet::new());
        let arrived = Arc::new(Mutex::new(Arrived::default()));
        for group in FIRST_GROUP..FIRST_GROUP + GROUPS {
            for host in 1..=HOSTS_OF_GROUP {
                let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, group, host)), port);
                let listener = TcpListener::bind(address).await.expect("a loopback address");
                listeners.spawn(serve(listener, address, Arc::clone(&arrived)));
                hosts.push(address);
            }
        }
        Self { hosts, arrived, _listeners: listeners }
    }

    /// How many of them answer.
    fn living(&self) -> usize {
        self.hosts.iter().filter(|host| !hangs(**host)).count()
    }

    /// Inserts the followers, and says how many.
    async fn follow(&self, node: &Node) -> usize {
        let of_host = |host: &SocketAddr| {
            let base = format!("http://{host}");
            (0..FOLLOWERS_OF_HOST).map(move |number| follower(&base, number.into()))
        };
        followers::add(node, self.hosts.iter().flat_map(of_host).collect()).await
    }

    /// Waits until so many have got something, or for some time at most.
    async fn until_arrived(&self, expected: usize) -> (usize, Instant) {
        let begun = Instant::now();
        loop {
            let (count, last) = {
                let arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
                (arrived.hosts.len(), arrived.last.unwrap_or(begun))
            };
            if count >= expected || begun.elapsed() > PATIENCE {
                return (count, last);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn hangs(host: SocketAddr) -> bool {
    let IpAddr::V4(address) = host.ip() else { return false };
    address.octets()[3] % HANGING == 0
}

async fn serve(listener: TcpListener, host: SocketAddr, arrived: Arc<Mutex<Arrived>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(answer_all(stream, host, Arc::clone(&arrived)));
        while connections.try_join_next().is_some() {}
    }
}

async fn answer_all(mut stream: TcpStream, host: SocketAddr, arrived: Arc<Mutex<Arrived>>) {
    let mut buffer = Vec::new();
    stream.set_nodelay(true).expect("a setting of the connection");
    while read_message(&mut stream, &mut buffer).await.is_some() {
        if hangs(host) {
            continue;
        }
        {
            let mut arrived = arrived.lock().unwrap_or_else(PoisonError::into_inner);
            if arrived.hosts.insert(host) {
                arrived.last = Some(Instant::now());
            }
        }
        tokio::time::sleep(AWAY).await;
        if stream.write_all(ACCEPTED).await.is_err() {
            return;
        }
    }
}
