//! The documents that we write: actors, statements as Notes, and activities about them.

mod activities;
mod actors;
pub mod flags;
mod notes;
pub mod quotes;

use serde_json::{Map, Value};

pub use activities::{
    accept_follow, announce, create, delete, delete_id, follow, undo_announce, undo_follow, update, update_actor,
    update_id,
};
pub use actors::{instance, keys_only, union};
pub use notes::{counted, inline_counts, note, tombstone};

/// The members of an object that was written with `json!`.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
