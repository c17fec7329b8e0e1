//! The one step between what others send and what our readers see: every document in one plain form.
//!
//! JSON-LD lets the same document be written in many ways. Here all of them become the one that most servers write: plain names, no
//! nulls, no wrapping objects. Contexts are read only where they stand inline, never fetched: a context on another server could change the
//! meaning of a document after it was checked.

use std::borrow::Cow;
use std::slice;

use serde_json::{Map, Value};

use crate::transport::json;

/// Deeper than any honest document, and shallow enough for whatever walks through it afterwards.
const MOST_DEPTH: usize = 64;
/// More values of one property than this are not looked at: no honest document addresses so many.
const MOST_VALUES: usize = 1_000;
/// More prefixes than this are not learnt: every name is compared with them, and no honest document binds so many to one vocabulary.
const MOST_PREFIXES: usize = 16;

const ACTIVITYSTREAMS: &str = "https://www.w3.org/ns/activitystreams#";
/// Vocabularies whose names stand plain in real documents, since their contexts say so.
const VOCABULARIES: [&str; 5] = [
    ACTIVITYSTREAMS,
    "http://www.w3.org/ns/activitystreams#",
    "http://www.w3.org/ns/ldp#",
    "https://w3id.org/security#",
    "as:",
];
/// Texts of people, which may say in which language they are.
const TEXTS: [&str; 3] = ["content", "name", "summary"];

/// A document of somebody else.
#[derive(Debug, Clone)]
pub struct Document {
    /// As it was sent: what a proof was made over.
    pub raw: Value,
    /// In plain form: what all readers read.
    pub plain: Value,
}

impl Document {
    /// Reads the bytes that somebody sent.
    ///
    /// # Errors
    /// What is wrong with them, as a sentence.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        Self::of(json::parse(bytes).map_err(|why| why.to_string())?)
    }

    /// Brings JSON into plain form.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn of(raw: Value) -> Result<Self, String> {
        let plain = normalise(&raw)?;
        Ok(Self { raw, plain })
    }
}

/// The plain form of a document: `id` and `type` for `@id` and `@type`; names of the ActivityStreams vocabulary without prefix or
/// namespace; values for `@value`, lists for `@list` and `@set`, the one node of an `@graph`; no nulls, no contexts.
///
/// # Errors
/// When it is no object, or nested too deeply.
pub fn normalise(document: &Value) -> Result<Value, String> {
    let whole = document.as_object().ok_or("it is JSON, but no object")?;
    let (none, deep) = (Names::default(), || format!("it is nested deeper than {MOST_DEPTH} levels"));
    let names = none.within(whole);
    let node = match whole.get("@graph") {
        Some(Value::Array(nodes)) => nodes.first().filter(|node| node.is_object() && nodes.len() == 1),
        Some(node) => Some(node),
        None => Some(document),
    };
    let node = node.and_then(Value::as_object).ok_or("it is a graph of other than one object")?;
    names.object(node, 0).ok_or_else(deep)
}

/// How a document calls what the vocabulary calls otherwise: what its own inline contexts say.
#[derive(Debug, Clone, Default)]
struct Names<'d> {
    /// Prefixes that stand for the ActivityStreams namespace.
    prefixes: Vec<&'d str>,
    /// The language of texts that do not say theirs.
    language: Option<&'d str>,
}

