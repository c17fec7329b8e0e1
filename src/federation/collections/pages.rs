//! Pages of a collection that is ordered by time and row number: the address of a page names a place in the list, so that
//! what comes or goes meanwhile moves nothing from one page to another.

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::federation::wire::context;
use crate::storage::{Place, Slice, place};

/// How many things stand on a page.
pub(super) const PAGE: usize = 20;
/// One more than that: whether there is a page behind it.
pub(super) const PAGE_AND_ONE: i64 = 21;

const FIRST: &str = "true";
const LAST: &str = "last";
const NEWER: &str = "after-";

fn wrong() -> Error {
    Error::invalid("page", "this is no page of the collection; start at its first")
}

/// Reads which page is asked for: the first, the last, what is older than a place or what is newer.
///
/// # Errors
/// `Invalid` for what is the address of no page.
pub(super) fn read(asked: &str) -> Result<Slice> {
    match asked {
        FIRST => return Ok(Slice::Newest),
        LAST => return Ok(Slice::Oldest),
        _ => {}
    }
    match asked.strip_prefix(NEWER) {
        Some(asked) => read_place(asked).map(Slice::After).ok_or_else(wrong),
        None => read_place(asked).map(Slice::Before).ok_or_else(wrong),
    }
}

/// The same for a collection that is read from its oldest thing on: after which place, `None` from the beginning.
///
/// # Errors
/// `Invalid` for what is the address of no page.
pub(super) fn read_onward(asked: &str) -> Result<Option<Place>> {
    if asked == FIRST { Ok(None) } else { read_place(asked).map(Some).ok_or_else(wrong) }
}

/// A place as [`write_place`] wrote it. The time of what is older than 1970 starts with a minus.
fn read_place(text: &str) -> Option<Place> {
    let (millis, row) = text.rsplit_once('-')?;
    place(millis, row)
}

/// A place for the address of a page.
fn write_place((time, row): Place) -> String {
    format!("{}-{row}", time.and_utc().timestamp_millis())
}

/// A collection by itself: its count, and where its pages begin and end.
pub(super) fn paged(id: &str, total: i64) -> Value {
    let mut document = super::ordered(id, total);
    document["first"] = json!(format!("{id}?page={FIRST}"));
    document["last"] = json!(format!("{id}?page={LAST}"));
    document
}

/// A page of things with their places, newest first, of which one more was asked for than stand on it.
pub(super) fn page(id: &str, asked: &str, slice: Slice, mut things: Vec<(Place, Value)>) -> Value {
    let goes_on = things.len() > PAGE;
    if slice.is_ascending() {
        things.drain(..things.len().saturating_sub(PAGE));
    } else {
        things.truncate(PAGE);
    }
    let (newest, oldest) = (things.first().map(|(place, _)| *place), things.last().map(|(place, _)| *place));
    let (has_newer, has_older) = match slice {
        Slice::Newest => (false, goes_on),
        Slice::Before(_) => (true, goes_on),
        Slice::After(_) => (goes_on, true),
        Slice::Oldest => (goes_on, false),
    };
    let mut document = json!({
        "@context": context::post(),
        "id": format!("{id}?page={asked}"),
        "type": "OrderedCollectionPage",
        "partOf": id,
        "orderedItems": things.into_iter().map(|(_, thing)| thing).collect::<Vec<_>>(),
    });
    if let Some(place) = newest.filter(|_| has_newer) {
        document["prev"] = json!(format!("{id}?page={NEWER}{}", write_place(place)));
    }
    if let Some(place) = oldest.filter(|_| has_older) {
        document["next"] = json!(format!("{id}?page={}", write_place(place)));
    }
    document
}

/// A page of ids with their places, oldest first, of which one more was asked for than stand on it. Its type and the name of its items
/// depend on the collection.
pub(super) fn onward(id: &str, asked: &str, [kind, items]: [&str; 2], mut things: Vec<(Place, String)>) -> Value {
    let goes_on = things.len() > PAGE;
    things.truncate(PAGE);
    let last = things.last().map(|(place, _)| *place).filter(|_| goes_on);
    let mut document = json!({
        "@context": context::ACTIVITY_STREAMS,
        "id": format!("{id}?page={asked}"),
        "type": kind,
        "partOf": id,
        items: things.into_iter().map(|(_, thing)| thing).collect::<Vec<_>>(),
    });
    if let Some(place) = last {
        document["next"] = json!(format!("{id}?page={}", write_place(place)));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;

    #[test]
    fn a_page_is_named_by_a_place_in_any_century() {
        for day in ["2026-05-01T09:30:00.123Z", "1920-05-01", "0001-01-02", "9999-12-31T23:59:59Z"] {
            let (time, _) = parse_time(day).expect("a time");
            let place = (time, 42);
            assert_eq!(read(&write_place(place)), Ok(Slice::Before(place)));
            assert_eq!(read(&format!("after-{}", write_place(place))), Ok(Slice::After(place)));
        }
        assert_eq!((read("true"), read("last")), (Ok(Slice::Newest), Ok(Slice::Oldest)));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for asked in [
            "",
            "x",
            "1",
            "-",
            "1-",
            "-1",
            "after-",
            "true-1",
            "1-1-x",
            "9223372036854775807-1",
            "1-99999999999999999999",
            "-99999999999999999-1",
        ] {
            assert!(read(asked).is_err(), "{asked}");
        }
    }
}
