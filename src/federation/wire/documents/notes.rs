//! Statements as Notes, and what stands in the place of a withdrawn one.

use serde_json::{Value, json};

use super::object;
use crate::actors::Actor;
use crate::clock::rfc3339;
use crate::federation::wire::content;
use crate::federation::wire::context::{self, PUBLIC};
use crate::markup::fold_hashtag;
use crate::media::PDF;
use crate::statements::{Document, Picture, Reading};
use crate::urls::Urls;

/// Mastodon cuts alternative texts there.
const MOST_ALT: usize = 1_500;

/// A statement as a Note. Its collections stand as plain addresses, as in what is delivered, so that a proof over it stays true.
#[must_use]
pub fn note(reading: &Reading, author: &Actor, urls: &Urls) -> Value {
    let statement = &reading.statement;
    let id = &statement.uri;
    let details = statement.details();
    let text = content::of_reading(reading, urls);
    let mut document = object(json!({
        "@context": context::post(),
        "id": id,
        "type": "Note",
        "attributedTo": author.uri,
        "to": [PUBLIC],
        "cc": audience(reading, author),
        "url": id,
        "published": rfc3339(statement.published),
        "content": text,
        "contentMap": content_map(reading, &text),
        "sensitive": details.sensitive || details.content_warning.is_some(),
        "attachment": attachments(reading, urls),
        "tag": tags(reading, urls),
        "replies": format!("{id}/replies"),
        "likes": format!("{id}/likes"),
        "shares": format!("{id}/shares"),
        "context": statement.context,
        "conversation": statement.context,
        "interactionPolicy": interaction_policy(),
    }));
    let optional = [
        ("name", statement.title.clone()),
        ("summary", details.content_warning),
        ("updated", statement.updated.map(rfc3339)),
        ("inReplyTo", statement.in_reply_to.clone().or_else(|| statement.translates.clone())),
    ];
    for (property, value) in optional {
        if let Some(value) = value {
            document.insert(property.to_owned(), Value::String(value));
        }
    }
    Value::Object(document)
}

/// Followers, and every actor that is mentioned or addressed.
fn audience(reading: &Reading, author: &Actor) -> Vec<String> {
    author.followers.iter().cloned().chain(reading.mentions.iter().map(|actor| actor.uri.clone())).collect()
}

/// All languages of a statement. The original comes first (Mastodon takes the first key) and is byte-equal to `content` (others look for
/// that).
fn content_map(reading: &Reading, text: &str) -> Value {
    let mut map = object(json!({ reading.statement.language.clone(): text }));
    for translation in &reading.translations {
        map.entry(translation.language.clone()).or_insert_with(|| json!(content::of_statement(translation)));
    }
    Value::Object(map)
}

/// The pictures first: Mastodon shows the first ones only, and lists a document under them at best.
fn attachments(reading: &Reading, urls: &Urls) -> Vec<Value> {
    let pictures = reading.pictures.iter().map(|picture| attachment(picture, urls));
    pictures.chain(reading.documents.iter().map(|document| attached_document(document, urls))).collect()
}

fn attached_document(document: &Document, urls: &Urls) -> Value {
    json!({"type": "Document", "mediaType": PDF, "url": urls.media(&document.file), "name": document.title})
}

fn attachment(picture: &Picture, urls: &Urls) -> Value {
    json!({
        "type": "Image",
        "mediaType": picture.media_type,
        "url": urls.media(&picture.file),
        "name": picture.alt.chars().take(MOST_ALT).collect::<String>(),
        "width": picture.width,
        "height": picture.height,
        "blurhash": picture.blurhash,
        "focalPoint": [f64::from(picture.focus_x) / 100.0, f64::from(picture.focus_y) / 100.0],
        "sensitive": picture.sensitive,
    })
}

fn tags(reading: &Reading, urls: &Urls) -> Vec<Value> {
    let hashtags = reading.tags.iter().map(|name| hashtag(name, urls));
    let mentions = reading
        .mentions
        .iter()
        .map(|actor| json!({"type": "Mention", "name": format!("@{}", actor.handle), "href": actor.uri}));
    hashtags.chain(mentions).collect()
}

/// A hashtag, given without `#`; its address is the same for every spelling.
#[must_use]
pub fn hashtag(name: &str, urls: &Urls) -> Value {
    json!({"type": "Hashtag", "name": format!("#{name}"), "href": urls.tag(&fold_hashtag(name))})
}

/// Everybody may like, answer, quote and boost a public statement; whether an answer is shown here is our editors' decision (GoToSocial's
/// interaction policies).
fn interaction_policy() -> Value {
    // GoToSocial before 0.20 knows the older two names only, and takes a policy without them for "nobody".
    let everybody =
        json!({"automaticApproval": [PUBLIC], "manualApproval": [], "always": [PUBLIC], "approvalRequired": []});
    json!({"canLike": everybody, "canReply": everybody, "canQuote": everybody, "canAnnounce": everybody})
}

/// A collection that says no more than how many it holds.
#[must_use]
pub fn counted(id: &str, total: i64) -> Value {
    json!({"id": id, "type": "Collection", "totalItems": total})
}

/// Puts the collections of a Note inline with their counts, as a reader that fetches it expects.
pub fn inline_counts(note: &mut Value, reading: &Reading) {
    let statement = &reading.statement;
    let id = &statement.uri;
    let replies = json!({
        "id": format!("{id}/replies"),
        "type": "Collection",
        "totalItems": statement.replies_count,
        "first": format!("{id}/replies?page=true"),
    });
    note["replies"] = replies;
    note["likes"] = counted(&format!("{id}/likes"), statement.likes_count);
    note["shares"] = counted(&format!("{id}/shares"), statement.boosts_count);
}

/// What stands in the place of a withdrawn statement.
#[must_use]
pub fn tombstone(statement: &str) -> Value {
    json!({"@context": context::ACTIVITY_STREAMS, "id": statement, "type": "Tombstone"})
}
