//! The private box: direct posts that name the union, and what followed unions wrote to their followers only.
//!
//! A table of its own, so that nothing that lists, shows, counts, searches or passes on posts can meet what is in it: the inbox puts in, the
//! command line reads and takes out, and time empties it. Nothing here is encrypted: the sender's server and whoever runs this one can
//! read it. The box is bounded, so that a flood fills nothing: whoever writes too much pushes out her own older posts, and strangers
//! together push out strangers' only.

mod store;

use crate::error::Result;
use crate::storage::Conn;

pub use store::{
    NewPrivatePost, PrivatePost, delete, find, find_by_id, forget_older, list, remove, replace, taken_by_strangers,
};

/// So many posts of one author; the oldest goes first.
pub const MOST_OF_ONE: i64 = 100;
/// So many posts of all authors together whom the union does not follow; the oldest goes first.
pub const MOST_OF_STRANGERS: i64 = 1_000;
/// Longer posts of strangers, in bytes of safe HTML, are not kept.
pub const LONGEST_OF_STRANGERS: usize = 64 * 1024;

/// Puts a post into the box. A second copy changes nothing.
///
/// # Errors
/// Faults of the database.
pub fn keep(conn: &mut Conn, post: &NewPrivatePost) -> Result<()> {
    if is_too_long(post) || !store::insert(conn, post)? {
        return Ok(());
    }
    store::forget_all_but_newest_of(conn, post.author_id, MOST_OF_ONE)?;
    if post.from_ally { Ok(()) } else { store::forget_all_but_newest_of_strangers(conn, MOST_OF_STRANGERS) }
}

/// Whether a post is longer than what a stranger may fill the box with.
#[must_use]
pub fn is_too_long(post: &NewPrivatePost) -> bool {
    !post.from_ally && post.content.len() > LONGEST_OF_STRANGERS
}
