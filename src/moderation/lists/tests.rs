//! Lists as other programs write them.

use super::*;
use crate::clock::Clock;

fn names(list: &List) -> Vec<&str> {
    list.entries.iter().map(|entry| entry.domain.as_str()).collect()
}

#[test]
fn columns_come_in_any_order_with_or_without_a_hash_and_others_are_ignored() {
    for text in [
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nbad.example,suspend,TRUE,False,spam,no\n",
        "severity,weird,Domain,public_comment\r\nSUSPEND,x,BAD.example.,spam\r\n",
        "\u{feff}# Blocks of 2026, shared\n\n\"private_comment\",\"domain\",\"public_comment\"\n\"kept for us\",\"bad.example\",\" spam \"\n",
    ] {
        let list = read(text).expect(text);
        assert_eq!(names(&list), ["bad.example"], "{text}");
        assert_eq!(list.entries[0].reason.as_deref(), Some("spam"), "{text}");
        assert!(list.skipped.is_empty(), "{text}");
    }
}

#[test]
fn a_list_of_domains_alone_needs_no_header() {
    for text in [
        "bad.example\nworse.example",
        "domain\nbad.example\n\nworse.example\n",
        "#domain\n# a comment, with \"quotes\nbad.example\n#other.example\nworse.example",
    ] {
        assert_eq!(names(&read(text).expect(text)), ["bad.example", "worse.example"], "{text}");
    }
    assert_eq!(read("").expect("an empty list"), List::default());
}

#[test]
fn what_is_less_than_refusal_hidden_or_too_much_is_left_out_aloud() {
    let text = "domain,severity\na.example,silence\nb.example,limit\nc.example,noop\nd*.example,suspend\nexample,suspend\ne.example,suspend\nf.example,";
    let list = read(text).expect("a list");
    assert_eq!(names(&list), ["e.example", "f.example"]);
    let skipped: Vec<(u64, &str)> =
        list.skipped.iter().map(|skipped| (skipped.place, skipped.domain.as_str())).collect();
    assert_eq!(skipped, [(2, "a.example"), (3, "b.example"), (4, "c.example"), (5, "d*.example"), (6, "example")]);
}

#[test]
fn a_bad_line_is_named_by_its_number() {
    for (text, line) in [
        ("domain,severity\ngood.example,suspend\nbad.example,forbid\n", "line 3"),
        ("good.example\n\n# a comment\na b\n", "line 4"),
        ("good.example,suspend\n", "line 1"),
        ("domain,public_comment\n,spam\n", "line 2"),
        ("domain,public_comment\n\"a.example\",\"two\nlines\"\nhttp://,x\n", "line 4"),
        ("[{\"domain\": \"a.example\"}, {\"severity\": \"suspend\"}]", "line 2"),
        ("[\n{\"domain\": ", "line 2"),
    ] {
        let said = read(text).expect_err(text).to_string();
        assert!(said.starts_with(&format!("{line}:")) && said.contains("nothing was imported"), "{said}");
    }
}

#[test]
fn what_is_written_reads_back_the_same() {
    let block = |domain: &str, reason: Option<&str>| Block {
        domain: domain.to_owned(),
        reason: reason.map(str::to_owned),
        created_at: Clock::default().now(),
    };
    let blocks = [
        block("a.example", Some("says \"x\", often\nand loudly")),
        block("b.example", None),
        block("2001:db8::1", None),
    ];
    let list = read(&write_blocks(&blocks).expect("written")).expect("read");
    let read_back: Vec<(&str, Option<&str>)> =
        list.entries.iter().map(|entry| (entry.domain.as_str(), entry.reason.as_deref())).collect();
    let written: Vec<(&str, Option<&str>)> =
        blocks.iter().map(|block| (block.domain.as_str(), block.reason.as_deref())).collect();
    assert_eq!(read_back, written);
    let allowed = ["a.example".to_owned(), "b.example".to_owned()];
    assert_eq!(names(&read(&write_allowed(&allowed).expect("written")).expect("read")), ["a.example", "b.example"]);
}
