//! What this node would make of a document, without the network and without storing: `picket inspect`.
//!
//! It asks the same readers that the gate, the inbox and the client of other servers use, so that it cannot be of another opinion.

use serde::Serialize;
use serde_json::Value;

use super::wire::actor::{self, read_actor};
use super::wire::{Action, Activity, Carried, Collection, Document, Jrd, RemoteNote, collection, note, read};
use crate::posts::Visibility;
use crate::{markup, urls};

/// What would become of a document.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verdict {
    /// `accept`, `ignore` or `reject`.
    pub verdict: &'static str,
    /// What it was taken for.
    #[serde(rename = "as")]
    pub kind: Option<String>,
    /// Why.
    pub reason: String,
    /// Who speaks in it.
    pub author: Option<String>,
    /// Its text as it would be shown: safe HTML.
    pub content: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Addresses of its pictures.
    pub attachments: Vec<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
}

/// Says what would become of a document, given as the bytes that a server would send.
#[must_use]
pub fn inspect(bytes: &[u8]) -> Verdict {
    match Document::parse(bytes) {
        Ok(document) => of_document(&document.plain),
        Err(why) => reject(None, why),
    }
}

fn verdict(verdict: &'static str, kind: Option<&str>, reason: impl Into<String>) -> Verdict {
    Verdict { verdict, kind: kind.map(markup::plain_name), reason: reason.into(), ..Verdict::default() }
}

fn accept(kind: Option<&str>, reason: impl Into<String>) -> Verdict {
    verdict("accept", kind, reason)
}

fn ignore(kind: Option<&str>, reason: impl Into<String>) -> Verdict {
    verdict("ignore", kind, reason)
}

fn reject(kind: Option<&str>, reason: impl Into<String>) -> Verdict {
    verdict("reject", kind, reason)
}

fn of_document(document: &Value) -> Verdict {
    let is_any = |kinds: &[&str]| read::kind_among(document, kinds).is_some();
    let kind = read::kind(document);
    match () {
        () if kind.is_none() => of_untyped(document),
        () if has_false_id(document) => reject(kind, "its id is no address"),
        () if is_any(&actor::KINDS) => of_actor(document),
        () if is_any(&note::KINDS) => of_fetched_post(document),
        () if is_any(&["Tombstone"]) => accept(kind, "what stood at this id was withdrawn; a copy here would go"),
        () if document.get("publicKeyPem").is_some() => of_key(document),
        () if is_any(&collection::KINDS) => of_collection(document),
        () if document.get("actor").is_some() => of_activity(document),
        () => ignore(kind, "it is no type that this node keeps, and it names no actor who would say it"),
    }
}

/// Whether a document has an id that is none: no address of any kind.
fn has_false_id(document: &Value) -> bool {
    document.get("id").and_then(Value::as_str).is_some_and(|id| url::Url::parse(id).is_err())
}

/// What names no type may still be a document of discovery.
fn of_untyped(document: &Value) -> Verdict {
    let has = |property| document.get(property).is_some();
    match Jrd::read(document) {
        Some(jrd) if jrd.actor.is_some() => {
            let who = jrd.subject.clone().unwrap_or_else(|| "an account".to_owned());
            let reason =
                format!("WebFinger of {who}; believed where its host was asked, or where its host says the same");
            Verdict { author: jrd.actor, ..accept(Some("WebFinger"), reason) }
        }
        Some(jrd) if jrd.subject.is_some() => {
            ignore(Some("WebFinger"), "WebFinger of an account that names no actor of ActivityPub")
        }
        Some(_) => {
            ignore(Some("links"), "a list of links, as NodeInfo and host-meta have it; this node does not need it")
        }
        None if has("software") && has("version") => {
            ignore(Some("NodeInfo"), "NodeInfo, which says what software runs there; this node does not need it")
        }
        None if has("publicKeyPem") => of_key(document),
        None => ignore(None, "it has no type, so that nothing can be made of it"),
    }
}

fn of_actor(document: &Value) -> Verdict {
    match read_actor(document) {
        Ok(actor) => {
            let keys = match actor.keys.len() {
                0 => "without a key, so that nothing of it can be believed".to_owned(),
                1 => "with one key".to_owned(),
                many => format!("with {many} keys"),
            };
            Verdict {
                author: Some(actor.uri),
                content: Some(actor.summary),
                attachments: actor.icon.into_iter().collect(),
                ..accept(Some(&actor.kind), format!("an actor, known as @{}, {keys}", actor.handle))
            }
        }
        // A fragment says too little to be false.
        Err(why)
            if !["id", "inbox"].iter().all(|property| document.get(property).is_some())
                && actor::is_keyless(document) =>
        {
            ignore(read::kind(document), why)
        }
        Err(why) => reject(read::kind(document), why),
    }
}

