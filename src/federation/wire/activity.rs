//! Activities that others send, as one tagged enum.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::note::AUDIENCE;
use super::read;
use crate::clock::Time;
use crate::{crypto, urls};

/// An activity as somebody sent it, typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Activity {
    /// Its id; where it has none, one made of its bytes, so that a second copy is still the same.
    pub id: String,
    /// Who does it.
    pub actor: String,
    /// What is done.
    pub action: Action,
}

/// What an activity does. `object` in each is what it does it to.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// Likes; a reaction with an emoji (`EmojiReact`, or Misskey's Like with one) is a like as well.
    Like {
        /// The post.
        object: String,
    },
    /// Passes on a post.
    Announce {
        /// The post.
        object: String,
    },
    /// Passes on what somebody else did, as a Group does for its members (FEP-1b12).
    Relay {
        /// What that one is said to have done: a hint where to look, and never believed.
        activity: Box<Activity>,
    },
    /// Wants nothing to do with an actor any more.
    Block {
        /// The actor.
        object: String,
    },
    /// Reports to those who moderate.
    Flag {
        /// What is reported.
        objects: Vec<String>,
        /// Why: text or HTML.
        comment: String,
    },
    /// An actor is to be found elsewhere now.
    Move {
        /// The actor.
        object: String,
        /// Where it is now.
        target: String,
    },
    /// Puts something into a collection.
    Add {
        /// What.
        object: String,
        /// The collection.
        target: String,
    },
    /// Takes something out of a collection.
    Remove {
        /// What.
        object: String,
        /// The collection.
        target: String,
    },
    /// Asks whether a post may quote another (FEP-044f).
    QuoteRequest {
        /// The post to be quoted.
        object: String,
        /// The post that quotes it.
        instrument: Value,
    },
    /// Anything else: heard and ignored.
    Other {
        /// Its type.
        kind: String,
    },
}

/// An activity inside another: by its id, or whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
        if urls::host_of(&actor).is_none() {
            return Err("the activity's actor is no http address");
        }
        let id = read::id(document, "id").unwrap_or_else(|| made_id(document));
        let action = Action::read(kind, document).ok_or("the activity has no object")?;
        Ok(Self { id, actor, action })
    }

    /// Whether its id is the actor's to give: on the actor's own server, or of the kind that lies nowhere.
    #[must_use]
    pub fn has_own_id(&self) -> bool {
        self.id.starts_with("urn:") || urls::same_origin(&self.id, &self.actor)
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

/// The object of an activity; where it says nothing of whom it is for, the activity does (`ActivityPub`, section 6.2: both say the same).
fn addressed(mut object: Value, activity: &Value) -> Value {
    if let Some(properties) = object.as_object_mut()
        && properties.contains_key("type")
        && AUDIENCE.iter().all(|property| !properties.contains_key(*property))
    {
        let said =
            AUDIENCE.iter().filter_map(|property| Some(((*property).to_owned(), activity.get(property)?.clone())));
        properties.extend(said);
    }
    object
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
            "Create" => Self::Create { object: addressed(whole()?, document) },
            "Update" => Self::Update { object: addressed(whole()?, document) },
            "Delete" => Self::Delete { object: object_id()? },
            "Like" => Self::Like { object: object_id()? },
            "Announce" => match embedded_activity(document) {
                Some(activity) => Self::Relay { activity: Box::new(activity) },
                None => Self::Announce { object: object_id()? },
            },
            other => Self::read_rare(other, document).unwrap_or_else(|| Self::Other { kind: other.to_owned() }),
        })
    }

    /// What servers send more rarely. One that lacks a part says nothing that could be done.
    fn read_rare(kind: &str, document: &Value) -> Option<Self> {
        let object_id = || read::id(document, "object");
        let target = || read::id(document, "target");
        Some(match kind {
            "EmojiReact" if shows_emoji(document) => Self::Like { object: object_id()? },
            "Block" => Self::Block { object: object_id()? },
            "Flag" => Self::Flag {
                objects: read::ids(document, "object"),
                comment: read::text_or_map(document, "content").unwrap_or_default(),
            },
            "Move" => Self::Move { object: object_id()?, target: target()? },
            "Add" => Self::Add { object: object_id()?, target: target()? },
            "Remove" => Self::Remove { object: object_id()?, target: target()? },
            "QuoteRequest" => Self::QuoteRequest {
                object: object_id()?,
                instrument: (*read::values(document, "instrument").first()?).clone(),
            },
            _ => return None,
        })
    }
}

