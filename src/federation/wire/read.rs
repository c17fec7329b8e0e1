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

/// Longer than any honest id, and shorter than what an index can hold.
const LONGEST_ID: usize = 2_048;

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

/// The page of a document: its first `url` that is HTML, else the first that is an http address.
#[must_use]
pub fn page(document: &Value) -> Option<String> {
    let links = values(document, "url");
    let is_html = |link: &&&Value| {
        link.get("mediaType").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("text/html"))
    };
    let chosen = links.iter().find(is_html).or_else(|| links.first())?;
    id_of(chosen).filter(|address| crate::urls::host_of(address).is_some()).map(str::to_owned)
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
    fn of_several_types_the_one_that_we_know_counts() {
        for document in [json!({"type": "Note"}), json!({"type": ["x:Y", "Note"]}), json!({"type": ["Note", "Object"]})]
        {
            assert_eq!(kind(&document), Some("Note"), "{document}");
        }
        let document = json!({"type": ["Object", "schema:Person", "Person"]});
        assert_eq!(kind_among(&document, &["Person"]), Some("Person"));
    }
}
