//! Keeping statements, changing them, and taking them back.

use chrono::TimeDelta;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Appearance, NewStatement, Picture, State, Statement, documents, get, hashtags, index, unpin};
use crate::clock::Time;
use crate::error::Result;
use crate::posts::Review;
use crate::storage::schema::{
    actors, boosts, likes, posts, revisions, statement_mentions, statement_pictures, statement_tags, statements,
};
use crate::storage::{Conn, publish_in_turn};

/// Keeps a new statement.
pub fn insert(
    conn: &mut Conn,
    author_id: i64,
    new: &NewStatement,
    appearance: &Appearance,
    now: Time,
) -> Result<Statement> {
    let id: i64 = diesel::insert_into(statements::table)
        .values((
            statements::uri.eq(&appearance.uri),
            statements::slug.eq(&appearance.slug),
            statements::author_id.eq(author_id),
            statements::state.eq(appearance.state),
            (statements::title.eq(&new.title), statements::lead.eq(&new.lead)),
            (statements::markdown.eq(&new.markdown), statements::html.eq(&new.html)),
            statements::language.eq(&new.language),
            statements::published.eq(appearance.published),
            statements::day_only.eq(appearance.day_only),
            statements::backdated.eq(appearance.backdated),
            statements::details.eq(serde_json::to_string(&new.details)?),
            statements::in_reply_to.eq(&new.in_reply_to),
            statements::translates.eq(&new.translates),
            statements::context.eq(new.context.as_ref().unwrap_or(&appearance.context)),
            statements::created_at.eq(now),
        ))
        .returning(statements::id)
        .get_result(conn)?;
    insert_parts(conn, id, new)?;
    if appearance.state == State::Published {
        hashtags::count(conn, id, 1)?;
    }
    index::renew(conn, id)?;
    get(conn, id)
}

/// For so long a text that is published again is taken for the same by mistake.
const SAME: TimeDelta = TimeDelta::days(1);

/// A statement, public or scheduled, that says just what a new one says, to the same post if to any, of the last day, or of its own moment
/// where that is past. No other transaction publishes the same until the end of this one.
pub fn twin(conn: &mut Conn, new: &NewStatement, appearance: &Appearance, now: Time) -> Result<Option<Statement>> {
    publish_in_turn(conn)?;
    let mut candidates = statements::table
        .filter(statements::state.eq_any([State::Published, State::Scheduled]))
        .filter(statements::language.eq(&new.language))
        .filter(statements::markdown.eq(&new.markdown))
        .into_boxed();
    candidates = if appearance.backdated {
        candidates.filter(statements::published.eq(appearance.published))
    } else {
        candidates.filter(statements::published.gt(now - SAME))
    };
    let newest = candidates.order((statements::published.desc(), statements::id.desc()));
    let newest: Vec<Statement> = newest.select(Statement::as_select()).load(conn)?;
    Ok(newest.into_iter().find(|statement| says_the_same(statement, new)))
}

fn says_the_same(statement: &Statement, new: &NewStatement) -> bool {
    let Statement { title, lead, in_reply_to, translates, .. } = statement;
    (title, lead, in_reply_to, translates) == (&new.title, &new.lead, &new.in_reply_to, &new.translates)
}

fn insert_parts(conn: &mut Conn, id: i64, new: &NewStatement) -> Result<()> {
    hashtags::insert(conn, id, &new.tags)?;
    for actor_id in &new.mentions {
        let row = (statement_mentions::statement_id.eq(id), statement_mentions::actor_id.eq(actor_id));
        diesel::insert_into(statement_mentions::table).values(row).execute(conn)?;
    }
    for (position, picture) in (0_i32..).zip(&new.pictures) {
        insert_picture(conn, id, position, picture)?;
    }
    documents::insert(conn, id, &new.documents)
}

fn insert_picture(conn: &mut Conn, id: i64, position: i32, picture: &Picture) -> Result<()> {
    diesel::insert_into(statement_pictures::table)
        .values((
            statement_pictures::statement_id.eq(id),
            statement_pictures::position.eq(position),
            statement_pictures::file.eq(&picture.file),
            statement_pictures::media_type.eq(&picture.media_type),
            (statement_pictures::width.eq(picture.width), statement_pictures::height.eq(picture.height)),
            statement_pictures::blurhash.eq(&picture.blurhash),
            statement_pictures::alt.eq(&picture.alt),
            (statement_pictures::caption.eq(&picture.caption), statement_pictures::credit.eq(&picture.credit)),
            statement_pictures::sensitive.eq(picture.sensitive),
            statement_pictures::sizes.eq(&picture.sizes),
            (statement_pictures::focus_x.eq(picture.focus_x), statement_pictures::focus_y.eq(picture.focus_y)),
        ))
        .execute(conn)?;
    Ok(())
}

fn delete_parts(conn: &mut Conn, statement: &Statement) -> Result<()> {
    let id = statement.id;
    if statement.state == State::Published {
        hashtags::count(conn, id, -1)?;
    }
    diesel::delete(statement_tags::table.filter(statement_tags::statement_id.eq(id))).execute(conn)?;
    diesel::delete(statement_mentions::table.filter(statement_mentions::statement_id.eq(id))).execute(conn)?;
    diesel::delete(statement_pictures::table.filter(statement_pictures::statement_id.eq(id))).execute(conn)?;
    documents::delete(conn, id)
}

