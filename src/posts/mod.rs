//! What others wrote: statements of followed unions, answers to ours, posts that we boosted, and what came to us in private.
//!
//! An answer of somebody whom the union does not follow is *held*: it appears nowhere public until an editor approves it. What is not
//! addressed to the public is never shown, whatever its review says.

mod store;

pub use store::{
    NewPost, Picture, Post, Review, Visibility, approved_answers, delete, find, find_by_address, find_by_id, insert,
    is_deleted, list_answers, remember_deleted, set_review, timeline, update,
};
