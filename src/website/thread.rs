//! A conversation as a page shows it: every answer under what it answers, by time, in nested lists.

use std::collections::HashMap;

use super::list::{Elsewhere, Item};

/// Lists are nested so deep; what is deeper stands on the deepest level, in the same order.
const LEVELS: usize = 4;

/// Who speaks in a conversation: others, or the union itself.
pub(super) enum Voice {
    Elsewhere(Box<Elsewhere>),
    Own(Box<Item>),
}

/// An answer with what ties it to others.
pub(super) struct Answer {
    /// Its id.
    pub(super) uri: String,
    /// The id of what it answers.
    pub(super) answers: Option<String>,
    pub(super) voice: Voice,
}

/// A conversation, ready to be written as nested lists.
pub(super) struct Thread {
    pub(super) entries: Vec<Entry>,
    /// Lists that are open after the last entry.
    pub(super) open: usize,
}

/// An entry, with what must be written before it.
pub(super) struct Entry {
    /// Whether a list begins with it; otherwise it follows another on its level.
    pub(super) opens: bool,
    /// Lists that end before it.
    pub(super) closes: usize,
    pub(super) voice: Voice,
}

impl Thread {
    /// Orders answers, which are given by time. What answers something that is not among them stands on the first level.
    pub(super) fn of(answers: Vec<Answer>) -> Self {
        let mut voices: Vec<Option<Voice>> = Vec::with_capacity(answers.len());
        let mut thread = Self { entries: Vec::with_capacity(answers.len()), open: 0 };
        let order = in_order(&answers);
        voices.extend(answers.into_iter().map(|answer| Some(answer.voice)));
        for (index, level) in order {
            let Some(voice) = voices[index].take() else { continue };
            let level = level.min(LEVELS - 1) + 1;
            thread.entries.push(Entry { opens: level > thread.open, closes: thread.open.saturating_sub(level), voice });
            thread.open = level;
        }
        thread
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The answers by their place in the list and their level: first what stands on top, each followed by what is under it.
fn in_order(answers: &[Answer]) -> Vec<(usize, usize)> {
    let places: HashMap<&str, usize> =
        answers.iter().enumerate().map(|(index, answer)| (answer.uri.as_str(), index)).collect();
    let mut under: Vec<Vec<usize>> = vec![Vec::new(); answers.len()];
    let mut next: Vec<(usize, usize)> = Vec::new();
    for (index, answer) in answers.iter().enumerate() {
        match answer.answers.as_deref().and_then(|uri| places.get(uri)) {
            Some(&above) if above != index => under[above].push(index),
            _ => next.push((index, 0)),
        }
    }
    next.reverse();
    let mut order = Vec::with_capacity(answers.len());
    while let Some((index, level)) = next.pop() {
        order.push((index, level));
        next.extend(under[index].iter().rev().map(|below| (*below, level + 1)));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::{Language, Texts};

    fn said(uri: &str, answers: Option<&str>) -> Answer {
        let item = Item {
            href: String::new(),
            headline: uri.to_owned(),
            text: String::new(),
            warning: None,
            pinned: false,
            date: Texts::default().date(chrono::DateTime::UNIX_EPOCH.naive_utc(), false),
            language: Language::of("en"),
            others: Vec::new(),
        };
        Answer { uri: uri.to_owned(), answers: answers.map(str::to_owned), voice: Voice::Own(Box::new(item)) }
    }

    /// The lists as brackets.
    fn written(answers: Vec<Answer>) -> String {
        let thread = Thread::of(answers);
        let mut text = String::new();
        for entry in &thread.entries {
            text.push_str(&")".repeat(entry.closes));
            text.push(if entry.opens { '(' } else { ' ' });
            let Voice::Own(item) = &entry.voice else { panic!("made above") };
            text.push_str(&item.headline);
        }
        text + &")".repeat(thread.open)
    }

    #[test]
    fn every_answer_stands_under_what_it_answers_by_time() {
        let answers = vec![
            said("a", Some("statement")),
            said("b", Some("statement")),
            said("c", Some("a")),
            said("d", Some("b")),
            said("e", Some("c")),
            said("f", Some("a")),
            said("g", None),
        ];
        assert_eq!(written(answers), "(a(c(e) f) b(d) g)");
        assert_eq!(written(Vec::new()), "");
    }

    #[test]
    fn what_answers_something_unseen_stands_on_top_and_nothing_goes_round_in_circles() {
        assert_eq!(written(vec![said("a", Some("hidden")), said("b", Some("a")), said("c", Some("c"))]), "(a(b) c)");
    }

    #[test]
    fn lists_are_nested_a_few_levels_deep_only() {
        let deep: Vec<Answer> = (0..8)
            .map(|number: i32| said(&number.to_string(), Some(&(number - 1).to_string())))
            .chain([said("z", Some("0"))])
            .collect();
        assert_eq!(written(deep), "(0(1(2(3 4 5 6 7)) z))");
    }
}