/// The activity that an Announce embeds: what has an actor and is nobody's work is no post. Of the copy of a post in it no more is read than where to
/// look for the post.
fn embedded_activity(document: &Value) -> Option<Activity> {
    let object = *read::values(document, "object").first()?;
    let is_activity = object.get("actor").is_some() && object.get("attributedTo").is_none();
    let mut activity = Activity::read(object).ok().filter(|_| is_activity)?;
    if let Action::Create { object } | Action::Update { object } = &mut activity.action {
        *object = json!({"id": read::id_of(object), "inReplyTo": read::id(object, "inReplyTo")});
    }
    Some(activity)
}

/// Whether a reaction shows an emoji: a name between colons, or a sign that is no letter and not on every keyboard.
fn shows_emoji(document: &Value) -> bool {
    let content = read::text(document, "content").unwrap_or_default();
    let content = content.trim();
    let is_named = content.len() > 2 && content.starts_with(':') && content.ends_with(':');
    is_named || content.chars().any(|sign| !sign.is_ascii() && !sign.is_alphanumeric() && !sign.is_whitespace())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn action(mut document: Value) -> Action {
        document["actor"] = json!("https://a.example/amal");
        Activity::read(&document).expect("an activity").action
    }

    #[test]
    fn a_reaction_is_a_like_where_it_shows_an_emoji() {
        let react =
            |content: Value| action(json!({"type": "EmojiReact", "object": "https://b.example/1", "content": content}));
        for emoji in ["👍", "❤️", "1️⃣", ":fist:", ":fist@c.example:", " ✊🏿 "] {
            assert!(matches!(react(json!(emoji)), Action::Like { .. }), "{emoji}");
        }
        for nothing in [json!("~"), json!(""), json!("::"), json!("ok"), json!("はい"), json!(7), Value::Null] {
            assert!(matches!(react(nothing.clone()), Action::Other { .. }), "{nothing}");
        }
        let like = json!({"type": "Like", "object": "https://b.example/1", "content": ":fist:", "_misskey_reaction": ":fist:"});
        assert!(matches!(action(like), Action::Like { .. }));
    }

    #[test]
    fn an_announce_of_an_activity_is_told_from_one_of_a_post() {
        let announce = |object: Value| action(json!({"type": "Announce", "object": object}));
        let create = json!({"type": "Create", "id": "https://b.example/c", "actor": "https://b.example/bo", "object": {"id": "https://b.example/1"}});
        assert!(matches!(announce(create), Action::Relay { activity } if activity.actor == "https://b.example/bo"));
        for post in [
            json!("https://b.example/1"),
            json!({"id": "https://b.example/1", "type": "Note", "attributedTo": "https://b.example/bo"}),
            json!({"id": "https://b.example/1", "type": "Note", "attributedTo": "https://b.example/bo", "actor": "https://b.example/bo"}),
        ] {
            assert!(
                matches!(announce(post.clone()), Action::Announce { object } if object == "https://b.example/1"),
                "{post}"
            );
        }
    }

    #[test]
    fn what_lacks_a_part_says_nothing() {
        for kind in ["Move", "Add", "Remove", "QuoteRequest", "Block", "EmojiReact"] {
            assert!(matches!(action(json!({"type": kind})), Action::Other { .. }), "{kind}");
        }
        for kind in ["Move", "Add", "Remove", "QuoteRequest"] {
            assert!(
                matches!(action(json!({"type": kind, "object": "https://b.example/1"})), Action::Other { .. }),
                "{kind}"
            );
        }
    }
}
