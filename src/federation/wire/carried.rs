//! What stands in a Create or an Update, and whose it is.

use serde_json::Value;

use super::note::{KINDS, RemoteNote};
use super::read;
use crate::urls;

/// What a Create or an Update carries.
#[derive(Debug, Clone)]
pub enum Carried {
    /// A post of the speaker's own.
    Post(Box<RemoteNote>),
    /// A post of the speaker's own server, by its id alone: it is fetched.
    Id(String),
    /// Something that is not the speaker's own.
    Foreign,
    /// A post that lacks what every post has, with what that is.
    Wrong(String),
    /// Nothing that this node keeps, with the reason.
    Nothing(String),
}

impl Carried {
    /// Reads what stands in an activity of this speaker. A post that names no author is the speaker's; one that names several must name
    /// the speaker among them.
    #[must_use]
    pub fn read(object: &Value, speaker: &str) -> Self {
        let is_own = |uri: &str| urls::same_origin(uri, speaker);
        if object.get("type").is_none() {
            return match read::id_of(object) {
                Some(id) if is_own(id) => Self::Id(id.to_owned()),
                Some(_) => Self::Foreign,
                None => Self::Nothing("the object has no id".to_owned()),
            };
        }
        let has_address = read::id(object, "id").is_some_and(|id| urls::host_of(&id).is_some());
        if read::kind_among(object, &KINDS).is_some() && !has_address {
            return Self::Wrong("the post has no id that is an http address".to_owned());
        }
        let speaks = |authors: &[String]| authors.is_empty() || authors.iter().any(|author| author == speaker);
        let author = |_: &str, authors: &[String]| {
            if speaks(authors) { Some(speaker.to_owned()) } else { authors.first().cloned() }
        };
        match RemoteNote::read_by(object, author) {
            Ok(note) if note.author == speaker && is_own(&note.uri) => Self::Post(Box::new(note)),
            Ok(_) => Self::Foreign,
            Err(why) => Self::Nothing(why),
        }
    }
}
