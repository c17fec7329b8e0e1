//! A real `picket serve`, with a data folder of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use picket::clock::Clock;
use picket::config::Config;
use picket::node::Node;
use tempfile::TempDir;

use crate::machine::Cores;

/// How long a node may take to start.
const START_DEADLINE: Duration = Duration::from_mins(1);

/// Settings and folder of a node that may run several times.
pub struct Home {
    folder: TempDir,
    /// Where it listens, which is also its domain.
    pub address: SocketAddr,
    settings: BTreeMap<String, String>,
}

/// A running node; ends when dropped.
pub struct Running {
    child: Child,
    /// From exec to the first 200 of `/healthz`.
    pub started_in: Duration,
}

impl Home {
    /// A new node's home; its database is a file in its folder unless another is given.
    pub fn new(database_url: Option<&str>) -> Self {
        // On the disk where the project is built: the temporary folder of some machines is memory.
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let address = free_address();
        let mut settings = BTreeMap::from([
            ("PICKET_DOMAIN".to_owned(), address.to_string()),
            ("PICKET_LISTEN".to_owned(), address.to_string()),
            ("PICKET_DATA_DIR".to_owned(), folder.path().join("data").display().to_string()),
            ("PICKET_INSECURE".to_owned(), "true".to_owned()),
        ]);
        if let Some(url) = database_url {
            settings.insert("PICKET_DATABASE_URL".to_owned(), url.to_owned());
        }
        Self { folder, address, settings }
    }

    /// Starts the server and waits until it answers.
    pub fn start(&self, cores: Cores) -> Running {
        let log = File::create(self.folder.path().join("log")).expect("a log");
        let begun = Instant::now();
        let child = cores
            .on_node_core(env!("CARGO_BIN_EXE_picket"))
            .arg("serve")
            .envs(&self.settings)
            .env("RUST_LOG", "warn")
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("picket starts");
        let mut running = Running { child, started_in: Duration::ZERO };
        while !is_healthy(self.address) {
            let ended = running.child.try_wait().expect("its state");
            assert!(ended.is_none() && begun.elapsed() < START_DEADLINE, "picket did not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(1));
        }
        running.started_in = begun.elapsed();
        running
    }

    /// The same node in this process, beside the server, as each command of the command line opens it.
    pub async fn open(&self) -> Node {
        let config = Config::from_sources(None, self.settings.clone()).expect("settings");
        Node::open(config, Clock::default()).await.expect("the node opens")
    }

    /// What the node said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Running {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // By its id; it may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody uses at this moment.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address")
}

fn is_healthy(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let asked = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(asked.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}
