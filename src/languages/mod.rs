//! The languages that the interface speaks: its words with their plurals, dates and numbers as readers of each write them, and which
//! language a reader gets. The words stand in `locales/`, a Fluent file for each language; `docs/TRANSLATING.md` says how to correct one.
//!
//! Refuses to know what a page looks like. Called by the doors; pure, apart from formatters that are kept for the next use.

mod dates;
mod names;
mod negotiation;
mod texts;

pub use dates::Date;
pub use names::Language;
pub use negotiation::{find, negotiate};
pub use texts::Texts;

/// A language of the interface.
struct Interface {
    /// Its tag, which is also the name of its file.
    tag: &'static str,
    /// How its readers write dates and numbers: region, calendar and digits where the language alone does not say.
    customs: &'static str,
    /// Its words.
    words: &'static str,
}

/// The languages of the interface, in the order in which a page offers them.
const INTERFACES: [Interface; 1] = [
    // Outside of one country the day stands before the month.
    Interface { tag: "en", customs: "en-GB", words: include_str!("locales/en.ftl") },
];

/// All languages of the interface.
pub fn all() -> impl Iterator<Item = Texts> {
    (0..INTERFACES.len()).map(Texts::of)
}

#[cfg(test)]
mod tests;
