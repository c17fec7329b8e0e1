//! The fields of a statement above its text: TOML between `+++`, or YAML between `---`.
//!
//! Both are read into the same plain values, so that a key means the same in either. Nothing is guessed: an unknown key or a value
//! of another kind is refused in a sentence that says what to write.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::{Details, DocumentDraft, Draft, PictureDraft, one_line, readable};
use crate::clock::When;
use crate::config;
use crate::error::{Error, Result};

const LONGEST: usize = 64 * 1024;
const KEYS: &str = "title, lead, language, date, byline, on_behalf_of, received_from, addressee, to, source, licence, content_warning, \
                    sensitive, hashtags, in_reply_to, translates, pictures, documents, kind";
const BYLINE_KEYS: &str = "person, function, body";
const PICTURE_KEYS: &str = "file, alt, caption, credit, sensitive, focus";
const DOCUMENT_KEYS: &str = "file, title";

/// The draft of the front matter, empty where there is none, and the text below.
pub(super) fn read(text: &str) -> Result<(Draft, &str)> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let fence @ ("+++" | "---") = first.trim_end() else { return Ok((Draft::default(), text)) };
    let Some((fields, body)) = split_at_fence(rest, fence) else {
        let why =
            format!("it starts with {fence} in the first line and never ends; put a line {fence} below the last field");
        return Err(invalid(why));
    };
    if fields.len() > LONGEST {
        return Err(invalid(format!("it is longer than {} KiB; move text below it", LONGEST / 1024)));
    }
    let fields = if fence == "+++" { read_toml(fields)? } else { read_yaml(fields)? };
    Ok((draft(Fields { given: fields, within: String::new(), known: KEYS })?, body))
}

fn split_at_fence<'t>(text: &'t str, fence: &str) -> Option<(&'t str, &'t str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == fence {
            return Some((&text[..at], &text[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

fn invalid(why: String) -> Error {
    Error::invalid("front matter", why)
}

fn read_toml(text: &str) -> Result<Map<String, Value>> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line =
            error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
        invalid(format!("line {} is not TOML ({}); write key = \"value\"", line + 1, one_line(error.message())))
    })?;
    Ok(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        // TOML's own dates stand without quotes.
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
    }
}

fn read_yaml(text: &str) -> Result<Map<String, Value>> {
    if text.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) {
        return Ok(Map::new());
    }
    // Nobody needs anchors here, and with them a few lines grow into gigabytes.
    let budget = serde_saphyr::budget! {
        max_events: 20_000,
        max_nodes: 10_000,
        max_depth: 8,
        max_anchors: 0,
        max_aliases: 0,
        max_merge_keys: 0,
        max_documents: 1,
        max_total_scalar_bytes: LONGEST,
    };
    // `no` is a language, not a refusal: only true and false are answers.
    let options = serde_saphyr::options! { budget: budget, strict_booleans: true, with_snippet: false };
    let value: Value = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        // The line is that of the file, in which the fence comes first.
        let line = error.location().map_or(1, |location| location.line());
        let at = usize::try_from(line).unwrap_or(usize::MAX);
        let mend = value_with_colon(text, at).map_or_else(
            || "write key: value".to_owned(),
            |(key, value)| format!("a value with a colon goes in quotes: {key}: {}", Value::from(value)),
        );
        invalid(format!("line {} is not plain YAML ({}); {mend}", line + 1, yaml_reason(&error)))
    })?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(invalid("it has no fields; write a line key: value for each".to_owned())),
    }
}

/// The key and the value of a line whose value has a colon that YAML takes for that of another key.
fn value_with_colon(text: &str, line: usize) -> Option<(&str, &str)> {
    let (key, value) = text.lines().nth(line.checked_sub(1)?)?.split_once(": ")?;
    let value = value.trim();
    let is_plain = !value.starts_with(['"', '\'', '{', '[', '|', '>', '&', '*', '!']);
    (is_plain && value.contains(": ")).then(|| (key.trim(), value))
}

