//! Lists for readers: each statement once, however many languages it has; by year and month; and by number, for crawlers.

use chrono::Datelike;
use diesel::dsl::{max, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::{State, Statement};
use crate::clock::{self, Span, Time, Zone};
use crate::error::Result;
use crate::storage::schema::{statement_tags, statements};
use crate::storage::{Conn, Slice, sliced};

/// In how many languages a union writes at most.
const MOST_LANGUAGES: usize = 100;

/// The languages of published statements, by their tags. Goes from each to the next in the index, since most statements share a few.
pub fn languages(conn: &mut Conn) -> Result<Vec<String>> {
    let mut languages: Vec<String> = Vec::new();
    while languages.len() < MOST_LANGUAGES {
        let last = languages.last().map_or("", String::as_str);
        let behind =
            statements::table.filter(statements::state.eq(State::Published)).filter(statements::language.gt(last));
        match behind.order(statements::language).select(statements::language).first(conn).optional()? {
            Some(next) => languages.push(next),
            None => break,
        }
    }
    Ok(languages)
}

/// Whether a statement is the first of its languages: it translates none of ours that is public.
const FIRST: &str = "(statements.translates IS NULL OR NOT EXISTS (SELECT 1 FROM statements o \
                     WHERE o.uri = statements.translates AND o.state = 'published'))";
/// The same among the statements of one hashtag.
const FIRST_TAGGED: &str = "(statements.translates IS NULL OR NOT EXISTS (SELECT 1 FROM statements o \
                            JOIN statement_tags t ON t.statement_id = o.id WHERE o.uri = statements.translates \
                            AND o.state = 'published' AND t.tag = statement_tags.tag))";

/// Whether a statement has pictures.
const PICTURED: &str = "EXISTS (SELECT 1 FROM statement_pictures p WHERE p.statement_id = statements.id)";

/// A part of the published statements, newest first, each once.
pub fn list_once(conn: &mut Conn, slice: Slice, limit: i64) -> Result<Vec<Statement>> {
    let published = statements::table
        .filter(statements::state.eq(State::Published).and(sql::<Bool>(FIRST)))
        .select(Statement::as_select())
        .into_boxed();
    let part = sliced!(published, slice, statements::published, statements::id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// The same within a stretch of time.
pub fn list_once_in(conn: &mut Conn, span: Span, slice: Slice, limit: i64) -> Result<Vec<Statement>> {
    let within = statements::published.ge(span.from()).and(statements::published.lt(span.until()));
    let published = statements::table
        .filter(statements::state.eq(State::Published).and(within).and(sql::<Bool>(FIRST)))
        .select(Statement::as_select())
        .into_boxed();
    let part = sliced!(published, slice, statements::published, statements::id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// The same with a hashtag, which is given folded.
pub fn list_once_tagged(conn: &mut Conn, tag: &str, slice: Slice, limit: i64) -> Result<Vec<Statement>> {
    let tagged = statements::table
        .inner_join(statement_tags::table)
        .filter(statement_tags::tag.eq(tag).and(statements::state.eq(State::Published)))
        .filter(sql::<Bool>(FIRST_TAGGED))
        .select(Statement::as_select())
        .into_boxed();
    let part = sliced!(tagged, slice, statement_tags::published, statement_tags::statement_id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// Those of them with pictures.
pub fn list_pictured(conn: &mut Conn, tag: &str, slice: Slice, limit: i64) -> Result<Vec<Statement>> {
    let tagged = statements::table
        .inner_join(statement_tags::table)
        .filter(statement_tags::tag.eq(tag).and(statements::state.eq(State::Published)))
        .filter(sql::<Bool>(FIRST_TAGGED).and(sql::<Bool>(PICTURED)))
        .select(Statement::as_select())
        .into_boxed();
    let part = sliced!(tagged, slice, statement_tags::published, statement_tags::statement_id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// The years there of which a list is not empty, newest first. Each is found by one look into the index, so nothing is counted.
pub fn archive_years(conn: &mut Conn, zone: Zone) -> Result<Vec<i32>> {
    let mut years = Vec::new();
    let mut newest = newest_before(conn, None)?;
    while let Some(time) = newest {
        let year = clock::local(time, zone).year();
        years.push(year);
        newest = match Span::year(year, zone) {
            Some(span) => newest_before(conn, Some(span.from()))?,
            None => None,
        };
    }
    Ok(years)
}

/// The months of a year, likewise, in their order.
pub fn archive_months(conn: &mut Conn, year: i32, zone: Zone) -> Result<Vec<u32>> {
    let mut months = Vec::new();
    for month in 1..=12 {
        let Some(span) = Span::month(year, month, zone) else { continue };
        if newest_before(conn, Some(span.until()))?.is_some_and(|time| time >= span.from()) {
            months.push(month);
        }
    }
    Ok(months)
}

fn newest_before(conn: &mut Conn, end: Option<Time>) -> Result<Option<Time>> {
    let mut published = statements::table
        .filter(statements::state.eq(State::Published).and(sql::<Bool>(FIRST)))
        .order(statements::published.desc())
        .select(statements::published)
        .into_boxed();
    if let Some(end) = end {
        published = published.filter(statements::published.lt(end));
    }
    Ok(published.first(conn).optional()?)
}

/// Up to which row number there are statements.
pub fn ids_until(conn: &mut Conn) -> Result<i64> {
    Ok(statements::table.select(max(statements::id)).first::<Option<i64>>(conn)?.unwrap_or_default())
}

/// Public statements with row numbers above one and up to another: the last part of their addresses, and when they last changed.
pub fn listed_between(conn: &mut Conn, above: i64, up_to: i64) -> Result<Vec<(String, Time)>> {
    let numbered = statements::id.gt(above).and(statements::id.le(up_to));
    // Not asked for by their state: SQLite would walk along all that are public.
    let rows: Vec<(State, String, Time, Option<Time>)> = statements::table
        .filter(numbered)
        .order(statements::id)
        .select((statements::state, statements::slug, statements::published, statements::updated))
        .load(conn)?;
    let public = rows.into_iter().filter(|(state, ..)| *state == State::Published);
    Ok(public.map(|(_, slug, published, updated)| (slug, updated.unwrap_or(published))).collect())
}
