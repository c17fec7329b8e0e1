//! Texts of people and small words of protocols: HTML, Markdown, dates, languages, places in lists.

use proptest::prelude::*;

use super::generated::text;
use super::{check, invariants};

#[test]
fn html_comes_out_harmless_and_stays_so() {
    check(12_000, text(), |text| invariants::check_html(&text));
}

#[test]
fn markdown_comes_out_harmless_and_stays_so() {
    check(8_000, text(), |text| invariants::check_markdown(&text));
    check(3_200, (text(), text()), |(title, body)| {
        for file in [
            format!("---\ntitle: {title}\n---\n{body}"),
            format!("+++\ntitle = \"{title}\"\n+++\n{body}"),
            format!("# {title}\n{body}"),
        ] {
            invariants::check_markdown(&file);
        }
    });
}

#[test]
fn a_time_reads_back_as_it_was_written() {
    check(8_000, text(), |text| invariants::check_time(&text));
    check(
        16_000,
        "[+-]?[0-9]{1,6}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2}))?",
        |text| {
            invariants::check_time(&text);
        },
    );
}

#[test]
fn what_is_looked_for_is_shown_in_its_text() {
    check(4_000, text(), |text| invariants::check_search(&text));
}

#[test]
fn a_language_reads_back_as_it_was_written() {
    check(8_000, text(), |text| invariants::check_language(&text));
    check(16_000, "[a-zA-Z]{1,9}([-_][a-zA-Z0-9]{0,9}){0,4}", |text| invariants::check_language(&text));
}

#[test]
fn a_place_in_a_list_is_one_that_a_database_knows() {
    check(8_000, (text(), text()), |(millis, row)| invariants::check_place(&millis, &row));
    check(8_000, (any::<i64>(), any::<i64>()), |(millis, row)| {
        // Divided so that some lie in the years that there are.
        for near in [millis, millis / 1_000, millis / 30_000] {
            invariants::check_place(&near.to_string(), &row.to_string());
        }
    });
}
