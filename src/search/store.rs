//! The entries in the database.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::Filters;
use super::entry::{Entry, Mark, Of, first_place};
use super::question::Wanted;
use crate::clock::Span;
use crate::error::Result;
use crate::storage::schema::{search_entries, settings};
use crate::storage::{Conn, each, full_text};

/// How far the index has been filled, by the version of the words in it.
const PROGRESS: &str = "search";

/// Something that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its place: what is older stands behind it.
    pub place: i64,
    /// What it is.
    pub of: Of,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    statement_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    post_id: Option<i64>,
}

/// Who may be found is asked of the tables themselves at every search: a statement that is public now; a public post that is not held or
/// rejected, of nobody blocked, by somebody whom the union follows, or approved (and the statement that it answers still stands) or passed on
/// by the union and of somebody who lets it be found (people must say so, FEP-5feb; of organisations it is taken for granted that they speak in public).
const VISIBLE: &str = "
    FROM SOURCE
    LEFT JOIN statements ON statements.id = entries.statement_id
    LEFT JOIN posts ON posts.id = entries.post_id
    LEFT JOIN actors ON actors.id = posts.author_id
    WHERE CONDITION AND PLACE >= $2 AND PLACE < $3 AND (
        statements.state = 'published'
        OR (posts.visibility = 'public' AND posts.review IN ('none', 'approved') AND NOT actors.blocked AND (
            EXISTS (SELECT 1 FROM follows WHERE ALLIES
                AND follows.followee_id = posts.author_id AND follows.follower_id = $4 AND follows.state = 'accepted')
            OR (posts.review = 'approved' AND actors.indexable AND EXISTS (
                SELECT 1 FROM statements answered WHERE answered.id = posts.statement_id AND answered.state = 'published'))
            OR ((actors.indexable OR actors.kind <> 'Person')
                AND EXISTS (SELECT 1 FROM boosts WHERE boosts.post_id = posts.id AND boosts.actor_id = $4))
        ))
    )
    ORDER BY PLACE DESC LIMIT $5";

/// What holds all the words, newest first, from before a place. Without words all that the filters let through; without either, nothing.
pub fn find(conn: &mut Conn, union: i64, wanted: &Wanted, filters: &Filters, limit: i64) -> Result<Vec<Hit>> {
    let marks = marks(filters);
    if wanted.is_empty() && marks.is_empty() {
        return Ok(Vec::new());
    }
    let asked = full_text(conn, &wanted.to_words(&marks));
    let allies = if filters.without_allies { "FALSE" } else { "TRUE" };
    let visible =
        VISIBLE.replace("SOURCE", asked.source).replace("CONDITION", asked.condition).replace("ALLIES", allies);
    let sql = format!(
        "SELECT entries.place, entries.statement_id, entries.post_id {}",
        visible.replace("PLACE", asked.place)
    );
    let (from, until) = places(filters);
    let query = diesel::sql_query(sql)
        .bind::<Text, _>(asked.words)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(until)
        .bind::<BigInt, _>(union)
        .bind::<BigInt, _>(limit);
    let rows: Vec<Row> = each!(conn, conn => query.load(conn))?;
    let of = |row: &Row| row.statement_id.map(Of::Statement).or_else(|| row.post_id.map(Of::Post));
    Ok(rows.iter().filter_map(|row| Some(Hit { place: row.place, of: of(row)? })).collect())
}

/// The first place that is looked at, and the first after the last.
fn places(filters: &Filters) -> (i64, i64) {
    let before = filters.before.unwrap_or(i64::MAX);
    match filters.year.and_then(|year| Span::year(year.into(), filters.zone)) {
        Some(year) => (first_place(year.from()), first_place(year.until()).min(before)),
        None => (0, before),
    }
}

fn marks(filters: &Filters) -> Vec<Mark> {
    let language = filters.language.as_deref().map(Mark::language);
    let hashtag = filters.hashtag.as_deref().map(Mark::hashtag);
    [language, hashtag, filters.author_id.map(Mark::Author), filters.year.map(|year| Mark::Year(year.into()))]
        .into_iter()
        .flatten()
        .collect()
}

/// Lets a text be found, as it is now.
pub fn put(conn: &mut Conn, entry: &Entry<'_>) -> Result<()> {
    remove(conn, entry.of)?;
    let (statement_id, post_id) = match entry.of {
        Of::Statement(id) => (Some(id), None),
        Of::Post(id) => (None, Some(id)),
    };
    let row = (
        search_entries::place.eq(entry.place()),
        search_entries::statement_id.eq(statement_id),
        search_entries::post_id.eq(post_id),
        search_entries::words.eq(entry.to_words()),
    );
    // Two rows share a place only where their numbers are millions apart and their second is the same; the later is then not found.
    each!(conn, conn => diesel::insert_into(search_entries::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Lets nothing of a statement or post be found any more.
pub fn remove(conn: &mut Conn, of: Of) -> Result<()> {
    match of {
        Of::Statement(id) => {
            diesel::delete(search_entries::table.filter(search_entries::statement_id.eq(id))).execute(conn)?
        }
        Of::Post(id) => diesel::delete(search_entries::table.filter(search_entries::post_id.eq(id))).execute(conn)?,
    };
    Ok(())
}

pub(super) fn progress(conn: &mut Conn) -> Result<Option<String>> {
    Ok(settings::table.find(PROGRESS).select(settings::value).first(conn).optional()?)
}

pub(super) fn set_progress(conn: &mut Conn, progress: &str) -> Result<()> {
    let row = (settings::key.eq(PROGRESS), settings::value.eq(progress));
    each!(conn, conn => diesel::insert_into(settings::table)
        .values(row)
        .on_conflict(settings::key)
        .do_update()
        .set(settings::value.eq(progress))
        .execute(conn))?;
    Ok(())
}