impl<'d> Names<'d> {
    /// The names inside an object, which may have a context of its own.
    fn within(&self, object: &'d Map<String, Value>) -> Cow<'_, Self> {
        let contexts = match object.get("@context") {
            Some(Value::Array(contexts)) => contexts.as_slice(),
            Some(context) => slice::from_ref(context),
            None => &[],
        };
        // Copied only where a context says something new: a document may hold thousands of them.
        let mut names = Cow::Borrowed(self);
        for terms in contexts.iter().filter_map(Value::as_object) {
            let language = terms.get("@language").and_then(Value::as_str).or(names.language);
            if language != names.language {
                names.to_mut().language = language;
            }
            let is_ours = |value: &Value| value.as_str() == Some(ACTIVITYSTREAMS) || value["@id"] == ACTIVITYSTREAMS;
            for (prefix, _) in terms.iter().filter(|(_, value)| is_ours(value)) {
                if names.prefixes.len() < MOST_PREFIXES && !names.prefixes.contains(&prefix.as_str()) {
                    names.to_mut().prefixes.push(prefix);
                }
            }
        }
        names
    }

    fn plain<'n>(&self, name: &'n str) -> &'n str {
        if let "@id" | "@type" = name {
            return &name[1..];
        }
        if !name.contains(':') {
            return name;
        }
        let known = VOCABULARIES.iter().find_map(|vocabulary| name.strip_prefix(vocabulary));
        let bound = || name.split_once(':').filter(|(prefix, _)| self.prefixes.contains(prefix)).map(|(_, name)| name);
        known.or_else(bound).filter(|plain| !plain.is_empty()).unwrap_or(name)
    }

    /// An object in plain form; `None` where it is too deep. A name that stands there plain wins over the same name in another form.
    fn object(&self, object: &'d Map<String, Value>, depth: usize) -> Option<Value> {
        let names = self.within(object);
        let mut plain = Map::with_capacity(object.len());
        let mut languages = [names.language; TEXTS.len()];
        for (name, written) in object.iter().filter(|(name, _)| *name != "@context") {
            let plain_name = names.plain(name);
            if plain_name != name && object.contains_key(plain_name) {
                continue;
            }
            let value = names.value(written, depth + 1)?;
            if value.is_null() {
                continue;
            }
            if let Some(text) = TEXTS.iter().position(|text| *text == plain_name) {
                languages[text] = written.get("@language").and_then(Value::as_str).or(names.language);
            }
            let value = if plain_name == "type" { names.kinds(value) } else { value };
            plain.insert(plain_name.to_owned(), value);
        }
        for (text, language) in TEXTS.into_iter().zip(languages) {
            keep_language(text, language, &mut plain);
        }
        Some(Value::Object(plain))
    }

    /// A value in plain form; `None` where it is too deep.
    fn value(&self, value: &'d Value, depth: usize) -> Option<Value> {
        if depth > MOST_DEPTH {
            return None;
        }
        match value {
            Value::Array(items) => self.items(items, depth),
            Value::Object(object) => {
                match ["@value", "@list", "@set"].iter().find_map(|wrapping| object.get(*wrapping)) {
                    Some(wrapped) => self.value(wrapped, depth + 1),
                    None => self.object(object, depth),
                }
            }
            plain => Some(plain.clone()),
        }
    }

    /// A list without nulls; a list that stands wrapped inside it is part of it.
    fn items(&self, items: &'d [Value], depth: usize) -> Option<Value> {
        let mut plain = Vec::with_capacity(items.len().min(MOST_VALUES));
        for item in items.iter().take(MOST_VALUES) {
            match self.value(item, depth + 1)? {
                Value::Null => {}
                Value::Array(inner) if item.is_object() => plain.extend(inner),
                value => plain.push(value),
            }
        }
        plain.truncate(MOST_VALUES);
        Some(Value::Array(plain))
    }

    fn kinds(&self, value: Value) -> Value {
        match value {
            Value::String(kind) => Value::String(self.plain(&kind).to_owned()),
            Value::Array(kinds) => kinds.into_iter().map(|kind| self.kinds(kind)).collect(),
            other => other,
        }
    }
}

