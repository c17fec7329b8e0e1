//! What comes back, read only as far as it must be.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::TimeDelta;
use http::header::{HeaderMap, RETRY_AFTER};
use reqwest::Response;

use super::fault::FetchError;
use crate::clock::Time;

/// What we read of the answer to a delivery, so that its connection can be used again.
const MAX_ANSWER: usize = 64 * 1024;
/// How long we wait for that: the status has come and decides, so a body that dribbles must not hold a place in the queue.
const ANSWER_DEADLINE: Duration = Duration::from_secs(1);
/// A server that asks us to wait longer has forgotten what it asked for.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(14);

/// The answer to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// How long the server asks us to wait, 14 days at most.
    pub retry_after: Option<TimeDelta>,
}

impl Answer {
    pub(super) async fn read(response: Response, deadline: Duration, now: Time) -> Self {
        let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers(), now));
        // Whatever it says, and whether it says all of it: the status decides.
        _ = tokio::time::timeout(ANSWER_DEADLINE.min(deadline), read_all(response, MAX_ANSWER)).await;
        Self { status, retry_after }
    }
}

/// What came of a delivery, in one word.
pub(super) fn outcome(answer: &Result<Answer, FetchError>) -> &'static str {
    match answer.as_ref().map(|answer| answer.status) {
        Ok(200..=299) => "taken",
        Ok(410) => "gone",
        Ok(429 | 500..=599) => "busy",
        Ok(_) => "refused",
        Err(FetchError::Refused(_)) => "not_asked",
        Err(FetchError::Timeout) => "too_slow",
        Err(_) => "unreachable",
    }
}

/// The body, counted after decompression: a bomb is put down as soon as it is larger than allowed.
pub(super) async fn read_all(mut response: Response, max_bytes: usize) -> Result<Bytes, FetchError> {
    if response.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > max_bytes))
    {
        return Err(FetchError::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len().saturating_add(chunk.len()) > max_bytes {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap, now: Time) -> Option<TimeDelta> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<u32>() {
        Ok(seconds) => TimeDelta::seconds(i64::from(seconds)),
        Err(_) => super::signature::http_date(value)?
            .checked_sub(now.and_utc().timestamp())
            .and_then(TimeDelta::try_seconds)?,
    };
    Some(wait.clamp(TimeDelta::zero(), LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;

    fn wait(value: &str) -> Option<i64> {
        let (now, _) = parse_time("2026-05-01T09:00:00Z").expect("a time");
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().expect("a header"))]);
        retry_after(&headers, now).map(|wait| wait.num_seconds())
    }

    #[test]
    fn a_server_may_ask_us_to_wait_in_seconds_or_until_a_date_but_not_for_ever() {
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Fri, 01 May 2026 09:10:00 GMT"), Some(600));
        assert_eq!(wait("Thu, 30 Apr 2026 09:10:00 GMT"), Some(0));
        assert_eq!(wait("4294967295"), Some(14 * 86_400));
        assert_eq!(wait("Fri, 31 Dec 9999 23:59:59 GMT"), Some(14 * 86_400));
        for nonsense in ["", "-5", "soon", "99999999999999999999", "Fri, 99 May 2026 09:10:00 GMT"] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
    }
}
