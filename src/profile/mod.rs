//! How the union shows itself to people and to other servers: its name and summary, its pictures, its fields with their links, its other addresses.
//!
//! Refuses to fetch a linked page (that is `federation::remote`) and to tell anybody of a change (`federation::outbox`).

mod fields;
mod store;

use crate::actors::Actor;
use crate::error::{Error, Result};
use crate::markup;

pub use fields::Seen;
pub use store::{
    Field, Picture, Place, add_alias, aliases, change_name, change_summary, links_due, note_seen, published_picture,
    read, remove_alias, remove_field, set_field, set_picture,
};

/// The longest name; Mastodon cuts off what is longer.
const LONGEST_NAME: usize = 100;

/// The profile of the union.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The union's actor, with its name and summary as they are now.
    pub union: Actor,
    /// Its picture.
    pub icon: Option<Picture>,
    /// Its banner.
    pub image: Option<Picture>,
    /// Its fields, in their order.
    pub fields: Vec<Field>,
    /// Ids of actors that are the union as well.
    pub aliases: Vec<String>,
}

/// A name as it is kept: one line of text.
///
/// # Errors
/// `Invalid` for one that is empty or too long.
pub fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.chars().count() > LONGEST_NAME {
        let why = format!("this is longer than {LONGEST_NAME} characters, which other servers cut off; shorten it");
        return Err(Error::invalid("name", why));
    }
    Some(markup::plain_name(name))
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Error::invalid("name", "a union needs a name; write it as on its letters"))
}
