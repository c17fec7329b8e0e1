//! How often what the public pages show has changed. The database counts that itself (triggers, in `migrations/`), in the transaction that
//! changes it and whichever process that is in: so nothing that writes can forget to.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Conn, each};
use crate::error::Result;

/// Numbers of changes. What was read after they were asked for is good as long as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct SiteVersion {
    /// Of what any page may show.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Of how many like or boost a statement, whichever it is.
    #[diesel(sql_type = BigInt)]
    pub reactions: i64,
}

/// The numbers of changes until now.
pub fn site_version(conn: &mut Conn) -> Result<SiteVersion> {
    let query = diesel::sql_query("SELECT version, reactions FROM site_version");
    Ok(each!(conn, conn => query.get_result(conn))?)
}
