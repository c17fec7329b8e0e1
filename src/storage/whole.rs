//! A database as a whole: one moment of it beside whoever writes, and one made anew, all or nothing.

use diesel::Connection;
use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use super::open::{
    POSTGRES_MIGRATION_LOCK, POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS, connect, known_steps, run_migrations,
};
use super::rows::has_rows;
use super::tables::{steps, table_names};
use super::writer::begin_immediate;
use super::{Conn, Location, unreadable};
use crate::error::{Error, Result};

/// Reads one moment of a database, however long that takes and whatever is written meanwhile. Nothing is changed, not even the version
/// of its tables.
///
/// # Errors
/// `Unavailable` where there is no database or it cannot be read.
pub fn snapshot<T>(location: &Location, read: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    if let Location::Sqlite(path) = location
        && !path.exists()
    {
        return Err(unreadable(location, "there is no such file"));
    }
    let mut conn = connect(location).map_err(|error| unreadable(location, &error.to_string()))?;
    conn.transaction(|conn| {
        // SQLite sees one moment from the first read on anyway.
        if matches!(conn, Conn::Postgres(_)) {
            conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
        }
        read(conn)
    })
}

/// Writes to a database while nobody else does, as one transaction.
///
/// # Errors
/// `Unavailable` where the database cannot be opened or somebody else is writing.
pub fn alone<T>(location: &Location, write: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    let mut conn = connect(location).map_err(|error| unreadable(location, &error.to_string()))?;
    if matches!(conn, Conn::Postgres(_)) {
        return conn.transaction(|conn| {
            conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({POSTGRES_MIGRATION_LOCK})"))?;
            write(conn)
        });
    }
    begin_immediate(&mut conn)?;
    // Where this ends in an error, the connection goes, and with it what was written.
    let written = write(&mut conn)?;
    Conn::commit_transaction(&mut conn)?;
    Ok(written)
}

/// Says what a database holds that must not be lost, where it holds anything.
///
/// # Errors
/// `Conflict`, naming a table with rows.
pub fn refuse_data(conn: &mut Conn) -> Result<()> {
    for table in table_names(conn)? {
        if has_rows(conn, &table)? {
            return Err(Error::Conflict(format!("the database holds data already (in the table {table})")));
        }
    }
    Ok(())
}

/// Those of some steps that this version of Picket does not know, since a newer one took them.
#[must_use]
pub fn unknown_steps(taken: &[String]) -> Vec<String> {
    let known = known_steps::<diesel::sqlite::Sqlite>(&SQLITE_MIGRATIONS).unwrap_or_default();
    taken.iter().filter(|step| !known.contains(step)).cloned().collect()
}

/// Makes the tables of an empty database as they were after some steps.
///
/// # Errors
/// `Conflict` where it has tables already, and they are of other steps.
pub fn take_steps(conn: &mut Conn, wanted: &[String]) -> Result<()> {
    let taken = steps(conn)?;
    if taken == wanted {
        return Ok(());
    }
    if !table_names(conn)?.is_empty() {
        let why = "the database is empty but has tables of another version already; give a new database";
        return Err(Error::Conflict(why.to_owned()));
    }
    match conn {
        Conn::Sqlite(conn) => take(conn, &SQLITE_MIGRATIONS, wanted),
        Conn::Postgres(conn) => take(conn, &POSTGRES_MIGRATIONS, wanted),
    }
}

fn take<C, Db>(conn: &mut C, migrations: &EmbeddedMigrations, wanted: &[String]) -> Result<()>
where
    Db: diesel::backend::Backend,
    C: MigrationHarness<Db>,
    EmbeddedMigrations: MigrationSource<Db>,
{
    // Makes diesel's own table.
    conn.applied_migrations().map_err(Error::internal)?;
    for migration in MigrationSource::<Db>::migrations(migrations).map_err(Error::internal)? {
        if wanted.contains(&migration.name().version().to_string()) {
            conn.run_migration(&migration).map_err(Error::internal)?;
        }
    }
    Ok(())
}

/// Takes the steps that are missing to the newest tables.
pub fn take_missing_steps(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => run_migrations(conn, SQLITE_MIGRATIONS),
        Conn::Postgres(conn) => {
            // A table with a trigger that is still to run cannot be altered.
            conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
            run_migrations(conn, POSTGRES_MIGRATIONS)
        }
    }
}
