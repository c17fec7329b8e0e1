//! The words of the interface in one language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{INTERFACES, Interface, Language};
use crate::clock::{self, Zone};
use crate::markup;

type Bundle = FluentBundle<FluentResource>;

/// Read at the first use of each language.
static BUNDLES: [OnceLock<Bundle>; INTERFACES.len()] = [const { OnceLock::new() }; INTERFACES.len()];

/// Marks around somebody's text in a sentence, so that its direction disturbs no other word (Unicode TR 9, section 2.4.2).
const ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// The words of the interface in one language. Cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    /// Place in the list of languages.
    pub(super) number: usize,
    /// Where the days are that it writes.
    zone: Zone,
}

impl Default for Texts {
    /// English: what everything falls back to.
    fn default() -> Self {
        Self::of(0)
    }
}

impl Texts {
    pub(super) const fn of(number: usize) -> Self {
        Self { number, zone: clock::UTC }
    }

    /// The same with the days of a zone.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// Where the days are that it writes.
    #[must_use]
    pub fn zone(self) -> Zone {
        self.zone
    }

    fn interface(self) -> &'static Interface {
        &INTERFACES[self.number]
    }

    /// The language's tag, for `lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.interface().tag
    }

    /// How its readers write dates and numbers.
    pub(super) fn customs(self) -> &'static str {
        self.interface().customs
    }

    /// `ltr` or `rtl`, for `dir`.
    #[must_use]
    pub fn dir(self) -> &'static str {
        markup::direction(self.tag())
    }

    /// Its own name.
    #[must_use]
    pub fn name(self) -> String {
        Language::of(self.tag()).name
    }

    /// Words that stand by themselves.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.format(key, None)
    }

    /// A sentence with somebody's text in it, such as a name or an address.
    #[must_use]
    pub fn say_with(self, key: &str, name: &'static str, text: &str) -> String {
        let mut values = FluentArgs::new();
        values.set(name, format!("{ISOLATE}{text}{POP_ISOLATE}"));
        self.format(key, Some(&values))
    }

    /// A sentence with a date in it, as `$date`: written by one of ours, so that it needs no isolation.
    #[must_use]
    pub fn say_on(self, key: &str, date: &str) -> String {
        let mut values = FluentArgs::new();
        values.set("date", date);
        self.format(key, Some(&values))
    }

    /// Words with a number: `$count` chooses the form, `$number` is the same in the language's digits.
    #[must_use]
    pub fn count(self, key: &str, number: i64) -> String {
        let mut values = FluentArgs::new();
        values.set("count", FluentValue::from(number));
        values.set("number", self.number(number));
        self.format(key, Some(&values))
    }

    /// Length of a file, as its readers say it: thousands or millions of bytes.
    #[must_use]
    pub fn file_size(self, bytes: i64) -> String {
        const THOUSAND: i64 = 1_000;
        const MILLION: i64 = 1_000 * THOUSAND;
        match bytes {
            MILLION.. => self.count("megabytes", bytes.saturating_add(MILLION / 2) / MILLION),
            _ => self.count("kilobytes", (bytes.saturating_add(THOUSAND / 2) / THOUSAND).max(1)),
        }
    }

    /// What a language lacks is said in English, and what English lacks by its key: a page never fails for a word.
    fn format(self, key: &str, values: Option<&FluentArgs<'_>>) -> String {
        self.find(key, values).or_else(|| Self::default().find(key, values)).unwrap_or_else(|| key.to_owned())
    }

    fn find(self, key: &str, values: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = BUNDLES[self.number].get_or_init(|| bundle(self.interface()));
        let pattern = bundle.get_message(key)?.value()?;
        Some(bundle.format_pattern(pattern, values, &mut Vec::new()).into_owned())
    }
}

/// What of a file cannot be read is left out; a test reads every file.
fn bundle(interface: &Interface) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![interface.tag.parse().unwrap_or_default()]);
    // Only somebody's text needs isolation, and `say_with` sees to it.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(interface.words.to_owned()).unwrap_or_else(|(readable, _)| readable);
    bundle.add_resource_overriding(resource);
    bundle
}
