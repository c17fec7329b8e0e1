//! SQLite's one writer: a thread that takes what is waiting, runs each in a savepoint, commits all at once, and only then answers.
//!
//! A commit costs an fsync, which takes a millisecond or more. A flood of inbound activities therefore shares its fsyncs, and still each
//! is answered after its own commit.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::{Connection, SqliteConnection};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use tokio::sync::oneshot;

use super::Conn;
use super::open::{Location, connect};
use super::trouble::Trouble;
use crate::error::{Error, Result};

/// A batch stops taking more work after this many jobs, or this long, so that the first of them does not wait for ever.
const BATCH_JOBS: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(50);
/// While many write, a batch waits for as many as came last time, since each commit less leaves the core to those who write: so long for the
/// next of them, and so long for all.
const NEXT_TIME: Duration = Duration::from_millis(2);
const GATHER_TIME: Duration = Duration::from_millis(20);

/// One waiting write: runs in a savepoint (or not at all, where no transaction could be begun).
type Job = Box<dyn FnOnce(Result<&mut Conn>) -> Done + Send>;
/// Answers whoever asked, once the batch is committed or is not.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// A write that ran.
struct Done {
    answer: Answer,
    /// Whether it was refused for now: it may be that the database did not take it.
    refused: bool,
}

/// The sending side of the writer thread; the thread ends with the last of them.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    /// How many writes shared each commit.
    pub(super) commits: Histogram,
}

impl Writer {
    pub(super) fn start(location: Location, conn: Conn) -> Self {
        let (sender, jobs) = mpsc::channel();
        let commits = Histogram::new(exponential_buckets(1.0, 2.0, 9));
        let counted = commits.clone();
        std::thread::spawn(move || write_all(&location, conn, &jobs, &counted));
        Self { jobs: sender, commits }
    }

    pub(super) async fn run<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = conn.and_then(|conn| in_savepoint(conn, write));
            let refused = matches!(result, Err(Error::Unavailable(_)));
            let answer = Box::new(move |committed: Result<()>| {
                // Whoever asked may have gone away in the meantime; the commit stands.
                let _ = answer.send(result.and_then(|result| committed.map(|()| result)));
            });
            Done { answer, refused }
        });
        let closed = || Error::internal("the database writer has stopped");
        self.jobs.send(job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

fn in_savepoint<T>(conn: &mut Conn, write: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| conn.transaction(write))).unwrap_or_else(|_| {
        Conn::rollback_transaction(conn)?;
        Err(Error::internal("a database task panicked; what it wrote was taken back"))
    })
}

fn write_all(location: &Location, mut conn: Conn, jobs: &mpsc::Receiver<Job>, commits: &Histogram) {
    let mut trouble = Trouble::told_as(
        "the database takes no writes; readers are served, others are told to come again",
        "the database takes writes again",
    );
    let (mut last, mut waiting) = (1, VecDeque::new());
    while gather(&mut waiting, jobs, last) {
        let (done, committed) = write_batch(&mut conn, &mut waiting, jobs);
        last = done.len();
        trouble.note(committed.as_ref().err());
        if committed.is_ok() {
            commits.observe(u32::try_from(done.len()).unwrap_or(u32::MAX).into());
        } else if let Ok(fresh) = connect(location) {
            // A connection that cannot begin or commit may be stuck inside a transaction: start afresh.
            conn = fresh;
        }
        for done in done {
            (done.answer)(committed.clone());
        }
    }
}

/// Waits for a job, and for those that follow it at once, at best as many as `expected`; nothing is locked meanwhile. Says whether there is one.
fn gather(waiting: &mut VecDeque<Job>, jobs: &mpsc::Receiver<Job>, expected: usize) -> bool {
    if waiting.is_empty() {
        waiting.extend(jobs.recv());
    }
    let begun = Instant::now();
    while waiting.len() < expected && begun.elapsed() < GATHER_TIME {
        match jobs.recv_timeout(NEXT_TIME) {
            Ok(job) => waiting.push_back(job),
            Err(_) => break,
        }
    }
    !waiting.is_empty()
}

/// Runs what waits, and what comes meanwhile, and commits.
fn write_batch(conn: &mut Conn, waiting: &mut VecDeque<Job>, jobs: &mpsc::Receiver<Job>) -> (Vec<Done>, Result<()>) {
    let begun = Instant::now();
    if let Err(error) = begin_immediate(conn) {
        // Whoever waits has waited as long as the first did for somebody else's lock, and need not wait for another turn.
        let waiting = waiting.drain(..).chain(jobs.try_iter().take(BATCH_JOBS));
        return (waiting.map(|job| job(Err(error.clone()))).collect(), Err(error));
    }
    let mut done = Vec::new();
    while done.len() < BATCH_JOBS && begun.elapsed() < BATCH_TIME && is_under_way(conn, &done) {
        match waiting.pop_front().or_else(|| jobs.try_recv().ok()) {
            Some(job) => done.push(job(Ok(conn))),
            None => break,
        }
    }
    (done, Conn::commit_transaction(conn).map_err(not_committed))
}

/// Whether the transaction is still there. A full disk can make SQLite take back all of it, not the savepoint alone, and what came then would
/// be written outside of any; the commit fails and says so.
fn is_under_way(conn: &mut Conn, done: &[Done]) -> bool {
    if done.last().is_none_or(|last| !last.refused) {
        return true;
    }
    // Within a transaction no other can be begun.
    if conn.batch_execute("BEGIN").is_err() {
        return true;
    }
    // Where that fails as well, the connection is given up all the same.
    let _ = conn.batch_execute("ROLLBACK");
    false
}

/// Whatever kept a commit from being made, all of it was taken back and may be tried again.
fn not_committed(error: diesel::result::Error) -> Error {
    match Error::from(error) {
        Error::Internal(why) => Error::Unavailable(format!(
            "the database could not write it down ({why}); nothing was changed: see that the disk has room, and try again"
        )),
        other => other,
    }
}

pub(super) fn begin_immediate(conn: &mut Conn) -> Result<()> {
    let Conn::Sqlite(conn) = conn else { return Ok(()) };
    <SqliteConnection as Connection>::TransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
    Ok(())
}
