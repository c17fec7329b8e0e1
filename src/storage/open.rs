//! Opening a database by its URL, and bringing its tables up to date.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::Semaphore;

use super::writer::Writer;
use super::{Conn, blocking, busy, each};
use crate::error::{Error, Result};

pub(super) const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How long a connection waits for another process that holds the database: other servers wait for our answer for ten seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(8);
/// How long somebody waits for a connection to be free, and for it to be made where there is none.
const TURN_PATIENCE: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Writes that wait at the same time.
pub(super) const WAITING_WRITES: usize = 1_024;
const READERS: u32 = 6;
/// Apart from those that read, so that writes which wait for somebody's lock leave readers theirs.
const POSTGRES_WRITERS: u32 = 8;
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
    pub(super) readers: Connections,
    /// For glances, where the database is in this process.
    pub(super) glances: Option<Arc<Mutex<Conn>>>,
    pub(super) writers: Writers,
    /// Places in the queue of writes: a flood waits in front of it, not in memory.
    pub(super) places: Arc<Semaphore>,
    /// How long a write waits for its place; settable in tests.
    pub patience: Duration,
}

/// Who writes.
#[derive(Clone)]
pub(super) enum Writers {
    /// SQLite has one writer at a time, so it gets one thread.
    Thread(Writer),
    /// PostgreSQL sorts out by itself who waits for whom.
    Pool(Connections),
}

/// Connections, and who gets one next.
#[derive(Clone)]
pub(super) struct Connections {
    pool: Pool<Opener>,
    /// One for each connection: whoever waits for one does so here, and keeps no thread waiting.
    turns: Arc<Semaphore>,
}

impl Connections {
    /// Does something with a connection, once one is free.
    pub(super) async fn run<T, F>(&self, patience: Duration, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (pool, turns) = (self.pool.clone(), Arc::clone(&self.turns));
        let turn = tokio::time::timeout(patience.min(TURN_PATIENCE), turns.acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(Error::internal)?;
        blocking(move || {
            let _turn = turn;
            work(&mut *pool.get().map_err(|_| busy())?)
        })
        .await
    }
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
    let writers = match location {
        Location::Sqlite(_) => Writers::Thread(Writer::start(location.clone(), first)),
        Location::Postgres(_) => Writers::Pool(connections(location, POSTGRES_WRITERS)),
    };
    let glances = match location {
        Location::Sqlite(path) => Some(glances(path).map_err(|error| unreadable(location, &error.to_string()))?),
        Location::Postgres(_) => None,
    };
    let places = Arc::new(Semaphore::new(WAITING_WRITES));
    Ok(Db { readers: connections(location, READERS), glances, writers, places, patience: BUSY_TIMEOUT })
}

/// A connection that waits for nobody.
fn glances(path: &Path) -> std::result::Result<Arc<Mutex<Conn>>, Box<dyn std::error::Error + Send + Sync>> {
    let mut conn = connect_sqlite(path)?;
    conn.batch_execute("PRAGMA busy_timeout = 0; PRAGMA query_only = ON;")?;
    Ok(Arc::new(Mutex::new(Conn::Sqlite(conn))))
}

fn connections(location: &Location, size: u32) -> Connections {
    let pool = Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .test_on_check_out(matches!(location, Location::Postgres(_)))
        .connection_timeout(CONNECT_TIMEOUT)
        .build_unchecked(Opener { location: location.clone(), is_lost: AtomicBool::new(false) });
    Connections { pool, turns: Arc::new(Semaphore::new(size as usize)) }
}

/// Says that a database cannot be used, without its password.
#[must_use]
pub fn unreadable(location: &Location, why: &str) -> Error {
    let (place, advice) = match location {
        Location::Sqlite(path) => (path.display().to_string(), "that it exists and that this user may write to it"),
        Location::Postgres(url) => {
            (without_password(url), "that PostgreSQL runs there, and the address, user and password in database_url")
        }
    };
    // PostgreSQL explains itself in several lines.
    let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
    Error::Unavailable(format!("the database {place} cannot be used: {why}; check {advice}"))
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
        Location::Postgres(url) => Ok(Conn::Postgres(connect_postgres(url)?)),
    }
}

