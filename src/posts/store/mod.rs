//! Posts of others in the database.

mod featured;
mod held;
mod index;
mod pictures;
mod pruning;
mod threads;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde::{Deserialize, Serialize};

use crate::actors::Actor;
use crate::alliances::FollowState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{actors, boosts, deleted_posts, follows, posts};
use crate::storage::{Conn, each, text_enum};

pub use featured::{feature, featured, unfeature};
pub use held::{
    LONGEST_HELD, MOST_HELD, MOST_HELD_OF_ONE, SURPLUS, count_held, forget_held, hold, is_too_long_to_hold,
    keep_held_in_bounds,
};
pub use index::index_part;
pub use pictures::{Shown, shown_author, shown_picture};
pub use pruning::{delete_unreferenced, unreferenced};
pub use threads::{
    adopt, conversation_of, count_in_conversation, depth, due_for_a_look, look_by, look_next, waiting_for,
};

text_enum! {
    /// How public a post is. What is private is no post here: it lies in the private box.
    Visibility {
        /// The public collection in `to`.
        Public = "public",
        /// The public collection in `cc`.
        Unlisted = "unlisted",
    }
}

text_enum! {
    /// What editors made of an answer.
    Review {
        /// It is no answer to us, and needs none.
        NotNeeded = "none",
        /// It waits for an editor.
        Held = "held",
        /// It may be shown.
        Approved = "approved",
        /// It may not be shown.
        Rejected = "rejected",
    }
}

impl Review {
    /// Whether the public may see such a post: it is neither held nor rejected.
    #[must_use]
    pub fn may_be_shown(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Approved)
    }
}

/// A picture of a remote post: an address, never loaded by our pages from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where it is.
    pub url: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// Alternative text.
    pub alt: Option<String>,
}

/// A post of another server.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = posts)]
pub struct Post {
    /// Row number.
    pub id: i64,
    /// Its id on the wire.
    pub uri: String,
    /// Its author.
    pub author_id: i64,
    /// `Note`, `Article`, …
    pub kind: String,
    /// To whom it is addressed.
    pub visibility: Visibility,
    /// What editors made of it.
    pub review: Review,
    /// Title: text.
    pub title: Option<String>,
    /// Content warning: text.
    pub summary: Option<String>,
    /// Sanitised HTML.
    pub content: String,
    /// Language tag.
    pub language: Option<String>,
    /// Whether its pictures are marked sensitive.
    pub sensitive: bool,
    /// Its page for people.
    pub url: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// Which of our statements it answers, directly or through other answers.
    pub statement_id: Option<i64>,
    /// JSON list of [`Picture`].
    pub pictures: String,
    /// When its author says that it was published.
    pub published: Time,
    /// When it was last changed.
    pub updated: Option<Time>,
    /// When it reached us.
    pub received_at: Time,
    /// The conversation that it belongs to, as its author names it.
    pub context: Option<String>,
    /// The how manieth version of what is seen of it this is, from 1 on.
    pub version: i64,
}

impl Post {
    /// Its pictures.
    #[must_use]
    pub fn pictures(&self) -> Vec<Picture> {
        serde_json::from_str(&self.pictures).unwrap_or_default()
    }

    /// Whether it is a film, of which our pages show a still that leads to it.
    #[must_use]
    pub fn is_film(&self) -> bool {
        self.kind == "Video"
    }

    /// Its page for people, or its id where it has none.
    #[must_use]
    pub fn page(&self) -> &str {
        self.url.as_deref().unwrap_or(&self.uri)
    }
}

/// A post as it is kept: already checked and cleaned.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = posts)]
pub struct NewPost {
    /// See the fields of [`Post`].
    pub uri: String,
    /// Row number of the author.
    pub author_id: i64,
    /// `Note`, …
    pub kind: String,
    /// To whom.
    pub visibility: Visibility,
    /// What editors must do.
    pub review: Review,
    /// Text.
    pub title: Option<String>,
    /// Text.
    pub summary: Option<String>,
    /// Sanitised HTML.
    pub content: String,
    /// Language tag.
    pub language: Option<String>,
    /// Marked sensitive.
    pub sensitive: bool,
    /// Page.
    pub url: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// Which statement of ours.
    pub statement_id: Option<i64>,
    /// JSON list of [`Picture`].
    pub pictures: String,
    /// Publishing time.
    pub published: Time,
    /// Time of the last change.
    pub updated: Option<Time>,
    /// Arrival.
    pub received_at: Time,
    /// The conversation, as its author names it.
    pub context: Option<String>,
    /// When it is looked at again at its own server.
    pub next_look: Option<Time>,
}

