//! Finds what becomes a link in plain text: web addresses, e-mail addresses, handles and hashtags, in any script.

use std::ops::Range;

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
use linkify::{LinkFinder, LinkKind};
use url::{Host, Url};

use super::cjk::is_cjk;

const LONGEST_HASHTAG: usize = 100;

/// A piece of text by what it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span<'t> {
    Text(&'t str),
    Url(&'t str),
    Email(&'t str),
    /// A handle: its name as written, its host in lower case and punycode.
    Mention {
        user: &'t str,
        host: String,
    },
    /// A hashtag: its sign as written, and its name.
    Hashtag {
        sign: &'t str,
        name: &'t str,
    },
}

/// Cuts a text into its pieces; together they are the text again, save for the hosts of handles.
pub(super) fn spans(text: &str) -> Vec<Span<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    for url in urls(text) {
        handles_and_hashtags(text, from..url.start, &mut found);
        from = url.end;
        found.push(Span::Url(&text[url]));
    }
    handles_and_hashtags(text, from..text.len(), &mut found);
    found
}

/// Whether a text without its `#` is one whole hashtag.
#[must_use]
pub fn is_hashtag(name: &str) -> bool {
    let with_sign = format!("#{name}");
    hashtag_at(&with_sign, 0, with_sign.len()).is_some_and(|(_, end)| end == with_sign.len())
}

/// Where the web addresses are: http and https only.
pub(super) fn urls(text: &str) -> Vec<Range<usize>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    finder.links(text).filter_map(|link| url_in(text, link.start()..link.end())).collect()
}

fn url_in(text: &str, found: Range<usize>) -> Option<Range<usize>> {
    let separator = found.start + text[found.clone()].find("://")?;
    // The finder takes "word.https" for a scheme where a full stop has no space after it.
    let before = &text[found.start..separator];
    let scheme = ["https", "http"].into_iter().find(|scheme| ends_with_ignoring_case(before, scheme))?;
    let start = separator - scheme.len();
    if text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = start + url_end(&text[start..found.end], scheme.len() + 3);
    let has_host = Url::parse(&text[start..end]).is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    has_host.then_some(start..end)
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

/// How far an address goes that the finder, which allows every character beyond ASCII, took for one.
fn url_end(url: &str, authority: usize) -> usize {
    let path = url[authority..].find(['/', '?', '#']).map_or(url.len(), |at| authority + at);
    let end = url.char_indices().skip_while(|(at, _)| *at < authority).find(|(at, c)| {
        let before = &url[authority..*at];
        // A host may be Japanese (労働.example); one that was Latin so far and has its dot is at its end.
        let latin_host = before.contains('.') && before.ends_with(|c: char| c.is_ascii_alphanumeric());
        ends_address(*c) || (is_cjk(*c) && (*at >= path || latin_host))
    });
    match end {
        Some((at, _)) => url[..at].trim_end_matches(['.', ',', ':', ';', '!', '?', '*', '_', '~', '\'', '(']).len(),
        None => url.len(),
    }
}

/// Characters beyond ASCII that end an address in every script: spaces, quotation marks, commas and full stops.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '«' | '»' | '‘'..='‟' | '‹' | '›' | '…' | '—' | '،' | '؛' | '؟' | '۔' | '।' | '\u{200B}' | '\u{200E}' | '\u{200F}'
                | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}'
                | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}'
        )
}

fn handles_and_hashtags<'t>(text: &'t str, range: Range<usize>, found: &mut Vec<Span<'t>>) {
    let mut from = range.start;
    let mut at = range.start;
    while let Some(sign) = text[at..range.end].find(['@', '#', '＃']) {
        at += sign;
        let span = mention_at(text, at, range.end).or_else(|| hashtag_at(text, at, range.end));
        let Some((span, end)) = span else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        emails(&text[from..at], found);
        found.push(span);
        from = end;
        at = end;
    }
    emails(&text[from..range.end], found);
}

