//! A database of its own for each node of a test.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use picket::clock;
use picket::storage::Conn;
use url::Url;

/// Where the nodes of a test keep their data.
#[derive(Clone)]
pub enum Database {
    /// A file in the data folder of each.
    Sqlite,
    /// A database of each in this cluster.
    Postgres(Url),
}

impl Database {
    /// The cluster of this run; `None`, said aloud, where there is none. In CI that is a failure.
    #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where the cluster is")]
    pub fn postgres() -> Option<Self> {
        if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
            return Some(Self::Postgres(url.parse().expect("TEST_POSTGRES_URL is a URL")));
        }
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "TEST_POSTGRES_URL must be set in CI");
        println!("skipped on PostgreSQL: TEST_POSTGRES_URL is not set");
        None
    }

    /// A new, empty database, which goes when the given value does.
    pub fn create(&self, folder: &Path) -> Created {
        match self {
            Self::Sqlite => {
                Created { url: format!("sqlite:{}", folder.join("picket.sqlite").display()), cluster: None }
            }
            Self::Postgres(cluster) => {
                let name = format!("picket_{}", clock::random_name());
                on_cluster(cluster, &format!("CREATE DATABASE {name}"));
                let mut url = cluster.clone();
                url.set_path(&name);
                Created { url: url.into(), cluster: Some((cluster.clone(), name)) }
            }
        }
    }
}

fn on_cluster(cluster: &Url, sql: &str) {
    let mut conn = PgConnection::establish(cluster.as_str()).expect("the cluster of TEST_POSTGRES_URL");
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A database that a test made.
pub struct Created {
    pub url: String,
    cluster: Option<(Url, String)>,
}

impl Drop for Created {
    fn drop(&mut self) {
        if let Some((cluster, name)) = &self.cluster {
            on_cluster(cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

/// How many rows: `posts`, or `posts WHERE review = 'held'`.
pub fn count(conn: &mut Conn, rows: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT COUNT(*) AS count FROM {rows}"));
    let counted: Counted = match conn {
        Conn::Sqlite(conn) => query.get_result(conn),
        Conn::Postgres(conn) => query.get_result(conn),
    }
    .unwrap_or_else(|error| panic!("{rows}: {error}"));
    counted.count
}

/// One column of some rows as text: `texts(conn, "uri", "posts ORDER BY id")`.
pub fn texts(conn: &mut Conn, column: &str, rows: &str) -> Vec<Option<String>> {
    let query = diesel::sql_query(format!("SELECT CAST({column} AS TEXT) AS text FROM {rows}"));
    let told: Vec<Told> = match conn {
        Conn::Sqlite(conn) => query.load(conn),
        Conn::Postgres(conn) => query.load(conn),
    }
    .unwrap_or_else(|error| panic!("{column} of {rows}: {error}"));
    told.into_iter().map(|told| told.text).collect()
}

/// A connection of somebody else to a node's database.
pub fn other_connection(location: &picket::storage::Location) -> Conn {
    use picket::storage::Location;
    match location {
        Location::Sqlite(file) => {
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("the database");
            conn.batch_execute("PRAGMA busy_timeout = 10000").expect("a setting");
            Conn::Sqlite(conn)
        }
        Location::Postgres(url) => Conn::Postgres(PgConnection::establish(url).expect("the database")),
    }
}

/// Runs a statement that this house has no word for.
pub fn execute(conn: &mut Conn, sql: &str) {
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute(sql),
        Conn::Postgres(conn) => conn.batch_execute(sql),
    }
    .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
