//! Dates and numbers as the readers of a language write them: its order, its digits, its calendar.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::Datelike;
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::{Y, YM, YMD};
use icu_datetime::input::Date as Day;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale::Locale;

use super::Texts;
use crate::clock::{self, Time};

/// A date for machines and for people.
#[derive(Debug, Clone)]
pub struct Date {
    /// For `datetime`: a day alone stays a day alone.
    pub machine: String,
    /// `1 May 2026`, `۱۱ اردیبهشت ۱۴۰۵`, `2026年5月1日`
    pub human: String,
}

/// What writes dates and numbers in one language. Days follow its calendar; years and months by themselves are those of the common calendar in
/// its words, since an archive's addresses count by them.
struct Formatters {
    day: Option<DateTimeFormatter<YMD>>,
    year: Option<DateTimeFormatter<Y>>,
    month: Option<DateTimeFormatter<YM>>,
    number: Option<DecimalFormatter>,
}

thread_local! {
    /// They are costly to make, and cannot be shared between threads.
    static KEPT: RefCell<BTreeMap<&'static str, Rc<Formatters>>> = const { RefCell::new(BTreeMap::new()) };
}

impl Formatters {
    fn kept(texts: Texts) -> Rc<Self> {
        KEPT.with_borrow_mut(|kept| {
            Rc::clone(kept.entry(texts.tag()).or_insert_with(|| Rc::new(Self::of(texts.customs()))))
        })
    }

    fn of(customs: &str) -> Self {
        let own: Locale = customs.parse().unwrap_or(Locale::UNKNOWN);
        let plain = format!("{}-u-ca-gregory", customs.split("-u-").next().unwrap_or_default());
        let common: Locale = plain.parse().unwrap_or(Locale::UNKNOWN);
        Self {
            year: DateTimeFormatter::try_new((&common).into(), Y::long()).ok(),
            month: DateTimeFormatter::try_new((&common).into(), YM::long()).ok(),
            day: DateTimeFormatter::try_new((&own).into(), YMD::long()).ok(),
            number: DecimalFormatter::try_new((&own).into(), DecimalFormatterOptions::default()).ok(),
        }
    }
}

fn day_of(time: Time) -> Option<Day<icu_calendar::Iso>> {
    let (month, day) = (u8::try_from(time.month()).ok()?, u8::try_from(time.day()).ok()?);
    Day::try_new_iso(time.year(), month, day).ok()
}

impl Texts {
    fn there(self, time: Time) -> Time {
        clock::local(time, self.zone())
    }

    /// A date; `day_only` where no hour is meant.
    #[must_use]
    pub fn date(self, time: Time, day_only: bool) -> Date {
        let there = self.there(time);
        let plain = || there.format("%Y-%m-%d").to_string();
        let human =
            Formatters::kept(self).day.as_ref().zip(day_of(there)).map(|(day, date)| day.format(&date).to_string());
        Date { machine: if day_only { plain() } else { clock::rfc3339(time) }, human: human.unwrap_or_else(plain) }
    }

    /// A year of the common calendar, of which a time is part.
    #[must_use]
    pub fn year(self, time: Time) -> String {
        let (kept, time) = (Formatters::kept(self), self.there(time));
        let written = kept.year.as_ref().zip(day_of(time)).map(|(year, date)| year.format(&date).to_string());
        written.unwrap_or_else(|| time.format("%Y").to_string())
    }

    /// A month with its year, likewise: `May 2026`.
    #[must_use]
    pub fn month(self, time: Time) -> String {
        let (kept, time) = (Formatters::kept(self), self.there(time));
        let written = kept.month.as_ref().zip(day_of(time)).map(|(month, date)| month.format(&date).to_string());
        written.unwrap_or_else(|| time.format("%Y-%m").to_string())
    }

    /// A number with the language's digits and separators.
    #[must_use]
    pub fn number(self, number: i64) -> String {
        let written =
            Formatters::kept(self).number.as_ref().map(|kept| kept.format(&Decimal::from(number)).to_string());
        written.unwrap_or_else(|| number.to_string())
    }
}
