//! What one node does on one core of this machine, beside what the machine could do at most.
//!
//! `cargo bench --bench node` runs all of it in three or four minutes, `cargo bench --bench node -- --quick` less of it in a minute;
//! other words choose parts: `start`, `page`, `growth`, `inbound`, `outbound`, `reach`. With `TEST_POSTGRES_URL` (a cluster whose user may create databases) the
//! parts that write are run on PostgreSQL as well.
//!
//! The node is a real process on a core of its own, the driver (senders, their servers, the inboxes of followers) has another. Effects are
//! counted where they should be: rows in the database, distinct activities in distinct inboxes. Machines are noisy, so each
//! rate stands there by the clock and by the time that the node had on its core, and the share of the limit, which the same run measured
//! likewise, says more than either.

mod archive;
mod database;
mod followers;
mod growth;
mod inbound;
mod limits;
mod machine;
mod node;
mod outbound;
mod page;
mod peers;
mod reach;
mod senders;
mod start;
mod table;
mod web;

use std::process::ExitCode;

use database::Databases;
use limits::Limits;
use machine::Cores;
use table::Table;

/// How much of everything.
#[derive(Clone, Copy)]
pub struct Amounts {
    /// Actors who introduce themselves and follow.
    pub followers: usize,
    /// Answers to a statement.
    pub answers: usize,
    /// Statements that are published one right after the other.
    pub statements: usize,
    /// Starts of which the middle one counts.
    pub starts: usize,
    /// Times that a page is asked for.
    pub pages: usize,
    /// Statements in a small archive and in a large one; a tenth as many followers.
    pub archives: (usize, usize),
    /// Seconds for each limit.
    pub limit_seconds: f64,
}

const FULL: Amounts = Amounts {
    followers: 2_000,
    answers: 6_000,
    statements: 10,
    starts: 5,
    pages: 60_000,
    archives: (1_000, 30_000),
    limit_seconds: 1.0,
};
const QUICK: Amounts = Amounts {
    followers: 400,
    answers: 1_000,
    statements: 3,
    starts: 3,
    pages: 6_000,
    archives: (500, 5_000),
    limit_seconds: 0.3,
};
/// What is promised for growth: some minutes to fill, and two gigabytes.
const WHOLE_ARCHIVES: (usize, usize) = (10_000, 1_000_000);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    // This program is also the bare server and the bare client that the node is compared with.
    match words.first().map(String::as_str) {
        Some(limits::BARE_SERVER) => limits::serve_barely(&words[1]),
        Some(limits::BARE_CLIENT) => limits::post_barely(&words[1..]),
        Some(page::BARE_PAGE) => page::serve_page_barely(&words[1..]),
        Some(archive::FILL) => archive::fill_folder(&words[1..]),
        _ => run(&words),
    }
    ExitCode::SUCCESS
}

fn run(words: &[String]) {
    let is_said = |option: &str| words.iter().any(|word| word == option);
    let mut amounts = if is_said("--quick") { QUICK } else { FULL };
    if is_said("--million") {
        amounts.archives = WHOLE_ARCHIVES;
    }
    let parts: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|word| *word == part);
    let cores = Cores::divide();
    println!("{}", machine::description(cores));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime for the driver");
    let mut table = Table::default();
    let limits = Limits::measure(cores, &amounts, &runtime);
    limits.tell(&mut table);
    if wanted("start") {
        start::measure(cores, &amounts, &mut table);
    }
    let databases = Databases::find();
    for database in databases.all() {
        if wanted("page") {
            runtime.block_on(page::measure(cores, &amounts, database, &mut table));
        }
        if wanted("growth") {
            runtime.block_on(growth::measure(cores, &amounts, database, &mut table));
        }
        if wanted("inbound") {
            runtime.block_on(inbound::measure(cores, &amounts, database, &limits, &mut table));
        }
        if wanted("outbound") {
            runtime.block_on(outbound::measure(cores, &amounts, database, &limits, &mut table));
        }
        if wanted("reach") {
            runtime.block_on(reach::measure(cores, database, &mut table));
        }
    }
    table.print();
}
