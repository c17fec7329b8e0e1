//! Rows of any table as JSON, one object a line, the same for both databases: for what must carry a whole database elsewhere.
//!
//! The databases write and read the JSON themselves. Whole numbers, text, true and false are JSON's own, bytes are hexadecimal, a time is
//! `2026-05-01T09:30:00.123Z`.

use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use serde_json::{Map, Value};

use super::tables::{Kind, Table};
use super::{Conn, each};
use crate::error::Result;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Any {
    #[diesel(sql_type = Bool)]
    any: bool,
}

/// Whether a table has rows.
pub fn has_rows(conn: &mut Conn, table: &str) -> Result<bool> {
    let query = diesel::sql_query(format!(r#"SELECT EXISTS (SELECT 1 FROM "{table}") AS "any""#));
    let found: Any = each!(conn, conn => query.get_result(conn))?;
    Ok(found.any)
}

/// How many rows a table has.
pub fn count_rows(conn: &mut Conn, table: &Table) -> Result<i64> {
    let query = diesel::sql_query(format!(r#"SELECT COUNT(*) AS count FROM "{}""#, table.name));
    let counted: Counted = each!(conn, conn => query.get_result(conn))?;
    Ok(counted.count)
}

/// Gives each row of a table, one after the other: at no time are more than a few in memory.
pub fn read_rows(conn: &mut Conn, table: &Table, mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => {
            for row in diesel::sql_query(sqlite_select(table)).load_iter::<Line, _>(conn)? {
                take(&row?.line)?;
            }
        }
        Conn::Postgres(conn) => {
            for row in diesel::sql_query(postgres_select(table)).load_iter::<Line, PgRowByRowLoadingMode>(conn)? {
                take(&row?.line)?;
            }
        }
    }
    Ok(())
}

/// Inserts rows, given as one JSON list of objects that have all columns of the table.
pub fn insert_rows(conn: &mut Conn, table: &Table, rows: &str) -> Result<()> {
    match conn {
        Conn::Sqlite(conn) => diesel::sql_query(sqlite_insert(table)).bind::<Text, _>(rows).execute(conn)?,
        Conn::Postgres(conn) => {
            // Its text cannot hold the character NUL, which SQLite's can.
            let cleaned = if rows.contains("\\u0000") { Some(without_nul(rows)?) } else { None };
            let rows = cleaned.as_deref().unwrap_or(rows);
            diesel::sql_query(postgres_insert(table)).bind::<Text, _>(rows).execute(conn)?
        }
    };
    Ok(())
}

/// Lets the numbers of new rows go on after those that were inserted with theirs. SQLite does so by itself.
pub fn continue_numbers(conn: &mut Conn, tables: &[Table]) -> Result<()> {
    let Conn::Postgres(conn) = conn else { return Ok(()) };
    for table in tables.iter().filter(|table| table.columns.get("id") == Some(&Kind::Integer)) {
        let name = &table.name;
        diesel::sql_query(format!(
            r#"SELECT setval(pg_get_serial_sequence('"{name}"', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM "{name}"), false)"#
        ))
        .execute(conn)?;
    }
    Ok(())
}

fn sqlite_select(table: &Table) -> String {
    let members = members(table, |name, kind| match kind {
        Kind::Integer | Kind::Text => format!(r#""{name}""#),
        // `json` makes it true and not "true", and leaves NULL as it is.
        Kind::Boolean => format!(r#"json(CASE "{name}" WHEN 0 THEN 'false' ELSE iif("{name}", 'true', NULL) END)"#),
        // `hex` would make an empty text of NULL.
        Kind::Bytes => format!(r#"iif("{name}" IS NULL, NULL, lower(hex("{name}")))"#),
        Kind::Time => format!(r#"replace("{name}", ' ', 'T') || 'Z'"#),
    });
    format!(r#"SELECT json_object({members}) AS line FROM "{}""#, table.name)
}

fn postgres_select(table: &Table) -> String {
    let members = members(table, |name, kind| match kind {
        Kind::Integer | Kind::Text | Kind::Boolean => format!(r#""{name}""#),
        Kind::Bytes => format!(r#"encode("{name}", 'hex')"#),
        // As diesel writes times into SQLite, where they are compared as text: without a fraction of zero.
        Kind::Time => {
            format!(r#"replace(to_char("{name}", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')"#)
        }
    });
    format!(r#"SELECT json_build_object({members})::text AS line FROM "{}""#, table.name)
}

fn members(table: &Table, expression: impl Fn(&str, Kind) -> String) -> String {
    let member = |(name, kind): (&String, &Kind)| format!("'{name}', {}", expression(name, *kind));
    table.columns.iter().map(member).collect::<Vec<_>>().join(", ")
}

fn sqlite_insert(table: &Table) -> String {
    insert(table, "json_each(?) AS rows", |member, kind| match kind {
        Kind::Integer | Kind::Text | Kind::Boolean => member,
        Kind::Bytes => format!("unhex({member})"),
        Kind::Time => format!("replace(rtrim({member}, 'Z'), 'T', ' ')"),
    })
}

fn postgres_insert(table: &Table) -> String {
    insert(table, "json_array_elements($1::json) AS rows (value)", |member, kind| match kind {
        Kind::Text => member,
        Kind::Integer => format!("({member})::bigint"),
        Kind::Boolean => format!("({member})::boolean"),
        Kind::Bytes => format!("decode({member}, 'hex')"),
        Kind::Time => format!("({member})::timestamp"),
    })
}

fn insert(table: &Table, source: &str, expression: impl Fn(String, Kind) -> String) -> String {
    let names: Vec<String> = table.columns.keys().map(|name| format!(r#""{name}""#)).collect();
    let values = table.columns.iter().map(|(name, kind)| expression(format!("(rows.value ->> '{name}')"), *kind));
    let values: Vec<String> = values.collect();
    format!(r#"INSERT INTO "{}" ({}) SELECT {} FROM {source}"#, table.name, names.join(", "), values.join(", "))
}

fn without_nul(rows: &str) -> Result<String> {
    let mut rows: Vec<Map<String, Value>> = serde_json::from_str(rows)?;
    for value in rows.iter_mut().flat_map(Map::values_mut) {
        if let Value::String(text) = value {
            text.retain(|letter| letter != '\0');
        }
    }
    Ok(serde_json::to_string(&rows)?)
}
