//! What others wrote for everybody: statements of followed unions, answers to ours, posts that we boosted.
//!
//! An answer of somebody whom the union does not follow is *held*: it appears nowhere public until an editor approves it. Held
//! posts are bounded in number, length and time, so that strangers fill nothing. What is not addressed to the public is no post: it lies in
//! the private box, a room of its own.

mod store;

pub use store::{
    LONGEST_HELD, MOST_HELD, MOST_HELD_OF_ONE, NewPost, Picture, Post, Review, SURPLUS, Shown, Visibility, adopt,
    approved_answers, conversation_of, count_by, count_held, count_in_conversation, delete, delete_unreferenced, depth,
    due_for_a_look, feature, featured, find, find_by_address, find_by_id, forget_held, forget_older, hold, index_part,
    insert, is_deleted, is_too_long_to_hold, keep_held_in_bounds, list_answers, lock, look_by, look_next,
    remember_deleted, set_review, shown_author, shown_picture, timeline, unfeature, unreferenced, update, waiting_for,
};
