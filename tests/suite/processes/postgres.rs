//! A PostgreSQL that is stopped and started again beneath a running node.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::database::Database;
use super::ended::{PATIENCE, eventually};
use super::union::{Union, free_port};
use super::variable;

/// A cluster of this test alone.
struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// `None`, said aloud, where nothing says where the programs of PostgreSQL are.
    fn start() -> Option<Self> {
        let Some(programs) = variable("TEST_POSTGRES_PROGRAMS") else {
            println!("skipped: TEST_POSTGRES_PROGRAMS is not set");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("picket-pg").tempdir_in("/tmp").expect("a folder");
        let mut cluster = Self { folder, programs: programs.into(), port: free_port(), server: None };
        let owned = Command::new("chown").arg("nobody").arg(cluster.folder.path()).stderr(Stdio::null()).status();
        owned.expect("chown");
        let made = cluster
            .program("initdb")
            .args([
                "--pgdata=data",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ])
            .output()
            .expect("initdb");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.serve();
        Some(cluster)
    }

    /// PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
        let mut command = if is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=QUIT"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn serve(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("log")).expect("a log");
        let mut server = self.program("postgres");
        server.args([
            "-D",
            "data",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
            "-p",
            &self.port.to_string(),
        ]);
        server.arg("-k").arg(self.folder.path()).stdout(Stdio::null()).stderr(log);
        self.server = Some(server.spawn().expect("postgres"));
        eventually("PostgreSQL is up", PATIENCE, || self.is_up().then_some(()));
    }

    fn is_up(&self) -> bool {
        let mut asked = self.program("pg_isready");
        asked.args(["--quiet", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        asked.status().is_ok_and(|status| status.success())
    }

    /// Breaks off whatever is under way, as an upgrade of the system does.
    fn stop(&mut self) {
        let mut server = self.server.take().expect("a running server");
        // By its own id: the launcher has become the server.
        let told = Command::new("kill").args(["-INT", &server.id().to_string()]).status();
        assert!(told.expect("kill").success());
        server.wait().expect("its end");
    }

    fn url(&self) -> String {
        format!("postgres://postgres:unsaid@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
            let _ = server.wait();
        }
    }
}

#[test]
fn a_postgresql_that_is_stopped_and_started_again_needs_no_hands() {
    let Some(mut cluster) = Cluster::start() else { return };
    let mut one = Union::without_server(&Database::Sqlite, "one");
    one.set("PICKET_DATABASE_URL", &cluster.url());
    one.serve();
    let other = Union::start(&Database::Sqlite, "other");
    one.follow(&other);
    other.follow(&one);
    let before = other.publish("# Before", &[]);
    one.receives(&before);

    cluster.stop();
    // What was found a moment ago is told for a moment.
    eventually("it says so", PATIENCE, || (one.page("/healthz").status == 503).then_some(()));
    assert_eq!(one.page("/").status, 503, "a page that says so, and no broken connection");
    let during = other.publish("# During", &[]);
    let refused = one.run_with_input(&["statement", "publish", "-"], "# Unheard");
    assert!(refused.refusal(2).contains("cannot be used"), "{refused:?}");
    eventually("the node without its database refuses", PATIENCE, || {
        other.log().contains("answered 503").then_some(())
    });
    assert!(one.is_up(), "{}", one.log());

    cluster.serve();
    eventually("well again", PATIENCE, || (one.page("/healthz").status == 200).then_some(()));
    assert!(one.is_up(), "it was the same process all along");
    other.hurry();
    one.receives(&during);
    assert_eq!(one.list(&["timeline"]).len(), 2, "each once");
    let after = one.publish("# After", &[]);
    other.receives(&after);
    assert!(!one.log().contains("unsaid"), "the password stands in the log: {}", one.log());
    assert!(one.log().contains("the database cannot be reached"), "{}", one.log());
    let log = std::fs::read_to_string(Path::new(cluster.folder.path()).join("log")).expect("its log");
    assert!(!log.contains("PANIC"), "{log}");
}
