//! Posts of others to which nothing refers: what followed unions published and passed on long ago. They are fetched again when somebody needs
//! them again.
//!
//! Kept are answers that an editor decided on or will, what the union passed on or answered or translated, what somebody passed on lately, and
//! whatever another table refers to: what a followed union has pinned, for one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::Review;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::posts;
use crate::storage::{Conn, each, nothing_refers_to};

/// Who refers to a post by passing it on is asked when; its entry in the search is a part of it, and goes with it.
const NO_REASON: [&str; 2] = ["boosts", "search_entries"];

/// What an index of posts is made for, word for word.
const UNREVIEWED: &str = "review = 'none' AND statement_id IS NULL";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Row numbers of posts that came before a time and to which nothing refers.
pub fn unreferenced(conn: &mut Conn, before: Time, limit: i64) -> Result<Vec<i64>> {
    let select = format!("SELECT id FROM posts WHERE {} ORDER BY received_at, id LIMIT $2", condition(conn)?);
    let query = diesel::sql_query(select).bind::<Timestamp, _>(before).bind::<BigInt, _>(limit);
    let rows: Vec<Row> = each!(conn, conn => query.load(conn))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Forgets those of some posts to which nothing refers still.
pub fn delete_unreferenced(conn: &mut Conn, ids: &[i64], before: Time) -> Result<()> {
    // An update that changes nothing locks the rows on both databases: what came to refer to one meanwhile is seen by the deletion.
    let unreviewed = posts::id.eq_any(ids).and(posts::review.eq(Review::NotNeeded));
    diesel::update(posts::table.filter(unreviewed)).set(posts::sensitive.eq(posts::sensitive)).execute(conn)?;
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let delete = format!("DELETE FROM posts WHERE {} AND id IN ({})", condition(conn)?, ids.join(", "));
    let query = diesel::sql_query(delete).bind::<Timestamp, _>(before);
    each!(conn, conn => query.execute(conn))?;
    Ok(())
}

fn condition(conn: &mut Conn) -> Result<String> {
    Ok(format!(
        "{UNREVIEWED} AND received_at < $1 \
         AND NOT EXISTS (SELECT 1 FROM boosts JOIN actors ON actors.id = boosts.actor_id \
             WHERE boosts.post_id = posts.id AND (actors.local OR boosts.created_at >= $1)) \
         AND NOT EXISTS (SELECT 1 FROM statements WHERE statements.in_reply_to = posts.uri) \
         AND NOT EXISTS (SELECT 1 FROM statements WHERE statements.translates = posts.uri){}",
        nothing_refers_to(conn, "posts", &NO_REASON)?
    ))
}
