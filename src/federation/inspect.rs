//! What this node would make of a document, without the network and without storing: `picket inspect`.

use serde::Serialize;
use serde_json::Value;

use super::wire::actor::read_actor;
use super::wire::{Action, Activity, Document, RemoteNote, read};
use crate::markup;
use crate::posts::Visibility;

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

/// Says what would become of a document.
#[must_use]
pub fn inspect(text: &str) -> Verdict {
    match Document::parse(text.as_bytes()) {
        Ok(document) => inspect_document(&document.plain),
        Err(why) => verdict("reject", None, &why),
    }
}

fn verdict(verdict: &'static str, kind: Option<&str>, reason: &str) -> Verdict {
    Verdict { verdict, kind: kind.map(str::to_owned), reason: reason.to_owned(), ..Verdict::default() }
}

fn inspect_document(document: &Value) -> Verdict {
    if let Ok(actor) = read_actor(document) {
        let reason = format!("an actor, known as @{} with {} keys", actor.handle, actor.keys.len());
        return Verdict {
            author: Some(actor.uri),
            content: Some(actor.summary),
            ..verdict("accept", Some(&actor.kind), &reason)
        };
    }
    if document.get("actor").is_some() {
        return inspect_activity(document);
    }
    match RemoteNote::read(document) {
        Ok(note) => of_note(note, "accept", "a post"),
        Err(why) => verdict("reject", read::kind(document), &why),
    }
}

fn inspect_activity(document: &Value) -> Verdict {
    let activity = match Activity::read(document) {
        Ok(activity) => activity,
        Err(why) => return verdict("reject", read::kind(document), why),
    };
    let kind = read::kind(document);
    let told = match &activity.action {
        Action::Other { .. } => {
            verdict("ignore", kind, "nothing here understands this activity; it would be answered 202")
        }
        Action::Create { object } | Action::Update { object } if object.is_object() => {
            inspect_object(&activity, object, kind)
        }
        _ => verdict("accept", kind, "an activity that is understood, if its signature holds"),
    };
    Verdict { author: Some(markup::plain_name(&activity.actor)), ..told }
}

fn inspect_object(activity: &Activity, object: &Value, kind: Option<&str>) -> Verdict {
    if read::id_of(object) == Some(activity.actor.as_str()) {
        return verdict("accept", kind, "an actor changed; it would be read anew at its own server");
    }
    match RemoteNote::read(object) {
        Ok(note) if note.author != activity.actor => verdict("reject", kind, "the post is not its actor's own"),
        Ok(note) => Verdict {
            kind: kind.map(str::to_owned),
            ..of_note(note, "accept", "an activity with a post, if its signature holds")
        },
        Err(why) => verdict("ignore", kind, &why),
    }
}

fn of_note(note: RemoteNote, verdict_word: &'static str, reason: &str) -> Verdict {
    Verdict {
        author: Some(note.author),
        content: Some(note.content),
        language: note.language,
        attachments: note.pictures.into_iter().map(|picture| picture.url).collect(),
        in_reply_to: note.in_reply_to,
        ..verdict(
            verdict_word,
            Some(&note.kind),
            &format!("{reason}, {}", note.visibility.map_or("private", Visibility::as_str)),
        )
    }
}