/// The reason without what speaks to programmers.
fn yaml_reason(error: &serde_saphyr::Error) -> String {
    let reason = one_line(&error.without_snippet().to_string());
    if reason.starts_with("budget breached: Anchors") || reason.starts_with("budget breached: Aliases") {
        return "anchors and aliases, & and *, are not read here; use quotes if they belong to a text".to_owned();
    }
    let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
    reason.split(", set ").next().unwrap_or(reason).to_owned()
}

fn draft(mut fields: Fields) -> Result<Draft> {
    let mut draft = Draft {
        title: fields.text("title")?.map(|title| one_line(&title)),
        lead: fields.text("lead")?,
        language: fields.text_of("language", "lang")?,
        in_reply_to: fields.text("in_reply_to")?,
        translates: fields.text("translates")?,
        to: fields.texts("to")?,
        hashtags: fields.texts("hashtags")?.iter().map(|tag| tag.trim_start_matches(['#', '＃']).to_owned()).collect(),
        pictures: fields.list("pictures", ("picture", PICTURE_KEYS), picture)?,
        documents: fields.list("documents", ("document", DOCUMENT_KEYS), document)?,
        ..Draft::default()
    };
    if let Some(tag) = &draft.language {
        let known = config::language_tag(tag);
        draft.language = Some(
            known.ok_or_else(|| fields.wrong("language", tag, "write a language code such as en, tr, fa or pt-BR"))?,
        );
    }
    if let Some(date) = fields.text_of("date", "at")? {
        let mend = "write a day such as 2026-05-01, or a time such as 2026-05-01T09:30 or 2026-05-01T09:30:00+03:00";
        draft.at = Some(When::read(&date).ok_or_else(|| fields.wrong("date", &date, mend))?);
    }
    if let Some(kind) = fields.text("kind")? {
        draft.kind = kind.parse()?;
    }
    let details = &mut draft.details;
    details.on_behalf_of = fields.text("on_behalf_of")?;
    details.received_from = fields.text("received_from")?;
    details.addressee = fields.text("addressee")?;
    details.source_url = fields.text("source")?;
    details.licence = fields.text_of("licence", "license")?;
    details.content_warning = fields.text("content_warning")?;
    details.sensitive = fields.flag("sensitive")?;
    byline(&mut fields, details)?;
    fields.refuse_the_rest()?;
    Ok(draft)
}

/// A name alone, or a table with what the person is and for which body.
fn byline(fields: &mut Fields, details: &mut Details) -> Result<()> {
    let Some(value) = fields.given.shift_remove("byline") else { return Ok(()) };
    let Value::Object(parts) = value else {
        let mend = "write a name, or a table of person, function and body";
        details.byline_person = fields.as_text("byline", value, mend)?;
        return Ok(());
    };
    let mut parts = Fields { given: parts, within: "byline ".to_owned(), known: BYLINE_KEYS };
    details.byline_person = parts.text("person")?;
    details.byline_function = parts.text("function")?;
    details.byline_body = parts.text("body")?;
    parts.refuse_the_rest()
}

/// Fields that are read one by one, so that what is left was not known.
struct Fields {
    given: Map<String, Value>,
    within: String,
    known: &'static str,
}

impl Fields {
    fn text(&mut self, key: &str) -> Result<Option<String>> {
        match self.given.shift_remove(key) {
            Some(value) => self.as_text(key, value, "write one text, in quotes where it has colons or brackets"),
            None => Ok(None),
        }
    }

    fn text_of(&mut self, key: &str, other_name: &str) -> Result<Option<String>> {
        let (one, other) = (self.text(key)?, self.text(other_name)?);
        if one.is_some() && other.is_some() {
            return Err(Error::invalid(key, format!("{key} and {other_name} are the same; remove one of them")));
        }
        Ok(one.or(other))
    }

