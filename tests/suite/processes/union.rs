//! One union's node as a real process: the program that operators run, on a free port of loopback, with a folder and a database of
//! its own. Commands run beside it as they would in a terminal.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use picket::config::Config;
use picket::storage::Location;
use serde_json::Value;
use tempfile::TempDir;

use super::database::{Database, OwnDatabase};
use super::ended::{Ended, PATIENCE, end_of, ended, eventually};
use super::web::{self, Answer, DOCUMENT, PAGE};
use crate::harness;

/// The system hands out higher ports by itself, so a port below is still free after a restart.
const PORTS: std::ops::Range<u16> = 11_000..19_000;

/// A union's node. Dropped, its server is killed; in a failed test, it first prints what the server said.
pub struct Union {
    pub handle: String,
    /// Host and port, as in its ids.
    pub domain: String,
    folder: TempDir,
    settings: Vec<(String, String)>,
    server: Option<Child>,
    /// On PostgreSQL. Dropped last: the server has its connections.
    database: Option<OwnDatabase>,
}

impl Union {
    /// A node with a running server.
    pub fn start(on: &Database, handle: &str) -> Self {
        Self::start_with(on, handle, &[])
    }

    /// The same with settings of its own beside or over the usual.
    pub fn start_with(on: &Database, handle: &str, settings: &[(&str, &str)]) -> Self {
        let mut union = Self::without_server(on, handle);
        for (name, value) in settings {
            union.set(name, value);
        }
        // Another program may have the port, so others are tried.
        for _ in 0..20 {
            if union.try_serve().is_ok() {
                return union;
            }
            union.take_port(free_port());
        }
        panic!("no server would start: {}", union.log());
    }

    /// A node whose server does not run yet.
    pub fn without_server(on: &Database, handle: &str) -> Self {
        let mut union = Self {
            handle: handle.to_owned(),
            domain: String::new(),
            folder: tempfile::tempdir().expect("a folder"),
            settings: Vec::new(),
            server: None,
            database: on.own(),
        };
        if let Some(url) = union.database.as_ref().map(|database| database.url.clone()) {
            union.set("PICKET_DATABASE_URL", &url);
        }
        let data = union.data();
        union.set("PICKET_DATA_DIR", &data.display().to_string());
        union.set("PICKET_INSECURE", "true");
        union.set("PICKET_HANDLE", handle);
        union.set("PICKET_NAME", &format!("The union {handle}"));
        union.take_port(free_port());
        union
    }

