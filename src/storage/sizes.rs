//! How large the tables are.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Conn;
use super::rows::count_rows;
use super::tables::tables;
use crate::error::Result;

/// Every page of the file is looked at, which takes a second for each gigabyte or so.
const SQLITE_BYTES: &str = r#"SELECT m.tbl_name AS "table", SUM(s.pgsize) AS bytes
    FROM dbstat s JOIN sqlite_schema m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY m.tbl_name"#;
const POSTGRES_BYTES: &str = r#"SELECT relname::text AS "table", pg_total_relation_size(oid) AS bytes
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"#;

/// A table, with all its indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: i64,
    /// What it takes on the disk.
    pub bytes: i64,
}

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// The sizes of all tables.
pub fn sizes(conn: &mut Conn) -> Result<Vec<Size>> {
    let bytes: Vec<Bytes> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(SQLITE_BYTES).load(conn)?,
        Conn::Postgres(conn) => diesel::sql_query(POSTGRES_BYTES).load(conn)?,
    };
    let bytes: BTreeMap<String, i64> = bytes.into_iter().map(|row| (row.table, row.bytes)).collect();
    let mut sizes = Vec::new();
    for table in tables(conn)? {
        let (rows, bytes) = (count_rows(conn, &table)?, bytes.get(&table.name).copied());
        sizes.push(Size { table: table.name, rows, bytes: bytes.unwrap_or_default() });
    }
    Ok(sizes)
}
