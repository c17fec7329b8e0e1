//! What somebody looks for: any text is a question, and none is an error.

use super::entry::Mark;
use super::words::{Forms, Word, words};
use crate::storage::Words;

/// What stands behind this many letters is not looked at.
const LONGEST_QUESTION: usize = 300;
/// So many different words count.
const MOST_WORDS: usize = 24;
/// A word of fewer letters is meant as it is; a longer one is found with any ending, which in Turkish or Ukrainian is most of a word.
const SHORTEST_BEGINNING: usize = 4;
/// And so many letters of it count, so that its own ending does not matter either. The index keeps beginnings of these lengths.
const LONGEST_BEGINNING: usize = 8;

/// The words of a question. Signs that mean something to other searches are signs here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// A short word, whole or in its parts.
    Word(String, Vec<String>),
    /// A word by its beginning, or in its parts.
    Beginning(String, Vec<String>),
    /// Two neighbours, or a letter alone, of a script without spaces.
    Exactly(String),
}

impl Wanted {
    /// The words of a text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let end = text.char_indices().nth(LONGEST_QUESTION).map_or(text.len(), |(end, _)| end);
        let mut terms: Vec<Term> = Vec::new();
        for term in words(&text[..end]).into_iter().filter_map(term) {
            if terms.len() < MOST_WORDS && !terms.contains(&term) {
                terms.push(term);
            }
        }
        Self { terms }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// All words, and the marks of what the search is narrowed to.
    pub(super) fn to_words(&self, marks: &[Mark]) -> Words {
        let words = self.terms.iter().map(Term::to_words);
        Words::All(words.chain(marks.iter().map(|mark| Words::Is(mark.to_string()))).collect())
    }

    /// Whether a word of a text is one of those that are wanted.
    pub(super) fn has(&self, word: &Word) -> bool {
        self.terms.iter().any(|term| term.is(&word.forms))
    }
}

fn term(word: Word) -> Option<Term> {
    match word.forms {
        Forms::Whole(whole, parts) if whole.chars().count() < SHORTEST_BEGINNING => Some(Term::Word(whole, parts)),
        Forms::Whole(whole, parts) => Some(Term::Beginning(whole.chars().take(LONGEST_BEGINNING).collect(), parts)),
        Forms::Pair(form) | Forms::Letter(form, true) => Some(Term::Exactly(form)),
        // The pairs say the same and more.
        Forms::Letter(_, false) => None,
    }
}

impl Term {
    fn to_words(&self) -> Words {
        let (whole, parts) = match self {
            Self::Word(word, parts) => (Words::Is(word.clone()), parts),
            Self::Beginning(beginning, parts) => (Words::Begins(beginning.clone()), parts),
            Self::Exactly(form) => return Words::Is(form.clone()),
        };
        if parts.is_empty() {
            return whole;
        }
        Words::Any(vec![whole, Words::All(parts.iter().cloned().map(Words::Is).collect())])
    }

    /// Whether a word of a text is meant.
    fn is(&self, forms: &Forms) -> bool {
        match (self, forms) {
            (Self::Exactly(wanted), Forms::Pair(form) | Forms::Letter(form, _)) => form == wanted,
            (Self::Word(wanted, parts), Forms::Whole(whole, others)) => {
                std::iter::once(whole).chain(others).any(|form| form == wanted || parts.contains(form))
            }
            (Self::Beginning(wanted, parts), Forms::Whole(whole, others)) => {
                std::iter::once(whole).chain(others).any(|form| form.starts_with(wanted) || parts.contains(form))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_other_searches_are_signs() {
        let wanted = Wanted::read("\"strike\" OR NEAR(a*) -b :* ' \\ ; -- ^ {x} AND");
        let Words::All(words) = wanted.to_words(&[]) else { panic!("all of them") };
        assert_eq!(words[0], Words::Begins("strike".to_owned()));
        assert_eq!(words[1], Words::Is("or".to_owned()));
        assert_eq!(words.len(), 7);
        assert!(Wanted::read("\"'*&|!:()<->").is_empty());
    }

    #[test]
    fn a_question_is_bounded() {
        let long = (0..1000).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
        assert!(Wanted::read(&long).terms.len() <= MOST_WORDS);
    }
}
