//! HTML as plain text, for feeds, previews, mail and search; and names, which are always plain.

use super::lexer::{Lexer, Piece};
use super::sanitize::{is_text, remote_html};

const LONGEST_NAME: usize = 200;

/// The text of HTML as a person reads it: a blank line between paragraphs, lists with their dashes or numbers, entities decoded,
/// spaces folded as a browser folds them.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut text = PlainText::default();
    let clean = remote_html(html);
    for piece in Lexer::new(&clean) {
        match piece {
            Piece::Text(raw) => text.write(&decode(raw)),
            Piece::Open { name, attributes, .. } => text.start(&name, &attributes),
            Piece::Close { name, .. } => text.end(&name),
        }
    }
    text.out
}

/// Where the links of HTML lead, each once: its text need not say so.
#[must_use]
pub fn link_targets(html: &str) -> Vec<String> {
    let clean = remote_html(html);
    let mut targets = Vec::new();
    for piece in Lexer::new(&clean) {
        let Piece::Open { name, attributes, .. } = piece else { continue };
        if name != "a" {
            continue;
        }
        let target = attributes.iter().find(|(key, _)| *key == "href").map(|(_, value)| decode(value));
        targets.extend(target.filter(|target| !targets.contains(target)));
    }
    targets
}

/// The beginning of the text on one line, at most `chars` characters long, cut between words where that is possible, with `…` where
/// something was cut.
#[must_use]
pub fn excerpt(html: &str, chars: usize) -> String {
    let text = plain_text(html).split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&text, chars)
}

/// A name as one line of plain text: no control characters, none of those that turn the direction of what stands beside it
/// (<https://trojansource.codes/>), spaces folded, at most 200 characters.
#[must_use]
pub fn plain_name(text: &str) -> String {
    let kept: String = text.chars().filter(|c| c.is_whitespace() || (is_text(*c) && !turns_direction(*c))).collect();
    shorten(&kept.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_NAME)
}

/// The text that HTML from our sanitiser shows: it writes no entities but these.
pub(super) fn decode(canonical: &str) -> String {
    let mut text = String::with_capacity(canonical.len());
    let mut rest = canonical;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let known = ENTITIES.iter().find(|(entity, _)| rest[at..].starts_with(entity));
        let (entity, c) = known.copied().unwrap_or(("&", '&'));
        text.push(c);
        rest = &rest[at + entity.len()..];
    }
    text.push_str(rest);
    text
}

const ENTITIES: [(&str, char); 6] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{A0}'), ("&#39;", '\'')];

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn shorten(text: &str, chars: usize) -> String {
    let Some((limit, _)) = text.char_indices().nth(chars) else { return text.to_owned() };
    // One character is for the ellipsis.
    let end = text[..limit].char_indices().next_back().map_or(0, |(at, _)| at);
    let kept = &text[..end];
    // A word is left out rather than cut, unless so much would go that it is no word, as in Japanese.
    let between_words = kept.rfind(' ').filter(|at| at * 4 >= kept.len() * 3);
    let next = text[end..].chars().next();
    let cut = between_words.unwrap_or_else(|| if next.is_some_and(joins) { last_base(kept) } else { end });
    format!("{}…", text[..cut].trim_end())
}

/// Where the last character begins to which marks and joiners belong, so that a cut does not tear them from it.
fn last_base(text: &str) -> usize {
    text.char_indices().rev().find(|(_, c)| !joins(*c)).map_or(0, |(at, _)| at)
}

fn joins(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0F}') || super::links::is_mark(c)
}

#[derive(Default)]
struct PlainText {
    out: String,
    /// Line ends owed before the next word.
    line_ends: usize,
    space: bool,
    /// Number and step of each list that is open; `None` for one with dashes.
    lists: Vec<Option<(i64, i64)>>,
    /// The dash or number of an item whose first word has not come yet.
    marker: Option<String>,
    preformatted: usize,
}

