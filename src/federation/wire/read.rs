//! Lenient reading of the properties of a document in plain form: one value or a list, an IRI or an object.

use serde_json::Value;

use crate::clock::{self, Time};

/// All values of a property: none, one, or the items of a list.
#[must_use]
pub fn values<'a>(document: &'a Value, property: &str) -> Vec<&'a Value> {
    match document.get(property) {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
    }
}

/// The id of a value: itself where it is an IRI, its `id` (or, in a Link, its `href`) where it is an object.
#[must_use]
pub fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text.as_str()),
        Value::Object(_) => ["id", "href"].iter().find_map(|key| value.get(key)?.as_str()),
        _ => None,
    }
    .filter(|text| is_plain(text))
}

/// Longer than any honest id; two of them and a little more must fit into one entry of `PostgreSQL`'s indexes, which is 2,704 bytes.
const LONGEST_ID: usize = 1_024;

/// Whether an id has only what may stand in an address: control characters and turned text would reach terminals and pages.
fn is_plain(id: &str) -> bool {
    let hides = |letter: char| {
        letter.is_control()
            || letter.is_whitespace()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !id.is_empty() && id.len() <= LONGEST_ID && !id.contains(hides)
}

/// The ids of all values of a property.
#[must_use]
pub fn ids(document: &Value, property: &str) -> Vec<String> {
    values(document, property).into_iter().filter_map(id_of).map(str::to_owned).collect()
}

/// The id of the first value of a property.
#[must_use]
pub fn id(document: &Value, property: &str) -> Option<String> {
    values(document, property).into_iter().find_map(id_of).map(str::to_owned)
}

/// The first text of a property.
#[must_use]
pub fn text(document: &Value, property: &str) -> Option<String> {
    values(document, property).into_iter().find_map(Value::as_str).map(str::to_owned)
}

/// A text property, or the first of its language map (`nameMap` for `name`).
#[must_use]
pub fn text_or_map(document: &Value, property: &str) -> Option<String> {
    text(document, property).or_else(|| {
        let map = document.get(format!("{property}Map"))?.as_object()?;
        map.values().find_map(Value::as_str).map(str::to_owned)
    })
}

/// The type of a document: of several the first that is of no other vocabulary (`schema:Person` is of one), else the first.
#[must_use]
pub fn kind(document: &Value) -> Option<&str> {
    let kinds = || values(document, "type").into_iter().filter_map(Value::as_str);
    kinds().find(|kind| !kind.contains(':')).or_else(|| kinds().next())
}

/// The first type of a document that is one of these.
#[must_use]
pub fn kind_among<'d>(document: &'d Value, known: &[&str]) -> Option<&'d str> {
    values(document, "type").into_iter().filter_map(Value::as_str).find(|kind| known.contains(kind))
}

/// A time with any offset and fraction.
#[must_use]
pub fn time(document: &Value, property: &str) -> Option<Time> {
    clock::parse_time(&text(document, property)?).map(|(time, _)| time)
}

/// A truth value; anything else counts as false.
#[must_use]
pub fn flag(document: &Value, property: &str) -> bool {
    document.get(property).and_then(Value::as_bool).unwrap_or_default()
}

/// Whether an address means everybody: the public collection under any of its names.
#[must_use]
pub fn is_public(address: &str) -> bool {
    matches!(address, "https://www.w3.org/ns/activitystreams#Public" | "as:Public" | "Public")
}

/// An address on the web, with what is said of what lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address: http or https.
    pub href: String,
    /// The media type of what lies there.
    pub media_type: Option<String>,
}

impl Link {
    /// Whether a page for people lies there.
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.media_type.as_deref().is_some_and(|kind| kind.starts_with("text/html"))
    }

    /// Whether a picture lies there: by its media type, else by the ending of its name.
    #[must_use]
    pub fn is_image(&self) -> bool {
        const ENDINGS: [&str; 6] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"];
        let path = || self.href.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        match &self.media_type {
            Some(kind) => kind.starts_with("image/"),
            None => ENDINGS.iter().any(|ending| path().ends_with(ending)),
        }
    }
}

