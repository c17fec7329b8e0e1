//! What others send: signed activities to committed rows.

use std::time::Duration;

use picket::federation::outbox;
use picket::node::Node;
use picket::statements::draft::Draft;

use crate::Amounts;
use crate::database::{Database, rows};
use crate::limits::Limits;
use crate::machine::{Cores, cpu_time, memory};
use crate::node::Home;
use crate::peers::Peers;
use crate::senders::{GROUP, HOSTS, Said, Senders};
use crate::table::{Beside, Table};
use crate::web::{Flood, flood};

/// Kept connections to the node.
const CONNECTIONS: usize = 96;
/// For the last Accept.
const PATIENCE: Duration = Duration::from_mins(1);

struct Stage<'a> {
    home: &'a Home,
    node: &'a Node,
    senders: &'a Senders,
    name: &'a str,
    process: u32,
}

/// Strangers introduce themselves, follow, and answer.
pub async fn measure(cores: Cores, amounts: &Amounts, database: &Database, limits: &Limits, table: &mut Table) {
    let peers = Peers::start(GROUP, HOSTS, 0).await;
    let senders = Senders::new(amounts.followers, &peers);
    let fresh = database.fresh();
    let home = Home::new(fresh.url.as_deref());
    let node = home.open().await;
    let running = home.start(cores);
    let draft = Draft { markdown: "We are on strike. Stand with us.".to_owned(), ..Draft::default() };
    let statement = outbox::publish(&node, draft).await.expect("a statement").statement.uri;
    let union = node.urls.actor();
    let stage = Stage { home: &home, node: &node, senders: &senders, name: &database.name, process: running.id() };

    let beside =
        Beside { counted: "likes of actors whose document must be fetched first".to_owned(), ..Beside::default() };
    stage.send(&senders.likes(&statement), "first words of strangers", "likes", beside, table).await;

    let expected = amounts.followers;
    let beside = Beside {
        light_server: Some((130.0, 160.0)),
        counted: "follows, each with its Accept on the way".to_owned(),
        ..Beside::default()
    };
    let flood = stage.send(&senders.follows(&union), "follows", "follows", beside, table).await;
    let arrivals = peers.arrivals(expected, PATIENCE).await;
    let took = (arrivals.last - arrivals.first).max(flood.took);
    let beside = Beside {
        counted: format!("{} of {expected} Accepts in the followers' inboxes", arrivals.distinct),
        ..Beside::default()
    };
    table.row(
        &format!("follows with Accept delivered, {}", database.name),
        per_second(arrivals.distinct, took),
        "/s",
        beside,
    );

    let speed = limits.speed();
    let answers = senders.answers(&statement, &union, amounts.answers);
    let beside = Beside {
        limit: Some((limits.inbound(speed), "HTTP + verify + clean + 2 rows")),
        goal: "50 %",
        light_server: Some((500.0, 500.0)),
        counted: "answers".to_owned(),
        ..Beside::default()
    };
    stage.send(&answers, "answers from known actors", "posts", beside, table).await;
    let beside = Beside {
        less_is_better: true,
        light_server: Some((130.0, 130.0)),
        goal: "80 MiB",
        counted: "VmHWM after all of the above".to_owned(),
        ..Beside::default()
    };
    table.row(
        &format!("peak memory under inbound load, {}", database.name),
        memory(running.id(), "VmHWM"),
        "MiB",
        beside,
    );
    drop(running);
    let said = home.log();
    if !said.is_empty() {
        eprintln!("the node said:\n{}", said.lines().take(20).collect::<Vec<_>>().join("\n"));
    }
    // Its connections go before the database does.
    drop(node);
}

impl Stage<'_> {
    async fn send(&self, said: &[Said], what: &str, rows_of: &'static str, beside: Beside, table: &mut Table) -> Flood {
        let inbox = self.node.urls.shared_inbox();
        let requests = self.senders.sign(said, &inbox);
        let before = rows(self.node, rows_of).await;
        let used = cpu_time(self.process);
        let flood = flood(self.home.address, requests, CONNECTIONS).await;
        let used = cpu_time(self.process).saturating_sub(used);
        let made = rows(self.node, rows_of).await - before;
        let counted = format!("{made} rows of {} {}{}", said.len(), beside.counted, flood.others("202"));
        table.row(
            &format!("{what}, {}", self.name),
            per_second(made, flood.took),
            "/s",
            Beside { counted, alone: Some(per_second(made, used)), ..beside },
        );
        flood
    }
}

/// A rate.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}
