//! What travels: ActivityStreams documents, read leniently and written strictly.
//!
//! Reading makes typed values once, so that no other code sees how real documents differ (one or many, IRI or object, null anywhere).
//! Writing builds JSON from our own rows, keys in a fixed order, since some readers go by it.

pub mod activity;
pub mod actor;
pub mod content;
pub mod context;
pub mod documents;
pub mod note;
pub mod read;

pub use activity::{Action, Activity, Reference};
pub use note::RemoteNote;
