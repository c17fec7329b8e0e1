//! Markdown of our editors as the HTML that we publish.
//!
//! The HTML keeps to what Mastodon shows (<https://docs.joinmastodon.org/spec/activitypub/#sanitization>): it drops tables, so a table
//! becomes a list with a line for each row; pictures are attachments, so of one in the text its description stays. A raw tag in the
//! Markdown goes through the sanitiser like everybody's.

use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

use pulldown_cmark::{html, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::cjk::is_written_without_spaces;
use super::folding::fold_hashtag;
use super::lexer::{Lexer, Piece};
use super::links::{spans, urls, Span};
use super::plain::decode;
use super::sanitize::{escape_html, own_html};
use super::tidy::LINK_REL;
use super::Link;

/// A text as it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML.
    pub html: String,
    /// The hashtags in it, without `#`, in their order, each once (see [`fold_hashtag`]).
    pub hashtags: Vec<String>,
    /// The handles in it as `user@host`, with the host in lower case, in their order, each once.
    pub mentions: Vec<String>,
}

/// Markdown (CommonMark with tables and strikethrough) as HTML. Addresses, handles and hashtags in it become links, but not inside
/// code or other links; `link` gives the address for a handle or a hashtag. A handle without one leads to `https://host/@user`,
/// a hashtag without one stays text.
#[must_use]
pub fn render(markdown: &str, link: &dyn Fn(&Link<'_>) -> Option<String>) -> Rendered {
    let markdown = with_marked_urls(markdown);
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, adapted(Parser::new_ext(&markdown, options())).into_iter());
    let mut linked = Linked { link, rendered: Rendered::default(), hashtags: HashSet::new(), mentions: HashSet::new() };
    linked.page(&own_html(&page));
    linked.rendered.html.truncate(linked.rendered.html.trim_end().len());
    linked.rendered
}

/// The text of a line of Markdown without its marks, for titles.
#[must_use]
pub fn inline_text(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn options() -> Options {
    Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES
}

/// Puts `<…>` around bare addresses in which Markdown would see emphasis (`https://…/_grev_/`), so that they stay whole.
fn with_marked_urls(markdown: &str) -> String {
    let mut found = urls(markdown);
    found.retain(|url| markdown[url.clone()].contains(['*', '_', '~']));
    if found.is_empty() {
        return markdown.to_owned();
    }
    let taken = ranges_with_a_meaning(markdown);
    let mut marked = String::with_capacity(markdown.len() + found.len() * 2);
    let mut from = 0;
    for url in found {
        let end = url.start + markdown[url.clone()].trim_end_matches(['*', '_', '~']).len();
        // Ranges are sorted and apart, so that only the first one that ends behind the start can overlap.
        let next = taken.partition_point(|range| range.end <= url.start);
        if taken.get(next).is_some_and(|range| range.start < end) {
            continue;
        }
        marked.extend([&markdown[from..url.start], "<", &markdown[url.start..end], ">"]);
        from = end;
    }
    marked.push_str(&markdown[from..]);
    marked
}

/// Code, links, pictures, raw HTML and definitions of links: there an address is what its author wants it to be.
fn ranges_with_a_meaning(markdown: &str) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(markdown, options());
    let mut ranges: Vec<_> = parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    for (event, range) in parser.into_offset_iter() {
        let tag = matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock));
        if tag || matches!(event, Event::Code(_) | Event::Html(_) | Event::InlineHtml(_)) {
            ranges.push(range);
        }
    }
    ranges.sort_by_key(|range| range.start);
    ranges.into_iter().fold(Vec::new(), |mut apart: Vec<Range<usize>>, range| {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
        apart
    })
}

