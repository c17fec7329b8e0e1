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
pub use negotiation::{best, find, negotiate};
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
const INTERFACES: [Interface; 13] = [
    // Outside of one country the day stands before the month.
    Interface { tag: "en", customs: "en-GB", words: include_str!("locales/en.ftl") },
    Interface { tag: "es", customs: "es", words: include_str!("locales/es.ftl") },
    Interface { tag: "fr", customs: "fr", words: include_str!("locales/fr.ftl") },
    Interface { tag: "de", customs: "de", words: include_str!("locales/de.ftl") },
    Interface { tag: "it", customs: "it", words: include_str!("locales/it.ftl") },
    Interface { tag: "pt", customs: "pt", words: include_str!("locales/pt.ftl") },
    Interface { tag: "tr", customs: "tr", words: include_str!("locales/tr.ftl") },
    Interface { tag: "fa", customs: "fa-IR-u-ca-persian", words: include_str!("locales/fa.ftl") },
    Interface { tag: "ar", customs: "ar", words: include_str!("locales/ar.ftl") },
    Interface { tag: "uk", customs: "uk", words: include_str!("locales/uk.ftl") },
    Interface { tag: "ru", customs: "ru", words: include_str!("locales/ru.ftl") },
    Interface { tag: "ja", customs: "ja", words: include_str!("locales/ja.ftl") },
    Interface { tag: "ko", customs: "ko", words: include_str!("locales/ko.ftl") },
];

/// All languages of the interface.
pub fn all() -> impl Iterator<Item = Texts> {
    (0..INTERFACES.len()).map(Texts::of)
}

#[cfg(test)]
mod tests;
