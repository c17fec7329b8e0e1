//! What a backup says of itself, first of all.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::storage::{Kind, Table, unknown_steps};

/// The first file of the archive.
pub(super) const NAME: &str = "manifest.json";
/// Goes up when an older Picket could no longer read what is written.
const FORMAT: u64 = 1;

/// What stands in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the archive's form.
    pub picket_backup: u64,
    /// The version of Picket that wrote it.
    pub version: String,
    /// When it was begun (RFC 3339).
    pub created: String,
    /// Scheme and domain in all ids of the node.
    pub node: String,
    /// The host name in its handles.
    pub account_domain: String,
    /// The steps that its database had taken.
    pub steps: Vec<String>,
    /// The tables in the order in which they can be filled, with how many rows each had.
    pub tables: Vec<Counted>,
}

/// A table with its number of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many rows the archive holds of it.
    pub rows: u64,
    /// The table.
    #[serde(flatten)]
    pub table: Table,
}

impl Manifest {
    /// The manifest of a node.
    pub(super) fn new(node: String, account_domain: String, created: String) -> Self {
        Self {
            picket_backup: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created,
            node,
            account_domain,
            steps: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// All rows together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|counted| counted.rows).sum()
    }

    /// All statements: those that are published, those that are to be, and those that were withdrawn.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.tables.iter().find(|counted| counted.table.name == "statements").map_or(0, |counted| counted.rows)
    }

    /// Reads a manifest, and refuses one that this Picket cannot restore.
    pub(super) fn parse(text: &[u8]) -> Result<Self> {
        let foreign = |_| Error::invalid("backup", "this is no backup of Picket; nothing was touched");
        let value: Value = serde_json::from_slice(text).map_err(foreign)?;
        let version = value["version"].as_str().unwrap_or("unknown").to_owned();
        if value["picket_backup"].as_u64().is_some_and(|format| format > FORMAT) {
            return Err(newer(&version));
        }
        let manifest: Self = serde_json::from_value(value).map_err(foreign)?;
        if !unknown_steps(&manifest.steps).is_empty() {
            return Err(newer(&version));
        }
        // The names go into queries and paths, and the file may be anybody's.
        let names = manifest
            .tables
            .iter()
            .flat_map(|counted| std::iter::once(&counted.table.name).chain(counted.table.columns.keys()));
        if names.into_iter().any(|name| !is_plain(name)) {
            return Err(Error::invalid("backup", "it names tables as Picket never does; nothing was touched"));
        }
        Ok(manifest)
    }
}

fn newer(version: &str) -> Error {
    Error::Conflict(format!(
        "the backup was made by a newer Picket ({version}) than this one ({}); nothing was touched: install that version and restore with it",
        env!("CARGO_PKG_VERSION")
    ))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a line is a row of a table: an object with each of its columns, of the kind that it has, and no other.
pub(super) fn is_row(table: &Table, line: &str) -> bool {
    let Ok(Value::Object(row)) = serde_json::from_str(line) else { return false };
    row.len() == table.columns.len()
        && table.columns.iter().all(|(name, kind)| match (row.get(name), kind) {
            (Some(Value::Null), _) => true,
            (Some(value), Kind::Integer) => value.is_i64(),
            (Some(value), Kind::Boolean) => value.is_boolean(),
            (Some(value), Kind::Text | Kind::Bytes | Kind::Time) => value.is_string(),
            (None, _) => false,
        })
}