/// The events with headings one level down, tables as lists, pictures as their descriptions, and Japanese lines joined.
fn adapted<'m>(events: impl Iterator<Item = Event<'m>>) -> Vec<Event<'m>> {
    let mut adapted: Vec<Event<'m>> = Vec::new();
    let mut first_cell = true;
    let mut broken_line = false;
    for event in events {
        if std::mem::replace(&mut broken_line, false) && !joins_without_space(&adapted, &event) {
            adapted.push(Event::SoftBreak);
        }
        match event {
            Event::SoftBreak => broken_line = true,
            Event::Start(Tag::Heading { level, .. }) => {
                adapted.push(Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() }));
            }
            Event::End(TagEnd::Heading(level)) => adapted.push(Event::End(TagEnd::Heading(below(level)))),
            Event::Start(Tag::Table(_)) => adapted.push(tag("<ul>")),
            Event::End(TagEnd::Table) => adapted.push(tag("</ul>\n")),
            Event::Start(Tag::TableHead) => adapted.push(tag("<li><strong>")),
            Event::End(TagEnd::TableHead) => adapted.push(tag("</strong></li>")),
            Event::Start(Tag::TableRow) => adapted.push(tag("<li>")),
            Event::End(TagEnd::TableRow) => adapted.push(tag("</li>")),
            Event::Start(Tag::TableCell) if first_cell => {}
            Event::Start(Tag::TableCell) => adapted.push(Event::Text(CowStr::Borrowed(" · "))),
            Event::End(TagEnd::TableCell) | Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            event => adapted.push(event),
        }
        first_cell = match adapted.last() {
            Some(Event::Html(html)) => matches!(&**html, "<li>" | "<li><strong>"),
            _ => false,
        };
    }
    adapted
}

fn tag(html: &'static str) -> Event<'static> {
    Event::Html(CowStr::Borrowed(html))
}

fn below(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6)
}

/// Whether a line ends and the next begins in a script that has no spaces, where a browser would show a line end as one.
fn joins_without_space(before: &[Event<'_>], after: &Event<'_>) -> bool {
    let ends = matches!(before.last(), Some(Event::Text(text)) if text.ends_with(is_written_without_spaces));
    ends && matches!(after, Event::Text(text) if text.starts_with(is_written_without_spaces))
}

/// Safe HTML with its links put in.
struct Linked<'l> {
    link: &'l dyn Fn(&Link<'_>) -> Option<String>,
    rendered: Rendered,
    hashtags: HashSet<String>,
    mentions: HashSet<String>,
}

impl Linked<'_> {
    fn page(&mut self, html: &str) {
        let mut left_alone = 0_usize;
        for piece in Lexer::new(html) {
            match piece {
                Piece::Text(raw) if left_alone == 0 => self.text(raw),
                Piece::Text(raw) => self.rendered.html.push_str(raw),
                Piece::Open { name, raw, .. } => {
                    left_alone += usize::from(keeps_its_text(&name));
                    self.rendered.html.push_str(raw);
                }
                Piece::Close { name, raw } => {
                    left_alone = left_alone.saturating_sub(usize::from(keeps_its_text(&name)));
                    self.rendered.html.push_str(raw);
                }
            }
        }
    }

    fn text(&mut self, raw: &str) {
        if !raw.contains(['@', '#', '＃', ':']) {
            return self.rendered.html.push_str(raw);
        }
        for span in spans(&decode(raw)) {
            match span {
                Span::Text(text) => self.rendered.html.push_str(&escape_text(text)),
                Span::Url(url) => self.anchor(url, url),
                Span::Email(email) => self.anchor(&format!("mailto:{email}"), email),
                Span::Mention { user, host } => self.mention(user, &host),
                Span::Hashtag { sign, name } => self.hashtag(sign, name),
            }
        }
    }

    fn anchor(&mut self, href: &str, text: &str) {
        let (href, text) = (escape_html(href), escape_text(text));
        self.write(format_args!("<a href=\"{href}\" rel=\"{LINK_REL}\">{text}</a>"));
    }

    /// The form in which Mastodon writes a mention, which other servers look for (microformats2 h-card).
    fn mention(&mut self, user: &str, host: &str) {
        let href = (self.link)(&Link::Mention { user, host }).unwrap_or_else(|| format!("https://{host}/@{user}"));
        let href = escape_html(&href);
        self.write(format_args!(
            "<span class=\"h-card\" translate=\"no\"><a href=\"{href}\" class=\"u-url mention\">@<span>{user}</span></a></span>"
        ));
        if self.mentions.insert(format!("{user}@{host}").to_lowercase()) {
            self.rendered.mentions.push(format!("{user}@{host}"));
        }
    }

    fn hashtag(&mut self, sign: &str, name: &str) {
        if self.hashtags.insert(fold_hashtag(name)) {
            self.rendered.hashtags.push(name.to_owned());
        }
        match (self.link)(&Link::Hashtag(name)) {
            Some(href) => {
                let href = escape_html(&href);
                self.write(format_args!("<a href=\"{href}\" class=\"mention hashtag\" rel=\"tag\">#<span>{name}</span></a>"));
            }
            None => self.rendered.html.extend([sign, name]),
        }
    }

    fn write(&mut self, html: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.rendered.html.write_fmt(html);
    }
}

