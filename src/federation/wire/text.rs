//! The text of a post of another server, with its language, as HTML that is not yet cleaned.

use serde_json::Value;

use super::read;
use crate::config::language_tag;
use crate::markup;

/// Tags that say that the language is none, unknown or several (ISO 639-2): nobody reads in them.
const NO_LANGUAGE: [&str; 3] = ["und", "zxx", "mul"];

/// The text: `content`, or the first of `contentMap`, or what it was written from (`source`), in the language that they say.
pub(super) fn content(document: &Value) -> (String, Option<String>) {
    let map = document.get("contentMap").and_then(Value::as_object);
    let plain = read::text(document, "content");
    // The key whose value is `content`, as GoToSocial and Mitra read it, is also the first key, which Mastodon goes by; where no value is,
    // the first key still says in which language its author writes.
    let entry = map.and_then(|map| match &plain {
        Some(plain) => map.iter().find(|(_, value)| value.as_str() == Some(plain)).or_else(|| map.iter().next()),
        None => map.iter().find(|(_, value)| value.is_string()),
    });
    let language = entry.and_then(|(language, _)| real_language(language)).or_else(|| said_language(document));
    let written = plain.or_else(|| entry.and_then(|(_, value)| value.as_str()).map(str::to_owned));
    let html = match written {
        Some(text) => html(&text, read::text(document, "mediaType").as_deref().unwrap_or("text/html")),
        None => source(document),
    };
    (html, language)
}

/// A text property in a language, where its language map has that, else as [`read::text_or_map`] finds it.
pub(super) fn in_language(document: &Value, property: &str, language: Option<&str>) -> Option<String> {
    let map = document.get(format!("{property}Map")).and_then(Value::as_object);
    let fitting = map.and_then(|map| {
        let is_it = |tag: &str| language.is_some_and(|language| real_language(tag).as_deref() == Some(language));
        map.iter().find(|(tag, _)| is_it(tag))?.1.as_str()
    });
    read::text(document, property)
        .or_else(|| fitting.map(str::to_owned))
        .or_else(|| read::text_or_map(document, property))
}

fn html(text: &str, media_type: &str) -> String {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "text/html" | "application/xhtml+xml" => text.to_owned(),
        "text/markdown" => markup::render(text, &|_| None).html,
        _ => markup::escape_html(text).replace('\n', "<br>"),
    }
}

/// What the text was written from, where the text itself is missing.
fn source(document: &Value) -> String {
    let Some(source) = document.get("source") else { return String::new() };
    let media_type = read::text(source, "mediaType");
    let text = read::text(source, "content").or_else(|| source.as_str().map(str::to_owned)).unwrap_or_default();
    html(&text, media_type.as_deref().unwrap_or("text/plain"))
}

/// `language` as Lemmy and `PeerTube` write it (an object with an `identifier`), or as a tag.
fn said_language(document: &Value) -> Option<String> {
    let said = document.get("language")?;
    real_language(said.as_str().or_else(|| said.get("identifier")?.as_str())?)
}

fn real_language(tag: &str) -> Option<String> {
    language_tag(tag).filter(|tag| !NO_LANGUAGE.contains(&tag.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_language_is_the_key_of_the_same_text_else_the_first_else_what_is_said() {
        for (document, language) in [
            (json!({"content": "a", "contentMap": {"de": "b", "tr": "a"}}), Some("tr")),
            (json!({"content": "a", "contentMap": {"de": "b", "tr": "c"}}), Some("de")),
            (json!({"contentMap": {"fa": "a"}}), Some("fa")),
            (json!({"content": "a", "language": {"identifier": "fr", "name": "Français"}}), Some("fr")),
            (json!({"content": "a", "language": "pt-br"}), Some("pt-BR")),
            (json!({"content": "a", "contentMap": {"und": "a"}, "language": {"identifier": "und"}}), None),
            (json!({"content": "a", "contentMap": {"no language": "a"}}), None),
            (json!({"content": "a"}), None),
        ] {
            assert_eq!(content(&document).1.as_deref(), language, "{document}");
        }
    }

    #[test]
    fn the_text_is_read_by_its_media_type_and_from_its_source_where_it_is_missing() {
        for (document, html) in [
            (json!({"content": "<b>1 < 2</b>"}), "<b>1 < 2</b>"),
            (json!({"content": "1 < 2\n**no**", "mediaType": "text/plain"}), "1 &lt; 2<br>**no**"),
            (json!({"content": "**yes**", "mediaType": "text/markdown; charset=utf-8"}), "<p><strong>yes</strong></p>"),
            (json!({"contentMap": {"en": "map"}, "source": "source"}), "map"),
            (json!({"source": {"content": "*yes*", "mediaType": "text/markdown"}}), "<p><em>yes</em></p>"),
            (json!({"source": "[b]x[/b]"}), "[b]x[/b]"),
            (json!({"content": 7}), ""),
        ] {
            assert_eq!(content(&document).0, html, "{document}");
        }
    }

    #[test]
    fn a_title_is_read_in_the_language_of_the_text() {
        let document = json!({"nameMap": {"en": "Bread", "tr": "Ekmek"}});
        assert_eq!(in_language(&document, "name", Some("tr")).as_deref(), Some("Ekmek"));
        assert_eq!(in_language(&document, "name", Some("fa")).as_deref(), Some("Bread"));
    }
}
