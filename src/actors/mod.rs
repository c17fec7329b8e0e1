//! Unions and people as actors: the two of this node (the union, and the instance actor that signs fetches) and those of other servers,
//! with their keys.
//!
//! Refuses to know how an actor looks on the wire (that is `federation::wire`) and to fetch one (`federation::remote`).

mod identity;
mod keys;
mod store;

pub use identity::{Identity, found, founded, load};
pub use keys::{FreshKeys, Keyring, Keys, rotate};
pub use store::{
    Actor, Key, OwnKey, RemoteActor, Residence, at_inbox, delete, delete_idle, find, find_by_handle, find_key,
    has_own_inbox, idle, is_welcome, keys, mark_blocked, mark_keys_checked, own_keys, residences, save_remote,
    with_ids,
};
