//! Statements in the database.

use chrono::TimeDelta;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::draft::Details;
use crate::actors::Actor;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::markup::fold_hashtag;
use crate::posts::Review;
use crate::storage::schema::{
    actors, boosts, likes, posts, revisions, statement_mentions, statement_pictures, statement_tags, statements,
};
use crate::storage::{Conn, text_enum};

text_enum! {
    /// Where a statement stands in its life.
    State {
        /// Written, and to be published at a time that is still to come.
        Scheduled = "scheduled",
        /// Public.
        Published = "published",
        /// Taken back: only its id is left.
        Withdrawn = "withdrawn",
    }
}

/// A statement of this union.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = statements)]
pub struct Statement {
    /// Row number.
    pub id: i64,
    /// Id on the wire, which is its page as well.
    pub uri: String,
    /// Last part of its address.
    pub slug: String,
    /// The actor that speaks.
    pub author_id: i64,
    /// Where it stands.
    pub state: State,
    /// Title: text.
    pub title: Option<String>,
    /// Lead: text.
    pub lead: Option<String>,
    /// Text as it was written.
    pub markdown: String,
    /// Text as safe HTML.
    pub html: String,
    /// Language tag.
    pub language: String,
    /// When it was, or will be, published.
    pub published: Time,
    /// Whether only the day of `published` is meant.
    pub day_only: bool,
    /// Whether it is older than its arrival here: listed and never delivered.
    pub backdated: bool,
    /// When it was last changed or withdrawn.
    pub updated: Option<Time>,
    details: String,
    /// What it answers: the id of a post.
    pub in_reply_to: Option<String>,
    /// What it translates: the id of a statement, ours or another's.
    pub translates: Option<String>,
    /// When it was written here.
    pub created_at: Time,
    /// How many like it.
    pub likes_count: i64,
    /// How many boosted it.
    pub boosts_count: i64,
    /// How many approved answers it has.
    pub replies_count: i64,
}

impl Statement {
    /// Byline, addressee, source and the like.
    #[must_use]
    pub fn details(&self) -> Details {
        serde_json::from_str(&self.details).unwrap_or_default()
    }
}

/// A picture of a statement.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = statement_pictures)]
pub struct Picture {
    /// Name of the file in the media folder.
    pub file: String,
    /// Media type.
    pub media_type: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    /// A blurred impression (woltapp/blurhash).
    pub blurhash: String,
    /// Alternative text.
    pub alt: String,
    /// Text beside it.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Hidden until asked for.
    pub sensitive: bool,
}

/// A statement, or a newer wording of one, ready to be kept.
#[derive(Debug, Clone)]
pub struct NewStatement {
    /// Title: text.
    pub title: Option<String>,
    /// Lead: text.
    pub lead: Option<String>,
    /// As written.
    pub markdown: String,
    /// As safe HTML.
    pub html: String,
    /// Language tag.
    pub language: String,
    /// Byline, addressee and the like.
    pub details: Details,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// What it translates.
    pub translates: Option<String>,
    /// Hashtags without `#`, as written.
    pub tags: Vec<String>,
    /// Row numbers of the actors that it mentions or addresses.
    pub mentions: Vec<i64>,
    /// Pictures in their order.
    pub pictures: Vec<Picture>,
}

/// When and as what a statement appears.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Id on the wire.
    pub uri: String,
    /// Last part of it.
    pub slug: String,
    /// Published or scheduled.
    pub state: State,
    /// When.
    pub published: Time,
    /// Whether only the day is meant.
    pub day_only: bool,
    /// Older than its arrival here.
    pub backdated: bool,
}

/// A statement with all that belongs to it, as a page or a Note shows it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The statement.
    pub statement: Statement,
    /// Its pictures in their order.
    pub pictures: Vec<Picture>,
    /// Its hashtags as written, without `#`.
    pub tags: Vec<String>,
    /// The actors that it mentions or addresses.
    pub mentions: Vec<Actor>,
    /// Published translations of it, oldest first.
    pub translations: Vec<Statement>,
}

/// Keeps a new statement.
pub fn insert(conn: &mut Conn, author_id: i64, new: &NewStatement, appearance: &Appearance, now: Time) -> Result<Statement> {
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
            statements::created_at.eq(now),
        ))
        .returning(statements::id)
        .get_result(conn)?;
    insert_parts(conn, id, new)?;
    get(conn, id)
}

