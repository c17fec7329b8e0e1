//! Finding and listing statements.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Picture, Reading, State, Statement, documents};
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::schema::{actors, revisions, statement_mentions, statement_pictures, statement_tags, statements};
use crate::storage::{self, Conn, Slice, each, sliced};

/// A statement by row number.
pub fn get(conn: &mut Conn, id: i64) -> Result<Statement> {
    Ok(statements::table.find(id).select(Statement::as_select()).first(conn)?)
}

/// A statement by its id on the wire, whatever its state.
pub fn find(conn: &mut Conn, uri: &str) -> Result<Option<Statement>> {
    Ok(statements::table.filter(statements::uri.eq(uri)).select(Statement::as_select()).first(conn).optional()?)
}

/// Row number and state of a statement, by its id on the wire: all that most of what is said about it needs.
pub fn state_of(conn: &mut Conn, uri: &str) -> Result<Option<(i64, State)>> {
    let found = statements::table.filter(statements::uri.eq(uri)).select((statements::id, statements::state));
    Ok(each!(conn, conn => found.first(conn)).optional()?)
}

/// A statement as the public may see it, by the last part of its address.
///
/// # Errors
/// `NotFound` for what does not exist or is not published yet, `Gone` for what was withdrawn.
pub fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Statement> {
    // PostgreSQL takes no NUL in a text.
    if slug.contains(char::is_control) {
        return Err(Error::not_found("This statement"));
    }
    let found: Option<Statement> =
        statements::table.filter(statements::slug.eq(slug)).select(Statement::as_select()).first(conn).optional()?;
    match found {
        Some(statement) if statement.state == State::Published => Ok(statement),
        Some(statement) if statement.state == State::Withdrawn => Err(Error::Gone("This statement".to_owned())),
        _ => Err(Error::not_found("This statement")),
    }
}

/// How many like and boost a statement, by the last part of its address; none where there is none.
pub fn reactions(conn: &mut Conn, slug: &str) -> Result<(i64, i64)> {
    // PostgreSQL takes no NUL in a text.
    if slug.contains(char::is_control) {
        return Ok((0, 0));
    }
    let counts =
        statements::table.filter(statements::slug.eq(slug)).select((statements::likes_count, statements::boosts_count));
    Ok(counts.first(conn).optional()?.unwrap_or_default())
}

/// A part of the published statements, newest first.
pub fn list(conn: &mut Conn, slice: Slice, limit: i64) -> Result<Vec<Statement>> {
    let published =
        statements::table.filter(statements::state.eq(State::Published)).select(Statement::as_select()).into_boxed();
    let part = sliced!(published, slice, statements::published, statements::id);
    Ok(slice.newest_first(part.limit(limit).load(conn)?))
}

/// The newest published statements, of one hashtag (folded) or of any, in one language or in all.
pub fn list_newest(conn: &mut Conn, tag: Option<&str>, language: Option<&str>, limit: i64) -> Result<Vec<Statement>> {
    if let Some(tag) = tag {
        return list_newest_tagged(conn, tag, language, limit);
    }
    let newest = statements::table.order((statements::published.desc(), statements::id.desc())).limit(limit);
    let mut newest = newest.filter(statements::state.eq(State::Published)).into_boxed();
    if let Some(language) = language {
        newest = newest.filter(statements::language.eq(language));
    }
    Ok(newest.select(Statement::as_select()).load(conn)?)
}

fn list_newest_tagged(conn: &mut Conn, tag: &str, language: Option<&str>, limit: i64) -> Result<Vec<Statement>> {
    let tagged = statement_tags::table.inner_join(statements::table).filter(statement_tags::tag.eq(tag));
    let newest = tagged.order((statement_tags::published.desc(), statement_tags::statement_id.desc())).limit(limit);
    let mut newest = newest.filter(statements::state.eq(State::Published)).into_boxed();
    if let Some(language) = language {
        newest = newest.filter(statements::language.eq(language));
    }
    Ok(newest.select(Statement::as_select()).load(conn)?)
}

/// Statements of every state, newest first.
macro_rules! of_every_state {
    () => {
        statements::table.order((statements::published.desc(), statements::id.desc())).select(Statement::as_select())
    };
}

/// So many of them: for editors.
pub fn list_all(conn: &mut Conn, limit: i64) -> Result<Vec<Statement>> {
    Ok(of_every_state!().limit(limit).load(conn)?)
}

/// How many statements are public.
pub fn count_published(conn: &mut Conn) -> Result<i64> {
    storage::count_of(conn, storage::Counted::Statements)
}

