//! The documents that we write: actors, statements as Notes, and activities about them.

mod activities;
mod actors;
pub mod flags;
mod notes;
pub mod quotes;

use serde_json::{Map, Value};

pub use activities::{
    accept_follow, add_to_featured, announce, create, delete, delete_id, follow, remove_from_featured, undo_announce,
    undo_follow, update, update_actor, update_id,
};
pub use actors::{featured_id, instance, keys_only, union};
pub use notes::{counted, hashtag, inline_counts, note, tombstone};

/// The members of an object that was written with `json!`.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