/// A text that says its language beside its value (`@language`), or inherits one, gets the language map that others write.
fn keep_language(text: &str, language: Option<&str>, plain: &mut Map<String, Value>) {
    let (Some(language), Some(Value::String(value))) = (language, plain.get(text)) else { return };
    let map = format!("{text}Map");
    if !plain.contains_key(&map) {
        let entry = Map::from_iter([(language.to_owned(), Value::String(value.clone()))]);
        plain.insert(map, Value::Object(entry));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plain(document: &Value) -> Value {
        normalise(document).expect("a plain form")
    }

    #[test]
    fn a_note_is_the_same_however_json_ld_writes_it() {
        let note =
            json!({"id": "https://a.example/1", "type": "Note", "content": "Bread", "to": ["https://b.example/"]});
        for written in [
            json!({"@id": "https://a.example/1", "@type": "as:Note", "as:content": "Bread", "as:to": ["https://b.example/"]}),
            json!({"@context": {"x": ACTIVITYSTREAMS}, "id": "https://a.example/1", "type": "x:Note",
                "x:content": "Bread", "x:to": {"@list": ["https://b.example/"]}}),
            json!({"@context": ["https://www.w3.org/ns/activitystreams", {"x": {"@id": ACTIVITYSTREAMS}}],
                "@graph": [{"@id": "https://a.example/1", "@type": "https://www.w3.org/ns/activitystreams#Note",
                    "https://www.w3.org/ns/activitystreams#content": {"@value": "Bread"},
                    "x:to": [null, {"@set": ["https://b.example/"]}], "summary": null}]}),
        ] {
            assert_eq!(plain(&written), note, "{written}");
        }
    }

    #[test]
    fn names_of_other_vocabularies_stay_as_they_are() {
        let document =
            json!({"diaspora:guid": "1", "http://other.example/#type": "x", "as:": 1, "type": ["x:Y", "Note"]});
        assert_eq!(plain(&document), document);
    }

    #[test]
    fn a_plain_name_wins_over_the_same_name_in_another_form() {
        let document =
            json!({"as:actor": "https://evil.example/", "actor": "https://a.example/", "@id": "x:1", "id": "x:2"});
        assert_eq!(plain(&document), json!({"actor": "https://a.example/", "id": "x:2"}));
    }

    #[test]
    fn the_language_beside_a_text_or_of_the_whole_document_becomes_a_map() {
        let said = json!({"content": {"@value": "Ekmek", "@language": "tr"}});
        let inherited = json!({"@context": {"@language": "tr"}, "content": "Ekmek"});
        for document in [said, inherited] {
            assert_eq!(plain(&document), json!({"content": "Ekmek", "contentMap": {"tr": "Ekmek"}}), "{document}");
        }
    }

    #[test]
    fn a_language_stays_with_the_text_that_is_read() {
        let document = json!({"@context": {"@language": "en", "x": ACTIVITYSTREAMS},
            "as:name": {"@value": "Ekmek", "@language": "tr"}, "x:name": null,
            "summary": "Bread", "as:summary": {"@value": "Ekmek", "@language": "tr"},
            "content": "Bread", "as:contentMap": {"eo": "Pano"}});
        let expected = json!({"name": "Ekmek", "nameMap": {"tr": "Ekmek"}, "summary": "Bread", "summaryMap": {"en": "Bread"},
            "content": "Bread", "contentMap": {"eo": "Pano"}});
        assert_eq!(plain(&document), expected);
    }

    /// Whoever sends a document decides how many prefixes it binds and how many names it writes with them, before any signature is verified:
    /// each name is compared with a few prefixes only, and a context inside another costs nothing where it says nothing new.
    #[test]
    fn many_prefixes_cost_no_more_than_a_few() {
        let context = |prefixes: std::ops::Range<usize>| -> Value {
            prefixes.map(|number| (format!("p{number:04}"), json!(ACTIVITYSTREAMS))).collect::<Map<_, _>>().into()
        };
        let outer = json!({"@context": [context(0..5_000), context(2_000..7_000)]});
        let inner = json!({"@context": context(5_000..9_000)});
        let none = Names::default();
        let names = none.within(outer.as_object().expect("an object"));
        assert_eq!(names.prefixes.len(), MOST_PREFIXES);
        for says_nothing_new in [&outer, &inner, &json!({"@context": [null, "https://a.example/", {"b": "c"}]})] {
            let within = names.within(says_nothing_new.as_object().expect("an object"));
            assert!(matches!(within, Cow::Borrowed(_)), "nothing is copied");
        }
        // The same context again, as in an activity and its object.
        let usual = json!({"@context": {"x": ACTIVITYSTREAMS, "@language": "tr"}});
        let usual = usual.as_object().expect("an object");
        let names = none.within(usual);
        assert!(matches!(names.within(usual), Cow::Borrowed(_)), "nothing is copied");
        assert_eq!((names.prefixes.as_slice(), names.language), (["x"].as_slice(), Some("tr")));
    }

    #[test]
    fn what_is_too_deep_or_no_object_is_refused_and_what_is_too_long_is_cut() {
        let deep = (0..=MOST_DEPTH).fold(json!(1), |inner, _| json!({"object": inner}));
        assert!(normalise(&deep).is_err());
        let wrapped = (0..=MOST_DEPTH).fold(json!(1), |inner, _| json!({"@value": inner}));
        assert!(normalise(&json!({"object": wrapped})).is_err());
        for none in [json!([]), json!(7), json!("text"), json!({"@graph": []}), json!({"@graph": [{}, {}]})] {
            assert!(normalise(&none).is_err(), "{none}");
        }
        let many = plain(&json!({"to": vec!["https://a.example/"; MOST_VALUES + 7]}));
        assert_eq!(many["to"].as_array().map(Vec::len), Some(MOST_VALUES));
    }

    #[test]
    fn a_byte_order_mark_is_skipped_and_the_document_as_sent_is_kept() {
        let document = Document::parse(b"\xef\xbb\xbf{\"@type\":\"Note\"}").expect("a document");
        assert_eq!(document.plain, json!({"type": "Note"}));
        assert_eq!(document.raw, json!({"@type": "Note"}));
        assert!(Document::parse(b"\xff\xfe{").is_err());
    }
}
