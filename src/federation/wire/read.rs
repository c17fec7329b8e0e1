//! Lenient reading of JSON properties: one value or a list, an IRI or an object, null or absent.

use serde_json::Value;

use crate::clock::{self, Time};

/// More values of one property than this are not looked at: no honest document addresses so many.
const MOST_VALUES: usize = 1_000;

/// All values of a property: none, one, or the items of a list; nulls left out.
#[must_use]
pub fn values<'a>(document: &'a Value, property: &str) -> Vec<&'a Value> {
    match document.get(property) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().filter(|item| !item.is_null()).take(MOST_VALUES).collect(),
        Some(value) => vec![value],
    }
}

/// The id of a value: itself where it is an IRI, its `id` (or, in a Link, its `href`) where it is an object.
#[must_use]
pub fn id_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text.as_str()),
        Value::Object(_) => ["id", "@id", "href"].iter().find_map(|key| value.get(key)?.as_str()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
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

/// The type of a document: the first that is a word, without a vocabulary prefix (`as:Note` is a `Note`).
#[must_use]
pub fn kind(document: &Value) -> Option<String> {
    let kind = text(document, "type").or_else(|| text(document, "@type"))?;
    let kind = kind.strip_prefix("https://www.w3.org/ns/activitystreams#").unwrap_or(&kind);
    Some(kind.strip_prefix("as:").unwrap_or(kind).to_owned())
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
            json!({"to": [null, {"id": "https://a.example/", "type": "Person"}]}),
        ] {
            assert_eq!(ids(&document, "to"), ["https://a.example/"], "{document}");
        }
        for document in
            [json!({}), json!({"to": null}), json!({"to": []}), json!({"to": [null, 7, true]}), json!({"to": ""})]
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
    fn a_type_is_read_with_or_without_its_prefix() {
        for document in [
            json!({"type": "Note"}),
            json!({"type": ["as:Note", "x:Y"]}),
            json!({"@type": "https://www.w3.org/ns/activitystreams#Note"}),
        ] {
            assert_eq!(kind(&document).as_deref(), Some("Note"), "{document}");
        }
    }
}
