//! Names of files in the database: whoever keeps one does so in a column named `file`, so that all of them are found in the catalogue.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::tables::tables;
use super::{Conn, each};
use crate::error::Result;

const COLUMN: &str = "file";

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    file: String,
}

/// Those of some names of files that stand nowhere in the database.
pub fn unnamed_files(conn: &mut Conn, names: &[String]) -> Result<Vec<String>> {
    let mut unnamed: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for table in tables(conn)?.into_iter().filter(|table| table.columns.contains_key(COLUMN)) {
        for name in names {
            let select = format!(r#"SELECT "{COLUMN}" AS file FROM "{}" WHERE "{COLUMN}" = $1 LIMIT 1"#, table.name);
            let query = diesel::sql_query(select).bind::<Text, _>(name);
            let found: Option<Named> = each!(conn, conn => query.get_result(conn).optional())?;
            if let Some(found) = found {
                unnamed.remove(found.file.as_str());
            }
        }
    }
    Ok(unnamed.into_iter().map(str::to_owned).collect())
}
