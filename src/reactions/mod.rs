//! Boosts (Announce) and likes: others' of our statements, and our boosts of others' posts.

mod store;

pub use store::{
    Boost, add_boost_of_statement, add_like, boost_of_post, boost_post, boosted_posts, count_boosted, count_by,
    delete_boost, find_boost, remove_boost_of_statement, remove_like, statement_of, statements_touched_by,
};
