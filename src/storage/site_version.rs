//! How often what the public pages show has changed. The database counts that itself (triggers, in `migrations/`), in the transaction that
//! changes it and whichever process that is in: so nothing that writes can forget to.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Conn, each};
use crate::error::Result;

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// The number of changes. What was read after it was asked for is good as long as it stands.
pub fn site_version(conn: &mut Conn) -> Result<i64> {
    let query = diesel::sql_query("SELECT version FROM site_version");
    let found: Version = each!(conn, conn => query.get_result(conn))?;
    Ok(found.version)
}
