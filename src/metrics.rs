//! What happens here, counted for the operator.
//!
//! Each node has counters of its own, so that several in one process do not mix. No label comes from outside: all are words of this house,
//! so that nobody can make a new series, and none names a server or a person. What the database and the client count stands with them
//! ([`crate::storage::Db::commits`], [`crate::transport::Client::posts`]); `server/metrics.rs` names all of it and shows it.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

/// Names of labels with their values.
pub type Labels<const N: usize> = [(&'static str, &'static str); N];
/// Counters told apart by labels.
pub type Tally<const N: usize> = Family<Labels<N>, Counter>;
/// Times told apart by a label, in seconds.
pub type Times = Family<Labels<1>, Histogram>;

/// From a page out of memory to the deadline of a request.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The counters of a node. Cheap to clone: all clones count together.
#[derive(Clone)]
pub struct Metrics {
    /// Activities that came to our inboxes, by signature form and outcome.
    pub heard: Tally<2>,
    /// Requests, by door.
    pub requests: Times,
    /// Requests that were refused, by door and reason.
    pub rejections: Tally<2>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { heard: Tally::default(), requests: Times::new_with_constructor(times), rejections: Tally::default() }
    }
}

fn times() -> Histogram {
    Histogram::new(SECONDS)
}

impl Metrics {
    /// Counts an activity that came to an inbox: how it was signed, and what became of it.
    pub fn heard(&self, form: &'static str, outcome: &'static str) {
        self.heard.get_or_create(&[("form", form), ("outcome", outcome)]).inc();
    }

    /// Counts an answered request.
    pub fn answered(&self, door: &'static str, status: u16, took: Duration) {
        self.requests.get_or_create(&[("door", door)]).observe(took.as_secs_f64());
        if let Some(reason) = reason(status) {
            self.rejections.get_or_create(&[("door", door), ("reason", reason)]).inc();
        }
    }
}

/// Why a request was refused; `None` where it was not.
fn reason(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "malformed",
        401 => "unsigned",
        403 => "not_welcome",
        404 | 410 => "missing",
        405 => "method",
        408 => "too_slow",
        409 => "conflict",
        413 | 414 => "too_large",
        415 => "encoded",
        429 => "too_many",
        503 => "unavailable",
        402..=499 => "other",
        500..=599 => "fault",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_well_is_no_rejection_and_all_else_has_a_reason() {
        assert!([200, 202, 301, 304].into_iter().all(|status| reason(status).is_none()));
        assert!((400..600).all(|status| reason(status).is_some()));
        assert_eq!((reason(429), reason(503), reason(500)), (Some("too_many"), Some("unavailable"), Some("fault")));
    }

    #[test]
    fn two_nodes_in_one_process_count_apart_and_clones_together() {
        let (one, other) = (Metrics::default(), Metrics::default());
        one.clone().answered("page", 404, Duration::from_millis(3));
        let counted =
            |metrics: &Metrics| metrics.rejections.get_or_create(&[("door", "page"), ("reason", "missing")]).get();
        assert_eq!((counted(&one), counted(&other)), (1, 0));
    }
}
