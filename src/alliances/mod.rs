//! Who follows whom: followers of the union here, and the allied unions that it follows.
//!
//! Refuses to send anything: `federation::outbox` says a Follow, `federation::inbox` hears its answer.

mod store;

pub use store::{
    Follow, FollowState, accept, add_follower, find, follower_count, followers, followers_on_host, following,
    following_count, is_following, reject, remove, request,
};
