//! Several processes on one PostgreSQL database: who of them lives, who wakes whom, who does what only one should do.
//!
//! Each process has a number and a connection of its own, on which it holds the advisory lock of that number and listens. PostgreSQL lets the
//! lock go the moment the process dies, however it dies, so that the others need no clock to know of it. On SQLite a server is alone.
//!
//! Advisory locks and `LISTEN` belong to a session: a pooler between must be in session mode, or left out.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};

use super::Conn;
use super::open::{Location, connect_postgres, unreadable};
use crate::error::Result;

/// Classes of advisory locks; any numbers that other programs are unlikely to use.
const PROCESSES: i32 = 0x7069_6301;
const TURNS: i32 = 0x7069_6302;
/// The turn of whoever does the chores.
const CHORES: i32 = 1;
/// The turn of whoever claims lanes.
const CLAIM: i32 = 2;
/// The turn of whoever changes the rules about servers.
const RULES: i32 = 3;
/// The turn of whoever publishes.
const PUBLISH: i32 = 4;
const CHANNEL: &str = "picket";

/// A process whose machine vanished is asked for by the database's server after ten seconds, and let go of after 25, with the locks that the
/// others wait for; by itself it would ask after two hours. (It does nothing where the connection is no TCP.)
const KEEPALIVES: &str = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

/// The numbers of processes, and whether a lock was given.
#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Integer)]
    number: i32,
}

#[derive(QueryableByName)]
struct Given {
    #[diesel(sql_type = Bool)]
    given: bool,
}

/// This process among those that share the database. Ends with the value.
pub struct Membership {
    link: PgConnection,
    has_chores: bool,
}

impl Membership {
    /// Makes this process known by its number.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub fn join(location: &Location, number: i32) -> Result<Self> {
        let unreachable = |error: &dyn std::fmt::Display| unreadable(location, &error.to_string());
        let Location::Postgres(url) = location else { return Err(unreachable(&"on SQLite a server is alone")) };
        let mut link = connect_postgres(url).map_err(|error| unreachable(&error))?;
        link.batch_execute(KEEPALIVES)?;
        if !try_lock(&mut link, PROCESSES, number)? {
            return Err(unreachable(&"it still holds this process' last connection"));
        }
        link.batch_execute(&format!("LISTEN {CHANNEL}"))?;
        Ok(Self { link, has_chores: false })
    }

    /// Whether another process has called since the last look. Never waits.
    ///
    /// # Errors
    /// `Internal` when the connection is lost: the process must join again.
    pub fn was_called(&mut self) -> Result<bool> {
        let mut called = false;
        for call in self.link.notifications_iter() {
            call?;
            called = true;
        }
        Ok(called)
    }

    /// Whether this process is the one that does what is done by the clock. Once it is, it stays so until it ends.
    ///
    /// # Errors
    /// As for [`Membership::was_called`].
    pub fn has_chores(&mut self) -> Result<bool> {
        if self.has_chores {
            // A connection that broke without a word is noticed by speaking.
            self.link.batch_execute("SELECT 1")?;
        } else {
            self.has_chores = try_lock(&mut self.link, TURNS, CHORES)?;
        }
        Ok(self.has_chores)
    }
}

fn try_lock(link: &mut PgConnection, class: i32, number: i32) -> Result<bool> {
    let ask = format!("SELECT pg_try_advisory_lock({class}, {number}) AS given");
    let answer: Given = diesel::sql_query(ask).get_result(link)?;
    Ok(answer.given)
}

/// Wakes the workers of all processes once the transaction is committed.
pub fn call_others(conn: &mut Conn) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute(&format!("NOTIFY {CHANNEL}"))?;
    }
    Ok(())
}

/// Waits until no other process claims, until the end of the transaction: what is counted before a claim still holds with it.
pub fn in_turn(conn: &mut Conn) -> Result<()> {
    wait_for(conn, CLAIM)
}

/// The same for whoever publishes: what was not published before is not published beside it either.
pub fn publish_in_turn(conn: &mut Conn) -> Result<()> {
    wait_for(conn, PUBLISH)
}

fn wait_for(conn: &mut Conn, turn: i32) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({TURNS}, {turn})"))?;
    }
    Ok(())
}

/// Keeps the rules about servers as they are until the end of the transaction, so that what it notes by them holds with it. SQLite has one
/// writer at a time.
pub fn keep_rules(conn: &mut Conn) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock_shared({TURNS}, {RULES})"))?;
    }
    Ok(())
}

/// Waits until nobody notes anything by the rules about servers any more ([`keep_rules`]); until the end of the transaction nobody begins to.
pub fn change_rules(conn: &mut Conn) -> Result<()> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({TURNS}, {RULES})"))?;
    }
    Ok(())
}

/// The numbers of all processes that live; nothing where the server is alone.
pub fn living(conn: &mut Conn) -> Result<Option<Vec<i32>>> {
    let Conn::Postgres(conn) = conn else { return Ok(None) };
    // Locks of two numbers have `objsubid` 2.
    let query = diesel::sql_query(format!(
        "SELECT objid::bigint::integer AS number FROM pg_locks WHERE locktype = 'advisory' AND granted \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND classid::bigint = {PROCESSES} AND objsubid = 2"
    ));
    let numbers: Vec<Number> = query.load(conn)?;
    Ok(Some(numbers.into_iter().map(|row| row.number).collect()))
}
