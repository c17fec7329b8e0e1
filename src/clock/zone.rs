//! Where the union is: which day it is there, and what it means by a day or an hour that it writes down. What is kept is UTC.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use serde::{Deserialize, Serialize};

use super::{Time, to_millisecond};

/// A time zone of the IANA database, such as `Asia/Tokyo`.
pub type Zone = chrono_tz::Tz;

/// Where days are those of the stored times.
pub const UTC: Zone = Zone::UTC;

/// Years that can be written in RFC 3339; one of the databases cannot hold all others.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;
/// So that it is the same day nearly everywhere.
const NOON: NaiveTime = NaiveTime::from_hms_opt(12, 0, 0).expect("a time of the day");
/// A time without an offset, as people and TOML write it.
const WITHOUT_OFFSET: [&str; 4] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%.f"];

/// What calendar and clock show there.
#[must_use]
pub fn local(time: Time, zone: Zone) -> NaiveDateTime {
    zone.from_utc_datetime(&time).naive_local()
}

/// The first moment at which calendar and clock show this there.
fn moment(shown: NaiveDateTime, zone: Zone) -> Time {
    zone.from_local_datetime(&shown).earliest().map_or_else(
        // They are set forward over it: as long after that as it would have been.
        || shown - zone.offset_from_utc_datetime(&(shown - TimeDelta::days(1))).fix(),
        |moment| moment.naive_utc(),
    )
}

/// When something is to appear, as it was written down: only a node knows where its union is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// A day alone.
    Day(NaiveDate),
    /// A time without an offset.
    Local(NaiveDateTime),
    /// A time with one.
    Moment(Time),
}

impl When {
    /// Reads a time with any offset (RFC 3339) or with none, or a day alone.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let local = || WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let when = match (text.parse::<NaiveDate>(), DateTime::parse_from_rfc3339(text)) {
            (Ok(day), _) => Self::Day(day),
            (_, Ok(moment)) => Self::Moment(to_millisecond(moment.naive_utc())?),
            _ => Self::Local(to_millisecond(local()?)?),
        };
        YEARS.contains(&when.in_zone(UTC).year()).then_some(when)
    }

    /// Whether no hour is meant.
    #[must_use]
    pub fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }

    /// The moment for a union there; for a day alone its noon.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Time {
        match self {
            Self::Day(day) => moment(day.and_time(NOON), zone),
            Self::Local(shown) => moment(shown, zone),
            Self::Moment(time) => time,
        }
    }
}

/// A stretch of time: its first moment, and the first after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    from: Time,
    until: Time,
}

impl Span {
    /// A year there.
    #[must_use]
    pub fn year(year: i32, zone: Zone) -> Option<Self> {
        Some(Self { from: first_of(year, 1, zone)?, until: first_of(year + 1, 1, zone)? })
    }

    /// A month of a year there.
    #[must_use]
    pub fn month(year: i32, month: u32, zone: Zone) -> Option<Self> {
        let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        Some(Self { from: first_of(year, month, zone)?, until: first_of(next_year, next, zone)? })
    }

    /// Its first moment.
    #[must_use]
    pub fn from(self) -> Time {
        self.from
    }

    /// The first moment after it.
    #[must_use]
    pub fn until(self) -> Time {
        self.until
    }
}

/// Neither the first year nor the last, of which a part may be in another.
fn first_of(year: i32, month: u32, zone: Zone) -> Option<Time> {
    let is_known = YEARS.contains(&(year - 1)) && YEARS.contains(&(year + 1));
    let day = NaiveDate::from_ymd_opt(year, month, 1).filter(|_| is_known)?;
    Some(moment(day.and_time(NaiveTime::MIN), zone))
}

#[cfg(test)]
mod tests {
    use super::super::rfc3339;
    use super::*;

    fn read(text: &str, zone: Zone) -> (String, bool) {
        let when = When::read(text).unwrap_or_else(|| panic!("{text}"));
        (rfc3339(when.in_zone(zone)), when.is_day())
    }

    #[test]
    fn a_day_is_its_noon_and_an_hour_without_an_offset_is_that_of_where_the_union_is() {
        let (tokyo, mexico) = (Zone::Asia__Tokyo, Zone::America__Mexico_City);
        assert_eq!(read("2026-05-01", tokyo), ("2026-05-01T03:00:00Z".to_owned(), true));
        assert_eq!(read("2026-05-01", mexico), ("2026-05-01T18:00:00Z".to_owned(), true));
        for text in ["2026-05-01T09:30", "2026-05-01 09:30", "2026-05-01T09:30:00", "2026-05-01T09:30:00+09:00"] {
            assert_eq!(read(text, tokyo), ("2026-05-01T00:30:00Z".to_owned(), false), "{text}");
        }
        let (time, _) = read("2026-05-01T09:30:00.1234567+03:30", tokyo);
        assert_eq!(time, "2026-05-01T06:00:00.123Z");
        for nonsense in ["yesterday", "2026-05-01T", "2026-05-01T25:00", "0000-01-01", "10000-01-01"] {
            assert_eq!(When::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn an_hour_that_clocks_leave_out_or_show_twice_is_a_moment() {
        let berlin = Zone::Europe__Berlin;
        assert_eq!(read("2026-03-29T02:30", berlin).0, "2026-03-29T01:30:00Z");
        assert_eq!(read("2026-10-25T02:30", berlin).0, "2026-10-25T00:30:00Z");
        // Samoa went over the line between two days and had no 30 December.
        assert_eq!(read("2011-12-30", Zone::Pacific__Apia).0, "2011-12-30T22:00:00Z");
    }

    #[test]
    fn a_year_and_a_month_begin_when_they_begin_there() {
        let bounds = |span: Option<Span>| span.map(|span| (rfc3339(span.from()), rfc3339(span.until())));
        let seoul = bounds(Span::month(2026, 12, Zone::Asia__Seoul)).expect("a month");
        assert_eq!(seoul, ("2026-11-30T15:00:00Z".to_owned(), "2026-12-31T15:00:00Z".to_owned()));
        let year = bounds(Span::year(2026, Zone::America__Mexico_City)).expect("a year");
        assert_eq!(year, ("2026-01-01T06:00:00Z".to_owned(), "2027-01-01T06:00:00Z".to_owned()));
        assert_eq!(local(Span::year(2026, UTC).expect("a year").from(), Zone::America__Mexico_City).year(), 2025);
        for year in [i32::MIN + 1, -1, 0, 1, 9999, i32::MAX - 1] {
            assert_eq!(Span::year(year, UTC), None, "{year}");
        }
        assert_eq!((Span::month(2026, 0, UTC), Span::month(2026, 13, UTC)), (None, None));
    }
}
