//! The union's own statements: publish, revise, withdraw, and the rules that each must keep.
//!
//! Refuses to know who is told (that is `federation::outbox`) and how a page looks (that is `website`).

pub mod draft;
mod labels;
mod newer;
mod store;

pub use labels::{Labels, labels};
pub use store::{
    Appearance, Campaign, Document, Hashtag, NewStatement, Picture, Quote, Reading, State, Statement,
    add_to_replies_count, allow_quote, archive_months, archive_years, campaigns_of, count_in_conversation,
    count_published, describe_campaign, documents, due, feature, featured, find, find_by_slug, find_quote,
    forget_campaign, get, hashtag, ids_until, in_language, index_part, insert, languages, last_revised, list, list_all,
    list_in_conversation, list_newest, list_once, list_once_in, list_once_tagged, list_pictured, list_tagged,
    listed_between, lock, pictures, pin, pinned, published_document, published_picture, reactions, read, recount,
    replace_schedule_by_publication, revise, revoke_quotes, state_of, touch, translations_of, twin, unfeature, unpin,
    withdraw,
};
