//! What we send: statements to 500 inboxes on 50 servers.

use std::time::{Duration, Instant};

use picket::actors::RemoteActor;
use picket::federation::outbox;
use picket::node::Node;
use picket::statements::draft::Draft;

use crate::Amounts;
use crate::database::Database;
use crate::followers::{self, follower};
use crate::inbound::per_second;
use crate::limits::Limits;
use crate::machine::{Cores, cpu_time, memory};
use crate::node::Home;
use crate::peers::Peers;
use crate::table::{Beside, Table};

/// The loopback addresses of the followers' servers.
pub const GROUP: u8 = 2;
/// Their number.
pub const HOSTS: u8 = 50;
const INBOXES_PER_HOST: u8 = 10;
/// Those that accept and never answer, in the second part.
const SILENT: u8 = 5;
const PATIENCE: Duration = Duration::from_mins(1);

/// A union with followers on all those servers publishes.
pub async fn measure(cores: Cores, amounts: &Amounts, database: &Database, limits: &Limits, table: &mut Table) {
    all_answer(cores, amounts, database, limits, table).await;
    some_are_silent(cores, database, table).await;
}

async fn all_answer(cores: Cores, amounts: &Amounts, database: &Database, limits: &Limits, table: &mut Table) {
    let peers = Peers::start(GROUP, HOSTS, 0).await;
    let fresh = database.fresh();
    let home = Home::new(fresh.url.as_deref());
    let node = home.open().await;
    let inboxes = add_followers(&node, &peers).await;
    let running = home.start(cores);

    let committed = publish(&node, 1).await;
    let arrivals = peers.arrivals(inboxes, PATIENCE).await;
    let took = arrivals.last.saturating_duration_since(committed);
    let counted = format!(
        "{} of {inboxes} inboxes, from the command's commit (which the node sees within 500 ms)",
        arrivals.distinct
    );
    table.row(
        &format!("one statement to the last of 500 inboxes, {}", database.name),
        took.as_secs_f64() * 1000.0,
        "ms",
        Beside { counted, ..Beside::default() },
    );

    peers.forget();
    let expected = inboxes * amounts.statements;
    let speed = limits.speed();
    let used = cpu_time(running.id());
    publish(&node, amounts.statements).await;
    let arrivals = peers.arrivals(expected, PATIENCE).await;
    let alone = Some(per_second(arrivals.distinct, cpu_time(running.id()).saturating_sub(used)));
    let (good, looked_at) = peers.verified(&union_key(&node).await, node.now());
    let counted = format!(
        "{} of {expected} (inbox, id) pairs in {} requests; {good} of {looked_at} signatures looked at are good",
        arrivals.distinct, arrivals.copies
    );
    let beside = Beside {
        limit: Some((limits.outbound(speed), "sign + bare client")),
        goal: "50 %",
        alone,
        light_server: Some((700.0, 800.0)),
        counted,
        ..Beside::default()
    };
    let rate = per_second(arrivals.distinct, arrivals.last - arrivals.first);
    table.row(&format!("deliveries to 500 inboxes on 50 servers, {}", database.name), rate, "/s", beside);
    let beside = Beside { goal: "120 MiB", counted: "VmHWM after all of the above".to_owned(), ..Beside::default() };
    table.row(
        &format!("peak memory while delivering, {}", database.name),
        memory(running.id(), "VmHWM"),
        "MiB",
        beside,
    );
    drop(running);
    drop(node);
}

async fn some_are_silent(cores: Cores, database: &Database, table: &mut Table) {
    let peers = Peers::start(GROUP, HOSTS, SILENT).await;
    let fresh = database.fresh();
    let home = Home::new(fresh.url.as_deref());
    let node = home.open().await;
    let healthy = add_followers(&node, &peers).await - peers.silent() * usize::from(INBOXES_PER_HOST);
    let running = home.start(cores);
    let committed = publish(&node, 1).await;
    let arrivals = peers.arrivals(healthy, PATIENCE).await;
    let took = arrivals.last.saturating_duration_since(committed);
    let counted =
        format!("{} of {healthy} inboxes of servers that answer; {SILENT} of {HOSTS} never do", arrivals.distinct);
    let name = format!("one statement to the last of 450 living inboxes, {}", database.name);
    table.row(&name, took.as_secs_f64() * 1000.0, "ms", Beside { counted, ..Beside::default() });
    drop(running);
    drop(node);
}

/// Publishes statements one right after the other, and says when the last was committed.
async fn publish(node: &Node, count: usize) -> Instant {
    for number in 0..count {
        let markdown = format!(
            "Statement {number}.\n\nThe yard has been closed since Monday. Management withdrew the agreement of March and locked the gates. We ask \
            every branch to send a message of solidarity, to refuse diverted work, and to tell us what can be collected.\n\n\
            - Demonstration on Friday at ten, at the main gate\n- Collection at all branches\n\nMore at https://union.example/strike #solidarity"
        );
        outbox::publish(node, Draft { markdown, ..Draft::default() }).await.expect("a statement");
    }
    Instant::now()
}

/// Followers with an inbox each; says how many.
async fn add_followers(node: &Node, peers: &Peers) -> usize {
    let mut all = Vec::new();
    for host in 1..=HOSTS {
        let base = format!("http://{}", peers.authority(GROUP, host));
        let own = |number: u8| {
            let shared_inbox = Some(format!("{base}/inbox/{number}"));
            RemoteActor { shared_inbox, ..follower(&base, number.into()) }
        };
        all.extend((0..INBOXES_PER_HOST).map(own));
    }
    followers::add(node, all).await
}

async fn union_key(node: &Node) -> picket::crypto::PublicKey {
    node.keys().await.expect("keys").union.key.public_key().expect("the union's key")
}