impl PlainText {
    fn start(&mut self, name: &str, attributes: &[(&'static str, &str)]) {
        let number = |key: &str| {
            attributes.iter().find(|(known, _)| *known == key).and_then(|(_, value)| value.parse::<i64>().ok())
        };
        match name {
            "br" => self.line(1),
            "ol" | "ul" => {
                self.line_of_list();
                let reversed = attributes.iter().any(|(key, _)| *key == "reversed");
                let first = if reversed { number("start") } else { number("start").or(Some(1)) };
                let step = if reversed { -1 } else { 1 };
                self.lists.push(first.map(|first| (first, step)).filter(|_| name == "ol"));
            }
            "li" => self.start_item(number("value")),
            "pre" => {
                self.line(2);
                self.preformatted += 1;
            }
            _ if is_block(name) => self.line(2),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "ol" | "ul" => {
                self.lists.pop();
                self.line_of_list();
            }
            "li" => {
                self.marker = None;
                self.line(1);
                self.line_ends = self.line_ends.min(1);
            }
            "pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.line(2);
            }
            _ if is_block(name) => self.line(2),
            _ => {}
        }
    }

    fn start_item(&mut self, value: Option<i64>) {
        self.line(1);
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        let marker = match self.lists.last_mut() {
            Some(Some((number, step))) => {
                *number = value.unwrap_or(*number);
                let marker = format!("{number}. ");
                *number = number.saturating_add(*step);
                marker
            }
            _ => "- ".to_owned(),
        };
        self.marker = Some(indent + &marker);
    }

    /// A list stands apart from the text around it, but not from the item that it belongs to.
    fn line_of_list(&mut self) {
        if self.lists.is_empty() {
            return self.line(2);
        }
        self.line(1);
        self.line_ends = self.line_ends.min(1);
    }

    /// Owes line ends, but not between the marker of an item and its first word, nor before everything.
    fn line(&mut self, ends: usize) {
        self.space = false;
        if self.marker.is_none() && !self.out.is_empty() {
            self.line_ends = self.line_ends.max(ends);
        }
    }

    fn write(&mut self, text: &str) {
        if self.preformatted > 0 && !text.is_empty() {
            self.pay_debts();
            return self.out.push_str(text);
        }
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0C') {
                self.space = true;
                continue;
            }
            self.pay_debts();
            self.out.push(c);
        }
    }

    fn pay_debts(&mut self) {
        let at_line_start = self.line_ends > 0 || self.out.is_empty() || self.marker.is_some();
        if self.line_ends > 0 {
            self.out.truncate(self.out.trim_end_matches('\n').len());
            self.out.push_str(&"\n".repeat(self.line_ends));
            self.line_ends = 0;
        }
        if let Some(marker) = self.marker.take() {
            self.out.push_str(&marker);
        }
        if std::mem::take(&mut self.space) && !at_line_start {
            self.out.push(' ');
        }
    }
}

fn is_block(name: &str) -> bool {
    matches!(name, "p" | "blockquote" | "hr" | "h2" | "h3" | "h4" | "h5" | "h6")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lines_and_entities_read_as_on_the_page() {
        let html =
            "<p>Grev &amp; dayanışma</p>\n<p>Ücret&nbsp;yok,<br>iş&lt;yok</p><blockquote><p>Söz</p></blockquote>";
        assert_eq!(plain_text(html), "Grev & dayanışma\n\nÜcret\u{A0}yok,\niş<yok\n\nSöz");
        assert_eq!(plain_text("a&#39;b &hellip; &eacute;t&eacute; &#x627;"), "a'b … été ا");
        assert_eq!(plain_text("  one <b> two</b>\n three "), "one two three");
    }

    #[test]
    fn lists_keep_their_numbers_and_their_depth() {
        let html =
            "<p>要求：</p><ol start=\"3\"><li>賃上げ</li><li><p>休日</p><ul><li>日曜</li></ul></li></ol><p>以上</p>";
        assert_eq!(plain_text(html), "要求：\n\n3. 賃上げ\n4. 休日\n  - 日曜\n\n以上");
    }

    #[test]
    fn preformatted_text_keeps_its_spaces() {
        assert_eq!(plain_text("<p>x</p><pre><code>a  b\n  c\n</code></pre><p>y</p>"), "x\n\na  b\n  c\n\ny");
    }

    #[test]
    fn a_shortened_link_is_whole_again() {
        let html = r#"<a href="https://u.example/a/b"><span class="invisible">https://</span><span class="ellipsis">u.example/a</span><span class="invisible">/b</span></a>"#;
        assert_eq!(plain_text(html), "https://u.example/a/b");
    }

    #[test]
    fn an_excerpt_ends_between_words_and_never_in_a_character() {
        assert_eq!(excerpt("<p>Los trabajadores siguen en huelga</p>", 20), "Los trabajadores…");
        assert_eq!(excerpt("<p>Los trabajadores</p>", 16), "Los trabajadores");
        assert_eq!(excerpt("<p>労働者は今日も工場の前に立っている</p>", 8), "労働者は今日も…");
        assert_eq!(excerpt("<p>e\u{301}e\u{301}e\u{301}e\u{301}</p>", 4), "e\u{301}…");
        assert_eq!(excerpt("<p>ab</p>", 0), "…");
        assert_eq!(excerpt("", 10), "");
    }

    #[test]
    fn a_name_is_one_line_that_turns_nothing_around() {
        assert_eq!(
            plain_name(" Дія\u{202E}\u{2066} профспілка\n\t \u{0}залізничників\u{2028}x "),
            "Дія профспілка залізничників x"
        );
        assert_eq!(plain_name("سندیکای کارگران می\u{200C}خواهیم"), "سندیکای کارگران می\u{200C}خواهیم");
        assert_eq!(plain_name(&"노".repeat(500)).chars().count(), 200);
        assert_eq!(plain_name("<b>x</b> & y"), "<b>x</b> & y");
    }
}
