//! Whether a page links to an address with `rel="me"`: what makes a link of a profile a verified one
//! (<https://microformats.org/wiki/rel-me>, as Mastodon reads it).

use url::Url;

use super::lexer::{Lexer, Piece};
use super::plain::decode;
use super::sanitize::remote_html;

/// Elements whose content is text, whatever it looks like (HTML standard, section 13.1.2): a visitor's comment or a script that holds a
/// link is no link of the page.
const TEXTS: [&str; 9] = ["script", "style", "xmp", "iframe", "noembed", "noframes", "title", "textarea", "template"];

/// Whether a page has a link (`a` or `link`) with `rel="me"` that leads to one of our addresses, with a slash at the end or without.
#[must_use]
pub fn links_back(html: &str, ours: &[Url]) -> bool {
    let mut lexer = Lexer::new(html);
    while let Some(piece) = lexer.next() {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        let value = |key: &str| attributes.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
        match name.as_str() {
            "a" | "link"
                if value("rel").is_some_and(is_me) && value("href").is_some_and(|href| leads_to(href, ours)) =>
            {
                return true;
            }
            "plaintext" => return false,
            text if TEXTS.contains(&text) => lexer.skip_to_end_of(text),
            _ => {}
        }
    }
    false
}

fn is_me(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("me"))
}

fn leads_to(href: &str, ours: &[Url]) -> bool {
    // The sanitiser's parser decodes the entities of HTML, of which there are thousands.
    let written_anew = remote_html(&format!("<a href=\"{}\">.</a>", href.trim().replace('"', "&quot;")));
    let target = Lexer::new(&written_anew).find_map(|piece| match piece {
        Piece::Open { attributes, .. } => {
            attributes.iter().find(|(key, _)| *key == "href").map(|(_, href)| decode(href))
        }
        _ => None,
    });
    let target = target.and_then(|target| Url::parse(&target).ok());
    target.is_some_and(|target| ours.iter().any(|ours| is_same(&target, ours)))
}

fn is_same(one: &Url, other: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    one.origin() == other.origin() && path(one) == path(other) && one.query() == other.query()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(html: &str) -> bool {
        let ours =
            ["https://union.example/", "https://union.example/actor"].map(|url| Url::parse(url).expect("an address"));
        links_back(html, &ours)
    }

    #[test]
    fn a_link_back_is_found_however_it_is_written() {
        for html in [
            r#"<a rel="me" href="https://union.example/">us</a>"#,
            "<!doctype html><html><head><link rel=me href=https://union.example></head>",
            "<A HREF='https://Union.Example' REL='nofollow ME noopener'>us",
            r#"<p><a href="https://other.example/" rel="me">x</a><a href=" https://union.example/actor " rel="me">y"#,
            r#"<a rel="me" href="https:&#x2F;&#x2F;union.example&sol;">as a template engine writes it</a>"#,
            r#"<script>"</a>"</script><a rel="me" href="https://union.example/#about">us</a>"#,
        ] {
            assert!(says(html), "{html}");
        }
    }

    #[test]
    fn what_is_no_link_of_the_page_or_leads_elsewhere_does_not_count() {
        for html in [
            "",
            "https://union.example/",
            r#"<a href="https://union.example/">no relation</a>"#,
            r#"<a rel="meh me-too" href="https://union.example/">x</a>"#,
            r#"<a rel="me" href="http://union.example/">not encrypted</a>"#,
            r#"<a rel="me" href="https://union.example.evil.example/">x</a>"#,
            r#"<a rel="me" href="https://evil.example/?https://union.example/">x</a>"#,
            r#"<a rel="me" href="https://union.example/statements/1">x</a>"#,
            r#"<a rel="me" href="https://union.example/?x">x</a>"#,
            r#"<a rel="me" href="https://union.example@evil.example/">x</a>"#,
            r#"<!-- <a rel="me" href="https://union.example/">x</a> -->"#,
            r#"<script>'<a rel="me" href="https://union.example/">'</script>"#,
            r#"<textarea><a rel="me" href="https://union.example/">x</a></textarea>"#,
            r#"<title><a rel="me" href="https://union.example/"></title>"#,
            r#"<style><a rel="me" href="https://union.example/">"#,
            r#"<plaintext><a rel="me" href="https://union.example/">"#,
            r#"<p title='<a rel="me" href="https://union.example/">'>x</p>"#,
            r#"<a rel="me" href="https://union.example/""#,
        ] {
            assert!(!says(html), "{html}");
        }
    }
}