fn keeps_its_text(name: &str) -> bool {
    matches!(name, "a" | "code" | "pre" | "kbd" | "samp")
}

/// Text between tags needs no more than this; apostrophes stay readable.
fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::{plain_text, remote_html};
    use super::*;

    fn resolve(link: &Link<'_>) -> Option<String> {
        match link {
            Link::Hashtag(name) => Some(format!("/tags/{name}")),
            Link::Mention { user, host } => (*host == "known.example").then(|| format!("https://known.example/users/{user}")),
        }
    }

    fn html(markdown: &str) -> String {
        render(markdown, &resolve).html
    }

    #[test]
    fn markdown_becomes_the_html_that_mastodon_shows() {
        assert_eq!(
            html("# Страйк\n\nМи **разом** і *надовго*, ~~ні~~.\n\n> слово\n\n1. a\n2. b\n\n---\n\n```rust\na < b\n```"),
            "<h2>Страйк</h2>\n<p>Ми <strong>разом</strong> і <em>надовго</em>, <del>ні</del>.</p>\n<blockquote>\n<p>слово</p>\n</blockquote>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<hr>\n<pre><code>a &lt; b\n</code></pre>"
        );
        assert_eq!(html("###### tief"), "<h6>tief</h6>");
        assert_eq!(html("[sitio](https://u.example/a \"t\")"), format!("<p><a href=\"https://u.example/a\" rel=\"{LINK_REL}\">sitio</a></p>"));
        assert_eq!(html("eine Zeile  \nnoch eine"), "<p>eine Zeile<br>\nnoch eine</p>");
    }

    #[test]
    fn a_table_becomes_a_list_of_its_rows() {
        let table = "| Ciudad | Huelguistas |\n|---|---|\n| Quito | **40** |\n| Lima | #uno |";
        assert_eq!(
            html(table),
            "<ul><li><strong>Ciudad · Huelguistas</strong></li><li>Quito · <strong>40</strong></li><li>Lima · <a href=\"/tags/uno\" class=\"mention hashtag\" rel=\"tag\">#<span>uno</span></a></li></ul>"
        );
    }

    #[test]
    fn of_a_picture_its_description_stays() {
        assert_eq!(html("![노동자들의 행진](https://u.example/a.jpg)"), "<p>노동자들의 행진</p>");
    }

    #[test]
    fn handles_and_hashtags_become_what_mastodon_writes() {
        let rendered = render("Selam @press@Known.example ve @ev@other.example: #Grev #GREV #می\u{200C}خواهیم @PRESS@known.example!", &resolve);
        assert_eq!(rendered.hashtags, ["Grev", "می\u{200C}خواهیم"]);
        assert_eq!(rendered.mentions, ["press@known.example", "ev@other.example"]);
        assert!(rendered.html.starts_with("<p>Selam <span class=\"h-card\" translate=\"no\"><a href=\"https://known.example/users/press\" class=\"u-url mention\">@<span>press</span></a></span> ve <span"), "{}", rendered.html);
        assert!(rendered.html.contains("href=\"https://other.example/@ev\""));
        assert!(rendered.html.contains("<a href=\"/tags/GREV\" class=\"mention hashtag\" rel=\"tag\">#<span>GREV</span></a>"));
        assert_eq!(own_html(&rendered.html).replace("href=\"/tags", ""), own_html(&own_html(&rendered.html)).replace("href=\"/tags", ""));
    }

    #[test]
    fn nothing_becomes_a_link_inside_code_or_links() {
        for markdown in [
            "`#a @b@c.example https://d.example/`",
            "```\n#a @b@c.example https://d.example/e_f_g\n```",
            "<code>#a @b@c.example</code> <pre>#a https://d.example/</pre>",
        ] {
            let rendered = render(markdown, &resolve);
            assert!(!rendered.html.contains("<a"), "{}", rendered.html);
            assert!(rendered.hashtags.is_empty() && rendered.mentions.is_empty());
        }
        for markdown in ["[#a @b@c.example https://d.example/](https://e.example/)", "<a href=\"https://e.example/\">#a @b@c.example</a>"] {
            let rendered = render(markdown, &resolve);
            assert_eq!(rendered.html.matches("<a").count(), 1, "{}", rendered.html);
            assert!(rendered.hashtags.is_empty() && rendered.mentions.is_empty());
        }
    }

    #[test]
    fn a_bare_address_stays_whole_whatever_markdown_sees_in_it() {
        for (markdown, url) in [
            ("bak: https://u.example/_grev_/a*b*c", "https://u.example/_grev_/a*b*c"),
            ("**https://u.example/a_b_**", "https://u.example/a_b"),
            ("https://u.example/?a=1&copy=2&b=\"", "https://u.example/?a=1&amp;copy=2&amp;b="),
            ("<https://u.example/a_b_c>", "https://u.example/a_b_c"),
            ("[x]\n\n[x]: https://u.example/_a_", "https://u.example/_a_"),
            ("<p>https://u.example/x_y_z</p>", "https://u.example/x_y_z"),
        ] {
            let html = html(markdown);
            assert!(html.contains(&format!("<a href=\"{url}\" rel=\"{LINK_REL}\">")), "{html}");
        }
        assert!(html("yaz: sendika@u.example").contains("<a href=\"mailto:sendika@u.example\""));
    }

    #[test]
    fn raw_tags_go_through_the_sanitiser() {
        assert_eq!(html("a <b onclick=x>b</b> <script>alert(1)</script>c"), "<p>a <b>b</b> c</p>");
        assert_eq!(html("<div dir=\"rtl\"><p lang=fa>اعتصاب</p></div>"), "<p lang=\"fa\">اعتصاب</p>");
        assert_eq!(html("[x](javascript:alert(1)) [y](data:text/html,z)"), format!("<p><a rel=\"{LINK_REL}\">x</a> <a rel=\"{LINK_REL}\">y</a></p>"));
        assert_eq!(html("<p title='</p><img src=x onerror=alert(1)>'>z"), "<p>z</p>");
    }

    #[test]
    fn lines_of_japanese_join_without_a_space_and_others_with_one() {
        assert_eq!(plain_text(&html("私たちは今日も\n工場の前に立つ。")), "私たちは今日も工場の前に立つ。");
        assert_eq!(plain_text(&html("오늘도\n공장 앞에 선다.")), "오늘도 공장 앞에 선다.");
        assert_eq!(plain_text(&html("bugün\nburadayız")), "bugün buradayız");
    }

    #[test]
    fn texts_in_many_scripts_come_out_as_they_went_in() {
        for text in [
            "İşçiler ılık bir sabahta Iğdır'da iş bıraktı; “Artık yeter!” dediler.",
            "کارگران می\u{200C}گویند: دستمزد‌ها را بپردازید! (۱۲ اردیبهشت)",
            "العمّالُ يطالبون بأجورهم، والإضراب مستمرّ.",
            "労働者は「賃金を払え」と訴え、ストライキを続けています。",
            "노동자들은 임금을 지급하라고 요구하며 파업을 이어 간다.",
            "Шахтарі не виходять з-під землі, бо їм не платять п'ятий місяць.",
            "¡La huelga sigue! ¿Hasta cuándo? Hasta que paguen los salarios de mayo & junio.",
            "श्रमिक एकता 👷🏽‍♀️🏳️‍🌈 — ¾ <3 a > b",
        ] {
            let rendered = html(text);
            assert_eq!(plain_text(&rendered), text);
            assert_eq!(plain_text(&remote_html(&rendered)), text);
        }
    }

    #[test]
    fn strange_markdown_does_no_harm() {
        for markdown in [
            ">".repeat(50_000),
            "[".repeat(50_000),
            "- ".repeat(20_000),
            "*_~".repeat(20_000),
            "@a@b.example#c https://d.example/_e_ ".repeat(3_000),
            "|a|b|\n|-|-|\n".repeat(5_000),
            "\u{0}\u{FEFF}\u{202E}\r\n\r".repeat(5_000),
            "@".repeat(30_000),
            "#".repeat(50_000),
        ] {
            let _ = render(&markdown, &resolve);
        }
        assert_eq!(render("", &resolve), Rendered::default());
    }

    #[test]
    fn the_text_of_a_title_has_no_marks() {
        assert_eq!(inline_text("# Stop **low** `wages` [now](https://x.example/) #Grève #"), "Stop low wages now #Grève");
    }
}