impl NewPost {
    /// Whether a reader sees the same as in an older version.
    #[must_use]
    pub fn looks_like(&self, older: &Post) -> bool {
        let seen = (&older.content, &older.title, &older.summary, &older.pictures, &older.url);
        seen == (&self.content, &self.title, &self.summary, &self.pictures, &self.url)
    }
}

/// Posts beside their authors, without those of blocked servers: what every list starts from.
macro_rules! with_author {
    () => {
        posts::table
            .inner_join(actors::table)
            .select((Post::as_select(), Actor::as_select()))
            .filter(actors::blocked.eq(false))
    };
}

/// A post by its id on the wire.
pub fn find(conn: &mut Conn, uri: &str) -> Result<Option<Post>> {
    let found = each!(conn, conn => posts::table.filter(posts::uri.eq(uri)).select(Post::as_select()).first(conn));
    Ok(found.optional()?)
}

/// A post by its id on the wire or the address of its page.
pub fn find_by_address(conn: &mut Conn, address: &str) -> Result<Option<Post>> {
    if let Some(post) = find(conn, address)? {
        return Ok(Some(post));
    }
    Ok(posts::table.filter(posts::url.eq(address)).order(posts::id).select(Post::as_select()).first(conn).optional()?)
}

/// A post and its author by row number, whether its server is blocked or not.
pub fn find_by_id(conn: &mut Conn, id: i64) -> Result<Option<(Post, Actor)>> {
    let found = posts::table.inner_join(actors::table).filter(posts::id.eq(id));
    Ok(found.select((Post::as_select(), Actor::as_select())).first(conn).optional()?)
}

/// How many posts of these authors are kept.
pub fn count_by(conn: &mut Conn, author_ids: &[i64]) -> Result<i64> {
    Ok(posts::table.filter(posts::author_id.eq_any(author_ids)).count().get_result(conn)?)
}

