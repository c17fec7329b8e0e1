//! Markdown of our editors as the HTML that we publish.
//!
//! The HTML keeps to what Mastodon shows (<https://docs.joinmastodon.org/spec/activitypub/#sanitization>): it drops tables, so a table
//! becomes a list with a line for each row, out of which a page of ours makes a table again ([`super::tables`]); pictures are attachments, so of one in the text its description stays. A raw tag in the
//! Markdown goes through the sanitiser like everybody's.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::Link;
use super::cjk::is_written_without_spaces;
use super::emphasis::{JOINT, with_joints};
use super::folding::fold_hashtag;
use super::lexer::{Lexer, Piece};
use super::links::{Span, spans, urls};
use super::plain::decode;
use super::sanitize::{escape_html, own_html};
use super::tidy::LINK_REL;

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

/// Markdown (`CommonMark` with tables and strikethrough) as HTML. Addresses, handles and hashtags in it become links, but not inside
/// code or other links; `link` gives the address for a handle or a hashtag. A handle without one leads to `https://host/@user`,
/// a hashtag without one stays text.
#[must_use]
pub fn render(markdown: &str, link: &dyn Fn(&Link<'_>) -> Option<String>) -> Rendered {
    let marked = with_marked_urls(markdown);
    let markdown = with_closed_emphasis(&marked);
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, adapted(Parser::new_ext(&markdown, options()).collect()).into_iter());
    let mut linked = Linked { link, rendered: Rendered::default(), hashtags: HashSet::new(), mentions: HashSet::new() };
    linked.page(&own_html(&page));
    linked.rendered.html.truncate(linked.rendered.html.trim_end().len());
    linked.rendered
}

/// The text of a line of Markdown without its marks, for titles.
#[must_use]
pub fn inline_text(markdown: &str) -> String {
    let mut text = String::new();
    let markdown = with_closed_emphasis(markdown);
    for event in Parser::new_ext(&markdown, options()) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece.replace(JOINT, "")),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn options() -> Options {
    Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES
}

/// So that emphasis ends where a Chinese, Japanese or Korean author wanted it to.
fn with_closed_emphasis(markdown: &str) -> Cow<'_, str> {
    with_joints(markdown, ranges_with_a_meaning)
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
    let mut ranges: Vec<_> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    for (event, range) in parser.into_offset_iter() {
        let tag =
            matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock));
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

/// The events with headings below that of the page, tables as lists, pictures as their descriptions, and Japanese lines joined.
fn adapted(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let levels = heading_levels(&events);
    let mut adapted: Vec<Event<'_>> = Vec::with_capacity(events.len());
    let mut first_cell = true;
    let mut broken_line = false;
    for event in events {
        if std::mem::replace(&mut broken_line, false) && !joins_without_space(&adapted, &event) {
            adapted.push(Event::SoftBreak);
        }
        match event {
            Event::SoftBreak => broken_line = true,
            Event::Start(Tag::Heading { level, .. }) => {
                adapted.push(Event::Start(Tag::Heading {
                    level: shown_level(&levels, level),
                    id: None,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }));
            }
            Event::End(TagEnd::Heading(level)) => {
                adapted.push(Event::End(TagEnd::Heading(shown_level(&levels, level))));
            }
            Event::Start(Tag::Table(_)) => adapted.push(tag("<ul>")),
            Event::End(TagEnd::Table) => adapted.push(tag("</ul>\n")),
            Event::Start(Tag::TableHead) => adapted.push(tag("<li><strong>")),
            Event::End(TagEnd::TableHead) => adapted.push(tag("</strong></li>")),
            Event::Start(Tag::TableRow) => adapted.push(tag("<li>")),
            Event::End(TagEnd::TableRow) => adapted.push(tag("</li>")),
            Event::Start(Tag::TableCell) if first_cell => adapted.push(tag("<bdi>")),
            Event::Start(Tag::TableCell) => adapted.push(tag(" · <bdi>")),
            Event::End(TagEnd::TableCell) => adapted.push(tag("</bdi>")),
            Event::End(TagEnd::Image) | Event::Start(Tag::Image { .. }) => {}
            Event::Text(text) if text.contains(JOINT) => adapted.push(Event::Text(text.replace(JOINT, "").into())),
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

/// The levels of headings that a text uses, whatever numbers its author gave them.
fn heading_levels(events: &[Event<'_>]) -> BTreeSet<HeadingLevel> {
    let level = |event: &Event<'_>| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level),
        _ => None,
    };
    events.iter().filter_map(level).collect()
}

/// The highest level of a text is the second of its page, which has its own first heading, and none is left out: whoever hears a page
/// finds the way by them.
fn shown_level(levels: &BTreeSet<HeadingLevel>, level: HeadingLevel) -> HeadingLevel {
    let above = levels.range(..level).count();
    HeadingLevel::try_from(above + 2).unwrap_or(HeadingLevel::H6)
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
                self.write(format_args!(
                    "<a href=\"{href}\" class=\"mention hashtag\" rel=\"tag\">#<span>{name}</span></a>"
                ));
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
mod tests;
