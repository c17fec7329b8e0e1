//! Finding statements and posts by their words, in every language.
//!
//! Words are made here (`words`, `folding`); the database keeps them in one table with an index under it. The rooms of statements and posts
//! put their texts in and take them out in the same transaction that changes them. Refuses to find what is not public at the
//! moment of the search, whatever stands in the index.

mod entry;
mod filling;
mod folding;
mod highlight;
mod question;
mod store;
mod words;

pub use entry::{Entry, Of};
pub use filling::{Part, begin_anew, begin_filled, fill, is_filled};
pub use folding::fold;
pub use highlight::{Piece, passage};
pub use question::Wanted;
pub use store::{Hit, find, put, remove};

use crate::clock::Zone;

/// What a search is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// A language; those of its countries are among it.
    pub language: Option<String>,
    /// The year of publication, in the zone.
    pub year: Option<u16>,
    /// Where years begin as they do for the union.
    pub zone: Zone,
    /// A hashtag in any spelling.
    pub hashtag: Option<String>,
    /// Row number of the author.
    pub author_id: Option<i64>,
    /// Whether what followed unions wrote is left out, but for what the union approved or passed on itself.
    pub without_allies: bool,
    /// What stands before this place only: the next page.
    pub before: Option<i64>,
}
