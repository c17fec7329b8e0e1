//! The database: open it, read from it, write to it.
//!
//! One enum, [`Conn`], stands for SQLite and PostgreSQL; nearly every query is written once in diesel's query language and runs on
//! both. Where the two differ, [`each!`] gives an arm to each. This room knows tables, not what they mean: the meaning stands in
//! each domain module's `store.rs`, which are the only callers of diesel besides this one.

mod counts;
mod disk;
mod files;
mod full_text;
mod open;
#[cfg(test)]
mod plans;
mod rows;
pub mod schema;
mod shared;
mod site_version;
mod sizes;
mod slice;
mod sole;
mod tables;
mod text_enum;
mod trouble;
mod whole;
mod writer;

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use prometheus_client::metrics::histogram::Histogram;

use crate::error::{Error, Result};
pub use counts::{Counted, count_of};
pub use disk::free_space;
pub use files::unnamed_files;
pub use full_text::{FullText, Words, full_text};
pub use open::{Db, Location, open, unreadable};
use open::{WAITING_WRITES, Writers};
#[cfg(test)]
pub(crate) use plans::plan_of;
pub use rows::{continue_numbers, count_rows, has_rows, insert_rows, read_rows};
pub use shared::{Membership, call_others, change_rules, in_turn, keep_rules, living, publish_in_turn};
pub use site_version::{SiteVersion, site_version};
pub use sizes::{Size, sizes};
pub(crate) use slice::sliced;
pub use slice::{Place, Slice, place};
pub use sole::{Sole, serve_alone};
pub use tables::{Kind, Table, nothing_refers_to, steps, tables};
pub(crate) use text_enum::text_enum;
pub use trouble::Trouble;
pub use whole::{alone, refuse_data, snapshot, take_missing_steps, take_steps, unknown_steps};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The default: one file in the data folder.
    Sqlite(SqliteConnection),
    /// For nodes that several processes share.
    Postgres(PgConnection),
}

/// Runs the same query on the connection inside: for what diesel types per database (`ON CONFLICT`, several rows in one insert), and for what
/// every activity asks. A query whose database is known is found again by its type; of any other, diesel writes the text anew each time.
macro_rules! each {
    ($conn:expr, $inner:ident => $query:expr) => {
        match $conn {
            $crate::storage::Conn::Sqlite($inner) => $query,
            $crate::storage::Conn::Postgres($inner) => $query,
        }
    };
}
pub(crate) use each;

/// Runs a query whose rows nobody else may change until the end of the transaction: `locking!(conn, query, load)`. SQLite has one writer.
macro_rules! locking {
    ($conn:expr, $query:expr, $run:ident) => {
        match $conn {
            $crate::storage::Conn::Sqlite(conn) => $query.$run(conn),
            $crate::storage::Conn::Postgres(conn) => $query.for_update().$run(conn),
        }
    };
}
pub(crate) use locking;

impl Db {
    /// Runs a function that only reads, on a thread where blocking is allowed.
    pub async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.readers.run(self.patience, read).await
    }

    /// Reads a row that so many ask for that it is in memory, on the spot: a change of threads takes many times as long as the look. `None` where the
    /// database is not in this process, or where somebody's lock would mean to wait: then there is [`Db::read`].
    pub fn glance<T>(&self, read: fn(&mut Conn) -> Result<T>) -> Option<T> {
        // Held by another for no longer than a look takes.
        let mut conn = self.glances.as_ref()?.lock().ok()?;
        read(&mut conn).ok()
    }

    /// Runs a function as one transaction: all that it writes is on the disk when this returns `Ok`, or nothing is.
    ///
    /// # Errors
    /// `Unavailable` when so much waits to be written that this one found no place; else what the function says.
    pub async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let place = tokio::time::timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.map_err(|_| full())?.map_err(Error::internal)?;
        let write = move |conn: &mut Conn| {
            let _place = place;
            write(conn)
        };
        match &self.writers {
            Writers::Thread(writer) => writer.run(write).await,
            Writers::Pool(pool) => pool.run(self.patience, move |conn| conn.transaction(write)).await,
        }
    }

    /// How many writes shared each commit, where one thread writes (SQLite).
    #[must_use]
    pub fn commits(&self) -> Option<Histogram> {
        match &self.writers {
            Writers::Thread(writer) => Some(writer.commits.clone()),
            Writers::Pool(_) => None,
        }
    }

    /// How many writes wait or are under way.
    #[must_use]
    pub fn waiting_writes(&self) -> i64 {
        i64::try_from(WAITING_WRITES - self.places.available_permits()).unwrap_or(i64::MAX)
    }
}

/// Does something and takes it back: what would come of it?
pub fn rehearse<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    let mut outcome = None;
    let taken_back: diesel::QueryResult<()> = conn.transaction(|conn| {
        outcome = Some(work(conn));
        Err(diesel::result::Error::RollbackTransaction)
    });
    match (outcome, taken_back) {
        (Some(outcome), Err(diesel::result::Error::RollbackTransaction)) => outcome,
        (_, Err(error)) => Err(error.into()),
        (_, Ok(())) => Err(Error::internal("a rehearsal was not taken back")),
    }
}

/// Writes what is there already: whether the database takes writes.
pub fn rewrite(conn: &mut Conn) -> Result<()> {
    conn.batch_execute("UPDATE settings SET value = value")?;
    Ok(())
}

async fn blocking<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => Err(Error::internal(format!("a database task stopped: {stopped}"))),
    }
}

fn full() -> Error {
    let why = "more waits to be written than the database keeps up with; nothing was changed: try again in a minute";
    Error::Unavailable(why.to_owned())
}

/// Why there was no connection stands in the log: it may name machines and users.
fn busy() -> Error {
    Error::Unavailable("no database connection was free in time; nothing was changed: try again in a minute".to_owned())
}
