//! Quotes of our statements that we allowed, each with its stamp (FEP-044f).

use diesel::prelude::*;

use crate::actors::Actor;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::{actors, quotes, statements};

/// An allowed quote.
#[derive(Debug, Clone, Queryable)]
pub struct Quote {
    /// Id of the stamp.
    pub uri: String,
    /// Id of the quoted statement.
    pub statement: String,
    /// Id of the post that quotes it.
    pub post: String,
}

/// Honest people quote a statement once or twice.
const MOST_OF_AN_ACTOR: i64 = 10;

/// Allows a post of an actor to quote a statement: gives the id of the stamp, which is an earlier one where the same was allowed before,
/// or none where the actor has too many already.
pub fn allow_quote(
    conn: &mut Conn,
    statement_id: i64,
    actor_id: i64,
    post: &str,
    stamp: &str,
    now: Time,
) -> Result<Option<String>> {
    let of_actor = quotes::actor_id.eq(actor_id).and(quotes::statement_id.eq(statement_id));
    let of_post = quotes::table.filter(of_actor.and(quotes::post_uri.eq(post)));
    let earlier: Option<String> = of_post.select(quotes::uri).first(conn).optional()?;
    if earlier.is_some() {
        return Ok(earlier);
    }
    let allowed: i64 = quotes::table.filter(of_actor).count().get_result(conn)?;
    if allowed >= MOST_OF_AN_ACTOR {
        return Ok(None);
    }
    let row = (
        quotes::uri.eq(stamp),
        quotes::statement_id.eq(statement_id),
        quotes::actor_id.eq(actor_id),
        quotes::post_uri.eq(post),
        quotes::created_at.eq(now),
    );
    diesel::insert_into(quotes::table).values(row).execute(conn)?;
    Ok(Some(stamp.to_owned()))
}

/// An allowed quote by the id of its stamp; those of blocked servers count as none.
pub fn find_quote(conn: &mut Conn, stamp: &str) -> Result<Option<Quote>> {
    let stamped = quotes::uri.eq(stamp).and(actors::blocked.eq(false));
    let found = quotes::table.inner_join(statements::table).inner_join(actors::table).filter(stamped).select((
        quotes::uri,
        statements::uri,
        quotes::post_uri,
    ));
    Ok(found.first(conn).optional()?)
}

/// Takes back all quotes of a statement: gives the ids of their stamps, each with the author of the quote.
pub fn revoke_quotes(conn: &mut Conn, statement_id: i64) -> Result<Vec<(String, Actor)>> {
    let revoked = quotes::table
        .inner_join(actors::table)
        .filter(quotes::statement_id.eq(statement_id))
        .order(quotes::id)
        .select((quotes::uri, Actor::as_select()))
        .load(conn)?;
    diesel::delete(quotes::table.filter(quotes::statement_id.eq(statement_id))).execute(conn)?;
    Ok(revoked)
}