/// Keeps a post that is new to us, and gives its row number. A second copy changes nothing.
pub fn insert(conn: &mut Conn, post: &NewPost) -> Result<Option<i64>> {
    let row = (post, posts::held_at.eq((post.review == Review::Held).then_some(post.received_at)));
    let inserted: Option<i64> = each!(conn, conn => diesel::insert_into(posts::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(posts::id)
        .get_result(conn)
        .optional())?;
    // What is held was never found by anybody: there is no entry of it.
    if let Some(id) = inserted.filter(|_| post.review.may_be_shown()) {
        index::renew(conn, id)?;
    }
    Ok(inserted)
}

/// Puts the newer text of an author in place of the older; what editors made of it, and what it answers, stays.
pub fn update(conn: &mut Conn, older: &Post, newer: &NewPost) -> Result<()> {
    diesel::update(posts::table.find(older.id))
        .set((
            posts::kind.eq(&newer.kind),
            posts::visibility.eq(newer.visibility),
            posts::title.eq(&newer.title),
            posts::summary.eq(&newer.summary),
            posts::content.eq(&newer.content),
            posts::language.eq(&newer.language),
            posts::sensitive.eq(newer.sensitive),
            posts::url.eq(&newer.url),
            posts::pictures.eq(&newer.pictures),
            posts::updated.eq(newer.updated),
            posts::version.eq(posts::version + i64::from(!newer.looks_like(older))),
        ))
        .execute(conn)?;
    index::renew(conn, older.id)
}

/// A post, kept from changing by others until the end of the transaction: an update that changes nothing locks its row on both databases. No page
/// shows when a post was received, so that kept pages stay good.
pub fn lock(conn: &mut Conn, id: i64) -> Result<Option<Post>> {
    diesel::update(posts::table.find(id)).set(posts::received_at.eq(posts::received_at)).execute(conn)?;
    Ok(posts::table.find(id).select(Post::as_select()).first(conn).optional()?)
}

/// Notes what an editor made of a post: it waits no longer. One that is shown from now on is looked at soon; one that is not, not any more.
pub fn set_review(conn: &mut Conn, id: i64, review: Review) -> Result<()> {
    let post = diesel::update(posts::table.find(id));
    let decided = (posts::review.eq(review), posts::held_at.eq(None::<Time>));
    if review == Review::Approved {
        post.set((decided, posts::next_look.eq(posts::received_at.nullable()))).execute(conn)?;
    } else {
        post.set((decided, posts::next_look.eq(None::<Time>))).execute(conn)?;
    }
    index::renew(conn, id)
}

/// Removes a post everywhere.
pub fn delete(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(posts::table.find(id)).execute(conn)?;
    Ok(())
}

/// Remembers that an actor deleted a post, so that a copy that arrives late is not kept. Whether the post was its own is not known yet, so
/// it counts against posts of this actor only.
pub fn remember_deleted(conn: &mut Conn, uri: &str, actor_uri: &str, now: Time) -> Result<()> {
    let row = (deleted_posts::uri.eq(uri), deleted_posts::actor_uri.eq(actor_uri), deleted_posts::deleted_at.eq(now));
    each!(conn, conn => diesel::insert_into(deleted_posts::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Whether its author deleted a post.
pub fn is_deleted(conn: &mut Conn, uri: &str, author_uri: &str) -> Result<bool> {
    let found = deleted_posts::table.find((uri, author_uri)).select(deleted_posts::uri);
    let found: QueryResult<String> = each!(conn, conn => found.first(conn));
    Ok(found.optional()?.is_some())
}

/// Posts that the actors whom `follower_id` follows wrote or passed on, newest first.
pub fn timeline(conn: &mut Conn, follower_id: i64, limit: i64) -> Result<Vec<(Post, Actor)>> {
    let followees = diesel::alias!(actors as followees);
    let followed = follows::table
        .inner_join(followees.on(followees.field(actors::id).eq(follows::followee_id)))
        .filter(follows::follower_id.eq(follower_id).and(follows::state.eq(FollowState::Accepted)))
        .filter(followees.field(actors::blocked).eq(false))
        .select(follows::followee_id);
    let passed_on = boosts::table
        .filter(boosts::actor_id.eq_any(followed).and(boosts::post_id.is_not_null()))
        .select(boosts::post_id);
    Ok(with_author!()
        .filter(posts::author_id.eq_any(followed).or(posts::id.nullable().eq_any(passed_on)))
        .order((posts::published.desc(), posts::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// Answers that everybody may read, oldest first, after a place in that order.
pub fn approved_answers(
    conn: &mut Conn,
    statement_id: i64,
    after: Option<(Time, i64)>,
    limit: i64,
) -> Result<Vec<(Post, Actor)>> {
    let mut answers = with_author!()
        .filter(posts::statement_id.eq(statement_id).and(posts::review.eq(Review::Approved)))
        .order((posts::published.asc(), posts::id.asc()))
        .limit(limit)
        .into_boxed();
    if let Some((time, id)) = after {
        answers = answers.filter(posts::published.gt(time).or(posts::published.eq(time).and(posts::id.gt(id))));
    }
    Ok(answers.load(conn)?)
}

/// Whether an editor decided on a post, or will: word for word as in the index of such posts.
const REVIEWED: &str = "posts.review <> 'none'";

/// Public answers to one statement or to all, with one review or with any, newest first: for editors.
pub fn list_answers(
    conn: &mut Conn,
    statement_id: Option<i64>,
    review: Option<Review>,
    limit: i64,
) -> Result<Vec<(Post, Actor)>> {
    let mut answers = with_author!().filter(sql::<Bool>(REVIEWED)).order(posts::id.desc()).limit(limit).into_boxed();
    if let Some(statement_id) = statement_id {
        answers = answers.filter(posts::statement_id.eq(statement_id));
    }
    if let Some(review) = review {
        answers = answers.filter(posts::review.eq(review));
    }
    Ok(answers.load(conn)?)
}

/// Forgets which posts were deleted before a time.
pub fn forget_older(conn: &mut Conn, before: Time) -> Result<()> {
    diesel::delete(deleted_posts::table.filter(deleted_posts::deleted_at.lt(before))).execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::plan_of;

    #[tokio::test]
    async fn the_newest_answers_are_found_without_a_look_at_what_followed_unions_published() {
        let plan = plan_of(&with_author!().filter(sql::<Bool>(REVIEWED)).order(posts::id.desc())).await;
        assert_eq!(plan[0], "SCAN posts USING INDEX posts_reviewed");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
    }
}
