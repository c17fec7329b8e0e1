//! The one step between what others send and what our readers see: every document in one plain form.
//!
//! JSON-LD lets the same document be written in many ways. Here all of them become the one that most servers write: plain names, no
//! nulls, no wrapping objects. Contexts are read only where they stand inline, never fetched: a context on another server could change the
//! meaning of a document after it was checked.

use std::borrow::Cow;
use std::slice;

use serde_json::{Map, Value};

use super::read;
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
    /// As it was sent, where it or what stands in it has a proof (FEP-8b32): what that was made over.
    pub raw: Option<Value>,
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
    pub fn of(document: Value) -> Result<Self, String> {
        let raw = has_proof(&document).then(|| document.clone());
        Ok(Self { raw, plain: normalise(document)? })
    }
}

fn has_proof(document: &Value) -> bool {
    let is_proven = |document: &Value| document.get("proof").is_some();
    is_proven(document) || read::values(document, "object").into_iter().any(is_proven)
}

/// The plain form of a document: `id` and `type` for `@id` and `@type`; names of the ActivityStreams vocabulary without prefix or
/// namespace; values for `@value`, lists for `@list` and `@set`, the one node of an `@graph`; no nulls, no contexts.
///
/// # Errors
/// When it is no object, or nested too deeply.
pub fn normalise(document: Value) -> Result<Value, String> {
    let Value::Object(mut whole) = document else { return Err("it is JSON, but no object".to_owned()) };
    let context = whole.shift_remove("@context");
    let names = Names::default();
    let names = names.within(context.as_ref());
    let node = match whole.shift_remove("@graph") {
        Some(Value::Array(mut nodes)) => nodes.pop().filter(|_| nodes.is_empty()),
        Some(node) => Some(node),
        None => Some(Value::Object(whole)),
    };
    let Some(Value::Object(node)) = node else { return Err("it is a graph of other than one object".to_owned()) };
    names.object(node, 0).ok_or_else(|| format!("it is nested deeper than {MOST_DEPTH} levels"))
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
    /// The names inside an object that may have a context of its own.
    fn within(&self, context: Option<&'d Value>) -> Cow<'_, Self> {
        let contexts = match context {
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
    fn object(&self, mut object: Map<String, Value>, depth: usize) -> Option<Value> {
        let context = object.shift_remove("@context");
        let names = self.within(context.as_ref());
        let mut plain = Map::with_capacity(object.len());
        let mut languages = [const { None }; TEXTS.len()];
        for (name, written) in object {
            let key = names.plain(&name);
            let is_renamed = key.len() != name.len();
            if is_renamed && plain.contains_key(key) {
                continue;
            }
            let text = TEXTS.iter().position(|text| *text == key);
            let said = text.and_then(|_| written.get("@language")).and_then(Value::as_str);
            let language = text.and_then(|_| said.or(names.language)).map(str::to_owned);
            let value = names.value(written, depth + 1)?;
            if value.is_null() {
                continue;
            }
            if let Some(text) = text {
                languages[text] = language;
            }
            let value = if key == "type" { names.kinds(value) } else { value };
            let key = if is_renamed { key.to_owned() } else { name };
            plain.insert(key, value);
        }
        for (text, language) in TEXTS.into_iter().zip(languages) {
            keep_language(text, language, &mut plain);
        }
        Some(Value::Object(plain))
    }

    /// A value in plain form; `None` where it is too deep.
    fn value(&self, value: Value, depth: usize) -> Option<Value> {
        if depth > MOST_DEPTH {
            return None;
        }
        match value {
            Value::Array(items) => self.items(items, depth),
            Value::Object(mut object) => {
                match ["@value", "@list", "@set"].into_iter().find_map(|wrapping| object.swap_remove(wrapping)) {
                    Some(wrapped) => self.value(wrapped, depth + 1),
                    None => self.object(object, depth),
                }
            }
            plain => Some(plain),
        }
    }

    /// A list without nulls; a list that stands wrapped inside it is part of it.
    fn items(&self, items: Vec<Value>, depth: usize) -> Option<Value> {
        let mut plain = Vec::with_capacity(items.len().min(MOST_VALUES));
        for item in items.into_iter().take(MOST_VALUES) {
            let is_wrapped = item.is_object();
            match self.value(item, depth + 1)? {
                Value::Null => {}
                Value::Array(inner) if is_wrapped => plain.extend(inner),
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
fn keep_language(text: &str, language: Option<String>, plain: &mut Map<String, Value>) {
    let (Some(language), Some(Value::String(value))) = (language, plain.get(text)) else { return };
    let map = format!("{text}Map");
    if !plain.contains_key(&map) {
        let entry = Map::from_iter([(language, Value::String(value.clone()))]);
        plain.insert(map, Value::Object(entry));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plain(document: &Value) -> Value {
        normalise(document.clone()).expect("a plain form")
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
        let names = none.within(outer.get("@context"));
        assert_eq!(names.prefixes.len(), MOST_PREFIXES);
        for says_nothing_new in [&outer, &inner, &json!({"@context": [null, "https://a.example/", {"b": "c"}]})] {
            let within = names.within(says_nothing_new.get("@context"));
            assert!(matches!(within, Cow::Borrowed(_)), "nothing is copied");
        }
        // The same context again, as in an activity and its object.
        let usual = json!({"@context": {"x": ACTIVITYSTREAMS, "@language": "tr"}});
        let usual = usual.get("@context");
        let names = none.within(usual);
        assert!(matches!(names.within(usual), Cow::Borrowed(_)), "nothing is copied");
        assert_eq!((names.prefixes.as_slice(), names.language), (["x"].as_slice(), Some("tr")));
    }

    #[test]
    fn what_is_too_deep_or_no_object_is_refused_and_what_is_too_long_is_cut() {
        let deep = (0..=MOST_DEPTH).fold(json!(1), |inner, _| json!({"object": inner}));
        assert!(normalise(deep).is_err());
        let wrapped = (0..=MOST_DEPTH).fold(json!(1), |inner, _| json!({"@value": inner}));
        assert!(normalise(json!({"object": wrapped})).is_err());
        for none in [json!([]), json!(7), json!("text"), json!({"@graph": []}), json!({"@graph": [{}, {}]})] {
            assert!(normalise(none.clone()).is_err(), "{none}");
        }
        let many = plain(&json!({"to": vec!["https://a.example/"; MOST_VALUES + 7]}));
        assert_eq!(many["to"].as_array().map(Vec::len), Some(MOST_VALUES));
    }

    #[test]
    fn a_document_is_kept_as_it_was_sent_where_something_in_it_has_a_proof() {
        let post = json!({"@type": "Note", "proof": {}});
        for proven in [post.clone(), json!({"object": post}), json!({"object": [post]})] {
            assert_eq!(Document::of(proven.clone()).expect("a document").raw, Some(proven));
        }
        assert_eq!(Document::of(json!({"object": {"object": post}})).expect("a document").raw, None);
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let document = Document::parse(b"\xef\xbb\xbf{\"@type\":\"Note\"}").expect("a document");
        assert_eq!(document.plain, json!({"type": "Note"}));
        assert_eq!(document.raw, None);
        assert!(Document::parse(b"\xff\xfe{").is_err());
    }
}
