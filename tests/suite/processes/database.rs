//! Which database a union's node has: a SQLite file in its folder, or one of its own in the PostgreSQL cluster of this run.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// The kind of database.
#[derive(Debug, Clone)]
pub enum Database {
    Sqlite,
    /// The address of a cluster whose user may create databases.
    Postgres(String),
}

/// A database on PostgreSQL that goes when it is dropped.
pub struct OwnDatabase {
    pub url: String,
    cluster: String,
    name: String,
}

impl Database {
    /// The cluster of this run; nothing, said aloud, where there is none. In CI that is a failure.
    pub fn postgres(test: &str) -> Option<Self> {
        let cluster = crate::processes::variable("TEST_POSTGRES_URL");
        if cluster.is_none() {
            println!("skipped on PostgreSQL: {test}");
        }
        cluster.map(Self::Postgres)
    }

    /// Makes a database of its own where that is not just a file.
    pub fn own(&self) -> Option<OwnDatabase> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let Self::Postgres(cluster) = self else { return None };
        let name = format!("process_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        say(cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        say(cluster, &format!("CREATE DATABASE {name}"));
        let mut url: url::Url = cluster.parse().expect("TEST_POSTGRES_URL is an address");
        url.set_path(&name);
        Some(OwnDatabase { url: url.into(), cluster: cluster.clone(), name })
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        if let Ok(mut cluster) = PgConnection::establish(&self.cluster) {
            let _ = cluster.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

fn say(cluster: &str, sql: &str) {
    let mut conn = PgConnection::establish(cluster).expect("the PostgreSQL of TEST_POSTGRES_URL");
    conn.batch_execute(sql).expect(sql);
}

/// A test that runs once on each database. Its name becomes a module with `on_sqlite` and `on_postgres` in it.
macro_rules! on_both {
    ($($(#[$about:meta])* fn $name:ident($on:ident) $body:block)+) => {$(
        $(#[$about])*
        fn $name($on: &$crate::processes::database::Database) $body

        mod $name {
            use $crate::processes::database::Database;

            #[test]
            fn on_sqlite() {
                super::$name(&Database::Sqlite);
            }

            #[test]
            fn on_postgres() {
                if let Some(database) = Database::postgres(stringify!($name)) {
                    super::$name(&database);
                }
            }
        }
    )+};
}
pub(crate) use on_both;