fn insert_parts(conn: &mut Conn, id: i64, new: &NewStatement) -> Result<()> {
    for name in &new.tags {
        let row = (
            statement_tags::statement_id.eq(id),
            statement_tags::tag.eq(fold_hashtag(name)),
            statement_tags::name.eq(name),
        );
        diesel::insert_into(statement_tags::table).values(row).execute(conn)?;
    }
    for actor_id in &new.mentions {
        let row = (statement_mentions::statement_id.eq(id), statement_mentions::actor_id.eq(actor_id));
        diesel::insert_into(statement_mentions::table).values(row).execute(conn)?;
    }
    for (position, picture) in (0_i32..).zip(&new.pictures) {
        insert_picture(conn, id, position, picture)?;
    }
    Ok(())
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
        ))
        .execute(conn)?;
    Ok(())
}

fn delete_parts(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(statement_tags::table.filter(statement_tags::statement_id.eq(id))).execute(conn)?;
    diesel::delete(statement_mentions::table.filter(statement_mentions::statement_id.eq(id))).execute(conn)?;
    diesel::delete(statement_pictures::table.filter(statement_pictures::statement_id.eq(id))).execute(conn)?;
    Ok(())
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
            statements::updated.eq(now),
        ))
        .execute(conn)?;
    delete_parts(conn, statement.id)?;
    insert_parts(conn, statement.id, new)?;
    get(conn, statement.id)
}

/// Takes a statement back: nothing of it stays but its id. Gives the names of the picture files that nothing shows any more.
pub fn withdraw(conn: &mut Conn, statement: &Statement, now: Time) -> Result<Vec<String>> {
    let files = statement_pictures::table
        .filter(statement_pictures::statement_id.eq(statement.id))
        .select(statement_pictures::file)
        .load(conn)?;
    delete_parts(conn, statement.id)?;
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
    Ok(files)
}

/// A statement by row number.
pub fn get(conn: &mut Conn, id: i64) -> Result<Statement> {
    Ok(statements::table.find(id).select(Statement::as_select()).first(conn)?)
}

/// A statement by its id on the wire, whatever its state.
pub fn find(conn: &mut Conn, uri: &str) -> Result<Option<Statement>> {
    Ok(statements::table.filter(statements::uri.eq(uri)).select(Statement::as_select()).first(conn).optional()?)
}

/// A statement as the public may see it, by the last part of its address.
///
/// # Errors
/// `NotFound` for what does not exist or is not published yet, `Gone` for what was withdrawn.
pub fn find_by_slug(conn: &mut Conn, slug: &str) -> Result<Statement> {
    let found: Option<Statement> =
        statements::table.filter(statements::slug.eq(slug)).select(Statement::as_select()).first(conn).optional()?;
    match found {
        Some(statement) if statement.state == State::Published => Ok(statement),
        Some(statement) if statement.state == State::Withdrawn => Err(Error::Gone("This statement".to_owned())),
        _ => Err(Error::not_found("This statement")),
    }
}

/// Published statements, newest first, from a place in that order on.
pub fn list(conn: &mut Conn, before: Option<(Time, i64)>, limit: i64) -> Result<Vec<Statement>> {
    let mut published = statements::table
        .filter(statements::state.eq(State::Published))
        .order((statements::published.desc(), statements::id.desc()))
        .limit(limit)
        .select(Statement::as_select())
        .into_boxed();
    if let Some((time, id)) = before {
        published = published.filter(statements::published.lt(time).or(statements::published.eq(time).and(statements::id.lt(id))));
    }
    Ok(published.load(conn)?)
}

/// Statements of every state, newest first: for editors.
pub fn list_all(conn: &mut Conn, limit: i64) -> Result<Vec<Statement>> {
    let newest_first = (statements::published.desc(), statements::id.desc());
    Ok(statements::table.order(newest_first).limit(limit).select(Statement::as_select()).load(conn)?)
}

