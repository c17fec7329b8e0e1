//! The time and the random source: the only place that asks the machine for either, so that tests can set the clock.

mod zone;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use uuid::{NoContext, Timestamp, Uuid};

pub use zone::{Span, UTC, When, Zone, local};

/// A moment in UTC, to the millisecond: what the database stores and all code passes around.
pub type Time = NaiveDateTime;

/// Tells the time: the machine's, or in tests the machine's shifted by what the test wants.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_by_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The time now, in UTC, cut to the millisecond so that both databases give back what was stored.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn now(&self) -> Time {
        let ahead = self.ahead_by_ms.load(Ordering::Relaxed);
        let millis = Utc::now().timestamp_millis().saturating_add(ahead);
        DateTime::from_timestamp_millis(millis).unwrap_or_default().naive_utc()
    }

    /// Moves the clock forward (or back), for tests.
    pub fn advance(&self, by: TimeDelta) {
        self.ahead_by_ms.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

/// A new id that sorts by time and that nobody can guess (UUID version 7, RFC 9562).
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn new_id(now: Time) -> String {
    let utc = now.and_utc();
    let seconds = u64::try_from(utc.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, utc.timestamp_subsec_nanos())).to_string()
}

/// A random name that tells nothing, not even its age: for files.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that makes random names")]
pub fn random_name() -> String {
    Uuid::new_v4().simple().to_string()
}

/// A random number, not negative: for what must be told apart and needs no secrecy.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
pub fn random_number() -> i32 {
    i32::try_from(Uuid::new_v4().as_fields().0 >> 1).unwrap_or_default()
}

/// A number from 0 up to 1 for jitter: spreads retries, needs no secrecy.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
pub fn jitter() -> f64 {
    f64::from(Uuid::new_v4().as_fields().0) / (f64::from(u32::MAX) + 1.0)
}

/// A time as other programs read it: `2026-05-01T09:30:00Z`, with milliseconds only where there are any.
#[must_use]
pub fn rfc3339(time: Time) -> String {
    rfc3339_in(time, UTC)
}

/// The same with the offset of a zone, for people there.
#[must_use]
pub fn rfc3339_in(time: Time, zone: Zone) -> String {
    let format =
        if time.and_utc().timestamp_subsec_millis() == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    zone.from_utc_datetime(&time).to_rfc3339_opts(format, true)
}

/// Reads a time as other programs write it, which mean UTC where they name no offset; gives it, and whether it was a day alone.
#[must_use]
pub fn parse_time(text: &str) -> Option<(Time, bool)> {
    When::read(text).map(|when| (when.in_zone(UTC), when.is_day()))
}

fn to_millisecond(time: Time) -> Option<Time> {
    DateTime::from_timestamp_millis(time.and_utc().timestamp_millis()).map(|time| time.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_later() {
        let clock = Clock::default();
        let earlier = new_id(clock.now());
        clock.advance(TimeDelta::seconds(1));
        assert!(earlier < new_id(clock.now()));
    }
}
