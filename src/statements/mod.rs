//! The union's own statements: publish, revise, withdraw, and the rules that each must keep.
//!
//! Refuses to know who is told (that is `federation::outbox`) and how a page looks (that is `website`).

pub mod draft;
mod store;

pub use store::{
    Appearance, NewPicture, NewStatement, Picture, Reading, State, Statement, add_to_replies_count, count_published, due, find, find_by_slug, get,
    insert, last_revised, list, list_all, list_tagged, published_picture, read, recount, replace_schedule_by_publication, revise, translations_of, withdraw,
};
