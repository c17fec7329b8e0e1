//! E-mail addresses in pages: readable and clickable for people, not plain for programs that collect them. Each letter that gives one away
//! stands as a character reference, which every browser reads, without JavaScript.

use std::fmt::Write;

use crate::markup;

const SCHEME: &str = "mailto:";

/// A finished page with the e-mail addresses in it veiled, in texts and in attributes. Data in a script element, where a reference is no letter,
/// comes without any (`head.rs`).
pub(super) fn veiled(html: String) -> String {
    if !html.contains('@') {
        return html;
    }
    let mut veiled = String::with_capacity(html.len() + html.len() / 8);
    let mut from = 0;
    for (at, _) in html.match_indices('@') {
        let Some((start, end)) = address_around(&html, at).filter(|(start, _)| *start >= from) else { continue };
        veiled.push_str(&html[from..start]);
        refer(&html[start..end], &mut veiled);
        from = end;
    }
    veiled.push_str(&html[from..]);
    veiled
}

/// The address around an `@`, in letters of any script (RFC 6531), with `mailto:` before it where that stands there. What has an `@` before it
/// as well is a handle.
fn address_around(html: &str, at: usize) -> Option<(usize, usize)> {
    let is_letter = |c: char| c.is_alphanumeric() || markup::is_mark(c) || c == '\u{200C}';
    let local = html[..at].trim_end_matches(|c: char| is_letter(c) || "._%+-".contains(c));
    let host = html[at + 1..].split(|c: char| !is_letter(c) && c != '.' && c != '-').next().unwrap_or_default();
    let host = host.trim_end_matches('.');
    if local.len() == at || local.ends_with('@') || host.starts_with('.') || !host.contains('.') {
        return None;
    }
    Some((local.strip_suffix(SCHEME).unwrap_or(local).len(), at + 1 + host.len()))
}

fn refer(address: &str, html: &mut String) {
    for letter in address.chars() {
        let _ = write!(html, "&#{};", u32::from(letter));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Site, statement};
    use super::veiled;
    use crate::site::{self, NewPage};
    use crate::statements::draft::Details;
    use crate::statements::{self, Campaign, Document, NewStatement, Picture};

    /// As a browser reads it.
    fn read(written: &str) -> String {
        let mut pieces = written.split("&#");
        let mut read = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (code, rest) = piece.split_once(';').expect("an end");
            read.push(code.parse().ok().and_then(char::from_u32).expect("a letter"));
            read.push_str(rest);
        }
        read
    }

    #[test]
    fn an_address_is_read_by_browsers_only() {
        for address in
            ["press@union.example", "info@işçi.example", "ویرایش@سندیکا.example", "a.b+c@例え.テスト", "x@नमस्ते.example"]
        {
            let html = format!("<p title=\"{address}\">Write to <a href=\"mailto:{address}\">{address}</a>.</p>");
            let written = veiled(html.clone());
            let host = address.split_once('@').expect("an address").1;
            assert!(!written.contains(host) && !written.contains("mailto:") && !written.contains('@'), "{written}");
            assert_eq!(read(&written), html);
        }
    }

    #[test]
    fn what_is_no_address_stays_as_it_is() {
        for html in [
            "@union",
            "@press@union.example",
            "a@b",
            "x @ y.example",
            "<a href=\"https://m.example/@ada\">@ada</a>",
            "<a href=\"https://m.example/@ada@union.example\">@ada</a>",
            "@@..@",
            "é@",
            "a@.example",
        ] {
            assert_eq!(veiled(html.to_owned()), html);
        }
    }

    /// A statement that gives an address wherever it can.
    fn telling(title: &str, warning: Option<&str>) -> NewStatement {
        let with = |what: &str| Some(format!("{what} press@union.example"));
        let (alt, caption, credit) = (with("alt").unwrap_or_default(), with("caption"), with("credit"));
        let picture = Picture {
            file: "a.png".to_owned(),
            media_type: "image/png".to_owned(),
            width: 1,
            height: 1,
            blurhash: String::new(),
            alt,
            caption,
            credit,
            sensitive: false,
            sizes: String::new(),
            focus_x: 0,
            focus_y: 0,
        };
        let document =
            Document { file: "a.pdf".to_owned(), title: "letter to press@union.example".to_owned(), bytes: 9 };
        NewStatement {
            lead: with("lead"),
            tags: vec!["strike".to_owned()],
            details: Details {
                byline_person: with("person"),
                byline_body: with("body"),
                on_behalf_of: with("for"),
                received_from: with("from"),
                addressee: with("to"),
                source_url: with("source"),
                licence: with("licence"),
                content_warning: warning.map(str::to_owned),
                ..Details::default()
            },
            pictures: vec![picture],
            documents: vec![document],
            ..statement("en", title, "<p>Write to press@union.example today.</p>")
        }
    }

    #[tokio::test]
    async fn no_e_mail_address_stands_plain_on_any_page() {
        let site = Site::new().await;
        site.publish("one", "2026-05-03", telling("Ask press@union.example", None)).await;
        site.publish("two", "2026-05-02", telling("", Some("Warned of press@union.example"))).await;
        site.publish("three", "2026-05-01", statement("en", "", "<p>Ask press@union.example today</p>")).await;
        let text = || "Ask press@union.example".to_owned();
        let html = "<p>press@union.example</p>".to_owned();
        let campaign = Campaign {
            tag: String::new(),
            language: "en".to_owned(),
            name: text(),
            markdown: text(),
            html: html.clone(),
        };
        let (slug, language) = ("about".to_owned(), "en".to_owned());
        let page = NewPage { slug, language, title: text(), markdown: text(), html, menu_place: Some(1) };
        let now = site.node.now();
        let write = move |conn: &mut crate::storage::Conn| {
            statements::describe_campaign(conn, "strike", campaign)?;
            site::add_page(conn, &page, now)
        };
        site.node.db.write(write).await.expect("written");
        for address in [
            "/",
            "/archive",
            "/statements/one",
            "/statements/two",
            "/statements/three",
            "/tags/strike",
            "/tags/strike/pictures",
            "/pages/about",
            "/nothing",
            "/search?q=today",
            "/search?q=press",
            "/search?q=union",
            "/search?q=press%40union.example",
        ] {
            let (_, page) = site.get(address).await;
            assert!(page.contains("&#64;") && !page.contains("@union.example"), "{address}: {page}");
        }
        let feed = site.get("/feed.json").await.1;
        assert!(feed.contains("lead press@union.example"), "a feed is no page: {feed}");
    }
}
