//! The part of a text that answers a question, with the words marked that were asked for.

use std::ops::Range;

use super::question::Wanted;
use super::words::words;

/// What lies behind so many bytes of a text is not searched for a passage.
const LOOKED_AT: usize = 64 * 1024;

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Text.
    pub text: String,
    /// Whether it was asked for.
    pub marked: bool,
}

/// About so many letters of a plain text around the first word that is wanted, on one line; the beginning, where none is.
#[must_use]
pub fn passage(text: &str, wanted: &Wanted, letters: usize) -> Vec<Piece> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = &line[..boundary(&line, LOOKED_AT)];
    let marks = marks(line, wanted);
    let shown = around(line, marks.first().map_or(0, |mark| mark.start), letters);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |text: &str, marked: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), marked });
        }
    };
    if shown.start > 0 {
        push("… ", false);
    }
    let mut at = shown.start;
    for mark in marks {
        let (start, end) = (mark.start.clamp(at, shown.end), mark.end.clamp(at, shown.end));
        push(&line[at..start], false);
        push(&line[start..end], true);
        at = end;
    }
    push(&line[at..shown.end], false);
    if shown.end < line.len() {
        push(" …", false);
    }
    pieces
}

/// The wanted parts of a text; those that touch are one.
fn marks(text: &str, wanted: &Wanted) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    for part in words(text).into_iter().filter(|word| wanted.has(word)).map(|word| word.range) {
        match marks.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => marks.push(part),
        }
    }
    marks
}

/// A stretch of text with a place in it, a third of it before, cut at spaces where there are any near.
fn around(line: &str, place: usize, letters: usize) -> Range<usize> {
    let back = line[..place].char_indices().rev().nth(letters / 3).map_or(0, |(at, _)| at);
    let start = if back == 0 { 0 } else { line[back..place].find(' ').map_or(back, |space| back + space + 1) };
    let Some((ahead, _)) = line[start..].char_indices().nth(letters) else { return start..line.len() };
    let end = start + ahead;
    let cut = line[start..end].rfind(' ').map(|space| start + space).filter(|cut| *cut > place && end - cut < 40);
    start..cut.unwrap_or(end)
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, question: &str, letters: usize) -> String {
        let pieces = passage(text, &Wanted::read(question), letters);
        pieces.into_iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text }).collect()
    }

    #[test]
    fn what_was_asked_for_is_marked_as_it_was_written() {
        for (text, question, expected) in [
            ("The STRIKE goes on", "strike", "The [STRIKE] goes on"),
            ("Grevdeki işçiler", "GREV ISCI", "[Grevdeki] [işçiler]"),
            ("夜勤は職場に戻らない", "職場に戻", "夜勤は[職場に戻]らない"),
            ("社会と会社", "社", "[社]会と会[社]"),
            ("کارگران نمی\u{200C}روند", "كارگران نمی روند", "[کارگران] [نمی\u{200C}روند]"),
            ("해고된 동료들이", "동료", "해고된 [동료]들이"),
        ] {
            assert_eq!(shown(text, question, 100), expected);
        }
        assert_eq!(shown("nothing here", "strike", 100), "nothing here");
    }

    #[test]
    fn a_long_text_is_shown_around_the_first_word() {
        let text = format!("{} the strike {}", "word ".repeat(500), "after ".repeat(500));
        let said = shown(&text, "strike", 60);
        assert!(said.starts_with("… ") && said.ends_with(" …") && said.contains("[strike]"), "{said}");
        assert!(said.chars().count() < 90, "{said}");
        let kanji = format!("{}職場{}", "夜".repeat(500), "勤".repeat(500));
        assert!(shown(&kanji, "職場", 60).contains("[職場]"));
    }
}