fn of_key(document: &Value) -> Verdict {
    let kind = Some(read::kind(document).unwrap_or("Key"));
    let owner = actor::key_owner(document);
    match owner.filter(|owner| actor::pem_key(document, owner).is_some()) {
        Some(owner) => {
            let reason = format!("a key of {owner}; it counts where that actor lists it");
            Verdict { author: Some(owner), ..accept(kind, reason) }
        }
        None => ignore(kind, "a key that cannot be read, or that names no owner on its own server"),
    }
}

fn of_collection(document: &Value) -> Verdict {
    match Collection::read(document) {
        Ok(collection) => {
            let reason =
                format!("a collection with {} items on this page, of which each is fetched", collection.items.len());
            accept(Some(&collection.kind), reason)
        }
        Err(why) => reject(read::kind(document), why),
    }
}

/// A post by itself: nobody says it, so it counts only where its own server shows it.
fn of_fetched_post(document: &Value) -> Verdict {
    match RemoteNote::read(document) {
        Ok(note) if !urls::same_origin(&note.uri, &note.author) => {
            reject(Some(&note.kind), "the post's author lives on another server than the post")
        }
        Ok(note) => {
            let reason = format!("a post, {}, where its own server shows it", how_public(note.visibility));
            of_note(note, accept(None, reason))
        }
        Err(why) => ignore(read::kind(document), why),
    }
}

fn of_activity(document: &Value) -> Verdict {
    let kind = read::kind(document);
    let activity = match Activity::read(document) {
        Ok(activity) => activity,
        Err(why) => return reject(kind, why),
    };
    let told = match &activity.action {
        _ if !activity.has_own_id() => reject(kind, "the activity's id lies on another server than its actor"),
        Action::Other { .. } => ignore(kind, "nothing here understands this activity; it would be answered 202"),
        Action::Create { object } | Action::Update { object } => of_carried(&activity, object, kind),
        action => accept(kind, format!("{}, if its signature holds", effect(action))),
    };
    Verdict { author: Some(activity.actor), ..told }
}

/// What an activity without a post in it would do.
fn effect(action: &Action) -> &'static str {
    match action {
        Action::Follow { .. } => "somebody follows; answered with Accept where it is the union",
        Action::Accept { .. } | Action::Reject { .. } => "an answer; it counts where we asked its actor",
        Action::Undo { .. } => "something is taken back; it counts where the same actor did it",
        Action::Delete { .. } => "something is withdrawn; a copy here goes where it is the actor's own",
        Action::Like { .. } => "a like or reaction; it counts for a public statement of ours",
        Action::Announce { .. } | Action::Relay { .. } => {
            "something is passed on; it is fetched from its author, whatever copy stands here"
        }
        Action::Flag { .. } => "a report; it is kept for reviewers where it is about us",
        Action::Move { .. } => "an account moved; where it is followed, a person is asked",
        _ => "an activity that is understood",
    }
}

fn of_carried(activity: &Activity, object: &Value, kind: Option<&str>) -> Verdict {
    if read::id_of(object) == Some(activity.actor.as_str()) {
        return accept(kind, "an actor changed; it would be read anew at its own server");
    }
    match Carried::read(object, &activity.actor) {
        Carried::Post(note) if note.visibility.is_none() => of_note(
            *note,
            accept(kind, "a post that is not public: it would go to the private box, and be shown nowhere"),
        ),
        Carried::Post(note) => {
            let reason = format!(
                "a post, {}, if the signature holds; it is kept where its author is followed, or it answers or names the union",
                how_public(note.visibility)
            );
            of_note(*note, accept(kind, reason))
        }
        Carried::Id(id) => accept(kind, format!("the post {id} would be fetched from its server")),
        Carried::Foreign => reject(kind, "the post is not its actor's own"),
        Carried::Wrong(why) => reject(kind, why),
        Carried::Nothing(why) => ignore(kind, why),
    }
}

fn how_public(visibility: Option<Visibility>) -> &'static str {
    match visibility {
        Some(Visibility::Public) => "public",
        Some(Visibility::Unlisted) => "public, but unlisted",
        None => "not public",
    }
}

fn of_note(note: RemoteNote, told: Verdict) -> Verdict {
    Verdict {
        kind: told.kind.or(Some(note.kind)),
        author: Some(note.author),
        content: Some(note.content),
        language: note.language,
        attachments: note.pictures.into_iter().map(|picture| picture.url).collect(),
        in_reply_to: note.in_reply_to,
        ..told
    }
}
