//! A command, run to its end, and what it left behind.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long anything may take before a test calls it lost: far above what it takes, since machines are busy.
pub const PATIENCE: Duration = Duration::from_secs(40);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again until something is there.
pub fn eventually<T>(what: &str, deadline: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < deadline, "{what}: not within {deadline:?}");
        std::thread::sleep(PAUSE);
    }
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The one JSON document of a command that did what it was told.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.document()
    }

    /// The one JSON document on standard output, whatever the exit code.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {:?}", self.stdout))
    }

    /// The one line of a command that refused.
    pub fn refusal(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stdout, "", "a refusal says nothing on standard output");
        let said = self.stderr.strip_suffix('\n').expect("a line");
        assert!(!said.is_empty() && !said.contains('\n'), "not one line: {said}");
        said
    }
}

/// Runs any command to its end.
pub fn ended(command: &mut Command) -> Ended {
    ended_within(PATIENCE, command)
}

/// The same for one that may take longer or less long.
pub fn ended_within(patience: Duration, command: &mut Command) -> Ended {
    end_of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program"), patience)
}

/// Waits for the end of a command, and brings it about when it takes too long: one that should refuse may serve instead.
pub fn end_of(child: Child, patience: Duration) -> Ended {
    let (ended, watch) = std::sync::mpsc::channel::<()>();
    let id = child.id().to_string();
    let watchdog = std::thread::spawn(move || {
        if watch.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            // That it has just ended by itself is no fault.
            let _ = Command::new("kill").args(["-KILL", &id]).stderr(Stdio::null()).status();
        }
    });
    let output = child.wait_with_output().expect("its end");
    drop(ended);
    watchdog.join().expect("the watchdog");
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A file's path as an argument.
pub fn argument(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}