/// A statement with all that belongs to it.
pub fn read(conn: &mut Conn, statement: Statement) -> Result<Reading> {
    let pictures = pictures(conn, statement.id)?;
    let documents = documents::documents(conn, statement.id)?;
    let tags = statement_tags::table
        .filter(statement_tags::statement_id.eq(statement.id))
        .order(statement_tags::tag)
        .select(statement_tags::name)
        .load(conn)?;
    let mentions = statement_mentions::table
        .inner_join(actors::table)
        .filter(statement_mentions::statement_id.eq(statement.id))
        .order(actors::id)
        .select(Actor::as_select())
        .load(conn)?;
    let translations = translations_of(conn, &statement.uri)?;
    Ok(Reading { statement, pictures, documents, tags, mentions, translations })
}

/// The pictures of a statement in their order.
pub fn pictures(conn: &mut Conn, id: i64) -> Result<Vec<Picture>> {
    Ok(statement_pictures::table
        .filter(statement_pictures::statement_id.eq(id))
        .order(statement_pictures::position)
        .select(Picture::as_select())
        .load(conn)?)
}

/// A picture that the public may see, by the name of its file.
///
/// # Errors
/// `NotFound` for one that no published statement shows, as for one that does not exist.
pub fn published_picture(conn: &mut Conn, file: &str) -> Result<Picture> {
    let found: Option<Picture> = statement_pictures::table
        .inner_join(statements::table)
        .filter(statement_pictures::file.eq(file).and(statements::state.eq(State::Published)))
        .select(Picture::as_select())
        .first(conn)
        .optional()?;
    found.ok_or_else(|| Error::not_found("This picture"))
}

/// When the text of a statement was last put in place of an older one.
pub fn last_revised(conn: &mut Conn, id: i64) -> Result<Option<Time>> {
    let times = revisions::table.filter(revisions::statement_id.eq(id)).order(revisions::id.desc());
    Ok(times.select(revisions::replaced_at).first(conn).optional()?)
}

/// Published translations of a statement, oldest first.
pub fn translations_of(conn: &mut Conn, uri: &str) -> Result<Vec<Statement>> {
    Ok(statements::table
        .filter(statements::translates.eq(uri).and(statements::state.eq(State::Published)))
        .order(statements::id)
        .select(Statement::as_select())
        .load(conn)?)
}

/// The text, public or scheduled, in which a statement stands in a language: itself, or a translation of it. No other transaction publishes one
/// until the end of this.
pub fn in_language(conn: &mut Conn, original: &str, language: &str) -> Result<Option<Statement>> {
    storage::publish_in_turn(conn)?;
    Ok(statements::table
        .filter(statements::uri.eq(original).or(statements::translates.eq(original)))
        .filter(statements::language.eq(language).and(statements::state.ne(State::Withdrawn)))
        .order(statements::id)
        .select(Statement::as_select())
        .first(conn)
        .optional()?)
}

/// Published statements of one conversation, oldest first, after a place in that order.
pub fn list_in_conversation(
    conn: &mut Conn,
    context: &str,
    after: Option<(Time, i64)>,
    limit: i64,
) -> Result<Vec<Statement>> {
    let mut own = statements::table
        .filter(statements::context.eq(context).and(statements::state.eq(State::Published)))
        .order((statements::published.asc(), statements::id.asc()))
        .limit(limit)
        .select(Statement::as_select())
        .into_boxed();
    if let Some((time, id)) = after {
        own = own.filter(statements::published.gt(time).or(statements::published.eq(time).and(statements::id.gt(id))));
    }
    Ok(own.load(conn)?)
}

/// How many published statements a conversation has.
pub fn count_in_conversation(conn: &mut Conn, context: &str) -> Result<i64> {
    let own = statements::context.eq(context).and(statements::state.eq(State::Published));
    Ok(statements::table.filter(own).select(count_star()).first(conn)?)
}

/// Scheduled statements whose time has come.
pub fn due(conn: &mut Conn, now: Time) -> Result<Vec<Statement>> {
    Ok(statements::table
        .filter(statements::state.eq(State::Scheduled).and(statements::published.le(now)))
        .order((statements::published.asc(), statements::id.asc()))
        .select(Statement::as_select())
        .load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::plan_of;

    #[tokio::test]
    async fn the_newest_of_every_state_are_found_without_sorting_all() {
        let plan = plan_of(&of_every_state!()).await;
        assert_eq!(plan, ["SCAN statements USING INDEX statements_of_every_state_by_date"]);
    }
}
