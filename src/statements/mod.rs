//! What the union says: from a text in a file to a statement that is published, revised and withdrawn.
//!
//! The draft knows what an editor may write and refuses what cannot be published; it knows no database and no network.

pub mod draft;
