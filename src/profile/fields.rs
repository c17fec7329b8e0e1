//! Fields of the profile: a label with a text or a link, and what the linked page says of us.

use chrono::TimeDelta;

use super::Field;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::markup;
use crate::urls;

/// More than that nobody reads, and some servers do not show.
const LONGEST: usize = 200;
/// A page that does not answer keeps its mark for so long: an outage is no change of mind.
const PATIENCE: TimeDelta = TimeDelta::days(7);

/// What was seen at the address of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The page links back to us.
    LinkBack,
    /// It does not.
    NoLink,
    /// Nothing: its server did not answer.
    Nothing,
}

impl Field {
    /// The address that it leads to, where it is a link.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        is_link(&self.value).then_some(self.value.as_str())
    }

    /// When the page was last seen to link back, now that it was looked at once more; `None` where that holds no longer.
    #[must_use]
    pub fn verified_after(&self, seen: Seen, now: Time) -> Option<Time> {
        match seen {
            Seen::LinkBack => Some(now),
            Seen::NoLink => None,
            Seen::Nothing => self.verified_at.filter(|verified| now - *verified < PATIENCE),
        }
    }
}

fn is_link(value: &str) -> bool {
    urls::host_of(value).is_some()
}

/// A label or a value as it is kept: one line of text.
pub(super) fn checked(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(Error::invalid(field, format!("this is longer than {LONGEST} characters; shorten it")));
    }
    let plain = markup::plain_name(text);
    if plain.is_empty() {
        return Err(Error::invalid(field, "this is empty; write a word or two"));
    }
    Ok(plain)
}

/// The same for a value, which may be an address.
pub(super) fn checked_value(value: &str) -> Result<String> {
    let value = checked("value", value)?;
    let is_meant_as_link = value.contains("://") && !value.contains(' ');
    if is_meant_as_link && !is_link(&value) {
        return Err(Error::invalid("value", "this is no address that a browser opens; write https://…, or a text"));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;

    fn field(value: &str) -> Field {
        Field { id: 1, label: "Web".to_owned(), value: value.to_owned(), verified_at: None, checked_at: None }
    }

    #[test]
    fn a_value_is_a_text_or_an_address_that_a_browser_opens() {
        for value in
            ["https://union.example/", "http://127.0.0.1:1/", "Monday to Friday, 9:00", "İşçiler & halk", "a://b c"]
        {
            assert_eq!(checked_value(value), Ok(value.to_owned()));
        }
        for value in ["", " \u{202E} ", "javascript://alert(1)", "ftp://union.example/", "https://", &"x".repeat(201)] {
            assert!(checked_value(value).is_err(), "{value}");
        }
        assert!(field("https://union.example/").link().is_some());
        assert!(field("Monday").link().is_none() && field("javascript:alert(1)").link().is_none());
    }

    #[test]
    fn an_outage_takes_a_mark_away_only_after_a_week() {
        let (seen, _) = parse_time("2026-05-01").expect("a time");
        let verified = Field { verified_at: Some(seen), ..field("https://union.example/") };
        let after = |days| seen + TimeDelta::days(days);
        assert_eq!(verified.verified_after(Seen::LinkBack, after(3)), Some(after(3)));
        assert_eq!(verified.verified_after(Seen::NoLink, after(1)), None);
        assert_eq!(verified.verified_after(Seen::Nothing, after(6)), Some(seen));
        assert_eq!(verified.verified_after(Seen::Nothing, after(8)), None);
        assert_eq!(field("https://union.example/").verified_after(Seen::Nothing, after(1)), None);
    }
}
