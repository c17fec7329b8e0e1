//! Start-up time, and the memory of a node that does nothing.

use std::time::Duration;

use crate::Amounts;
use crate::machine::{Cores, memory};
use crate::node::Home;
use crate::table::{Beside, Table};

/// What is still under way after a start is over by then.
const IDLE_AFTER: Duration = Duration::from_secs(5);

/// Starts a real node several times.
pub fn measure(cores: Cores, amounts: &Amounts, table: &mut Table) {
    let mut first = Vec::new();
    let mut second = Vec::new();
    let mut idle = 0.0;
    for round in 0..amounts.starts {
        let home = Home::new(None);
        first.push(milliseconds(home.start(cores).started_in));
        let running = home.start(cores);
        second.push(milliseconds(running.started_in));
        if round == 0 {
            std::thread::sleep(IDLE_AFTER);
            idle = memory(running.id(), "VmRSS");
        }
    }
    let counted = |what: &str| Beside {
        light_server: Some((1_300.0, 1_300.0)),
        less_is_better: true,
        counted: format!("exec to the first 200 of /healthz, {what}; middle of {}", amounts.starts),
        ..Beside::default()
    };
    table.row("first start", middle(first), "ms", counted("keys and tables made"));
    table.row("later start", middle(second), "ms", counted("keys and tables there"));
    let beside = Beside {
        light_server: Some((130.0, 130.0)),
        goal: "30 MiB",
        less_is_better: true,
        counted: "VmRSS 5 s after a start".to_owned(),
        ..Beside::default()
    };
    table.row("idle memory", idle, "MiB", beside);
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