    /// Changes one of its settings; an empty one is taken away.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.settings.push((name.to_owned(), value.to_owned()));
        }
    }

    /// One of its settings.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// Where its database is.
    pub fn location(&self) -> Location {
        let file = || format!("sqlite:{}", self.data().join("picket.sqlite").display());
        self.setting("PICKET_DATABASE_URL").unwrap_or_else(file).parse().expect("a database")
    }

    /// Says something to its database that no command says.
    pub fn sql(&self, sql: &str) {
        harness::execute(&mut harness::other_connection(&self.location()), sql);
    }

    /// Lets whatever waits be tried again, as if the pauses were over.
    pub fn hurry(&self) {
        self.sql(
            "UPDATE deliveries SET next_try_at = '2026-01-01 00:00:00' WHERE state = 'pending'; \
             UPDATE lanes SET next_try_at = '2026-01-01 00:00:00' WHERE next_try_at IS NOT NULL",
        );
    }

    fn take_port(&mut self, port: u16) {
        self.domain = format!("127.0.0.1:{port}");
        let domain = self.domain.clone();
        self.set("PICKET_DOMAIN", &domain);
        self.set("PICKET_LISTEN", &domain);
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside its data folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// `@handle@host`.
    pub fn address(&self) -> String {
        format!("@{}@{}", self.handle, self.domain)
    }

    /// Its actor's id.
    pub fn actor(&self) -> String {
        format!("http://{}/actor", self.domain)
    }

    /// An address here.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.domain)
    }

    /// Its settings, as the program reads them.
    pub fn config(&self) -> Config {
        let ours = self.settings.iter().filter(|(name, _)| name.starts_with("PICKET_"));
        Config::from_sources(None, ours.cloned().collect()).expect("settings")
    }

    /// The program with this union's settings and nothing else from the environment.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_picket"));
        self.settle(&mut command);
        command
    }

    /// Gives this union's settings to a command.
    pub fn settle(&self, command: &mut Command) {
        command.env_clear().envs(self.settings.iter().cloned()).current_dir(self.folder.path()).stdin(Stdio::null());
    }

    /// Runs a command.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.program().args(arguments))
    }

    /// Runs a command with a text on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.program();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let mut stdin = child.stdin.take().expect("its standard input");
        // A program that refuses early closes its end; what it says is judged, not this.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        end_of(child, PATIENCE)
    }

    /// Runs a command that must do what it is told, and gives its JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(ended.code, Some(0), "picket {arguments:?} of {}: {}", self.handle, ended.stderr);
        ended.json()
    }

    /// The list that a command prints.
    pub fn list(&self, arguments: &[&str]) -> Vec<Value> {
        match self.json(arguments) {
            Value::Array(entries) => entries,
            other => panic!("picket {arguments:?} prints no list but {other}"),
        }
    }

    /// Publishes a text from standard input; gives its id.
    pub fn publish(&self, text: &str, options: &[&str]) -> String {
        let arguments = [&["statement", "publish", "-", "--json"], options].concat();
        let told = self.run_with_input(&arguments, text).json();
        told["id"].as_str().expect("an id").to_owned()
    }

    /// Puts another text in the place of a statement.
    pub fn edit(&self, id: &str, text: &str) -> Value {
        self.run_with_input(&["statement", "edit", id, "-", "--json"], text).json()
    }

    /// What its timeline shows of a statement; nothing while it has not arrived.
    pub fn timeline_entry(&self, id: &str) -> Option<Value> {
        self.list(&["timeline", "--limit", "1000"]).into_iter().find(|entry| entry["id"] == id)
    }

    /// Waits until a statement is in its timeline.
    pub fn receives(&self, id: &str) -> Value {
        eventually(&format!("{} receives {id}", self.handle), PATIENCE, || self.timeline_entry(id))
    }

    /// Follows another union and waits until that is accepted.
    pub fn follow(&self, other: &Union) {
        self.json(&["follow", &other.address()]);
        self.is_accepted_by(other);
    }

    /// Waits until another union has accepted.
    pub fn is_accepted_by(&self, other: &Union) {
        eventually(&format!("{} accepts {}", other.handle, self.handle), PATIENCE, || {
            let following = self.list(&["following"]);
            following.iter().any(|one| one["actor"] == other.actor() && one["state"] == "accepted").then_some(())
        });
    }

    /// Fetches an address, or a path of this node, as another server does.
    pub fn document(&self, address: &str) -> Answer {
        web::get(&self.whole(address), DOCUMENT)
    }

    /// Fetches an address, or a path of this node, as a browser does.
    pub fn page(&self, address: &str) -> Answer {
        web::get(&self.whole(address), PAGE)
    }

    fn whole(&self, address: &str) -> String {
        if address.starts_with('/') { self.at(address) } else { address.to_owned() }
    }

    /// Starts the server and waits until it answers.
    pub fn serve(&mut self) {
        if let Err(status) = self.try_serve() {
            panic!("the server of {} ended with {status}: {}", self.handle, self.log());
        }
    }

    fn try_serve(&mut self) -> Result<(), ExitStatus> {
        assert!(self.server.is_none(), "{} serves already", self.handle);
        let log = File::options().create(true).append(true).open(self.log_file()).expect("a log");
        let out = log.try_clone().expect("the same log");
        let mut server = self.program().arg("serve").stdout(out).stderr(log).spawn().expect("the program");
        let health = self.at("/healthz");
        let up =
            eventually(&format!("{} is up", self.handle), PATIENCE, || match server.try_wait().expect("its state") {
                Some(status) => Some(Err(status)),
                None => (web::try_get(&health, PAGE)?.status == 200).then_some(Ok(())),
            });
        if up.is_ok() {
            self.server = Some(server);
        }
        up
    }

    /// `kill -9`: no goodbye.
    pub fn kill(&mut self) {
        let mut server = self.server.take().expect("a running server");
        server.kill().expect("to kill it");
        server.wait().expect("its end");
    }

    /// SIGTERM; gives how the server ended.
    pub fn stop(&mut self) -> ExitStatus {
        let server = self.server.as_mut().expect("a running server");
        let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill");
        assert!(told.success());
        let ended = eventually(&format!("{} stops", self.handle), PATIENCE, || server.try_wait().expect("its state"));
        self.server = None;
        ended
    }

    /// What its server holds in memory, in KiB, where the system tells.
    pub fn memory(&self) -> Option<u64> {
        let id = self.server.as_ref().expect("a running server").id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    }

    /// Whether its server runs still.
    pub fn is_up(&mut self) -> bool {
        self.server.as_mut().is_some_and(|server| server.try_wait().expect("its state").is_none())
    }

    /// What its server said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
}

impl Drop for Union {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what the server of {} said:\n{}", self.handle, self.log());
        }
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// A port that nobody has at this moment.
pub fn free_port() -> u16 {
    use std::hash::{BuildHasher, RandomState};
    let span = usize::from(PORTS.end - PORTS.start);
    let candidates = (0_u8..200).map(|number| {
        #[expect(clippy::cast_possible_truncation, reason = "any number will do")]
        let chance = RandomState::new().hash_one(number) as usize;
        PORTS.start + u16::try_from(chance % span).expect("a port")
    });
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    candidates.into_iter().find(is_free).expect("a free port")
}
