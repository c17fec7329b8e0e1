//! Boosts and likes in the database. The counts stand in the statement's row and change in the same transaction.

use std::collections::BTreeSet;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::posts::{Post, Review};
use crate::storage::schema::{actors, boosts, likes, posts, statements};
use crate::storage::{Conn, Slice, each, sliced};

/// A boost of ours: a post of somebody else that we passed on.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = boosts)]
pub struct Boost {
    /// Row number.
    pub id: i64,
    /// Id of the Announce.
    pub uri: String,
    /// Who boosted.
    pub actor_id: i64,
    /// What was boosted.
    pub post_id: Option<i64>,
    /// When.
    pub created_at: Time,
}

/// Notes that somebody boosted a statement of ours; a second time changes nothing.
pub fn add_boost_of_statement(conn: &mut Conn, actor_id: i64, statement_id: i64, uri: &str, now: Time) -> Result<()> {
    let row = (
        boosts::uri.eq(uri),
        boosts::actor_id.eq(actor_id),
        boosts::statement_id.eq(statement_id),
        boosts::created_at.eq(now),
    );
    let added =
        each!(conn, conn => diesel::insert_into(boosts::table).values(row).on_conflict_do_nothing().execute(conn))?;
    change_boosts_count(conn, statement_id, added, 1)
}

/// Notes that somebody took back a boost of ours.
pub fn remove_boost_of_statement(conn: &mut Conn, actor_id: i64, statement_id: i64) -> Result<()> {
    let theirs = boosts::actor_id.eq(actor_id).and(boosts::statement_id.eq(statement_id));
    let removed = diesel::delete(boosts::table.filter(theirs)).execute(conn)?;
    change_boosts_count(conn, statement_id, removed, -1)
}

