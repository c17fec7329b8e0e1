//! How SQLite goes about a query, for tests that say which index it reads.

use diesel::debug_query;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;

use super::{Conn, Location, open};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps that SQLite takes in an empty database.
pub(crate) async fn plan_of(query: &impl QueryFragment<Sqlite>) -> Vec<String> {
    let query = debug_query::<Sqlite, _>(query).to_string();
    let query = query.split(" -- binds").next().unwrap_or_default().to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(&Location::Sqlite(folder.path().join("plans.sqlite"))).expect("a database");
    let plan = move |conn: &mut Conn| {
        let Conn::Sqlite(conn) = conn else { return Ok(Vec::new()) };
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load(conn)?;
        Ok(steps.into_iter().map(|step| step.detail).collect())
    };
    db.read(plan).await.expect("a plan")
}
