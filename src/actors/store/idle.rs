//! Actors of other servers on whom nothing hangs: whoever signs a request is kept before the signature is looked at, so that anybody may fill
//! the table. They are fetched again when they are needed again.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::actors;
use crate::storage::{Conn, each, nothing_refers_to};

/// What is a part of an actor, and no reason to keep it.
const PARTS: [&str; 1] = ["actor_keys"];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Row numbers of actors of other servers that were read before a time, and on whom nothing hangs.
pub fn idle(conn: &mut Conn, before: Time, limit: i64) -> Result<Vec<i64>> {
    let select = format!("SELECT id FROM actors WHERE {} LIMIT $2", condition(conn)?);
    let query = diesel::sql_query(select).bind::<Timestamp, _>(before).bind::<BigInt, _>(limit);
    let rows: Vec<Row> = each!(conn, conn => query.load(conn))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Forgets those of some actors that are idle still.
pub fn delete_idle(conn: &mut Conn, ids: &[i64], before: Time) -> Result<()> {
    // An update that changes nothing locks the rows on both databases: what was hung on one meanwhile is seen by the deletion.
    diesel::update(actors::table.filter(actors::id.eq_any(ids))).set(actors::local.eq(actors::local)).execute(conn)?;
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let delete = format!("DELETE FROM actors WHERE {} AND id IN ({})", condition(conn)?, ids.join(", "));
    let query = diesel::sql_query(delete).bind::<Timestamp, _>(before);
    each!(conn, conn => query.execute(conn))?;
    Ok(())
}

fn condition(conn: &mut Conn) -> Result<String> {
    Ok(format!("local = FALSE AND fetched_at < $1{}", nothing_refers_to(conn, "actors", &PARTS)?))
}