/// How a connection that leads nowhere any more is noticed within half a minute, where a machine or a router between vanished: whoever says
/// nothing is asked after ten seconds, and what was sent must be acknowledged.
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS>
const LIFE_SIGNS: [(&str, &str); 5] = [
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "25000"),
    ("connect_timeout", "10"),
];

pub(super) fn connect_postgres(url: &str) -> diesel::ConnectionResult<PgConnection> {
    PgConnection::establish(&with_life_signs(url))
}

/// The URL with what it does not say of [`LIFE_SIGNS`] itself.
fn with_life_signs(url: &str) -> String {
    let said = query(url);
    let is_said = |name: &str| said.unwrap_or_default().split('&').any(|pair| pair.split('=').next() == Some(name));
    let mut whole = url.to_owned();
    for (name, value) in LIFE_SIGNS.iter().filter(|(name, _)| !is_said(name)) {
        let mark = match whole.chars().last() {
            Some('?' | '&') => "",
            _ if query(&whole).is_some() => "&",
            _ => "?",
        };
        whole.extend([mark, name, "=", value]);
    }
    whole
}

/// What stands behind the question mark: the first one behind the password, which may have one itself.
fn query(url: &str) -> Option<&str> {
    let (_, place) = url.split_once("://")?;
    let authority = place.split('/').next().unwrap_or_default();
    let secrets = authority.rfind('@').unwrap_or_default();
    place[secrets..].split_once('?').map(|(_, query)| query)
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
        // All steps in one transaction: whoever is killed in between leaves the old tables or the new ones.
        Conn::Postgres(conn) => conn.transaction(|conn| {
            conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({POSTGRES_MIGRATION_LOCK})"))?;
            run_migrations(conn, POSTGRES_MIGRATIONS)
        }),
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
pub struct Opener {
    location: Location,
    /// Whether the last try was in vain: many tries in a row are told of once.
    is_lost: AtomicBool,
}

impl Opener {
    fn open(&self) -> std::result::Result<Conn, Box<dyn std::error::Error + Send + Sync>> {
        let mut conn = connect(&self.location)?;
        if let Conn::Postgres(conn) = &mut conn {
            // As SQLite's busy timeout: whoever waits for another's lock does not wait for ever.
            conn.batch_execute(&format!("SET lock_timeout = {}", BUSY_TIMEOUT.as_millis()))?;
        }
        Ok(conn)
    }
}

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = PoolFailure;

    fn connect(&self) -> std::result::Result<Conn, PoolFailure> {
        let opened = self.open().map_err(|error| PoolFailure(error.to_string()));
        match (&opened, self.is_lost.swap(opened.is_err(), Ordering::Relaxed)) {
            (Err(PoolFailure(why)), false) => {
                let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
                tracing::error!(
                    why,
                    "the database cannot be reached; see that it runs and that this machine may reach it"
                );
            }
            (Ok(_), true) => tracing::info!("the database is reached again"),
            _ => {}
        }
        opened
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_noticed_soon_unless_the_url_says_otherwise() {
        let rest = "keepalives_interval=5&keepalives_count=3&tcp_user_timeout=25000&connect_timeout=10";
        let plain = "postgres://picket:geheim@10.0.0.1/picket";
        assert_eq!(with_life_signs(plain), format!("{plain}?keepalives_idle=10&{rest}"));
        let own = "postgres://10.0.0.1,10.0.0.2/picket?sslmode=require&keepalives_idle=60";
        assert_eq!(with_life_signs(own), format!("{own}&{rest}"));
        let odd = "postgres://picket:why?now@db/picket";
        assert_eq!(with_life_signs(odd), format!("{odd}?keepalives_idle=10&{rest}"));
        assert_eq!(with_life_signs("postgres://x/y?"), format!("postgres://x/y?keepalives_idle=10&{rest}"));
    }
}
