//! What must hold whatever comes in. Each function takes raw input, runs the real code over it, and panics where something does not hold.
//!
//! Depends on `picket`, `chrono`, `http` and `serde_json` alone: fuzz targets include this file by its path.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use picket::clock::{self, Clock};
use picket::config::language_tag;
use picket::federation::inspect::inspect;
use picket::federation::remote::Handle;
use picket::federation::wire::actor::read_actor;
use picket::federation::wire::jrd::{Jrd, lrdd_template};
use picket::federation::wire::{Activity, Collection, Document, RemoteNote};
use picket::markup;
use picket::media;
use picket::moderation::domains::Domain;
use picket::moderation::lists;
use picket::posts::Review;
use picket::search::{Wanted, passage};
use picket::statements::draft::Draft;
use picket::storage;
use picket::transport::json;
use picket::transport::signature::{Request, read_claim};
use picket::urls;

/// A document of another server: all readers, and what they would keep of it.
pub fn check_document(bytes: &[u8]) {
    let verdict = inspect(bytes);
    assert!(matches!(verdict.verdict, "accept" | "ignore" | "reject"), "{verdict:?}");
    assert!(!verdict.reason.is_empty(), "a verdict without a reason");
    verdict.content.as_deref().into_iter().for_each(check_safe_html);
    verdict.author.iter().chain(&verdict.in_reply_to).for_each(|id| check_id(id));
    let Ok(document) = Document::parse(bytes) else { return };
    let document = &document.plain;
    if let Ok(activity) = Activity::read(document) {
        check_id(&activity.id);
        check_id(&activity.actor);
    }
    if let Ok(actor) = read_actor(document) {
        check_safe_html(&actor.summary);
        check_name(&actor.name);
        check_id(&actor.uri);
        check_id(&actor.inbox);
        assert!(actor.handle.contains('@') && !actor.handle.contains(char::is_control), "{:?}", actor.handle);
    }
    // It has nothing to show for itself: only that it is read.
    let _ = Collection::read(document);
    if let Ok(note) = RemoteNote::read(document) {
        check_id(&note.uri);
        check_id(&note.author);
        check_safe_html(&note.content);
        assert!(note.mentions.len() <= 100, "{} mentions", note.mentions.len());
        let Ok(kept) = note.to_keep(1, Review::Held, None, Clock::default().now()) else {
            return assert!(!note.is_public(), "what is public can be kept");
        };
        kept.title.iter().chain(&kept.summary).for_each(|text| check_text(text));
        kept.language.as_deref().into_iter().for_each(check_language);
        assert!(serde_json::from_str::<serde_json::Value>(&kept.pictures).is_ok_and(|list| list.is_array()));
    }
}

/// A PDF of somebody: written anew, and then it is one of ours, or refused in one line.
pub fn check_pdf(bytes: &[u8]) {
    match media::prepare_pdf(bytes) {
        Ok(written) => {
            let again = media::prepare_pdf(&written).expect("what we wrote can be read");
            assert_eq!(again, written, "what was cleaned has nothing to clean");
        }
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
}

/// An id reaches pages, terminals and indexes.
fn check_id(id: &str) {
    assert!(!id.is_empty() && id.len() <= 1_024, "{id:?}");
    assert!(!id.contains(|letter: char| letter.is_control() || letter.is_whitespace()), "{id:?}");
}

/// A name is one line of plain text.
fn check_name(name: &str) {
    assert!(!name.contains(char::is_control), "{name:?}");
}

/// A title or a warning is plain text.
fn check_text(text: &str) {
    assert!(!text.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r')), "{text:?}");
}

/// Headers of a request, one on each line, an empty line, and its body.
pub fn check_signature(bytes: &[u8]) {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((bytes, &b""[..]), |end| (&bytes[..end], &bytes[end + 2..]));
    let mut headers = HeaderMap::new();
    for line in head.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    for method in ["POST", "GET"] {
        let request = Request { method, path_and_query: "/inbox", headers: &headers, body };
        match read_claim(&request, "union.example", "https", Clock::default().now()) {
            Ok(claim) => assert!((1..=2_048).contains(&claim.key_id.len()), "{:?}", claim.key_id),
            Err(error) => assert!(matches!(error.status(), 400 | 401), "{error}"),
        }
    }
}

/// An answer of somebody's WebFinger.
pub fn check_webfinger(bytes: &[u8]) {
    if let Ok(document) = json::parse(bytes)
        && let Some(jrd) = Jrd::read(&document)
    {
        jrd.subject.as_deref().into_iter().for_each(check_handle);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(template) = lrdd_template(text, "a.example")
    {
        assert!(template.contains("{uri}"), "{template:?}");
    }
}

/// A handle as people type it: what is read reads back the same.
pub fn check_handle(text: &str) {
    if let Some(handle) = Handle::parse(text) {
        let written = handle.to_string();
        assert_eq!(Handle::parse(&written), Some(handle), "{text:?}");
        assert!(!written.contains(|letter: char| letter.is_control() || letter.is_whitespace()), "{written:?}");
        check_domain(&written);
    }
}

/// A host name in any spelling: its plain form is plain, and a rule about it reaches it.
pub fn check_domain(text: &str) {
    // Whatever can be asked at all can be blocked.
    if let Some(host) = urls::host_of(text).or_else(|| urls::host_of(&format!("https://{text}/"))) {
        // A name with an empty label between others is none that can be looked up.
        let leads_nowhere = host.starts_with('.') || host.contains("..");
        assert!(leads_nowhere || Domain::parse(&host).is_ok(), "{host:?}");
    }
    if let Ok(domain) = Domain::parse(text) {
        assert_eq!(Domain::parse(domain.as_str()).ok().as_ref(), Some(&domain), "{text:?}");
        assert!(domain.covers(&domain) && !domain.as_str().contains(|letter: char| letter.is_uppercase()), "{text:?}");
    }
}

/// HTML of others, and text that looks like it.
pub fn check_html(html: &str) {
    let clean = markup::remote_html(html);
    check_safe_html(&clean);
    let own = markup::own_html(html);
    check_harmless(&own);
    assert_eq!(markup::own_html(&own), own, "our own HTML changes when it is cleaned again");
    let text = markup::plain_text(html);
    assert_eq!(markup::plain_text(&clean), text, "cleaning changes the text");
    for length in [0, 1, 10] {
        assert!(markup::excerpt(html, length).chars().count() <= length.max(1), "an excerpt of {length}");
    }
    let escaped = markup::escape_html(html);
    assert!(!escaped.contains(['<', '>', '"', '\'']));
    let name = markup::plain_name(html);
    assert_eq!(markup::plain_name(&name), name);
    assert!(name.chars().count() <= 200);
}

/// HTML that comes out of the cleaning: harmless, and the same when it is cleaned again.
fn check_safe_html(html: &str) {
    check_harmless(html);
    assert_eq!(markup::remote_html(html), html, "HTML changes when it is cleaned again");
}

const ELEMENTS: [&str; 34] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "cite",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
    "wbr",
];
const MORE_ELEMENTS: [&str; 10] = ["rp", "rt", "ruby", "small", "mark", "dl", "dt", "dd", "samp", "var"];
const ATTRIBUTES: [&str; 9] = ["href", "lang", "dir", "translate", "class", "rel", "start", "reversed", "value"];

/// Reads HTML tag by tag as a browser does: no element, attribute or address that could run or load anything.
fn check_harmless(html: &str) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '/')).expect("a whole tag");
        let name = rest[..end].trim_matches('/');
        assert!(ELEMENTS.contains(&name) || MORE_ELEMENTS.contains(&name), "the element {name:?} in {html:?}");
        rest = check_attributes(&rest[end..], html);
    }
}

