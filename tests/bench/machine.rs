//! Cores, and what the system says of a process.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Which core is whose; without `taskset`, or on one core, everybody shares.
#[derive(Clone, Copy)]
pub struct Cores {
    divided: bool,
}

const NODE: &str = "0";
const DRIVER: &str = "1";

impl Cores {
    /// Gives the driver its core: to be called before it starts any thread.
    pub fn divide() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let moved = || {
            let driver = std::process::id().to_string();
            let pinned = Command::new("taskset").args(["-acp", DRIVER, &driver]).stdout(Stdio::null()).status();
            pinned.is_ok_and(|status| status.success())
        };
        Self { divided: cores > 1 && moved() }
    }

    /// A program on the node's core. `taskset` becomes the program, so that its process id is the program's.
    pub fn on_node_core(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = if self.divided {
            let mut command = Command::new("taskset");
            command.args(["-c", NODE]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.env_clear().stdin(Stdio::null());
        command
    }
}

/// How long the program takes that only says its version: exec and the linked libraries. The middle of several.
pub fn program_starts_in(cores: Cores) -> Duration {
    const TIMES: usize = 11;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let ended = cores.on_node_core(env!("CARGO_BIN_EXE_picket")).arg("--version").stdout(Stdio::null()).status();
        assert!(ended.is_ok_and(|status| status.success()), "picket --version");
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times[TIMES / 2]
}

/// One line about where the figures come from.
pub fn description(cores: Cores) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| rest.trim_start_matches(['\t', ' ', ':']));
    let count = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    let divided = if cores.divided { "node on one core, driver on another" } else { "node and driver share all cores" };
    format!("{count} cores, {model}; {divided}; load before the run {load}\n")
}

/// A value of `/proc/PID/status` in MiB, such as `VmRSS` (now) or `VmHWM` (its peak).
#[expect(clippy::cast_precision_loss, reason = "memory sizes are far below 2^52")]
pub fn memory(process: u32, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the system's word on a process");
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("its memory");
    let kib: u64 = line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().expect("a number");
    kib as f64 / 1024.0
}

/// The time that a process has had on a core so far.
pub fn cpu_time(process: u32) -> Duration {
    /// What the system counts in (`USER_HZ`), on all Linux machines that Rust knows.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the system's word on a process");
    // The name in brackets may hold blanks; `utime` and `stime` are the 12th and 13th words behind it.
    let words: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| words[place].parse::<u64>().expect("a count of ticks");
    Duration::from_millis((ticks(11) + ticks(12)) * 1000 / TICKS_PER_SECOND)
}