/// A value as a link: an address, or an object with one (`href` of a Link, `url` of anything else, `id`).
#[must_use]
pub fn link(value: &Value) -> Option<Link> {
    let address = match value {
        Value::Object(_) => text(value, "href").or_else(|| text(value, "url"))?,
        other => other.as_str()?.to_owned(),
    };
    let href = Some(address).filter(|address| is_plain(address) && crate::urls::host_of(address).is_some())?;
    Some(Link { href, media_type: media_type(value) })
}

/// The links of a property: addresses or Link objects, one or many; others than http are left out.
#[must_use]
pub fn links(document: &Value, property: &str) -> Vec<Link> {
    values(document, property).into_iter().filter_map(link).collect()
}

/// The media type that an object names (`mimeType` in what older `PeerTube` and Funkwhale send).
#[must_use]
pub fn media_type(value: &Value) -> Option<String> {
    text(value, "mediaType").or_else(|| text(value, "mimeType"))
}

/// The page of a document: its first `url` that is HTML, else the first that is an http address.
#[must_use]
pub fn page(document: &Value) -> Option<String> {
    let links = links(document, "url");
    links.iter().find(|link| link.is_html()).or_else(|| links.first()).map(|link| link.href.clone())
}

/// The page of a post, which lies on the server of its id: another's page would pass for its own. What is no page (a picture, a
/// recording) is none.
#[must_use]
pub fn own_page(document: &Value, id: &str) -> Option<String> {
    let mut links = links(document, "url");
    links.retain(|link| crate::urls::same_origin(&link.href, id) && !link.is_image());
    let is_page = |link: &&Link| link.is_html() || link.media_type.is_none();
    links.iter().find(|link| link.is_html()).or_else(|| links.iter().find(is_page)).map(|link| link.href.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_or_many_iri_or_object_null_or_absent_read_alike() {
        for document in [
            json!({"to": "https://a.example/"}),
            json!({"to": ["https://a.example/"]}),
            json!({"to": {"id": "https://a.example/"}}),
            json!({"to": [7, {"id": "https://a.example/", "type": "Person"}]}),
        ] {
            assert_eq!(ids(&document, "to"), ["https://a.example/"], "{document}");
        }
        for document in [json!({}), json!({"to": null}), json!({"to": []}), json!({"to": [7, true]}), json!({"to": ""})]
        {
            assert!(ids(&document, "to").is_empty(), "{document}");
        }
    }

    #[test]
    fn the_page_is_the_html_one() {
        let document = json!({"url": [
            {"type": "Link", "href": "https://a.example/v.mp4", "mediaType": "video/mp4"},
            {"type": "Link", "href": "https://a.example/v", "mediaType": "text/html"}
        ]});
        assert_eq!(page(&document).as_deref(), Some("https://a.example/v"));
        assert_eq!(page(&json!({"url": "javascript:alert(1)"})), None);
    }

    #[test]
    fn the_page_of_a_post_lies_on_its_own_server_and_is_for_reading() {
        let id = "https://a.example/1";
        for (url, page) in [
            (json!("https://a.example/page"), Some("https://a.example/page")),
            (json!(["https://b.example/page", {"href": "https://a.example/page"}]), Some("https://a.example/page")),
            (
                json!([{"href": "https://a.example/v.mp4", "mediaType": "video/mp4"}, "https://a.example/page"]),
                Some("https://a.example/page"),
            ),
            (json!("https://a.example/picture.JPG?x=1"), None),
            (json!("https://evil.example/page"), None),
            (json!("javascript:alert(1)"), None),
        ] {
            assert_eq!(own_page(&json!({"url": url}), id).as_deref(), page, "{url}");
        }
    }

    #[test]
    fn of_several_types_the_one_that_we_know_counts() {
        for document in [json!({"type": "Note"}), json!({"type": ["x:Y", "Note"]}), json!({"type": ["Note", "Object"]})]
        {
            assert_eq!(kind(&document), Some("Note"), "{document}");
        }
        let document = json!({"type": ["Object", "schema:Person", "Person"]});
        assert_eq!(kind_among(&document, &["Person"]), Some("Person"));
    }
}
