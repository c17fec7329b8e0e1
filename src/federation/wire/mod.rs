//! What travels: ActivityStreams documents, read leniently and written strictly.
//!
//! Every door where a foreign document enters brings it into plain form first ([`normalise`]); readers then make typed values of it, so
//! that no other code sees how real documents differ (one or many, IRI or object, inline actors).
//! Writing builds JSON from our own rows, keys in a fixed order, since some readers go by it.

pub mod activity;
pub mod actor;
pub mod collection;
pub mod content;
pub mod context;
pub mod documents;
pub mod normalise;
pub mod note;
pub mod read;

pub use activity::{Action, Activity, Reference};
pub use collection::Collection;
pub use normalise::Document;
pub use note::RemoteNote;
