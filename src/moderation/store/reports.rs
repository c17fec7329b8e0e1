//! Reports of other servers in the database.

use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::reports;

/// What another server reported to us.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reports)]
pub struct Report {
    /// Row number.
    pub id: i64,
    /// The server that reported; which of its people did is not kept.
    pub host: String,
    /// What it says: text.
    pub comment: String,
    about: String,
    /// When it reached us.
    pub created_at: Time,
    /// When a person had done with it.
    pub closed_at: Option<Time>,
}

impl Report {
    /// The ids of what is reported, all of it ours.
    #[must_use]
    pub fn about(&self) -> Vec<String> {
        serde_json::from_str(&self.about).unwrap_or_default()
    }
}

pub(in crate::moderation) fn insert_report(
    conn: &mut Conn,
    host: &str,
    comment: &str,
    about: &[String],
    now: Time,
) -> Result<()> {
    let row = (
        reports::host.eq(host),
        reports::comment.eq(comment),
        reports::about.eq(serde_json::to_string(about)?),
        reports::created_at.eq(now),
    );
    diesel::insert_into(reports::table).values(row).execute(conn)?;
    Ok(())
}

/// How many reports wait: of one server, and of all.
pub(in crate::moderation) fn count_open_reports(conn: &mut Conn, host: &str) -> Result<(i64, i64)> {
    let open = reports::table.filter(reports::closed_at.is_null());
    Ok((open.filter(reports::host.eq(host)).count().get_result(conn)?, open.count().get_result(conn)?))
}

pub(in crate::moderation) fn list_reports(conn: &mut Conn, all: bool, limit: i64) -> Result<Vec<Report>> {
    let mut found = reports::table.order(reports::id.desc()).limit(limit).select(Report::as_select()).into_boxed();
    if !all {
        found = found.filter(reports::closed_at.is_null());
    }
    Ok(found.load(conn)?)
}

pub(in crate::moderation) fn close_report(conn: &mut Conn, id: i64, now: Time) -> Result<bool> {
    let open = reports::table.filter(reports::id.eq(id).and(reports::closed_at.is_null()));
    Ok(diesel::update(open).set(reports::closed_at.eq(now)).execute(conn)? > 0)
}

pub(in crate::moderation) fn delete_closed_reports(conn: &mut Conn, before: Time) -> Result<()> {
    diesel::delete(reports::table.filter(reports::closed_at.lt(before))).execute(conn)?;
    Ok(())
}
