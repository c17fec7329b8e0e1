//! Activities that others send, as one tagged enum.

use serde_json::Value;

use super::read;
use crate::clock::Time;
use crate::crypto;

/// An activity as somebody sent it, typed.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its id; where it has none, one made of its bytes, so that a second copy is still the same.
    pub id: String,
    /// Who does it.
    pub actor: String,
    /// What is done.
    pub action: Action,
}

/// What an activity does. `object` in each is what it does it to.
#[derive(Debug, Clone)]
pub enum Action {
    /// Asks to receive what an actor publishes.
    Follow {
        /// The actor to be followed.
        object: String,
    },
    /// Grants a Follow.
    Accept {
        /// The Follow.
        object: Reference,
    },
    /// Denies a Follow, or ends one granted before.
    Reject {
        /// The Follow.
        object: Reference,
    },
    /// Takes back an earlier activity.
    Undo {
        /// That activity.
        object: Reference,
    },
    /// Publishes.
    Create {
        /// The post.
        object: Value,
    },
    /// Publishes a newer wording of a post, or a changed actor.
    Update {
        /// The post or actor.
        object: Value,
    },
    /// Withdraws a post, or ends an actor.
    Delete {
        /// Its id.
        object: String,
    },
    /// Likes.
    Like {
        /// The post.
        object: String,
    },
    /// Passes on.
    Announce {
        /// The post.
        object: String,
    },
    /// Anything else: heard and ignored.
    Other {
        /// Its type.
        kind: String,
    },
}

/// An activity inside another: by its id, or whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// Its id.
    pub id: Option<String>,
    /// Its type, where it stands there whole.
    pub kind: Option<String>,
    /// Its actor, likewise.
    pub actor: Option<String>,
    /// Its object, likewise.
    pub object: Option<String>,
}

impl Activity {
    /// Reads an activity.
    ///
    /// # Errors
    /// What is missing, as a sentence for the sender.
    pub fn read(document: &Value) -> Result<Self, &'static str> {
        let kind = read::kind(document).ok_or("the activity has no type")?;
        let actor = read::id(document, "actor").ok_or("the activity has no actor")?;
        let id = read::id(document, "id").unwrap_or_else(|| made_id(document));
        let action = Action::read(kind, document).ok_or("the activity has no object")?;
        Ok(Self { id, actor, action })
    }

    /// Whether an actor says that it is gone itself.
    #[must_use]
    pub fn is_own_end(&self) -> bool {
        matches!(&self.action, Action::Delete { object } if *object == self.actor)
    }
}

/// The id under which a version of a post is heard that somebody passed on: of the activity around it nothing is believed.
#[must_use]
pub fn version_id(post: &str, updated: Option<Time>) -> String {
    let version = updated.map(|time| time.and_utc().timestamp_millis()).unwrap_or_default();
    format!("urn:confirmed:{version}:{post}")
}

fn made_id(document: &Value) -> String {
    format!("urn:sha256:{}", crypto::base64(&crypto::sha256(document.to_string().as_bytes())))
}

impl Action {
    fn read(kind: &str, document: &Value) -> Option<Self> {
        let object_id = || read::id(document, "object");
        let reference = || read::values(document, "object").first().map(|object| Reference::read(object));
        let whole = || read::values(document, "object").first().map(|object| (*object).clone());
        Some(match kind {
            "Follow" => Self::Follow { object: object_id()? },
            "Accept" => Self::Accept { object: reference()? },
            "Reject" => Self::Reject { object: reference()? },
            "Undo" => Self::Undo { object: reference()? },
            "Create" => Self::Create { object: whole()? },
            "Update" => Self::Update { object: whole()? },
            "Delete" => Self::Delete { object: object_id()? },
            "Like" => Self::Like { object: object_id()? },
            "Announce" => Self::Announce { object: object_id()? },
            other => Self::Other { kind: other.to_owned() },
        })
    }
}

impl Reference {
    fn read(value: &Value) -> Self {
        Self {
            id: read::id_of(value).map(str::to_owned),
            kind: read::kind(value).map(str::to_owned),
            actor: read::id(value, "actor"),
            object: read::id(value, "object"),
        }
    }
}
