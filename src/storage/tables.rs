//! The database's own catalogue: which tables it has, with which columns, and the order in which foreign keys let them be filled.
//!
//! What must reach every table (a backup, a check that a database is empty) asks here, so that no list of tables is kept by hand.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use serde::{Deserialize, Serialize};

use super::{Conn, each};
use crate::error::{Error, Result};

/// What a column holds, the same word for both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// Text, JSON among it.
    Text,
    /// Bytes.
    Bytes,
    /// A moment in UTC.
    Time,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns by name.
    pub columns: BTreeMap<String, Kind>,
}

/// Diesel's own table: which steps the database has taken.
const STEPS: &str = "__diesel_schema_migrations";

/// Tables that the database fills itself, out of others: nothing carries them, and rows in them are no data.
const DERIVED: [&str; 2] = ["counts", "site_version"];

const SQLITE_COLUMNS: &str = r#"SELECT t.name AS "table", c.name AS "column", lower(c.type) AS kind
    FROM pragma_table_list t, pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'"#;
const SQLITE_REFERENCES: &str = r#"SELECT t.name AS "table", r."from" AS "column", r."table" AS other
    FROM pragma_table_list t, pragma_foreign_key_list(t.name) r WHERE t.schema = 'main'"#;

const POSTGRES_COLUMNS: &str = r#"SELECT t.relname::text AS "table", c.attname::text AS "column", format_type(c.atttypid, NULL) AS kind
    FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
    AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''"#;
const POSTGRES_REFERENCES: &str = r#"SELECT t.relname::text AS "table", c.attname::text AS "column", o.relname::text AS other
    FROM pg_constraint r JOIN pg_class t ON t.oid = r.conrelid JOIN pg_class o ON o.oid = r.confrelid
    JOIN pg_attribute c ON c.attrelid = r.conrelid AND c.attnum = r.conkey[1]
    WHERE r.contype = 'f' AND t.relnamespace = current_schema()::regnamespace"#;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    other: String,
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// All tables of ours, each behind those that it refers to.
///
/// # Errors
/// `Internal` where a column is of a type that has no [`Kind`], or tables refer to each other in a circle.
pub fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in columns(conn)? {
        let kind = kind(&row)?;
        let empty = Table { name: row.table.clone(), columns: BTreeMap::new() };
        tables.entry(row.table).or_insert(empty).columns.insert(row.column, kind);
    }
    in_order(tables, &references(conn)?)
}

/// The names of all tables, whatever they hold and whosever they are.
pub fn table_names(conn: &mut Conn) -> Result<BTreeSet<String>> {
    Ok(columns(conn)?.into_iter().map(|row| row.table).collect())
}

/// What a query adds to its conditions (` AND NOT EXISTS …`) so that nothing hangs on the rows of a table. The database itself knows which
/// tables refer to it, so that none is forgotten; those of some tables are no reason to keep a row.
pub fn nothing_refers_to(conn: &mut Conn, table: &str, no_reason: &[&str]) -> Result<String> {
    let references = references(conn)?.into_iter().filter(|reference| reference.other == table);
    let reasons = references.filter(|reference| !no_reason.contains(&reference.table.as_str()));
    let none = reasons.map(|Reference { table: from, column, .. }| {
        format!(r#" AND NOT EXISTS (SELECT 1 FROM "{from}" WHERE "{from}"."{column}" = "{table}".id)"#)
    });
    Ok(none.collect())
}

/// The steps that the database has taken ([`super::open()`] takes them), in order: none where it is new.
pub fn steps(conn: &mut Conn) -> Result<Vec<String>> {
    let is_new = match conn {
        Conn::Sqlite(conn) => {
            !is_known(conn, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'STEPS') AS known")?
        }
        Conn::Postgres(conn) => !is_known(conn, "SELECT to_regclass('STEPS') IS NOT NULL AS known")?,
    };
    if is_new {
        return Ok(Vec::new());
    }
    let query = diesel::sql_query(format!("SELECT version FROM {STEPS} ORDER BY version"));
    let steps: Vec<Step> = each!(conn, conn => query.load(conn))?;
    Ok(steps.into_iter().map(|step| step.version).collect())
}

fn is_known<C>(conn: &mut C, query: &str) -> Result<bool>
where
    diesel::query_builder::SqlQuery: for<'a> diesel::query_dsl::LoadQuery<'a, C, Known>,
{
    let known: Known = diesel::sql_query(query.replace("STEPS", STEPS)).get_result(conn)?;
    Ok(known.known)
}

fn columns(conn: &mut Conn) -> Result<Vec<ColumnRow>> {
    let rows: Vec<ColumnRow> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(SQLITE_COLUMNS).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(POSTGRES_COLUMNS).load(conn)?,
    };
    Ok(rows.into_iter().filter(|row| row.table != STEPS && !DERIVED.contains(&row.table.as_str())).collect())
}

fn references(conn: &mut Conn) -> Result<Vec<Reference>> {
    Ok(match conn {
        Conn::Sqlite(conn) => diesel::sql_query(SQLITE_REFERENCES).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(POSTGRES_REFERENCES).load(conn)?,
    })
}

fn kind(row: &ColumnRow) -> Result<Kind> {
    match row.kind.as_str() {
        "integer" | "bigint" | "smallint" => Ok(Kind::Integer),
        "boolean" => Ok(Kind::Boolean),
        "text" => Ok(Kind::Text),
        "blob" | "bytea" => Ok(Kind::Bytes),
        "timestamp" | "timestamp without time zone" => Ok(Kind::Time),
        other => Err(Error::internal(format!(
            "{}.{} is of the type {other}, which has no kind yet in src/storage/tables.rs",
            row.table, row.column
        ))),
    }
}

/// Each table behind those that it refers to. One that refers to itself is no circle.
fn in_order(mut tables: BTreeMap<String, Table>, references: &[Reference]) -> Result<Vec<Table>> {
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let waits = |name: &str| {
            let others = references.iter().filter(|reference| reference.table == name && reference.other != name);
            others.into_iter().any(|reference| tables.contains_key(&reference.other))
        };
        let next = tables.keys().find(|name| !waits(name)).cloned();
        let next = next.and_then(|name| tables.remove(&name));
        ordered.push(next.ok_or_else(|| Error::internal("tables refer to each other in a circle"))?);
    }
    Ok(ordered)
}
