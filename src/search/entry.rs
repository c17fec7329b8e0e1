//! What is kept of a statement or post so that it can be found.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::words::words;
use crate::clock::Time;
use crate::markup::fold_hashtag;

/// What an entry is of, by its row number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A statement of ours.
    Statement(i64),
    /// A post of somebody else.
    Post(i64),
}

/// A text that may be found.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Whose text.
    pub of: Of,
    /// All that a reader sees of it, as plain text.
    pub text: &'a str,
    /// Language tag.
    pub language: Option<&'a str>,
    /// Hashtags, in any spelling.
    pub hashtags: Vec<String>,
    /// Row number of the author.
    pub author_id: i64,
    /// When it was published.
    pub published: Time,
}

/// Something that a search can be narrowed to. Its sign stands in no word, so no text can pretend to have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Language(String),
    Hashtag(String),
    Author(i64),
    Year(i32),
}

impl Mark {
    /// `pt-BR` is found as `pt`.
    pub(super) fn language(tag: &str) -> Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Self::Language(plain(&language.to_ascii_lowercase()))
    }

    pub(super) fn hashtag(name: &str) -> Self {
        Self::Hashtag(plain(&fold_hashtag(name.trim_start_matches('#'))))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Language(language) => write!(f, "§l{language}"),
            Self::Hashtag(tag) => write!(f, "§t{tag}"),
            Self::Author(id) => write!(f, "§a{id}"),
            Self::Year(year) => write!(f, "§y{year}"),
        }
    }
}

/// The longest name in a mark, in characters: `PostgreSQL` takes no word of 2 KiB and more (`textsearch-limitations`).
const LONGEST_NAME: usize = 100;
/// The most bytes of words of one entry: a `tsvector` of `PostgreSQL` holds no more than 1 MiB (the same page).
const MOST_BYTES: usize = 512 * 1024;

/// Without what would end a word.
fn plain(text: &str) -> String {
    let kept = |c: &char| if c.is_ascii() { c.is_ascii_alphanumeric() || *c == '_' } else { !c.is_whitespace() };
    text.chars().filter(kept).take(LONGEST_NAME).collect()
}

impl Entry<'_> {
    /// All marks, and words of the beginning as far as there is room, each once, with a space between.
    pub(super) fn to_words(&self) -> String {
        let mut marks = vec![Mark::Author(self.author_id)];
        // Near its end it is the next year elsewhere; where the union is, a search looks itself.
        marks.extend([-1, 1].map(|days| Mark::Year((self.published + TimeDelta::days(days)).year())));
        marks.extend(self.language.map(Mark::language));
        marks.extend(self.hashtags.iter().map(|name| Mark::hashtag(name)));
        let words = words(self.text).into_iter().flat_map(|word| word.forms.all());
        let (mut all, mut bytes) = (BTreeSet::new(), 0);
        for word in marks.iter().map(Mark::to_string).chain(words) {
            bytes += if all.contains(&word) { 0 } else { word.len() + 1 };
            if bytes > MOST_BYTES {
                break;
            }
            all.insert(word);
        }
        all.into_iter().collect::<Vec<_>>().join(" ")
    }

    /// Where it stands among all: by the second, then by its row.
    pub(super) fn place(&self) -> i64 {
        let row = match self.of {
            Of::Statement(id) => id * 2,
            Of::Post(id) => id * 2 + 1,
        };
        first_place(self.published) + row.rem_euclid(IN_A_SECOND)
    }
}

/// So many rows may share a second.
const IN_A_SECOND: i64 = 1 << 24;

/// The first place of a second; the first second is that of the year 1.
pub(super) fn first_place(time: Time) -> i64 {
    let begin = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    (time - begin).num_seconds().max(0).saturating_mul(IN_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;
    use crate::markup;

    #[test]
    fn places_follow_time_and_tell_rows_apart() {
        let entry = |of, day: &str| {
            let published = parse_time(day).expect("a time").0;
            Entry { of, text: "", language: None, hashtags: Vec::new(), author_id: 1, published }.place()
        };
        let old = entry(Of::Statement(900_000), "1920-05-01");
        let new = entry(Of::Statement(1), "2026-05-01");
        assert!(0 < old && old < new && new < entry(Of::Post(1), "2026-05-01"));
        assert!(entry(Of::Post(i64::MAX / 4), "9999-12-31") > new);
    }

    #[test]
    fn a_very_long_text_is_found_by_its_beginning_and_keeps_its_marks() {
        let published = parse_time("2026-05-01").expect("a time").0;
        let mut state = 1_u32;
        let mut han = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x4E00 + (state >> 8) % 20_000).expect("a letter")
        };
        let text: String = "始まり".chars().chain((0..200_000).map(|_| han())).collect();
        let hashtags = vec!["ﷺ".repeat(300)];
        let entry = Entry { of: Of::Post(1), text: &text, language: None, hashtags, author_id: 3, published };
        let words = entry.to_words();
        assert!(words.len() <= MOST_BYTES && words.len() > MOST_BYTES - 100, "{}", words.len());
        let words: Vec<&str> = words.split(' ').collect();
        assert!(words.contains(&"始ま") && words.contains(&"§a3"));
        assert!(words.iter().all(|word| word.len() < 2_048), "each word fits");
    }

    #[test]
    fn marks_stand_in_no_text() {
        let published = parse_time("2026-05-01").expect("a time").0;
        let text = "§lfa §a7 Grève #Solidarité";
        let entry = Entry {
            of: Of::Post(1),
            text,
            language: Some("pt-BR"),
            hashtags: markup::hashtags(text),
            author_id: 3,
            published,
        };
        let words = entry.to_words();
        let words: Vec<&str> = words.split(' ').collect();
        assert!(
            words.contains(&"§lpt")
                && words.contains(&"§tsolidarité")
                && words.contains(&"§a3")
                && words.contains(&"§y2026"),
            "{words:?}"
        );
        assert!(!words.contains(&"§lfa") && !words.contains(&"§a7"), "{words:?}");
    }
}
