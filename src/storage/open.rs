//! Opening a database by its URL, and bringing its tables up to date.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::Semaphore;

use super::writer::Writer;
use super::{Conn, each};
use crate::error::{Error, Result};

pub(super) const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How long a connection waits for another process that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Writes that wait at the same time.
const WAITING_WRITES: usize = 1_024;
const SQLITE_READERS: u32 = 6;
const POSTGRES_CONNECTIONS: u32 = 12;
/// Any number that other programs are unlikely to use: two nodes that start together migrate one after the other.
pub(super) const POSTGRES_MIGRATION_LOCK: i64 = 0x0070_6963_6b65_7401;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// A `postgres://` URL, with the password in it.
    Postgres(String),
}

impl FromStr for Location {
    type Err = &'static str;

    fn from_str(url: &str) -> std::result::Result<Self, Self::Err> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err("write sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE"),
        }
    }
}

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(super) readers: Pool<Opener>,
    /// SQLite has one writer at a time, so it gets one thread; PostgreSQL writes through the pool.
    pub(super) writer: Option<Writer>,
    /// One for each connection of the pool.
    pub(super) turns: Arc<Semaphore>,
    /// Places in the queue of writes: a flood waits in front of it, not in memory.
    pub(super) places: Arc<Semaphore>,
    /// How long a write waits for its place; settable in tests.
    pub patience: Duration,
}

/// Opens the database and migrates it.
///
/// # Errors
/// `Unavailable` when it cannot be opened or read, `Conflict` when a newer version of Picket has already changed its tables: an older
/// one then touches nothing.
pub fn open(location: &Location) -> Result<Db> {
    let mut first = connect(location).map_err(|error| unreadable(location, &error.to_string()))?;
    migrate(&mut first).map_err(|error| match error {
        Error::Conflict(_) => error,
        other => unreadable(location, &other.to_string()),
    })?;
    let size = if matches!(location, Location::Sqlite(_)) { SQLITE_READERS } else { POSTGRES_CONNECTIONS };
    let readers = Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .test_on_check_out(matches!(location, Location::Postgres(_)))
        .connection_timeout(BUSY_TIMEOUT)
        .build_unchecked(Opener(location.clone()));
    let writer = match location {
        Location::Sqlite(_) => Some(Writer::start(location.clone(), first)),
        Location::Postgres(_) => None,
    };
    let turns = Arc::new(Semaphore::new(size as usize));
    let places = Arc::new(Semaphore::new(WAITING_WRITES));
    Ok(Db { readers, writer, turns, places, patience: BUSY_TIMEOUT })
}

/// Says that a database cannot be used, without its password.
#[must_use]
pub fn unreadable(location: &Location, why: &str) -> Error {
    let place = match location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(url) => without_password(url),
    };
    let why = why.replace('\n', " ");
    Error::Unavailable(format!(
        "the database {place} cannot be used: {why}; check that it exists and that this user may write to it"
    ))
}

fn without_password(url: &str) -> String {
    url::Url::parse(url).map_or_else(
        |_| "postgres://…".to_owned(),
        |mut url| {
            // A URL that cannot carry a password has none to hide.
            let _ = url.set_password(None);
            url.to_string()
        },
    )
}

pub(super) fn connect(location: &Location) -> std::result::Result<Conn, Box<dyn std::error::Error + Send + Sync>> {
    match location {
        Location::Sqlite(path) => Ok(Conn::Sqlite(connect_sqlite(path)?)),
        Location::Postgres(url) => Ok(Conn::Postgres(PgConnection::establish(url)?)),
    }
}

fn connect_sqlite(path: &Path) -> std::result::Result<SqliteConnection, Box<dyn std::error::Error + Send + Sync>> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
    // `secure_delete`: what is deleted, an old private key above all, is overwritten where that costs no further write.
    // `busy_timeout` first: switching a new file to WAL takes a lock as well. The writer's savepoints would put a file each into the
    // machine's temporary folder; what they keep is needed until the commit only.
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST;",
        BUSY_TIMEOUT.as_millis()
    ))?;
    Ok(conn)
}

fn migrate(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => conn.immediate_transaction(|conn| run_migrations(conn, SQLITE_MIGRATIONS)),
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!("SELECT pg_advisory_lock({POSTGRES_MIGRATION_LOCK})"))?;
            let migrated = run_migrations(conn, POSTGRES_MIGRATIONS);
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({POSTGRES_MIGRATION_LOCK})"))?;
            migrated
        }
    }
}

/// All steps that this version knows, in order.
pub(super) fn known_steps<Db>(migrations: &EmbeddedMigrations) -> Result<Vec<String>>
where
    Db: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<Db>,
{
    let migrations = MigrationSource::<Db>::migrations(migrations).map_err(Error::internal)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

pub(super) fn run_migrations<C, Db>(conn: &mut C, migrations: EmbeddedMigrations) -> Result<()>
where
    Db: diesel::backend::Backend,
    C: MigrationHarness<Db>,
    EmbeddedMigrations: MigrationSource<Db>,
{
    let known = known_steps::<Db>(&migrations)?;
    let applied = conn.applied_migrations().map_err(Error::internal)?;
    if let Some(newer) = applied.iter().find(|version| !known.contains(&version.to_string())) {
        return Err(Error::Conflict(format!(
            "the database was changed by a newer version of Picket (step {newer}); nothing was touched: install that version again"
        )));
    }
    conn.run_pending_migrations(migrations).map_err(Error::internal)?;
    Ok(())
}

/// Opens connections for the pool by the location's kind, instead of trying each database in turn.
#[derive(Debug)]
pub struct Opener(Location);

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = PoolFailure;

    fn connect(&self) -> std::result::Result<Conn, PoolFailure> {
        connect(&self.0).map_err(|error| PoolFailure(error.to_string()))
    }

    fn is_valid(&self, conn: &mut Conn) -> std::result::Result<(), PoolFailure> {
        conn.ping().map_err(|error| PoolFailure(error.to_string()))
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        each!(conn, conn => conn.is_broken())
    }
}

/// Why a connection could not be had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PoolFailure(String);
