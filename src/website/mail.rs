//! E-mail addresses in pages: readable and clickable for people, not plain for programs that collect them. Each letter that gives one away
//! stands as a character reference, which every browser reads, without JavaScript.

use std::fmt::Write;

use crate::markup;

const SCHEME: &str = "mailto:";

/// Safe HTML with the e-mail addresses in it veiled.
pub(super) fn veiled(html: &str) -> String {
    let mut veiled = String::with_capacity(html.len());
    let mut from = 0;
    for (at, _) in html.match_indices('@') {
        let Some((start, end)) = address_around(html, at).filter(|(start, _)| *start >= from) else { continue };
        veiled.push_str(&html[from..start]);
        refer(&html[start..end], &mut veiled);
        from = end;
    }
    veiled.push_str(&html[from..]);
    veiled
}

/// A text as HTML, in which no e-mail address stands plain.
pub(super) fn veiled_text(text: &str) -> String {
    veiled(&markup::escape_html(text))
}

/// The address around an `@`, with `mailto:` before it where that stands there.
fn address_around(html: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = html.as_bytes();
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let start = at - bytes[..at].iter().rev().take_while(|byte| is_local(byte)).count();
    let end = at + 1 + bytes[at + 1..].iter().take_while(|byte| is_host(byte)).count();
    let host = html[at + 1..end].trim_end_matches('.');
    if start == at || !host.contains('.') || host.starts_with('.') {
        return None;
    }
    let start = start - if html[..start].ends_with(SCHEME) { SCHEME.len() } else { 0 };
    Some((start, at + 1 + host.len()))
}

fn refer(address: &str, html: &mut String) {
    for letter in address.chars() {
        let _ = write!(html, "&#{};", u32::from(letter));
    }
}

#[cfg(test)]
mod tests {
    use super::{veiled, veiled_text};

    #[test]
    fn an_address_is_read_by_browsers_only() {
        let html = "<p>Write to <a href=\"mailto:press@union.example\">press@union.example</a>.</p>";
        let written = veiled(html);
        assert!(!written.contains("press") && !written.contains("mailto:") && !written.contains('@'), "{written}");
        let mut read = written.clone();
        for code in 33_u8..127 {
            read = read.replace(&format!("&#{code};"), &char::from(code).to_string());
        }
        assert_eq!(read, html);
    }

    #[test]
    fn a_text_stays_text() {
        let written = veiled_text("<b> & \"press@union.example\"");
        assert!(written.starts_with("&lt;b&gt; &amp; &quot;&#112;") && !written.contains('@'), "{written}");
    }

    #[test]
    fn what_is_no_address_stays_as_it_is() {
        for html in [
            "@union",
            "a@b",
            "x @ y.example",
            "<a href=\"https://m.example/@ada\">@ada</a>",
            "@@..@",
            "é@",
            "a@.example",
        ] {
            assert_eq!(veiled(html), html);
        }
    }
}
