//! Parts of a list that is ordered by time and row number, newest first (keyset paging): the next part is found as fast in the middle of
//! a million rows as at the beginning, and a row that comes or goes meanwhile moves no other.

use chrono::DateTime;

use crate::clock::Time;

/// A place in such a list.
pub type Place = (Time, i64);

/// The years 1 to 9999 in milliseconds: what every database can compare.
const TIMES: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// A place from what an address carries, if there can be one.
#[must_use]
pub fn place(millis: &str, row: &str) -> Option<Place> {
    let millis = millis.parse().ok().filter(|millis| TIMES.contains(millis))?;
    Some((DateTime::from_timestamp_millis(millis)?.naive_utc(), row.parse().ok()?))
}

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slice {
    /// From the beginning.
    Newest,
    /// What is older than a place.
    Before(Place),
    /// What is newer than a place, as near to it as may be.
    After(Place),
    /// The end.
    Oldest,
}

impl Slice {
    /// Whether it is read from its old end: the query then gives the oldest first.
    #[must_use]
    pub fn is_ascending(self) -> bool {
        matches!(self, Self::After(_) | Self::Oldest)
    }

    /// Rows as the query gave them, newest first.
    #[must_use]
    pub fn newest_first<T>(self, mut rows: Vec<T>) -> Vec<T> {
        if self.is_ascending() {
            rows.reverse();
        }
        rows
    }
}

impl From<Option<Place>> for Slice {
    fn from(before: Option<Place>) -> Self {
        before.map_or(Self::Newest, Self::Before)
    }
}

/// Narrows a boxed query to a slice, and orders it: by a column with the time and one with the row number.
macro_rules! sliced {
    ($query:expr, $slice:expr, $time:expr, $row:expr) => {{
        use $crate::storage::Slice;
        let query = match $slice {
            Slice::Newest | Slice::Oldest => $query,
            Slice::Before((time, row)) => $query.filter($time.lt(time).or($time.eq(time).and($row.lt(row)))),
            Slice::After((time, row)) => $query.filter($time.gt(time).or($time.eq(time).and($row.gt(row)))),
        };
        if $slice.is_ascending() {
            query.order(($time.asc(), $row.asc()))
        } else {
            query.order(($time.desc(), $row.desc()))
        }
    }};
}
pub(crate) use sliced;
