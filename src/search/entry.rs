//! What is kept of a statement or post so that it can be found.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate};

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

/// Without what would end a word.
fn plain(text: &str) -> String {
    let kept = |c: &char| if c.is_ascii() { c.is_ascii_alphanumeric() || *c == '_' } else { !c.is_whitespace() };
    text.chars().filter(kept).collect()
}

impl Entry<'_> {
    /// All words and marks, each once, with a space between.
    pub(super) fn to_words(&self) -> String {
        let mut all: BTreeSet<String> = words(self.text).into_iter().flat_map(|word| word.forms.all()).collect();
        all.extend(self.language.map(|tag| Mark::language(tag).to_string()));
        all.extend(self.hashtags.iter().map(|name| Mark::hashtag(name).to_string()));
        all.insert(Mark::Author(self.author_id).to_string());
        all.insert(Mark::Year(self.published.year()).to_string());
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
fn first_place(time: Time) -> i64 {
    let begin = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    (time - begin).num_seconds().max(0).saturating_mul(IN_A_SECOND)
}

/// The hashtags that stand in a plain text.
#[must_use]
pub fn hashtags_in(text: &str) -> Vec<String> {
    let name = |rest: &str| {
        rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '\u{200C}')).collect::<String>()
    };
    text.split('#').skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;

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
    fn marks_stand_in_no_text() {
        let published = parse_time("2026-05-01").expect("a time").0;
        let text = "§lfa §a7 Grève #Solidarité";
        let entry = Entry {
            of: Of::Post(1),
            text,
            language: Some("pt-BR"),
            hashtags: hashtags_in(text),
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
