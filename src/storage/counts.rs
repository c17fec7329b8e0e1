//! How many there are of what grows without end. The database keeps these numbers itself (triggers, in `migrations/`), in the transaction that
//! changes them: nobody counts rows to know them, and nothing that writes can forget to.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Conn, each};
use crate::error::Result;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Statements that are public.
    Statements,
    /// Followers of the union.
    Followers,
}

impl Counted {
    fn name(self) -> &'static str {
        match self {
            Self::Statements => "statements",
            Self::Followers => "followers",
        }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// How many there are. On PostgreSQL a transaction does not see what it changes itself: that is written down as the last thing before its commit.
pub fn count_of(conn: &mut Conn, counted: Counted) -> Result<i64> {
    let query = diesel::sql_query(format!("SELECT value FROM counts WHERE name = '{}'", counted.name()));
    let found: Count = each!(conn, conn => query.get_result(conn))?;
    Ok(found.value)
}
