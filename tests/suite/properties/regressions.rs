//! Inputs that once failed, each by itself.

use picket::media;
use picket::moderation::domains::Domain;

use super::invariants;
use crate::documents;

#[test]
fn a_name_with_an_asterisk_is_a_name_that_a_block_reaches() {
    for host in ["x*.bad.example", "*.bad.example", "http://x*.bad.example:8080/", "eve@x*.bad.example"] {
        invariants::check_domain(host);
        let host = Domain::parse(host).expect(host);
        assert!(Domain::parse("bad.example").expect("a domain").covers(&host), "{host}");
    }
    invariants::check_handle("eve@*");
}

#[test]
fn a_line_break_behind_pre_is_cleaned_away_once_and_for_all() {
    for html in ["<pre>\n\n", "<pre lang=\"en\">\n\n\nx</pre>", "<pre>&#10;&#10;x</pre>"] {
        invariants::check_html(html);
    }
}

#[test]
fn a_carriage_return_is_a_line_break() {
    for html in ["&#xD", "a&#13;&#10;b", "<pre>&#13;x</pre>", "<p>a\rb</p>"] {
        invariants::check_html(html);
    }
}

#[test]
fn a_no_break_space_in_markdown_is_one_in_html() {
    invariants::check_markdown("<\u{a0}javascript:");
    invariants::check_markdown("https://a.example/'/>");
}

/// A leaflet in which something is exchanged for something just as long.
fn leaflet_with(instead: &str, of: &str) -> Vec<u8> {
    let mut bytes = documents::leaflet();
    let place = bytes.windows(of.len()).position(|part| part == of.as_bytes()).expect(of);
    bytes[place..place + of.len()].copy_from_slice(instead.as_bytes());
    bytes
}

#[test]
fn a_pdf_whose_list_of_pages_leads_to_nothing_is_damaged() {
    for kids in ["Kids[9 0 R]", "Kids[2 0 R]"] {
        let broken = leaflet_with(kids, "Kids[4 0 R]");
        invariants::check_pdf(&broken);
        assert!(media::prepare_pdf(&broken).is_err_and(|error| error.to_string().contains("damaged")), "{kids}");
    }
}

#[test]
fn a_pdf_that_names_what_is_not_there_is_the_same_when_it_is_cleaned_again() {
    for (instead, of) in [("/Contents 9 0 R", "/Contents 3 0 R"), ("/Type/XRef", "/Type/Font")] {
        let changed = leaflet_with(instead, of);
        assert!(media::prepare_pdf(&changed).is_ok(), "{instead}");
        invariants::check_pdf(&changed);
    }
}