/// Published statements with a hashtag, newest first.
pub fn list_tagged(conn: &mut Conn, tag: &str, before: Option<(Time, i64)>, limit: i64) -> Result<Vec<Statement>> {
    let mut tagged = statements::table
        .inner_join(statement_tags::table)
        .filter(statement_tags::tag.eq(fold_hashtag(tag)).and(statements::state.eq(State::Published)))
        .order((statements::published.desc(), statements::id.desc()))
        .limit(limit)
        .select(Statement::as_select())
        .into_boxed();
    if let Some((time, id)) = before {
        tagged = tagged.filter(statements::published.lt(time).or(statements::published.eq(time).and(statements::id.lt(id))));
    }
    Ok(tagged.load(conn)?)
}

/// How many statements are public.
pub fn count_published(conn: &mut Conn) -> Result<i64> {
    Ok(statements::table.filter(statements::state.eq(State::Published)).select(count_star()).first(conn)?)
}

/// A statement with all that belongs to it.
pub fn read(conn: &mut Conn, statement: Statement) -> Result<Reading> {
    let pictures = pictures(conn, statement.id)?;
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
    Ok(Reading { statement, pictures, tags, mentions, translations })
}

/// When the text of a statement was last put in place of an older one.
pub fn last_revised(conn: &mut Conn, id: i64) -> Result<Option<Time>> {
    let times = revisions::table.filter(revisions::statement_id.eq(id)).order(revisions::id.desc());
    Ok(times.select(revisions::replaced_at).first(conn).optional()?)
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

/// Published translations of a statement, oldest first.
pub fn translations_of(conn: &mut Conn, uri: &str) -> Result<Vec<Statement>> {
    Ok(statements::table
        .filter(statements::translates.eq(uri).and(statements::state.eq(State::Published)))
        .order(statements::id)
        .select(Statement::as_select())
        .load(conn)?)
}

/// Scheduled statements whose time has come.
pub fn due(conn: &mut Conn, now: Time) -> Result<Vec<Statement>> {
    Ok(statements::table
        .filter(statements::state.eq(State::Scheduled).and(statements::published.le(now)))
        .order((statements::published.asc(), statements::id.asc()))
        .select(Statement::as_select())
        .load(conn)?)
}

/// Makes a scheduled statement public; says whether this call did it (another process may have been first).
pub fn replace_schedule_by_publication(conn: &mut Conn, id: i64) -> Result<bool> {
    let scheduled = statements::table.filter(statements::id.eq(id).and(statements::state.eq(State::Scheduled)));
    Ok(diesel::update(scheduled).set(statements::state.eq(State::Published)).execute(conn)? > 0)
}

/// Counts one approved answer more or less.
pub fn add_to_replies_count(conn: &mut Conn, id: i64, by: i64) -> Result<()> {
    diesel::update(statements::table.find(id)).set(statements::replies_count.eq(statements::replies_count + by)).execute(conn)?;
    Ok(())
}

/// Counts afresh what others did with the statements that an actor touched; the actor is about to be forgotten.
pub fn recount(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    for &id in ids {
        let likes: i64 = likes::table.filter(likes::statement_id.eq(id)).select(count_star()).first(conn)?;
        let boosts: i64 = boosts::table.filter(boosts::statement_id.eq(id)).select(count_star()).first(conn)?;
        let approved = posts::statement_id.eq(id).and(posts::review.eq(Review::Approved));
        let replies: i64 = posts::table.filter(approved).select(count_star()).first(conn)?;
        diesel::update(statements::table.find(id))
            .set((statements::likes_count.eq(likes), statements::boosts_count.eq(boosts), statements::replies_count.eq(replies)))
            .execute(conn)?;
    }
    Ok(())
}

/// Notes that a statement changed, without touching its text: a translation of it did.
///
/// Each change has a moment of its own, which its id is made of: several translations may appear at once.
pub fn touch(conn: &mut Conn, id: i64, now: Time) -> Result<Statement> {
    let last = get(conn, id)?.updated;
    let moment = last.map_or(now, |last| now.max(last + TimeDelta::milliseconds(1)));
    diesel::update(statements::table.find(id)).set(statements::updated.eq(moment)).execute(conn)?;
    get(conn, id)
}

/// The pictures of a statement in their order.
pub fn pictures(conn: &mut Conn, id: i64) -> Result<Vec<Picture>> {
    Ok(statement_pictures::table
        .filter(statement_pictures::statement_id.eq(id))
        .order(statement_pictures::position)
        .select(Picture::as_select())
        .load(conn)?)
}
