//! What a PDF must not have: what acts, what asks, what hides, and what carries names that its author may not know of.

use lopdf::{Dictionary, Document, Object};

use super::{damaged, refused};
use crate::error::Result;

/// Things in things in things: no program nests them deeper.
const DEEPEST: usize = 64;

/// Refuses a document for anything that is in it, used or not.
pub(super) fn look_through(document: &Document) -> Result<()> {
    document.objects.values().try_for_each(|object| look_at(object, 0))
}

fn look_at(object: &Object, depth: usize) -> Result<()> {
    if depth > DEEPEST {
        return Err(damaged());
    }
    match object {
        Object::Array(items) => items.iter().try_for_each(|item| look_at(item, depth + 1)),
        Object::Dictionary(dictionary) => look_at_dictionary(dictionary, depth),
        Object::Stream(stream) => look_at_dictionary(&stream.dict, depth),
        _ => Ok(()),
    }
}

fn look_at_dictionary(dictionary: &Dictionary, depth: usize) -> Result<()> {
    if let Some(why) = why_not(dictionary) {
        return Err(refused(why));
    }
    dictionary.iter().try_for_each(|(_, value)| look_at(value, depth + 1))
}

fn why_not(dictionary: &Dictionary) -> Option<&'static str> {
    let name = |key: &[u8]| dictionary.get(key).and_then(Object::as_name).unwrap_or_default();
    if dictionary.has(b"JS") || dictionary.has(b"JavaScript") || name(b"S") == b"JavaScript" {
        return Some("it has a program in it (JavaScript); print it to a new PDF");
    }
    if matches!(name(b"S"), b"Launch" | b"SubmitForm" | b"ImportData" | b"Rendition" | b"RichMediaExecute" | b"GoToE") {
        return Some("it starts programs or sends data when it is read; print it to a new PDF");
    }
    if dictionary.has(b"EmbeddedFiles") || dictionary.has(b"EF") || dictionary.has(b"Collection") {
        return Some("it has files in it; remove them, or print it to a new PDF");
    }
    if dictionary.has(b"XFA") {
        return Some(FORM);
    }
    if dictionary.has(b"OCProperties") {
        return Some("it has layers, which can hide what is not to be published; print it to a new PDF");
    }
    why_not_annotation(dictionary)
}

const FORM: &str = "it has a form or a signature in it; print it to a new PDF";

/// What lies over a page is a link, or carries names, dates or more.
fn why_not_annotation(dictionary: &Dictionary) -> Option<&'static str> {
    if !dictionary.has(b"Rect") {
        return None;
    }
    match dictionary.get(b"Subtype").and_then(Object::as_name).unwrap_or_default() {
        b"Link" => None,
        b"Widget" => Some(FORM),
        b"FileAttachment" => Some("it has files in it; remove them, or print it to a new PDF"),
        b"Movie" | b"Sound" | b"Screen" | b"RichMedia" | b"3D" => {
            Some("it has films, sounds or models in it; remove them, or print it to a new PDF")
        }
        _ => Some("it has comments or marks, which carry names; remove them, or print it to a new PDF"),
    }
}