/// Puts a newer wording in place of a statement's, and keeps the older as a revision.
pub fn revise(conn: &mut Conn, statement: &Statement, new: &NewStatement, now: Time) -> Result<Statement> {
    diesel::insert_into(revisions::table)
        .values((
            revisions::statement_id.eq(statement.id),
            revisions::title.eq(&statement.title),
            revisions::lead.eq(&statement.lead),
            revisions::markdown.eq(&statement.markdown),
            revisions::details.eq(&statement.details),
            revisions::replaced_at.eq(now),
        ))
        .execute(conn)?;
    diesel::update(statements::table.find(statement.id))
        .set((
            statements::title.eq(&new.title),
            statements::lead.eq(&new.lead),
            statements::markdown.eq(&new.markdown),
            statements::html.eq(&new.html),
            statements::language.eq(&new.language),
            statements::details.eq(serde_json::to_string(&new.details)?),
            statements::updated.eq(moment_of_change(statement, now)),
        ))
        .execute(conn)?;
    delete_parts(conn, statement)?;
    insert_parts(conn, statement.id, new)?;
    if statement.state == State::Published {
        hashtags::count(conn, statement.id, 1)?;
    }
    index::renew(conn, statement.id)?;
    get(conn, statement.id)
}

/// A statement, kept from changing by others until the end of the transaction: an update that changes nothing locks its row on both
/// databases.
pub fn lock(conn: &mut Conn, id: i64) -> Result<Statement> {
    diesel::update(statements::table.find(id)).set(statements::state.eq(statements::state)).execute(conn)?;
    get(conn, id)
}

/// Takes a statement back: nothing of it stays but its id. Gives the names of the files that nothing shows any more.
pub fn withdraw(conn: &mut Conn, statement: &Statement, now: Time) -> Result<Vec<String>> {
    let mut files: Vec<String> = statement_pictures::table
        .filter(statement_pictures::statement_id.eq(statement.id))
        .select(statement_pictures::file)
        .load(conn)?;
    files.extend(documents::documents(conn, statement.id)?.into_iter().map(|document| document.file));
    delete_parts(conn, statement)?;
    unpin(conn, statement.id)?;
    diesel::delete(revisions::table.filter(revisions::statement_id.eq(statement.id))).execute(conn)?;
    diesel::update(statements::table.find(statement.id))
        .set((
            statements::state.eq(State::Withdrawn),
            statements::title.eq(None::<String>),
            statements::lead.eq(None::<String>),
            statements::markdown.eq(""),
            statements::html.eq(""),
            statements::details.eq("{}"),
            statements::updated.eq(now),
        ))
        .execute(conn)?;
    index::renew(conn, statement.id)?;
    Ok(files)
}

/// Makes a scheduled statement public; says whether this call did it (another process may have been first).
pub fn replace_schedule_by_publication(conn: &mut Conn, id: i64) -> Result<bool> {
    let scheduled = statements::table.filter(statements::id.eq(id).and(statements::state.eq(State::Scheduled)));
    let published = diesel::update(scheduled).set(statements::state.eq(State::Published)).execute(conn)? > 0;
    if published {
        hashtags::count(conn, id, 1)?;
        index::renew(conn, id)?;
    }
    Ok(published)
}

/// Each change has a moment of its own, which its id is made of, and others heed only what is newer than what they have: several translations
/// may appear at once, and a clock may be set back.
fn moment_of_change(statement: &Statement, now: Time) -> Time {
    let published = (statement.state == State::Published).then_some(statement.published);
    let last = statement.updated.max(published);
    last.map_or(now, |last| now.max(last + TimeDelta::milliseconds(1)))
}

/// Notes that a statement changed, without touching its text: a translation of it did.
pub fn touch(conn: &mut Conn, id: i64, now: Time) -> Result<Statement> {
    let moment = moment_of_change(&get(conn, id)?, now);
    diesel::update(statements::table.find(id)).set(statements::updated.eq(moment)).execute(conn)?;
    get(conn, id)
}

/// Counts one approved answer more or less.
pub fn add_to_replies_count(conn: &mut Conn, id: i64, by: i64) -> Result<()> {
    diesel::update(statements::table.find(id))
        .set(statements::replies_count.eq(statements::replies_count + by))
        .execute(conn)?;
    Ok(())
}

/// Counts afresh what others did with statements: their likes, boosts and approved answers, less those of blocked servers.
pub fn recount(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    let welcome = actors::blocked.eq(false);
    for &id in ids {
        let likes = likes::table.inner_join(actors::table).filter(likes::statement_id.eq(id).and(welcome));
        let likes: i64 = likes.select(count_star()).first(conn)?;
        let boosts = boosts::table.inner_join(actors::table).filter(boosts::statement_id.eq(id).and(welcome));
        let boosts: i64 = boosts.select(count_star()).first(conn)?;
        let approved = posts::statement_id.eq(id).and(posts::review.eq(Review::Approved)).and(welcome);
        let replies: i64 = posts::table.inner_join(actors::table).filter(approved).select(count_star()).first(conn)?;
        diesel::update(statements::table.find(id))
            .set((
                statements::likes_count.eq(likes),
                statements::boosts_count.eq(boosts),
                statements::replies_count.eq(replies),
            ))
            .execute(conn)?;
    }
    Ok(())
}
