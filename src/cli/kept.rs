//! What a node keeps, by kind: how many, and how large.

use std::fmt;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::media;
use crate::node::Node;
use crate::storage::{self, Size};

/// Each kind with its tables: the first ones are counted, all are weighed.
const KINDS: [(&str, &[&str], &[&str]); 5] = [
    (
        "statements",
        &["statements"],
        &[
            "statement_tags",
            "statement_mentions",
            "statement_pictures",
            "statement_documents",
            "revisions",
            "hashtags",
            "pins",
            "quotes",
        ],
    ),
    ("remote posts", &["posts", "private_posts"], &["boosts", "likes", "featured_posts", "deleted_posts"]),
    ("deliveries", &["deliveries"], &["lanes", "hosts", "departures"]),
    ("activities", &["activities", "heard_activities"], &[]),
    ("actors", &["actors"], &["actor_keys", "follows", "moves", "aliases"]),
];

/// So much of a kind.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Kept {
    kind: &'static str,
    rows: i64,
    bytes: i64,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.rows, self.kind, size(self.bytes))
    }
}

/// Counts and weighs everything.
pub(super) async fn kept(node: &Node) -> Result<Vec<Kept>> {
    let sizes = node.db.read(storage::sizes).await?;
    let folder = node.config.media_dir();
    let files = tokio::task::spawn_blocking(move || media::kept(&folder)).await.map_err(Error::internal)??;
    let mut kept = by_kind(&sizes);
    kept.push(Kept { kind: "files", rows: files.files, bytes: files.bytes });
    Ok(kept)
}

fn by_kind(sizes: &[Size]) -> Vec<Kept> {
    let mut kept: Vec<Kept> = KINDS.iter().map(|(kind, ..)| Kept { kind, rows: 0, bytes: 0 }).collect();
    let mut other = Kept { kind: "other rows", rows: 0, bytes: 0 };
    for size in sizes {
        let table = size.table.as_str();
        let of_kind =
            KINDS.iter().position(|(_, counted, weighed)| counted.contains(&table) || weighed.contains(&table));
        let entry = of_kind.map_or(&mut other, |place| &mut kept[place]);
        entry.bytes += size.bytes;
        if of_kind.is_none_or(|place| KINDS[place].1.contains(&table)) {
            entry.rows += size.rows;
        }
    }
    kept.push(other);
    kept
}

/// Bytes as people read them.
pub(super) fn size(bytes: i64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if value < 10.0 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, rows: i64, bytes: i64) -> Size {
        Size { table: name.to_owned(), rows, bytes }
    }

    #[test]
    fn what_belongs_to_a_kind_is_weighed_with_it_and_counted_once() {
        let sizes =
            [table("statements", 3, 4096), table("revisions", 9, 4096), table("settings", 2, 100), table("new", 1, 1)];
        let kept = by_kind(&sizes);
        assert_eq!(kept[0], Kept { kind: "statements", rows: 3, bytes: 8192 });
        assert_eq!(kept.last(), Some(&Kept { kind: "other rows", rows: 3, bytes: 101 }));
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!((size(0), size(1536), size(20 << 20)), ("0.0 KiB".into(), "1.5 KiB".into(), "20 MiB".into()));
        assert_eq!(size(i64::MAX), "8388608 TiB");
    }
}
