//! The databases that the node is measured on, and what is counted in them.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use picket::node::Node;
use picket::storage::Conn;

/// One of them.
pub struct Database {
    /// As the table names it.
    pub name: String,
    /// `None` for the file in the node's own folder.
    cluster: Option<String>,
}

/// All of them.
pub struct Databases(Vec<Database>);

/// An empty database; a file goes with its folder, one on a server when this is dropped.
pub struct Fresh {
    /// For `PICKET_DATABASE_URL`.
    pub url: Option<String>,
    cluster: Option<(String, String)>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    setting: String,
}

impl Databases {
    /// SQLite always, PostgreSQL where the environment names a cluster.
    #[expect(clippy::disallowed_methods, reason = "the cluster of a test run is named in the environment")]
    pub fn find() -> Self {
        let mut all = vec![Database { name: "SQLite".to_owned(), cluster: None }];
        match std::env::var("TEST_POSTGRES_URL") {
            Ok(url) => all.push(Database { name: format!("PostgreSQL ({})", fsync(&url)), cluster: Some(url) }),
            Err(_) => eprintln!("PostgreSQL is skipped: TEST_POSTGRES_URL is not set"),
        }
        Self(all)
    }

    /// In their order.
    pub fn all(&self) -> &[Database] {
        &self.0
    }
}

fn fsync(url: &str) -> String {
    let mut conn = PgConnection::establish(url).expect("the cluster that TEST_POSTGRES_URL names");
    let query = diesel::sql_query("SELECT setting FROM pg_settings WHERE name = 'fsync'");
    let found: Setting = query.get_result(&mut conn).expect("a setting of the cluster");
    format!("fsync {}", found.setting)
}

impl Database {
    /// An empty one.
    pub fn fresh(&self) -> Fresh {
        let Some(cluster) = &self.cluster else { return Fresh { url: None, cluster: None } };
        let name = format!("picket_bench_{}", std::process::id());
        let mut conn = PgConnection::establish(cluster).expect("the cluster");
        conn.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        let (base, _) = cluster.rsplit_once('/').expect("a URL that names a database");
        Fresh { url: Some(format!("{base}/{name}")), cluster: Some((cluster.clone(), name)) }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some((cluster, name)) = &self.cluster {
            let mut conn = PgConnection::establish(cluster).expect("the cluster");
            conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).expect("a database that goes away");
        }
    }
}

/// The rows of a table.
pub async fn rows(node: &Node, table: &'static str) -> usize {
    let query = move |conn: &mut Conn| {
        let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {table}"));
        let found: Count = match conn {
            Conn::Sqlite(conn) => query.get_result(conn)?,
            Conn::Postgres(conn) => query.get_result(conn)?,
        };
        Ok(found.count)
    };
    usize::try_from(node.db.read(query).await.expect("a count")).expect("a count of rows")
}
