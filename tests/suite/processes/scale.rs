//! Several processes on one PostgreSQL database.

use std::fs::File;
use std::process::{Child, Command};
use std::time::Duration;

use super::database::{Database, on_both};
use super::ended::{PATIENCE, ended, eventually};
use super::sinks::Sinks;
use super::union::Union;

/// A further server of a union. Dropped, it is killed.
struct Beside {
    server: Child,
    log: std::path::PathBuf,
}

impl Beside {
    fn start(union: &Union, role: &str) -> Self {
        let log = union.file(&format!("{role}-{}.log", super::union::free_port()), "");
        let out = File::options().append(true).open(&log).expect("a log");
        let mut program = union.program();
        program.args(["serve", "--role", role]).env("RUST_LOG", "picket=debug");
        program.env("PICKET_LISTEN", format!("127.0.0.1:{}", super::union::free_port()));
        let server = program.stdout(out.try_clone().expect("the same log")).stderr(out).spawn().expect("the program");
        Self { server, log }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// SIGTERM, without waiting for the end.
    fn tell_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.server.id().to_string()]).status().expect("kill");
        assert!(told.success());
    }

    /// `kill -9`.
    fn kill(&mut self) {
        self.server.kill().expect("to kill it");
        self.server.wait().expect("its end");
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what a further server said:\n{}", self.log());
        }
        // It may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Waits until every inbox has everything, and looks at the order.
fn all_arrive(sinks: &Sinks, ids: &[String]) {
    let expected = sinks.inboxes().count() * ids.len();
    eventually(&format!("{expected} deliveries"), PATIENCE, || (sinks.distinct() >= expected).then_some(()));
    for (inbox, arrived) in sinks.in_order() {
        assert_eq!(arrived, ids, "{inbox}: each once by id, in the order of publishing");
    }
}

on_both! {
    fn five_of_fifty_servers_hang_and_the_others_have_everything_at_once(on) {
        let press = Union::start(on, "press");
        let sinks = Sinks::start(50, 10);
        sinks.follow(&press);
        sinks.hang(5);
        let ids = sinks.publish(&press, 1);
        eventually("the 450 living inboxes", PATIENCE, || (sinks.distinct() >= 450).then_some(()));
        assert!(sinks.held() <= 5 * 8, "{} requests to five servers", sinks.held());
        assert_eq!(sinks.distinct(), 450, "and nobody else's");
        sinks.let_go();
        all_arrive(&sinks, &ids);
    }
}

#[test]
fn two_processes_deliver_together_and_when_one_is_killed_the_other_ends_its_work() {
    let Some(on) = Database::postgres("two processes") else { return };
    let one = Union::start(&on, "one");
    // More inboxes than one process has under way, so that there is work for both.
    let sinks = Sinks::start(40, 7);
    sinks.follow(&one);
    sinks.delay(Duration::from_millis(30));
    let mut other = Beside::start(&one, "delivery");
    eventually("the other is up", PATIENCE, || other.log().contains("is up").then_some(()));
    let mut ids = Vec::new();
    eventually("both deliver", PATIENCE, || {
        ids.extend(sinks.publish(&one, 1));
        other.log().contains("delivered").then_some(())
    });
    other.kill();
    ids.extend(sinks.publish(&one, 1));
    all_arrive(&sinks, &ids);
    let in_flight = sinks.inboxes().count();
    assert!(sinks.copies() <= in_flight, "{} copies; {in_flight} can have been in flight", sinks.copies());
}

#[test]
fn what_a_process_has_under_way_when_it_is_told_to_stop_is_not_sent_by_others_too() {
    let Some(on) = Database::postgres("a stop") else { return };
    let mut press = Union::without_server(&on, "press");
    press.set("PICKET_ROLE", "web");
    press.serve();
    let sinks = Sinks::start(4, 1);
    sinks.follow(&press);
    sinks.hang(2);
    let mut stopping = Beside::start(&press, "delivery");
    let mut ids = sinks.publish(&press, 1);
    eventually("all are asked", PATIENCE, || (sinks.distinct() == 2 && sinks.held() == 2).then_some(()));
    stopping.tell_to_stop();
    // It frees what the dead held when it starts, before it delivers anything.
    let _other = Beside::start(&press, "delivery");
    ids.extend(sinks.publish(&press, 1));
    eventually("the other delivers", PATIENCE, || (sinks.distinct() == 4).then_some(()));
    assert_eq!(sinks.held(), 2, "nothing is sent twice");
    assert!(stopping.server.try_wait().expect("its state").is_none(), "it still waits for the answers");
    sinks.let_go();
    all_arrive(&sinks, &ids);
    assert_eq!(sinks.copies(), 0);
    eventually("it ends", PATIENCE, || stopping.server.try_wait().expect("its state"));
}

#[test]
fn one_process_answers_and_another_delivers() {
    let Some(on) = Database::postgres("roles") else { return };
    let mut press = Union::without_server(&on, "press");
    press.set("PICKET_ROLE", "web");
    // At this level a delivery is told.
    press.set("RUST_LOG", "picket=debug");
    press.serve();
    let sinks = Sinks::start(2, 2);
    sinks.follow(&press);
    let ids = sinks.publish(&press, 2);
    assert_eq!(press.document("/actor").status, 200);
    assert_eq!(sinks.distinct(), 0, "nobody delivers yet");
    let delivering = Beside::start(&press, "delivery");
    all_arrive(&sinks, &ids);
    eventually("the other says so", PATIENCE, || delivering.log().contains("delivered").then_some(()));
    assert!(!press.log().contains("delivery") && !press.log().contains("delivered"), "{}", press.log());
    drop(delivering);
}

#[test]
fn a_container_that_only_delivers_is_well_and_another_is_asked() {
    let mut press = Union::start(&Database::Sqlite, "press");
    let check = |union: &Union| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/healthcheck");
        let mut check = Command::new("bash");
        union.settle(&mut check);
        ended(check.arg(script)).code == Some(0)
    };
    assert!(check(&press), "it answers");
    press.stop();
    assert!(!check(&press), "nobody answers");
    press.set("PICKET_ROLE", "delivery");
    assert!(check(&press), "nobody has to answer");
}

#[test]
fn a_role_on_sqlite_is_refused() {
    let press = Union::without_server(&Database::Sqlite, "press");
    for role in ["web", "delivery"] {
        let ended = press.run(&["serve", "--role", role]);
        assert!(ended.refusal(2).contains("PostgreSQL"), "{ended:?}");
    }
    assert!(press.run(&["serve", "--role", "worker"]).stderr.contains("web, delivery or all"));
}
