//! How often what the public pages show has changed. The database counts that itself (triggers, in `migrations/`), in the transaction that
//! changes it and whichever process that is in: so nothing that writes can forget to.

use diesel::prelude::*;

use super::schema::site_version as numbers;
use super::{Conn, each};
use crate::error::Result;

/// Numbers of changes. What was read after they were asked for is good as long as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct SiteVersion {
    /// Of what any page may show.
    pub version: i64,
    /// Of how many like or boost a statement, whichever it is.
    pub reactions: i64,
}

/// The numbers of changes until now. Asked at every visit, so the query of each database stays prepared.
pub fn site_version(conn: &mut Conn) -> Result<SiteVersion> {
    Ok(each!(conn, conn => numbers::table.select((numbers::version, numbers::reactions)).first(conn))?)
}
