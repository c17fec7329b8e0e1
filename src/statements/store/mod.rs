//! Statements in the database.

mod archive;
mod campaigns;
mod documents;
mod hashtags;
mod index;
mod pins;
mod quotes;
mod reading;
mod writing;

use diesel::prelude::*;

use super::draft::Details;
use crate::actors::Actor;
use crate::clock::{Time, rfc3339};
use crate::storage::schema::{statement_pictures, statements};
use crate::storage::text_enum;

pub use archive::{
    archive_months, archive_years, ids_until, languages, list_once, list_once_in, list_once_tagged, list_pictured,
    listed_between,
};
pub use campaigns::{Campaign, campaigns_of, describe_campaign, forget_campaign};
pub use documents::{Document, documents, published_document};
pub use hashtags::{Hashtag, feature, featured, hashtag, list_tagged, unfeature};
pub use index::index_part;
pub use pins::{pin, pinned, unpin};
pub use quotes::{Quote, allow_quote, find_quote, revoke_quotes};
pub use reading::{
    count_in_conversation, count_published, due, find, find_by_slug, get, in_language, last_revised, list, list_all,
    list_in_conversation, list_newest, pictures, published_picture, reactions, read, state_of, translations_of,
};
pub use writing::{
    add_to_replies_count, insert, lock, recount, replace_schedule_by_publication, revise, touch, twin, withdraw,
};

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
    /// The conversation that it belongs to: one that it begins itself, or that of what it answers or translates.
    pub context: String,
}

impl Statement {
    /// Where it is, as part of a sentence: before its time it can be seen nowhere.
    #[must_use]
    pub fn whereabouts(&self) -> String {
        match self.state {
            State::Scheduled => {
                format!("is scheduled for {} (`picket statement show {}`)", rfc3339(self.published), self.uri)
            }
            _ => format!("stands at {} since {}", self.uri, rfc3339(self.created_at)),
        }
    }

    /// Byline, addressee, source and the like.
    #[must_use]
    pub fn details(&self) -> Details {
        serde_json::from_str(&self.details).unwrap_or_default()
    }
}

/// A picture of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
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
    /// The widths in which it lies in the media folder too, with a space between.
    pub sizes: String,
    /// What must stay in sight where it is cut: -100 (left) to 100 (right).
    pub focus_x: i32,
    /// The same from -100 (bottom) to 100 (top).
    pub focus_y: i32,
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
    /// The conversation of what it answers or translates, where that has a name.
    pub context: Option<String>,
    /// Hashtags without `#`, as written.
    pub tags: Vec<String>,
    /// Row numbers of the actors that it mentions or addresses.
    pub mentions: Vec<i64>,
    /// Pictures in their order.
    pub pictures: Vec<Picture>,
    /// Documents in their order.
    pub documents: Vec<Document>,
}

/// When and as what a statement appears.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Id on the wire.
    pub uri: String,
    /// Last part of it.
    pub slug: String,
    /// The conversation that it begins, where it joins no other.
    pub context: String,
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
    /// Its documents in their order.
    pub documents: Vec<Document>,
    /// Its hashtags as written, without `#`.
    pub tags: Vec<String>,
    /// The actors that it mentions or addresses.
    pub mentions: Vec<Actor>,
    /// Published translations of it, oldest first.
    pub translations: Vec<Statement>,
}
