//! The words of a text in any language, each with its place.
//!
//! Where spaces stand between words, and in Thai and its neighbours, ICU says where they end. Han, kana and Hangul are taken as
//! overlapping pairs: a dictionary splits and joins them unlike readers do, and a pair is found wherever it stands.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use super::folding::fold;
use crate::markup::is_mark;

static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()));

/// Longer words, in letters, are compared by their beginning.
const LONGEST: usize = 32;
const SOFT_HYPHEN: char = '\u{AD}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const MODIFIER_APOSTROPHE: char = '\u{2BC}';

/// A word in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    pub(super) forms: Forms,
}

/// Under what a word is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Forms {
    /// A word between spaces: whole; and its parts, where an apostrophe, a half-space or the like stands in it.
    Whole(String, Vec<String>),
    /// A letter of a text without spaces; `true`: it stands alone.
    Letter(String, bool),
    /// Two neighbours in such a text.
    Pair(String),
}

impl Forms {
    /// All of them.
    pub(super) fn all(self) -> Vec<String> {
        match self {
            Self::Whole(whole, parts) => std::iter::once(whole).chain(parts).collect(),
            Self::Letter(form, _) | Self::Pair(form) => vec![form],
        }
    }
}

/// The words of a text, in their order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = 0;
    while rest < text.len() {
        let is_paired = text[rest..].starts_with(is_pair_letter);
        let end = text[rest..].find(|c| is_pair_letter(c) != is_paired && !(is_paired && is_mark(c)));
        let end = end.map_or(text.len(), |length| rest + length);
        if is_paired {
            pairs(text, rest..end, &mut words);
        } else {
            spaced(text, rest..end, &mut words);
        }
        rest = end;
    }
    words
}

fn spaced(text: &str, range: Range<usize>, words: &mut Vec<Word>) {
    let run = &text[range.clone()];
    let mut start = 0;
    for end in SEGMENTER.segment_str(run) {
        let segment = &run[start..end];
        if segment.contains(char::is_alphanumeric) {
            let whole = shortened(fold(segment));
            if !whole.is_empty() {
                let range = range.start + start..range.start + end;
                words.push(Word { range, forms: Forms::Whole(whole, parts(segment)) });
            }
        }
        start = end;
    }
}

/// The parts of a word that readers may look for by themselves: *l'usine*, *Türkiye'nin*, *می‌رود*. None where it is of one piece.
fn parts(word: &str) -> Vec<String> {
    let ends_part = |c: char| {
        let belongs = c.is_alphanumeric() || is_mark(c) || matches!(c, SOFT_HYPHEN | ZERO_WIDTH_JOINER);
        !belongs || c == MODIFIER_APOSTROPHE
    };
    let parts: Vec<String> =
        word.split(ends_part).map(|part| shortened(fold(part))).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 { parts } else { Vec::new() }
}

fn shortened(form: String) -> String {
    match form.char_indices().nth(LONGEST) {
        Some((end, _)) => form[..end].to_owned(),
        None => form,
    }
}

fn pairs(text: &str, range: Range<usize>, words: &mut Vec<Word>) {
    let letters: Vec<(Range<usize>, String)> = letters(text, range)
        .into_iter()
        .map(|range| (range.clone(), fold(&text[range])))
        .filter(|(_, form)| !form.is_empty())
        .collect();
    for (number, (range, form)) in letters.iter().enumerate() {
        words.push(Word { range: range.clone(), forms: Forms::Letter(form.clone(), letters.len() == 1) });
        if let Some((next, other)) = letters.get(number + 1) {
            words.push(Word { range: range.start..next.end, forms: Forms::Pair(format!("{form}{other}")) });
        }
    }
}

/// The letters of a run, each with the marks and vowels that are written as characters of their own.
fn letters(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut letters: Vec<Range<usize>> = Vec::new();
    for (at, c) in text[run.clone()].char_indices() {
        let (start, end) = (run.start + at, run.start + at + c.len_utf8());
        match letters.last_mut() {
            Some(last) if continues_letter(c) => last.end = end,
            _ => letters.push(start..end),
        }
    }
    letters
}

fn continues_letter(c: char) -> bool {
    // Vowels and finals of Hangul, half-width voicing marks.
    is_mark(c) || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}')
}

/// Han, kana and Hangul, with the signs that stand for a letter among them.
fn is_pair_letter(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11FF}'
            | '\u{2E80}'..='\u{2FD5}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{3096}'
            | '\u{3099}'..='\u{309F}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{30FC}'..='\u{30FF}'
            | '\u{3131}'..='\u{318E}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAD9}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{FFA0}'..='\u{FFDC}'
            | '\u{20000}'..='\u{323AF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        words(text).into_iter().flat_map(|word| word.forms.all()).collect()
    }

    #[test]
    fn words_end_where_readers_see_them_end() {
        for (text, expected) in [
            ("The night shift, again!", vec!["the", "night", "shift", "again"]),
            ("à l'usine", vec!["a", "lusine", "l", "usine"]),
            ("Türkiye’nin", vec!["turkiyenin", "turkiye", "nin"]),
            ("می\u{200C}رود", vec!["ميرود", "مي", "رود"]),
            ("п'ять", vec!["пять", "п", "ять"]),
            ("夜勤は", vec!["夜", "夜勤", "勤", "勤は", "は"]),
            ("A社", vec!["a", "社"]),
            ("야간조 파업", vec!["야", "야간", "간", "간조", "조", "파", "파업", "업"]),
            ("ﾍﾞﾙｶﾞ", vec!["ベ", "ベル", "ル", "ルガ", "ガ"]),
            ("co\u{AD}op", vec!["coop"]),
            ("#strike_2026", vec!["strike2026", "strike", "2026"]),
            ("\"OR\" NEAR(*) {^", vec!["or", "near"]),
            ("", vec![]),
            ("…!?", vec![]),
        ] {
            assert_eq!(forms(text), expected, "{text}");
        }
    }

    #[test]
    fn thai_is_split_though_it_has_no_spaces() {
        let words = forms("คนงานประท้วง");
        assert!(words.len() > 1 && words.concat() == fold("คนงานประท้วง"), "{words:?}");
    }

    #[test]
    fn every_word_lies_in_its_text() {
        let text = "Grève 夜勤 می\u{200C}رود ᄑ\u{1161} e\u{301}tude \u{300}\u{200D}\u{0} x".repeat(3);
        for word in words(&text) {
            assert!(text.get(word.range.clone()).is_some_and(|part| !part.is_empty()), "{word:?}");
        }
        let long = "a".repeat(10_000);
        assert_eq!(forms(&long), ["a".repeat(LONGEST)]);
    }
}
