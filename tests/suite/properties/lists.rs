//! Lists of servers, and the names in them.

use picket::clock::Clock;
use picket::moderation::domains::Domain;
use picket::moderation::{Block, lists};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::generated::{document, text};
use super::{check, invariants};

const FIELDS: [&str; 20] = [
    "domain",
    "#domain",
    "severity",
    "#severity",
    "suspend",
    "silence",
    "noop",
    "public_comment",
    "bad.example",
    "BAD.example.",
    "b*d.example",
    "xn--bcher-kva.example",
    "example",
    "[::1]",
    "# a comment",
    "TRUE",
    "\"",
    "\"a, b\"",
    "",
    " ",
];

#[test]
fn any_list_is_read_or_refused_with_a_line() {
    check(6_400, text(), |text| invariants::check_list(&text));
    let table = vec(vec(select(FIELDS.to_vec()), 1..4).prop_map(|fields| fields.join(",")), 0..8);
    check(12_000, table, |lines| invariants::check_list(&lines.join("\n")));
    check(2_400, vec(document(), 0..5), |entries| {
        invariants::check_list(&serde_json::Value::from(entries).to_string());
    });
}

#[test]
fn a_list_that_we_wrote_reads_back_the_same() {
    check(4_000, vec(("[a-z0-9]{1,8}\\.[a-z]{2,8}", prop::option::of(text())), 0..6), |entries| {
        let blocks: Vec<Block> = entries
            .into_iter()
            .map(|(domain, reason)| Block { domain, reason, created_at: Clock::default().now() })
            .collect();
        let list = lists::read(&lists::write_blocks(&blocks).expect("written")).expect("read");
        let trimmed = |reason: &Option<String>| {
            reason.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let written: Vec<_> = blocks
            .iter()
            .filter_map(|block| Some((Domain::parse(&block.domain).ok()?, trimmed(&block.reason))))
            .collect();
        let read: Vec<_> = list.entries.into_iter().map(|entry| (entry.domain, entry.reason)).collect();
        assert_eq!(read, written);
    });
}

#[test]
fn a_domain_in_any_spelling_has_one_plain_form() {
    check(8_000, text(), |text| invariants::check_domain(&text));
    check(16_000, "(https?://)?@?[a-zA-Z0-9.\\-:%\\[\\]*üßаＡ。]{1,24}(/[a-z]*)?", |text| {
        invariants::check_domain(&text);
    });
    check(4_000, ("[a-z0-9]{1,8}(\\.[a-z0-9]{1,8}){0,2}\\.[a-z]{2,8}", "[a-z]{1,8}"), |(domain, label)| {
        let upper = Domain::parse(&domain.to_uppercase()).expect("a domain");
        let plain = Domain::parse(&domain).expect("a domain");
        assert_eq!(upper, plain);
        assert_eq!(Domain::parse(&format!("{domain}.")).expect("a domain"), plain);
        assert_eq!(Domain::parse(&format!("{domain}:8443")).expect("a domain"), plain);
        assert!(plain.covers(&Domain::parse(&format!("{label}.{domain}")).expect("a domain")));
        assert!(!plain.covers(&Domain::parse(&format!("{label}{domain}")).expect("a domain")));
    });
}