fn change_boosts_count(conn: &mut Conn, statement_id: i64, rows: usize, by: i64) -> Result<()> {
    if rows > 0 {
        diesel::update(statements::table.find(statement_id))
            .set(statements::boosts_count.eq(statements::boosts_count + by))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that somebody likes a statement of ours; a second time changes nothing.
pub fn add_like(conn: &mut Conn, actor_id: i64, statement_id: i64, uri: &str, now: Time) -> Result<()> {
    let row = (
        likes::uri.eq(uri),
        likes::actor_id.eq(actor_id),
        likes::statement_id.eq(statement_id),
        likes::created_at.eq(now),
    );
    let added =
        each!(conn, conn => diesel::insert_into(likes::table).values(row).on_conflict_do_nothing().execute(conn))?;
    change_likes_count(conn, statement_id, added, 1)
}

/// Notes that somebody took back a like.
pub fn remove_like(conn: &mut Conn, actor_id: i64, statement_id: i64) -> Result<()> {
    let theirs = likes::actor_id.eq(actor_id).and(likes::statement_id.eq(statement_id));
    let removed = diesel::delete(likes::table.filter(theirs)).execute(conn)?;
    change_likes_count(conn, statement_id, removed, -1)
}

fn change_likes_count(conn: &mut Conn, statement_id: i64, rows: usize, by: i64) -> Result<()> {
    if rows > 0 {
        diesel::update(statements::table.find(statement_id))
            .set(statements::likes_count.eq(statements::likes_count + by))
            .execute(conn)?;
    }
    Ok(())
}

/// The statement that a like or boost of an actor was for, by the id of that activity, with the activity's type: an Undo may name nothing
/// else.
pub fn statement_of(conn: &mut Conn, actor_id: i64, uri: &str) -> Result<Option<(&'static str, i64)>> {
    let liked: Option<i64> = likes::table
        .filter(likes::actor_id.eq(actor_id).and(likes::uri.eq(uri)))
        .select(likes::statement_id)
        .first(conn)
        .optional()?;
    if let Some(statement_id) = liked {
        return Ok(Some(("Like", statement_id)));
    }
    let boosted: Option<Option<i64>> = boosts::table
        .filter(boosts::actor_id.eq(actor_id).and(boosts::uri.eq(uri)))
        .select(boosts::statement_id)
        .first(conn)
        .optional()?;
    Ok(boosted.flatten().map(|statement_id| ("Announce", statement_id)))
}

/// A boost by the id of its Announce.
pub fn find_boost(conn: &mut Conn, actor_id: i64, uri: &str) -> Result<Option<Boost>> {
    let theirs = boosts::actor_id.eq(actor_id).and(boosts::uri.eq(uri));
    Ok(boosts::table.filter(theirs).select(Boost::as_select()).first(conn).optional()?)
}

/// The statements whose counts these actors had a part in, by likes, boosts and answers.
pub fn statements_touched_by(conn: &mut Conn, actor_ids: &[i64]) -> Result<Vec<i64>> {
    let liked: Vec<i64> =
        likes::table.filter(likes::actor_id.eq_any(actor_ids)).select(likes::statement_id).distinct().load(conn)?;
    let boosted: Vec<Option<i64>> =
        boosts::table.filter(boosts::actor_id.eq_any(actor_ids)).select(boosts::statement_id).distinct().load(conn)?;
    let answered: Vec<Option<i64>> =
        posts::table.filter(posts::author_id.eq_any(actor_ids)).select(posts::statement_id).distinct().load(conn)?;
    let all: BTreeSet<i64> = liked.into_iter().chain(boosted.into_iter().chain(answered).flatten()).collect();
    Ok(all.into_iter().collect())
}

/// How many likes and boosts these actors gave.
pub fn count_by(conn: &mut Conn, actor_ids: &[i64]) -> Result<i64> {
    let liked: i64 = likes::table.filter(likes::actor_id.eq_any(actor_ids)).count().get_result(conn)?;
    let boosted: i64 = boosts::table.filter(boosts::actor_id.eq_any(actor_ids)).count().get_result(conn)?;
    Ok(liked + boosted)
}

/// Notes that the union passes on a post.
pub fn boost_post(conn: &mut Conn, actor_id: i64, post_id: i64, uri: &str, now: Time) -> Result<()> {
    let row =
        (boosts::uri.eq(uri), boosts::actor_id.eq(actor_id), boosts::post_id.eq(post_id), boosts::created_at.eq(now));
    diesel::insert_into(boosts::table).values(row).execute(conn)?;
    Ok(())
}

/// The union's boost of a post.
pub fn boost_of_post(conn: &mut Conn, actor_id: i64, post_id: i64) -> Result<Option<Boost>> {
    let ours = boosts::actor_id.eq(actor_id).and(boosts::post_id.eq(post_id));
    Ok(boosts::table.filter(ours).select(Boost::as_select()).first(conn).optional()?)
}

/// Takes a boost back.
pub fn delete_boost(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(boosts::table.find(id)).execute(conn)?;
    Ok(())
}

/// A part of the public posts that the union passed on, newest boost first, without those of blocked servers.
pub fn boosted_posts(conn: &mut Conn, actor_id: i64, slice: Slice, limit: i64) -> Result<Vec<(Boost, Post, Actor)>> {
    let boosted = boosts::table
        .inner_join(posts::table.on(boosts::post_id.eq(posts::id.nullable())))
        .inner_join(actors::table.on(actors::id.eq(posts::author_id)))
        .filter(boosts::actor_id.eq(actor_id))
        .filter(posts::review.eq_any([Review::NotNeeded, Review::Approved]).and(actors::blocked.eq(false)))
        .select((Boost::as_select(), Post::as_select(), Actor::as_select()))
        .into_boxed();
    let part = sliced!(boosted, slice, boosts::created_at, boosts::id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// Boosts of ours of what everybody may see. The database marks them, with whatever changes that.
macro_rules! shown {
    ($actor_id:expr) => {
        boosts::table.filter(boosts::actor_id.eq($actor_id).and(boosts::shown)).select(count_star())
    };
}

/// How many there are.
pub fn count_boosted(conn: &mut Conn, actor_id: i64) -> Result<i64> {
    Ok(shown!(actor_id).first(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::plan_of;

    #[tokio::test]
    async fn what_the_union_passed_on_is_counted_in_an_index_alone() {
        assert_eq!(plan_of(&shown!(1_i64)).await, ["SEARCH boosts USING COVERING INDEX boosts_shown (actor_id=?)"]);
    }

    #[tokio::test]
    async fn a_block_walks_along_no_table() {
        // As `boosts_marked_after_block` does it.
        let mark = "UPDATE boosts SET shown = FALSE WHERE post_id IN (SELECT id FROM posts WHERE author_id = 1) \
                    AND EXISTS (SELECT 1 FROM actors WHERE id = boosts.actor_id AND local)";
        let plan = plan_of(&diesel::sql_query(mark)).await;
        assert!(plan.len() > 1 && plan.iter().all(|step| !step.contains("SCAN")), "{plan:?}");
    }
}