    /// One text or a list of them.
    fn texts(&mut self, key: &str) -> Result<Vec<String>> {
        let mend = "write one text or a list of texts";
        let values = match self.given.shift_remove(key) {
            Some(Value::Array(values)) => values,
            Some(value) => vec![value],
            None => Vec::new(),
        };
        values.into_iter().filter_map(|value| self.as_text(key, value, mend).transpose()).collect()
    }

    fn flag(&mut self, key: &str) -> Result<bool> {
        match self.given.shift_remove(key) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(value) => Err(self.wrong(key, &value.to_string(), "write true or false")),
        }
    }

    /// Two numbers from -1 to 1, as hundredths.
    fn point(&mut self, key: &str) -> Result<(i32, i32)> {
        let Some(value) = self.given.shift_remove(key).filter(|value| !value.is_null()) else { return Ok((0, 0)) };
        let numbers: Option<Vec<f64>> = value
            .as_array()
            .and_then(|values| values.iter().map(|value| value.as_f64().filter(|n| n.abs() <= 1.0)).collect());
        match numbers.as_deref() {
            #[expect(clippy::cast_possible_truncation, reason = "a hundred at most")]
            Some([x, y]) => Ok(((x * 100.0).round() as i32, (y * 100.0).round() as i32)),
            _ => Err(self.wrong(key, &value.to_string(), "write two numbers from -1 to 1: [right, up]")),
        }
    }

    /// A list of tables, each of one thing with keys of its own; none where it is not mentioned.
    fn list<T>(
        &mut self,
        key: &str,
        (one, known): (&str, &'static str),
        read: impl Fn(Fields) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let mend = format!("write a list, each with {known}");
        let values = match self.given.shift_remove(key) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(values)) => values,
            Some(value) => return Err(self.wrong(key, &value.to_string(), &mend)),
        };
        let entry = |(number, value): (usize, Value)| match value {
            Value::Object(given) => read(Fields { given, within: format!("{one} {} ", number + 1), known }),
            value => Err(self.wrong(key, &value.to_string(), &mend)),
        };
        values.into_iter().enumerate().map(entry).collect::<Result<_>>().map(Some)
    }

    /// The name of a file, without which there is nothing to publish.
    fn file(&mut self) -> Result<PathBuf> {
        let file = self.text("file")?.map(PathBuf::from);
        let missing = || Error::invalid(format!("{}file", self.within), "is missing; write the name of the file");
        file.ok_or_else(missing)
    }

    /// A text; numbers count as such, since `title: 1886` is one. Empty is none.
    fn as_text(&self, key: &str, value: Value, mend: &str) -> Result<Option<String>> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(readable(text.trim())).filter(|text| !text.is_empty())),
            Value::Number(number) => Ok(Some(number.to_string())),
            value => Err(self.wrong(key, &value.to_string(), mend)),
        }
    }

    fn wrong(&self, key: &str, value: &str, mend: &str) -> Error {
        let shown: String = one_line(value).replace('"', "'").chars().take(60).collect();
        Error::invalid(format!("{}{key}", self.within), format!("{shown:?} does not work; {mend}"))
    }

    fn refuse_the_rest(self) -> Result<()> {
        match self.given.into_iter().next() {
            Some((key, _)) => Err(invalid(format!("{}{key:?} is not known; the keys are {}", self.within, self.known))),
            None => Ok(()),
        }
    }
}

fn picture(mut fields: Fields) -> Result<PictureDraft> {
    let picture = PictureDraft {
        file: fields.file()?,
        alt: fields.text("alt")?.unwrap_or_default(),
        caption: fields.text("caption")?,
        credit: fields.text("credit")?,
        sensitive: fields.flag("sensitive")?,
        focus: fields.point("focus")?,
    };
    fields.refuse_the_rest()?;
    Ok(picture)
}

fn document(mut fields: Fields) -> Result<DocumentDraft> {
    let (file, title) = (fields.file()?, fields.text("title")?.unwrap_or_default());
    let document = DocumentDraft { file, title: one_line(&title) };
    fields.refuse_the_rest()?;
    Ok(document)
}