/// A handle, after Mastodon's rule (`app/models/account.rs`, `MENTION_RE`): not inside a word or an address. Other than there, a
/// handle may follow a Japanese or Korean word, and ends where one begins; and it may carry a port.
fn mention_at(text: &str, at: usize, end: usize) -> Option<(Span<'_>, usize)> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| matches!(c, '=' | '/') || (is_word(c) && !is_cjk(c))) {
        return None;
    }
    let rest = text[at..end].strip_prefix('@')?;
    let user = run(rest, |c| c.is_ascii_alphanumeric() || c == '_', |c| matches!(c, '.' | '-'));
    let host_and_more = rest[user.len()..].strip_prefix('@').filter(|_| !user.is_empty())?;
    let host = run(host_and_more, is_word, |c| matches!(c, '.' | '-'));
    let host = latin_part(host);
    let port = port(&host_and_more[host.len()..]);
    if host.is_empty() || !(host.contains('.') || !port.is_empty() || host.eq_ignore_ascii_case("localhost")) {
        return None;
    }
    let plain = Host::parse(host).ok()?;
    let length = '@'.len_utf8() + user.len() + '@'.len_utf8() + host.len() + port.len();
    if text[at + length..end].starts_with('@') {
        return None;
    }
    Some((Span::Mention { user, host: format!("{plain}{port}") }, at + length))
}

/// A host up to the Japanese or Korean word that follows it without a space.
fn latin_part(host: &str) -> &str {
    let word_begins = |(at, c): &(usize, char)| {
        let before = &host[..*at];
        is_cjk(*c)
            && before.ends_with(|c: char| c.is_ascii_alphanumeric())
            && (before.contains('.') || before.eq_ignore_ascii_case("localhost"))
    };
    host.char_indices().find(word_begins).map_or(host, |(at, _)| &host[..at])
}

fn port(text: &str) -> &str {
    let digits = text.strip_prefix(':').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let port = &text[..if digits == 0 { 0 } else { 1 + digits }];
    if digits <= 5 { port } else { "" }
}

/// A hashtag, after Mastodon's rule (`app/models/tag.rs`, `HASHTAG_RE`): letters, marks, digits and underscores of any script, inside
/// it also middle dots and the joiners of Persian words, at least one letter; not inside a word or an address.
fn hashtag_at(text: &str, at: usize, end: usize) -> Option<(Span<'_>, usize)> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| matches!(c, '=' | '/' | '&' | '#' | '＃') || is_word(c)) {
        return None;
    }
    let sign = text[at..end].chars().next().filter(|c| matches!(c, '#' | '＃'))?;
    let name_at = at + sign.len_utf8();
    let name = run(&text[name_at..end], is_word, |c| matches!(c, '·' | '・' | '\u{200C}' | '\u{200D}'));
    let fits = name.chars().any(char::is_alphabetic) && name.chars().count() <= LONGEST_HASHTAG;
    fits.then(|| (Span::Hashtag { sign: &text[at..name_at], name }, name_at + name.len()))
}

/// The hashtags that stand in a plain text, as they are written there.
#[must_use]
pub fn hashtags(text: &str) -> Vec<String> {
    let found = text.match_indices(['#', '＃']).filter_map(|(at, _)| hashtag_at(text, at, text.len()));
    found
        .filter_map(|(span, _)| if let Span::Hashtag { name, .. } = span { Some(name.to_owned()) } else { None })
        .collect()
}

/// The longest beginning that is made of `part` characters, with `inner` ones only between them.
fn run(text: &str, part: impl Fn(char) -> bool, inner: impl Fn(char) -> bool) -> &str {
    if !text.starts_with(&part) {
        return "";
    }
    let stretch = text.find(|c| !part(c) && !inner(c)).map_or(text, |end| &text[..end]);
    stretch.trim_end_matches(|c| !part(c))
}

fn emails<'t>(text: &'t str, found: &mut Vec<Span<'t>>) {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Email]);
    let mut from = 0;
    for link in finder.links(text) {
        let Some(email) = email_in(link.as_str()) else { continue };
        let (start, end) = (link.start() + email.start, link.start() + email.end);
        push_text(&text[from..start], found);
        found.push(Span::Email(&text[start..end]));
        from = end;
    }
    push_text(&text[from..], found);
}

/// The address without the Japanese or Korean words around it.
fn email_in(found: &str) -> Option<Range<usize>> {
    let at = found.find('@')?;
    let around = |c: char| is_cjk(c) || ends_address(c);
    let start = found[..at].char_indices().rev().find(|(_, c)| around(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let host = found[at + 1..].split(ends_address).next().unwrap_or_default();
    let host = latin_part(host);
    (start < at && host.contains('.')).then_some(start..at + 1 + host.len())
}

fn push_text<'t>(text: &'t str, found: &mut Vec<Span<'t>>) {
    if !text.is_empty() {
        found.push(Span::Text(text));
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_mark(c)
}

/// Marks that belong to the letter before them: accents, vowel signs, viramas.
#[must_use]
pub fn is_mark(c: char) -> bool {
    c > '\u{2FF}' && GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

#[cfg(test)]
mod tests;
