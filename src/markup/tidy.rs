//! Rewrites any HTML with a small set of tags, properly nested and never deep, before the sanitiser builds its tree.
//!
//! A tree builder that follows the standard can be made to do quadratic work by a small document (deep nesting; unclosed formatting
//! tags that come back in every paragraph). What leaves here cannot: every tag is closed, a paragraph holds no block, a link no
//! link, and nothing is deeper than [`DEEPEST`]. It also keeps words apart where a tag that we do not know separated them.

use super::lexer::{Lexer, Piece};

/// Deeper elements are left out; their text stays. Real posts stay below ten.
const DEEPEST: usize = 50;
/// Classes that Mastodon and others give a meaning; styles for them are ours (microformats2).
pub(super) const CLASSES: [&str; 4] = ["mention", "hashtag", "u-url", "h-card"];
/// Classes of the parts of a shortened link: what they hide, [`shortened`](super::shortened) judges.
pub(super) const SHORTENING: [&str; 2] = ["invisible", "ellipsis"];
/// What a link of anybody tells search engines and the page that it opens.
pub(super) const LINK_REL: &str = "nofollow noopener noreferrer";

/// What an element is for us.
enum Kind {
    Inline(&'static str),
    Block(&'static str),
    Item,
    Void(&'static str),
    /// Not kept, but it separated what stood in it from what stood around it.
    Break,
    Cell,
    Picture,
    /// Its content is no text for people.
    Dropped,
    /// Not kept; its text flows on.
    Unknown,
}

/// The same document in our own words. Entities are left as they are, for ammonia to decode.
pub(super) fn tidy(html: &str) -> String {
    let mut tidy = Tidy {
        out: String::with_capacity(html.len() + html.len() / 8),
        open: Vec::new(),
        paragraph_due: false,
        cells: 0,
    };
    let mut lexer = Lexer::new(html);
    while let Some(piece) = lexer.next() {
        match piece {
            Piece::Text(text) => tidy.text(text),
            Piece::Open { name, attributes, .. } => {
                if matches!(kind(&name), Kind::Dropped) {
                    lexer.skip_to_end_of(&name);
                }
                tidy.start(&name, &attributes);
            }
            Piece::Close { name, .. } => tidy.end(&name),
        }
    }
    while tidy.close_last() {}
    tidy.out
}

struct Tidy {
    out: String,
    open: Vec<&'static str>,
    /// Something separated what follows from what was before, and no tag of ours has yet.
    paragraph_due: bool,
    /// Cells seen in the row of a table.
    cells: usize,
}

impl Tidy {
    fn start(&mut self, name: &str, attributes: &[(&'static str, &str)]) {
        match kind(name) {
            Kind::Inline(name) => {
                if matches!(name, "a" | "rt" | "rp") {
                    self.close(name, &["ul", "ol", "li", "blockquote", "ruby"]);
                }
                self.begin_paragraph_if_due();
                self.open(name, attributes);
            }
            Kind::Block(name) => {
                self.end_paragraph();
                self.paragraph_due = false;
                self.open(name, attributes);
            }
            Kind::Item => self.start_item(attributes),
            Kind::Void("hr") => {
                self.end_paragraph();
                self.out.push_str("<hr>");
            }
            Kind::Void(name) => self.out.extend(["<", name, ">"]),
            Kind::Break => self.separate(name == "tr"),
            Kind::Cell => self.start_cell(),
            Kind::Picture => {
                if let Some((_, alt)) = attributes.iter().find(|(key, _)| *key == "alt") {
                    self.text(alt);
                }
            }
            Kind::Dropped | Kind::Unknown => {}
        }
    }

    fn end(&mut self, name: &str) {
        match kind(name) {
            Kind::Inline(name) => self.close(name, &["ul", "ol", "li", "blockquote"]),
            Kind::Block(name) => self.close(name, &[]),
            Kind::Item => self.close("li", &["ul", "ol"]),
            Kind::Break => self.separate(false),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !text.trim_ascii().is_empty() {
            self.begin_paragraph_if_due();
        }
        push_escaped(&mut self.out, text);
    }

    fn start_item(&mut self, attributes: &[(&'static str, &str)]) {
        if !self.open.iter().any(|open| matches!(*open, "ul" | "ol")) {
            return self.separate(false);
        }
        self.close("li", &["ul", "ol"]);
        self.end_paragraph();
        self.paragraph_due = false;
        self.open("li", attributes);
    }

    /// Cells of a table, which other servers would run together, stand beside each other with a dot between.
    fn start_cell(&mut self) {
        if self.cells > 0 {
            self.text(" · ");
        }
        self.cells += 1;
    }

    fn separate(&mut self, new_row: bool) {
        self.end_paragraph();
        self.paragraph_due = true;
        if new_row {
            self.cells = 0;
        }
    }

    fn begin_paragraph_if_due(&mut self) {
        if !std::mem::take(&mut self.paragraph_due) {
            return;
        }
        let no_paragraphs_here = |open: &&str| matches!(*open, "pre" | "h2" | "h3" | "h4" | "h5" | "h6");
        if self.open.iter().any(no_paragraphs_here) {
            self.out.push('\n');
        } else if self.open.len() < DEEPEST {
            self.open("p", &[]);
        } else {
            self.out.push_str("<br>");
        }
    }

    /// A paragraph holds no block, nor does a heading: the standard's parser would close it too.
    fn end_paragraph(&mut self) {
        self.close("p", &[]);
        for heading in ["h2", "h3", "h4", "h5", "h6"] {
            self.close(heading, &["blockquote", "li"]);
        }
    }

    fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        if self.open.len() >= DEEPEST {
            return;
        }
        self.out.extend(["<", name]);
        for (key, value) in attributes {
            self.attribute(name, key, value);
        }
        if name == "a" {
            self.relation(attributes);
        }
        self.out.push('>');
        self.open.push(name);
    }

    fn attribute(&mut self, name: &str, key: &str, value: &str) {
        let fits = match key {
            "href" => name == "a",
            "class" => return self.classes(name, value),
            "lang" => value.len() <= 35 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
            "dir" => ["ltr", "rtl", "auto"].iter().any(|known| known.eq_ignore_ascii_case(value)),
            "translate" => matches!(value, "yes" | "no"),
            "start" => name == "ol" && value.parse::<i32>().is_ok(),
            "reversed" => name == "ol",
            "value" => name == "li" && value.parse::<i32>().is_ok(),
            _ => false,
        };
        if fits {
            self.out.extend([" ", key, "=\""]);
            push_escaped(&mut self.out, value);
            self.out.push('"');
        }
    }

    fn classes(&mut self, name: &str, value: &str) {
        if name == "span" && SHORTENING.contains(&value) {
            return self.out.extend([" class=\"", value, "\""]);
        }
        let known: Vec<&str> = value.split_ascii_whitespace().filter(|class| CLASSES.contains(class)).collect();
        if !known.is_empty() && matches!(name, "a" | "span") {
            self.out.extend([" class=\"", &known.join(" "), "\""]);
        }
    }

    /// Links that stand for a person or a hashtag carry what Mastodon gives them, all others [`LINK_REL`]. For content of others
    /// the sanitiser overrides both.
    fn relation(&mut self, attributes: &[(&'static str, &str)]) {
        let classes = attributes.iter().find(|(key, _)| *key == "class").map_or("", |(_, value)| value);
        let has = |wanted: &str| classes.split_ascii_whitespace().any(|class| class == wanted);
        match (has("mention"), has("hashtag")) {
            (true, true) => self.out.push_str(" rel=\"tag\""),
            (true, false) => {}
            _ => self.out.extend([" rel=\"", LINK_REL, "\""]),
        }
    }

    /// Closes the last open element of this name, and what is open in it, but not across `bounds`.
    fn close(&mut self, name: &str, bounds: &[&str]) {
        let reachable = self.open.iter().rev().take_while(|open| !bounds.contains(open) || **open == name);
        let Some(depth) = reachable.into_iter().position(|open| *open == name) else { return };
        for _ in 0..=depth {
            self.close_last();
        }
    }

    fn close_last(&mut self) -> bool {
        let Some(name) = self.open.pop() else { return false };
        self.out.extend(["</", name, ">"]);
        true
    }
}

/// Writes raw text so that it is text or a quoted value; entities in it stay entities.
fn push_escaped(out: &mut String, raw: &str) {
    for c in raw.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

fn kind(name: &str) -> Kind {
    if let Some(name) = INLINE.iter().find(|known| **known == name) {
        return Kind::Inline(name);
    }
    if let Some(name) = BLOCKS.iter().find(|known| **known == name) {
        return Kind::Block(name);
    }
    match name {
        // The page has its own first heading.
        "h1" => Kind::Block("h2"),
        "strike" => Kind::Inline("s"),
        "tt" => Kind::Inline("code"),
        "li" => Kind::Item,
        "br" => Kind::Void("br"),
        "wbr" => Kind::Void("wbr"),
        "hr" => Kind::Void("hr"),
        "td" | "th" => Kind::Cell,
        "img" | "image" => Kind::Picture,
        _ if BREAKS.contains(&name) => Kind::Break,
        _ if DROPPED.contains(&name) => Kind::Dropped,
        _ => Kind::Unknown,
    }
}

pub(super) const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "span", "strong", "sub", "sup", "u", "var", "dfn",
];
pub(super) const BLOCKS: [&str; 10] = ["p", "blockquote", "h2", "h3", "h4", "h5", "h6", "ol", "pre", "ul"];
const BREAKS: [&str; 35] = [
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "legend",
    "main",
    "menu",
    "nav",
    "option",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "body",
    "html",
    "listing",
];
const DROPPED: [&str; 19] = [
    "applet", "audio", "canvas", "head", "iframe", "math", "noembed", "noframes", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
];
