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

#[test]
fn a_pdf_whose_list_of_pages_leads_to_nothing_is_damaged() {
    let whole = documents::leaflet();
    let place = whole.windows(4).position(|word| word == b"Kids").expect("a list of pages") + "Kids[".len();
    for missing in [b'9', b'2'] {
        let mut broken = whole.clone();
        broken[place] = missing;
        invariants::check_pdf(&broken);
        assert!(media::prepare_pdf(&broken).is_err_and(|error| error.to_string().contains("damaged")), "{missing}");
    }
}
