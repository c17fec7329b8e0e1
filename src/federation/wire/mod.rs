//! What travels: ActivityStreams documents, read leniently and written strictly.
//!
//! Every door where a foreign document enters brings it into plain form first ([`normalise`]); readers then make typed values of it, so
//! that no other code sees how real documents differ (one or many, IRI or object, inline actors).
//! Writing builds JSON from our own rows, keys in a fixed order, since some readers go by it.

pub mod activity;
pub mod actor;
mod carried;
pub mod collection;
pub mod content;
pub mod context;
pub mod documents;
mod facts;
pub mod jrd;
pub mod normalise;
pub mod note;
mod pictures;
pub mod read;
mod text;

pub use activity::{Action, Activity, Reference};
pub use carried::Carried;
pub use collection::Collection;
pub use jrd::Jrd;
pub use normalise::Document;
pub use note::RemoteNote;
