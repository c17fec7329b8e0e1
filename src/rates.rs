//! How often each of many may do something: over time at a rate, at once as many as a burst holds (the generic cell rate algorithm,
//! ITU-T I.371). Kept per name is one number, and names are forgotten beyond a bound, so that a flood of ever new ones costs nothing.

use std::hash::{BuildHasher, Hash, RandomState};
use std::time::Duration;

use moka::ops::compute::Op;
use moka::sync::Cache;

use crate::clock::Time;

/// More names than this are not remembered; the busy ones stay.
const NAMES: u64 = 20_000;
/// Whoever was quiet for this long is forgotten: every burst is whole again by then.
const FORGOTTEN_AFTER: Duration = Duration::from_mins(30);

/// A rate for each of many.
pub struct Rates {
    /// Microseconds that one act takes from the allowance.
    cost: i64,
    /// Microseconds that may be taken ahead of time.
    allowance: i64,
    /// When each, by a hash of its name that nobody outside can foretell, will have paid for all it did.
    paid_at: Cache<u64, i64>,
    hasher: RandomState,
}

impl Rates {
    /// So many a minute over time, and so many at once; neither is less than one.
    #[must_use]
    pub fn new(per_minute: u32, burst: u32) -> Self {
        let cost = 60_000_000 / i64::from(per_minute.max(1));
        Self {
            cost,
            allowance: cost * i64::from(burst.max(1)),
            paid_at: Cache::builder().max_capacity(NAMES).time_to_idle(FORGOTTEN_AFTER).build(),
            hasher: RandomState::new(),
        }
    }

    /// Lets one more act through.
    ///
    /// # Errors
    /// After how many seconds it may be tried again.
    pub fn admit(&self, who: &(impl Hash + ?Sized), now: Time) -> Result<(), u64> {
        let now = now.and_utc().timestamp_micros();
        let mut wait = None;
        self.paid_at.entry(self.hasher.hash_one(who)).and_compute_with(|kept| {
            // Nobody owes more than the allowance, unless the clock was set back, which must not shut anybody out.
            let owed_until = kept.map(moka::Entry::into_value).filter(|kept| *kept <= now + self.allowance);
            let owed_from = owed_until.unwrap_or(now).max(now);
            let paid_at = owed_from + self.cost;
            if paid_at - now <= self.allowance {
                return Op::Put(paid_at);
            }
            wait = Some(paid_at - now - self.allowance);
            Op::Nop
        });
        wait.map_or(Ok(()), |micros| Err(u64::try_from(micros / 1_000_000).unwrap_or_default() + 1))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::clock::parse_time;

    fn noon() -> Time {
        parse_time("2026-05-01T12:00:00Z").expect("a time").0
    }

    fn admitted(rates: &Rates, who: &str, now: Time) -> usize {
        (0..1_000).filter(|_| rates.admit(who, now).is_ok()).count()
    }

    #[test]
    fn a_burst_passes_at_once_and_then_the_rate() {
        let rates = Rates::new(60, 10);
        assert_eq!(admitted(&rates, "a", noon()), 10);
        assert_eq!(rates.admit("a", noon()), Err(2));
        assert_eq!(admitted(&rates, "a", noon() + TimeDelta::seconds(3)), 3);
        assert_eq!(admitted(&rates, "a", noon() + TimeDelta::hours(1)), 10);
    }

    #[test]
    fn each_has_an_allowance_of_its_own() {
        let rates = Rates::new(1, 5);
        assert_eq!((admitted(&rates, "a", noon()), admitted(&rates, "b", noon())), (5, 5));
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_nobody_out() {
        let rates = Rates::new(60, 10);
        assert_eq!(admitted(&rates, "a", noon()), 10);
        let earlier = noon() - TimeDelta::days(1);
        assert_eq!(admitted(&rates, "a", earlier), 10);
    }

    #[test]
    fn ever_new_names_do_not_grow_it() {
        let rates = Rates::new(60, 10);
        for number in 0..3 * NAMES {
            assert_eq!(rates.admit(&number, noon()), Ok(()));
        }
        rates.paid_at.run_pending_tasks();
        assert!(rates.paid_at.entry_count() <= NAMES, "{}", rates.paid_at.entry_count());
    }
}
