//! Places in a list, as they travel in an address: opaque to the visitor, and never more than a place.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use url::form_urlencoded;

use crate::error::{Error, Result};
use crate::storage;

pub(super) use crate::storage::Place;

/// A place as a token.
pub(super) fn token((time, id): Place) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}.{id}", time.and_utc().timestamp_millis()))
}

/// The place that a query names under a key, if it names one.
///
/// # Errors
/// `Invalid` for a token that we did not make.
pub(super) fn place(query: Option<&str>, key: &str) -> Result<Option<Place>> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let Some((_, token)) = pairs.find(|(name, _)| name == key) else { return Ok(None) };
    let wrong =
        || Error::invalid(key, "this link to older pages is damaged; go back to the first page and on from there");
    parse(&token).map(Some).ok_or_else(wrong)
}

fn parse(token: &str) -> Option<Place> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (millis, id) = text.split_once('.')?;
    storage::place(millis, id)
}

/// Cuts a list that was asked for with one more than a page holds, and gives the last place of the page if there is more.
pub(super) fn cut<T>(mut list: Vec<T>, size: usize, place: impl Fn(&T) -> Place) -> (Vec<T>, Option<String>) {
    if list.len() <= size {
        return (list, None);
    }
    list.truncate(size);
    let next = list.last().map(|last| token(place(last)));
    (list, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;

    #[test]
    fn a_place_survives_the_way_through_an_address() {
        for text in ["2026-05-01T09:30:00.123Z", "1920-05-01", "9999-12-31T23:59:59Z"] {
            let (time, _) = parse_time(text).expect("a time");
            let query = format!("x=1&before={}", token((time, 42)));
            assert_eq!(place(Some(&query), "before"), Ok(Some((time, 42))));
        }
        assert_eq!(place(None, "before"), Ok(None));
        assert_eq!(place(Some("after=x"), "before"), Ok(None));
    }

    #[test]
    fn what_we_did_not_make_is_refused() {
        let far = BASE64_URL_SAFE_NO_PAD.encode("9223372036854775807.1");
        let wide = BASE64_URL_SAFE_NO_PAD.encode("1.99999999999999999999");
        for token in ["", "x", "%00", "'; DROP TABLE statements", "MQ", "%FF%FE", far.as_str(), wide.as_str()] {
            assert!(place(Some(&format!("before={token}")), "before").is_err(), "{token}");
        }
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let (time, _) = parse_time("2026-05-01").expect("a time");
        let place = |id: &i64| (time, *id);
        assert_eq!(cut(vec![3, 2], 2, place), (vec![3, 2], None));
        assert_eq!(cut(vec![3, 2, 1], 2, place), (vec![3, 2], Some(token((time, 2)))));
    }
}
