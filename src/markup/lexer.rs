//! Cuts HTML into text and tags, in one pass, whatever it is given.
//!
//! It follows the tokenizer of the HTML standard (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>) closely enough
//! to read what real servers send. No safety rests on it: what is made of its pieces is written anew and goes through ammonia.
//! Its purpose is that nothing in a document can make the work grow faster than the document.

/// Attributes that anybody asks for; all others are skipped while reading, so that a tag with a million of them costs nothing.
const KNOWN_ATTRIBUTES: [&str; 10] =
    ["href", "rel", "class", "lang", "dir", "start", "reversed", "value", "translate", "alt"];
const LONGEST_NAME: usize = 20;

/// A piece of HTML. Values and text are raw: entities in them are not decoded.
#[derive(Debug)]
pub(super) enum Piece<'h> {
    Text(&'h str),
    Open { name: String, attributes: Vec<(&'static str, &'h str)>, raw: &'h str },
    Close { name: String, raw: &'h str },
}

pub(super) struct Lexer<'h> {
    rest: &'h str,
}

struct Tag<'h> {
    name: String,
    attributes: Vec<(&'static str, &'h str)>,
    length: usize,
}

impl<'h> Lexer<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { rest: html }
    }

    /// Skips what stands before `</name`, for elements whose content is no text for people; without an end, everything.
    pub(super) fn skip_to_end_of(&mut self, name: &str) {
        let ends = |at: usize| {
            let after = self.rest.as_bytes().get(at + 2..at + 2 + name.len());
            after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = self.rest.match_indices("</").map(|(at, _)| at).find(|at| ends(*at));
        self.take(end.unwrap_or(self.rest.len()));
    }

    fn take(&mut self, length: usize) -> &'h str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Reads what starts with `<`: a tag, or a comment, which gives nothing.
    fn markup(&mut self) -> Option<Piece<'h>> {
        let bytes = self.rest.as_bytes();
        let closing = bytes.get(1) == Some(&b'/');
        let name_at = if closing { 2 } else { 1 };
        if !bytes.get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            self.take(comment_length(self.rest));
            return None;
        }
        let Some(tag) = read_tag(self.rest, name_at) else {
            // The standard drops a tag that the document ends in.
            self.take(self.rest.len());
            return None;
        };
        let raw = self.take(tag.length);
        Some(if closing {
            Piece::Close { name: tag.name, raw }
        } else {
            Piece::Open { name: tag.name, attributes: tag.attributes, raw }
        })
    }
}

impl<'h> Iterator for Lexer<'h> {
    type Item = Piece<'h>;

    fn next(&mut self) -> Option<Piece<'h>> {
        while !self.rest.is_empty() {
            let text = next_markup(self.rest).unwrap_or(self.rest.len());
            if text > 0 {
                return Some(Piece::Text(self.take(text)));
            }
            if let Some(piece) = self.markup() {
                return Some(piece);
            }
        }
        None
    }
}

fn next_markup(html: &str) -> Option<usize> {
    let starts =
        |at: usize| matches!(html.as_bytes().get(at + 1), Some(b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?'));
    html.match_indices('<').map(|(at, _)| at).find(|at| starts(*at))
}

fn comment_length(html: &str) -> usize {
    let to_end_of = |from: usize, end: &str| {
        html.get(from..).and_then(|rest| rest.find(end)).map_or(html.len(), |at| from + at + end.len())
    };
    if !html.starts_with("<!--") {
        return to_end_of(0, ">");
    }
    if html.starts_with("<!-->") || html.starts_with("<!--->") {
        return to_end_of(4, ">");
    }
    to_end_of(4, "-->")
}

/// Reads one tag from its name on; `None` where the document ends inside it. All cuts are at ASCII bytes, so never inside a character.
fn read_tag(html: &str, name_at: usize) -> Option<Tag<'_>> {
    let bytes = html.as_bytes();
    let until = |from: usize, stops: fn(u8) -> bool| (from..bytes.len()).find(|at| stops(bytes[*at]));
    let mut at = until(name_at, |b| is_space(b) || matches!(b, b'/' | b'>'))?;
    let name = &html[name_at..at];
    let name = if name.len() > LONGEST_NAME { String::new() } else { name.to_ascii_lowercase() };
    let mut attributes = Vec::new();
    loop {
        at = until(at, |b| !is_space(b) && b != b'/')?;
        if bytes[at] == b'>' {
            return Some(Tag { name, attributes, length: at + 1 });
        }
        // An equals sign in first place is part of the name.
        let name_end = until(at + 1, |b| is_space(b) || matches!(b, b'/' | b'>' | b'='))?;
        let key = &html[at..name_end];
        at = until(name_end, |b| !is_space(b))?;
        let mut value = "";
        if bytes[at] == b'=' {
            at = until(at + 1, |b| !is_space(b))?;
            let (from, to, next) = match bytes[at] {
                b'"' => until(at + 1, |b| b == b'"').map(|to| (at + 1, to, to + 1))?,
                b'\'' => until(at + 1, |b| b == b'\'').map(|to| (at + 1, to, to + 1))?,
                b'>' => (at, at, at),
                _ => until(at, |b| is_space(b) || b == b'>').map(|to| (at, to, to))?,
            };
            value = &html[from..to];
            at = next;
        }
        keep(&mut attributes, key, value);
    }
}

/// Keeps an attribute that is known; the first of its name counts.
fn keep<'h>(attributes: &mut Vec<(&'static str, &'h str)>, key: &str, value: &'h str) {
    let Some(known) = KNOWN_ATTRIBUTES.iter().find(|known| known.eq_ignore_ascii_case(key)) else { return };
    if attributes.iter().all(|(key, _)| key != known) {
        attributes.push((known, value));
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(html: &str) -> String {
        let show = |piece: Piece| match piece {
            Piece::Text(text) => format!("[{text}]"),
            Piece::Open { name, attributes, .. } => format!("<{name} {attributes:?}>"),
            Piece::Close { name, .. } => format!("</{name}>"),
        };
        Lexer::new(html).map(show).collect()
    }

    #[test]
    fn tags_are_read_as_browsers_read_them() {
        assert_eq!(show("a < b <3 </> c"), "[a < b <3 ][ c]");
        assert_eq!(show("<A HREF = 'x>y' href=z onclick=1/>ö</A >"), r#"<a [("href", "x>y")]>[ö]</a>"#);
        assert_eq!(show("<!-- <b> --><b/><!-->x<!doctype html>y<?php ?>z"), "<b []>[x][y][z]");
        assert_eq!(show("<p class=é/f dir=>"), r#"<p [("class", "é/f"), ("dir", "")]>"#);
    }

    #[test]
    fn a_document_that_ends_anywhere_is_read_to_its_end() {
        let html = "<p lang=\"fa\">می‌خواهیم</p><!-- ö --><a href='ü' =é>İ</a>";
        for (end, _) in html.char_indices() {
            Lexer::new(&html[..end]).for_each(drop);
            Lexer::new(&html[end..]).for_each(drop);
        }
    }
}