/// Reads up to the end of the tag, and gives what follows.
fn check_attributes<'h>(mut rest: &'h str, html: &str) -> &'h str {
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        let (name, quoted) =
            rest.split_once("=\"").unwrap_or_else(|| panic!("an attribute without quotes in {html:?}"));
        assert!(ATTRIBUTES.contains(&name), "the attribute {name:?} in {html:?}");
        let (value, after) = quoted.split_once('"').unwrap_or_else(|| panic!("open quotes in {html:?}"));
        let address = value.trim().to_lowercase();
        let leads_out = ["http:", "https:", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
        assert!(name != "href" || leads_out, "the address {value:?} in {html:?}");
        rest = after;
    }
}

/// A Markdown file with or without a front matter.
pub fn check_markdown(text: &str) {
    let rendered = markup::render(text, &|_| Some("https://union.example/x".to_owned()));
    check_harmless(&rendered.html);
    // The cleaning writes two characters in another way that means the same.
    let alike = |html: &str| html.replace("&nbsp;", "\u{a0}").replace("&#39;", "'");
    let cleaned = markup::own_html(&rendered.html);
    assert_eq!(alike(&cleaned), alike(&rendered.html), "rendered HTML changes when it is cleaned");
    rendered.hashtags.iter().for_each(|tag| assert!(markup::is_hashtag(tag), "{tag:?}"));
    if let Ok(draft) = Draft::from_file_text(text) {
        draft.title.as_deref().into_iter().for_each(|title| assert!(!title.contains(char::is_control), "{title:?}"));
        // Whether it can be published is another question, which has an answer.
        let _ = draft.check();
    }
}

/// A list of servers in any form.
pub fn check_list(text: &str) {
    match lists::read(text) {
        Ok(list) => {
            for entry in &list.entries {
                check_domain(entry.domain.as_str());
                assert!(!entry.domain.is_top_level() && !entry.domain.is_pattern());
            }
        }
        Err(error) => assert!(error.to_string().contains("nothing was imported"), "{error}"),
    }
}

/// Words that somebody looks for, in a text in which they stand.
pub fn check_search(text: &str) {
    for letters in [1, 60] {
        let pieces = passage(text, &Wanted::read(text), letters);
        assert!(pieces.iter().all(|piece| !piece.text.is_empty()), "{text:?}");
        assert!(pieces.iter().map(|piece| piece.text.len()).sum::<usize>() <= text.len() + 8, "{text:?}");
    }
}

/// A time as others write it.
pub fn check_time(text: &str) {
    if let Some((time, _)) = clock::parse_time(text) {
        let written = clock::rfc3339(time);
        assert_eq!(clock::parse_time(&written), Some((time, false)), "{text:?}");
    }
}

/// A language tag.
pub fn check_language(text: &str) {
    if let Some(tag) = language_tag(text) {
        assert_eq!(language_tag(&tag).as_deref(), Some(tag.as_str()), "{text:?}");
        assert!(tag.is_ascii() && !tag.contains(char::is_whitespace));
        assert!(["ltr", "rtl"].contains(&markup::direction(&tag)), "{tag:?}");
    }
}

/// The place in a list that the address of a page names: one that both databases can compare with.
pub fn check_place(millis: &str, row: &str) {
    if let Some((time, number)) = storage::place(millis, row) {
        assert!((1..=9999).contains(&chrono::Datelike::year(&time)), "{millis:?}: {time}");
        let written = (time.and_utc().timestamp_millis().to_string(), number.to_string());
        assert_eq!(storage::place(&written.0, &written.1), Some((time, number)));
    }
}
