//! A whole node in one file, and back: backup and restore, on either database and from one to the other.
//!
//! ```text
//! FILE = age( gzip( tar( manifest.json, tables/NN-NAME/NNNNNN.jsonl …, media/NAME … )), seal )      age only where a recovery key is named
//! ```
//!
//! The tables come from the database's own catalogue, each behind those that it refers to, so none can be forgotten. The seal is an empty
//! gzip member that carries the SHA-256 of all before it: standard tools read the file (`tar -xzf`), and any change, even of one bit, is
//! seen. Nothing is held in memory beyond a few rows or a piece of a picture.
//!
//! Refuses to write over anything: a file that exists, a node that holds data. A restore reads the whole file once before it touches
//! anything, and then does all or nothing. Called by the command line alone.

mod backup;
mod manifest;
mod pack;
mod recovery;
mod restore;
mod seal;
mod unpack;

pub use backup::{Backup, Saved, backup};
pub use manifest::Manifest;
pub use recovery::{Recipient, RecoveryKey, parse_keys, parse_recipients};
pub use restore::{Restored, restore};
pub use unpack::{Source, is_encrypted};

/// Is told what is being done, and how much of how much is done: for showing it.
pub type Watch<'a> = &'a dyn Fn(&'static str, u64, u64);

/// Where the rows of the tables stand in the archive.
const TABLES: &str = "tables";
/// Where the files of pictures stand in the archive.
const MEDIA: &str = "media";
