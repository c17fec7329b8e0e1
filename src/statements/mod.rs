//! The union's own statements: publish, revise, withdraw, and the rules that each must keep.
//!
//! Refuses to know who is told (that is `federation::outbox`) and how a page looks (that is `website`).

pub mod draft;
mod labels;
mod newer;
mod store;

pub use labels::{Labels, labels};
pub use store::{
    Appearance, Hashtag, NewStatement, Picture, Quote, Reading, State, Statement, add_to_replies_count, allow_quote,
    count_in_conversation, count_published, due, feature, featured, find, find_by_slug, find_quote, get, hashtag,
    insert, last_revised, list, list_all, list_in_conversation, list_tagged, lock, pictures, pin, pinned,
    published_picture, read, recount, replace_schedule_by_publication, revise, revoke_quotes, touch, translations_of,
    unfeature, unpin, withdraw,
};
