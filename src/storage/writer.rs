//! SQLite's one writer: a thread that takes what is waiting, runs each in a savepoint, commits all at once, and only then answers.
//!
//! A commit costs an fsync, which takes a millisecond or more. A flood of inbound activities therefore shares its fsyncs, and still each
//! is answered after its own commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::connection::TransactionManager;
use diesel::{Connection, SqliteConnection};
use tokio::sync::oneshot;

use super::Conn;
use super::open::{Location, connect};
use crate::error::{Error, Result};

/// A batch stops taking more work after this many jobs, or this long, so that the first of them does not wait for ever.
const BATCH_JOBS: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(50);

/// One waiting write: runs in a savepoint (or not at all, where no transaction could be begun), and gives back how to answer once the
/// batch is committed, or is not.
type Job = Box<dyn FnOnce(Result<&mut Conn>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// The sending side of the writer thread; the thread ends with the last of them.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Job>);

impl Writer {
    pub(super) fn start(location: Location, conn: Conn) -> Self {
        let (sender, jobs) = mpsc::channel();
        std::thread::spawn(move || write_all(&location, conn, &jobs));
        Self(sender)
    }

    pub(super) async fn run<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = conn.and_then(|conn| in_savepoint(conn, write));
            Box::new(move |committed| {
                // Whoever asked may have gone away in the meantime; the commit stands.
                let _ = answer.send(committed.and(result));
            })
        });
        let closed = || Error::internal("the database writer has stopped");
        self.0.send(job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

fn in_savepoint<T>(conn: &mut Conn, write: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| conn.transaction(write))).unwrap_or_else(|_| {
        Conn::rollback_transaction(conn)?;
        Err(Error::internal("a database task panicked; what it wrote was taken back"))
    })
}

fn write_all(location: &Location, mut conn: Conn, jobs: &mpsc::Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        let (answers, committed) = write_batch(&mut conn, job, jobs);
        let failed = committed.is_err();
        for answer in answers {
            answer(committed.clone());
        }
        if failed {
            // A connection that cannot begin or commit may be stuck inside a transaction: start afresh.
            if let Ok(fresh) = connect(location) {
                conn = fresh;
            }
        }
    }
}

fn write_batch(conn: &mut Conn, first: Job, jobs: &mpsc::Receiver<Job>) -> (Vec<Answer>, Result<()>) {
    let begun = Instant::now();
    if let Err(error) = begin_immediate(conn) {
        return (vec![first(Err(error.clone()))], Err(error));
    }
    let mut answers = vec![first(Ok(conn))];
    while answers.len() < BATCH_JOBS && begun.elapsed() < BATCH_TIME {
        match jobs.try_recv() {
            Ok(job) => answers.push(job(Ok(conn))),
            Err(_) => break,
        }
    }
    let committed = Conn::commit_transaction(conn).map_err(Error::from);
    (answers, committed)
}

pub(super) fn begin_immediate(conn: &mut Conn) -> Result<()> {
    let Conn::Sqlite(conn) = conn else { return Ok(()) };
    <SqliteConnection as Connection>::TransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
    Ok(())
}
