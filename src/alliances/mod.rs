//! Who follows whom: followers of the union here, and the allied unions that it follows.
//!
//! Refuses to send anything: `federation::outbox` says a Follow, `federation::inbox` hears its answer.

mod store;

pub use store::{
    Follow, FollowState, Move, MoveState, add_follower, allies, answer, ask_about_move, ask_again, decide_move, find,
    follower_count, followers, following, following_count, is_following, moves, note_accept, open_move, remove,
    request, with_blocked,
};
