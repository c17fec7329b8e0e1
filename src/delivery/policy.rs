//! What an answer means and when to try again: pure functions, so that the rules can be read and tested without a network. The table of all
//! answers stands in `docs/DELIVERY.md`, and a test keeps it and these functions the same.

use chrono::TimeDelta;

use crate::clock::Time;

/// After this long a delivery is given up.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(15);
/// A server that has been silent or busy for a while is asked again after an hour, or with the most of chance after this long.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(72);
/// What a server refuses it seldom takes later: it is offered again after this long at most.
pub const LONGEST_PAUSE_REFUSED: TimeDelta = TimeDelta::hours(6);
/// How long `Retry-After` may hold a lane: a hostile server cannot park its lane for years.
pub const LONGEST_RETRY_AFTER: TimeDelta = TimeDelta::hours(24);
const FIRST_PAUSE_SECONDS: f64 = 5.0;
/// Pauses are longer by up to this part, so that retries spread.
const JITTER: f64 = 0.2;

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

    /// How long the server asks us to wait, within bounds.
    fn asked_pause(&self) -> Option<TimeDelta> {
        let Self::Answered { retry_after, .. } = self else { return None };
        retry_after.map(|asked| asked.clamp(TimeDelta::zero(), LONGEST_RETRY_AFTER))
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

/// What an attempt says of the whole server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// It does not answer: all its lanes wait for one probe.
    Away,
    /// It answers, though perhaps only for another that does not (502, 503): what was believed of it stays.
    Busy,
    /// It answers for itself: what waits for it may leave.
    There,
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
        /// Not before this time, which the server asked for, even where it is known to be back.
        not_before: Option<Time>,
        /// Whether later activities for the same inbox may leave before it.
        lets_pass: bool,
        /// What that says of the whole server.
        server: Server,
    },
    /// It will not arrive.
    Failed,
}

/// Judges an attempt.
///
/// `attempts` counts the ones before this; `jitter` is from 0 up to 1.
#[must_use]
pub fn judge(outcome: &Outcome, attempts: i32, created_at: Time, now: Time, jitter: f64) -> Verdict {
    let (longest, lets_pass, server) = match outcome {
        Outcome::Answered { status: 200..=299, .. } => return Verdict::Delivered,
        Outcome::Forbidden(_) => return Verdict::Failed,
        Outcome::Silent(_) => (LONGEST_PAUSE, false, Server::Away),
        Outcome::Answered { status: 429 | 500..=599, .. } => (LONGEST_PAUSE, false, Server::Busy),
        Outcome::Answered { .. } => (LONGEST_PAUSE_REFUSED, true, Server::There),
    };
    if now - created_at >= GIVE_UP_AFTER {
        return Verdict::Failed;
    }
    let asked = outcome.asked_pause();
    let pause = backoff(attempts, longest, jitter).max(asked.unwrap_or_default());
    Verdict::Retry { at: now + pause, not_before: asked.map(|asked| now + asked), lets_pass, server }
}

/// Five seconds, doubled each time, and up to a fifth more by chance; with it, no longer than the longest.
fn backoff(attempts: i32, longest: TimeDelta, jitter: f64) -> TimeDelta {
    let doubled = FIRST_PAUSE_SECONDS * 2_f64.powi(attempts.clamp(0, 20));
    let pause = doubled.min(longest.as_seconds_f64() / (1.0 + JITTER));
    #[expect(clippy::cast_possible_truncation, reason = "hours in milliseconds fit")]
    TimeDelta::milliseconds((pause * (1.0 + JITTER * jitter) * 1000.0).round() as i64)
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
            let Verdict::Retry { at: next, lets_pass, server, .. } = judge(&silent, attempts, at(0), at(0), 0.0) else {
                panic!("given up after {attempts} attempts");
            };
            assert!(!lets_pass && server == Server::Away);
            let pause = next - at(0);
            assert!(pause >= last && pause <= LONGEST_PAUSE, "{pause}");
            last = pause;
        }
        assert_eq!(last, TimeDelta::hours(1));
    }

    #[test]
    fn a_refusal_lets_later_activities_pass() {
        let Verdict::Retry { lets_pass, server, .. } = judge(&answered(404), 3, at(0), at(9), 0.5) else { panic!() };
        assert!(lets_pass && server == Server::There);
    }

    #[test]
    fn retry_after_is_honoured_within_reason() {
        let busy = |seconds| Outcome::Answered { status: 429, retry_after: Some(TimeDelta::seconds(seconds)) };
        for (asked, next) in [(600, at(600)), (999_999_999, at(0) + LONGEST_RETRY_AFTER)] {
            let verdict = judge(&busy(asked), 0, at(0), at(0), 0.0);
            let (lets_pass, server) = (false, Server::Busy);
            assert_eq!(verdict, Verdict::Retry { at: next, not_before: Some(next), lets_pass, server });
        }
    }

    #[test]
    fn after_fifteen_days_it_has_failed() {
        let silent = Outcome::Silent("timeout".to_owned());
        let day = 24 * 3600;
        assert!(matches!(judge(&silent, 300, at(0), at(14 * day), 0.0), Verdict::Retry { .. }));
        assert_eq!(judge(&silent, 400, at(0), at(15 * day), 0.0), Verdict::Failed);
    }
}
