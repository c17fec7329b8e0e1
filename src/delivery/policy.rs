//! What an answer means and when to try again: pure functions, so that the rules can be read and tested without a network.
//!
//! | answer | meaning | then |
//! |---|---|---|
//! | 2xx | delivered | done |
//! | no answer, timeout, 429, 5xx | the server is away or busy | the lane waits: order is kept |
//! | 410 | the same as the next row, and its actor is asked whether it is gone | only when its own server confirms that, the delivery ends |
//! | any other 3xx or 4xx | this activity is not wanted, or our signature is not understood yet | tried again on its own schedule; later ones pass |
//! | 15 days without success | failed | shown to the editor |

use chrono::TimeDelta;

use crate::clock::Time;

/// After this long a delivery is given up.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(15);
/// A silent server is asked again at most this often, once it has been silent for a while.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
const FIRST_PAUSE_SECONDS: f64 = 5.0;
/// How long `Retry-After` may hold a lane: a hostile server cannot park its lane for years.
const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(24);

/// What came back from one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// An HTTP status, with the pause that the server asked for.
    Answered {
        /// The status code.
        status: u16,
        /// `Retry-After`, where it was given.
        retry_after: Option<TimeDelta>,
    },
    /// No answer: refused, unreachable, or too slow.
    Silent(String),
    /// The address may not be asked at all (private, or blocked by the operator).
    Forbidden(String),
}

impl Outcome {
    /// Whether the server says that the inbox is gone for good (410). Servers say so by mistake, too: the actor's own document decides.
    #[must_use]
    pub fn says_gone(&self) -> bool {
        matches!(self, Self::Answered { status: 410, .. })
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answered { status, .. } => write!(f, "answered {status}"),
            Self::Silent(why) => write!(f, "no answer: {why}"),
            Self::Forbidden(why) => write!(f, "not asked: {why}"),
        }
    }
}

/// What follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// Try again at this time.
    Retry {
        /// When.
        at: Time,
        /// Whether later activities for the same inbox may leave before it.
        lets_pass: bool,
        /// Whether the whole server seems to be away.
        host_is_away: bool,
    },
    /// It will not arrive.
    Failed,
}

/// Judges an attempt.
///
/// `attempts` counts the ones before this; `jitter` is from 0 up to 1.
#[must_use]
pub fn judge(outcome: &Outcome, attempts: i32, created_at: Time, now: Time, jitter: f64) -> Verdict {
    let (pause, lets_pass, host_is_away) = match outcome {
        Outcome::Answered { status: 200..=299, .. } => return Verdict::Delivered,
        Outcome::Forbidden(_) => return Verdict::Failed,
        Outcome::Silent(_) => (backoff(attempts, jitter), false, true),
        Outcome::Answered { status: 429 | 500..=599, retry_after } => {
            let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
            (backoff(attempts, jitter).max(asked), false, false)
        }
        Outcome::Answered { .. } => (backoff(attempts, jitter), true, false),
    };
    if now - created_at >= GIVE_UP_AFTER {
        return Verdict::Failed;
    }
    Verdict::Retry { at: now + pause, lets_pass, host_is_away }
}

/// Five seconds, doubled each time up to an hour, less up to a fifth of it so that retries spread.
fn backoff(attempts: i32, jitter: f64) -> TimeDelta {
    let doubled = FIRST_PAUSE_SECONDS * 2_f64.powi(attempts.clamp(0, 20));
    let pause = doubled.min(f64::from(i32::try_from(LONGEST_PAUSE.num_seconds()).unwrap_or(i32::MAX)));
    #[expect(clippy::cast_possible_truncation, reason = "an hour in milliseconds fits")]
    TimeDelta::milliseconds((pause * (1.0 - 0.2 * jitter) * 1000.0) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        chrono::DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap_or_default().naive_utc()
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, retry_after: None }
    }

    #[test]
    fn a_2xx_is_delivered_and_nothing_else_is() {
        assert_eq!(judge(&answered(202), 0, at(0), at(1), 0.0), Verdict::Delivered);
        for status in [301, 400, 401, 403, 404, 410, 429, 500, 503] {
            assert_ne!(judge(&answered(status), 0, at(0), at(1), 0.0), Verdict::Delivered, "{status}");
        }
    }

    #[test]
    fn a_silent_server_holds_its_lane_and_is_asked_at_most_once_an_hour() {
        let silent = Outcome::Silent("timeout".to_owned());
        let mut last = TimeDelta::zero();
        for attempts in 0..40 {
            let Verdict::Retry { at: next, lets_pass, host_is_away } = judge(&silent, attempts, at(0), at(0), 0.0)
            else {
                panic!("given up after {attempts} attempts");
            };
            assert!(!lets_pass && host_is_away);
            let pause = next - at(0);
            assert!(pause >= last && pause <= LONGEST_PAUSE, "{pause}");
            last = pause;
        }
        assert_eq!(last, LONGEST_PAUSE);
    }

    #[test]
    fn a_refusal_lets_later_activities_pass() {
        let Verdict::Retry { lets_pass, host_is_away, .. } = judge(&answered(404), 3, at(0), at(9), 0.5) else {
            panic!()
        };
        assert!(lets_pass && !host_is_away);
    }

    #[test]
    fn retry_after_is_honoured_within_reason() {
        let busy = |seconds| Outcome::Answered { status: 429, retry_after: Some(TimeDelta::seconds(seconds)) };
        let Verdict::Retry { at: next, .. } = judge(&busy(600), 0, at(0), at(0), 0.0) else { panic!() };
        assert_eq!(next, at(600));
        let Verdict::Retry { at: next, .. } = judge(&busy(999_999_999), 0, at(0), at(0), 0.0) else { panic!() };
        assert_eq!(next, at(0) + LONGEST_RETRY_AFTER);
    }

    #[test]
    fn after_fifteen_days_it_has_failed() {
        let silent = Outcome::Silent("timeout".to_owned());
        let day = 24 * 3600;
        assert!(matches!(judge(&silent, 300, at(0), at(14 * day), 0.0), Verdict::Retry { .. }));
        assert_eq!(judge(&silent, 400, at(0), at(15 * day), 0.0), Verdict::Failed);
    }
}
