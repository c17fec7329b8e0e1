//! Whoever asks for a page: which language she is spoken to in, and how links lead on in it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use url::form_urlencoded;

use super::colour::Colour;
use super::page::VARIES;
use crate::config;
use crate::languages::{self, Texts};
use crate::node::Node;
use crate::urls::Urls;

/// The name under which an address names a language.
const LANGUAGE: &str = "lang";
/// Bytes of a tag that links carry on: no language needs more (RFC 5646, section 4.4.1), and a page has many links.
const LONGEST_TAG: usize = 35;

/// A reader. Anybody is one.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The words of her language.
    pub(super) t: Texts,
    /// Whether the address named a language that the interface speaks.
    named: bool,
    /// The language that the address named, in just that form: also one that the interface does not speak, in which the union may have
    /// written. Links within the site name it too, so that she stays in it.
    asked: Option<String>,
    /// Where she is: path and query, without a language.
    here: String,
    urls: Urls,
    /// The union's colour, in which even a page that says what went wrong is shown.
    pub(super) colour: Colour,
}

/// A language that a page offers.
pub(super) struct Choice {
    pub(super) t: Texts,
    pub(super) href: String,
    pub(super) is_here: bool,
}

impl FromRequestParts<Node> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, node: &Node) -> Result<Self, Infallible> {
        Ok(Self::of(node, &parts.uri, &parts.headers))
    }
}

impl Reader {
    pub(super) fn of(node: &Node, address: &Uri, headers: &HeaderMap) -> Self {
        let query = address.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let tag = pairs.find(|(name, _)| name == LANGUAGE).map(|(_, tag)| tag);
        let named = tag.as_deref().and_then(languages::find);
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let t = named.unwrap_or_else(|| languages::negotiate(accepted, &node.config.language));
        let t = t.in_zone(node.config.time_zone);
        Self {
            t,
            named: named.is_some(),
            asked: tag
                .as_deref()
                .filter(|tag| tag.len() <= LONGEST_TAG)
                .and_then(config::language_tag)
                .or_else(|| named.map(|t| t.tag().to_owned())),
            here: without_language(address.path(), query),
            urls: node.urls.clone(),
            colour: Colour(node.config.colour),
        }
    }

    /// Somebody who reads a text outside of our pages, with words in its own language where the interface speaks that.
    pub(super) fn elsewhere(node: &Node, language: &str) -> Self {
        let t = languages::find(language).unwrap_or_else(|| languages::negotiate(None, &node.config.language));
        Self {
            t: t.in_zone(node.config.time_zone),
            named: false,
            asked: None,
            here: "/".to_owned(),
            urls: node.urls.clone(),
            colour: Colour(node.config.colour),
        }
    }

    /// A path of ours that leads on in her language.
    pub(super) fn href(&self, path: &str) -> String {
        self.asked().map_or_else(|| path.to_owned(), |asked| in_language(path, asked))
    }

    /// The whole address of a page whose words are the interface's: what it says in a language that the interface does not speak, it says without
    /// one as well.
    pub(super) fn canonical(&self, path: &str) -> String {
        if self.named { self.in_language(path, self.t.tag()) } else { self.urls.at(path) }
    }

    /// The language, where the address named it.
    pub(super) fn asked(&self) -> Option<&str> {
        self.asked.as_deref()
    }

    /// The language in which she wants to read what the union wrote.
    pub(super) fn wanted(&self) -> &str {
        self.asked().unwrap_or(self.t.tag())
    }

    /// A page of ours, given by its whole address: without scheme and host, so that links work under whatever name the site was reached.
    pub(super) fn page(&self, address: &str) -> String {
        self.href(self.short(address))
    }

    /// A file of ours, which is the same in every language.
    pub(super) fn file(&self, name: &str) -> String {
        self.short(&self.urls.media(name)).to_owned()
    }

    /// An address of ours without scheme and host.
    pub(super) fn short<'a>(&self, address: &'a str) -> &'a str {
        address.strip_prefix(self.urls.base()).unwrap_or(address)
    }

    /// For `Vary`: where the address names the language, the browser's makes no difference.
    pub(super) fn varies(&self) -> &'static str {
        if self.named { "Accept, Accept-Encoding" } else { VARIES }
    }

    /// Whether she is at a path.
    pub(super) fn is_at(&self, path: &str) -> bool {
        self.here.split('?').next() == Some(path)
    }

    /// Where she is, in each language.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let choice = |t: Texts| Choice { t, href: in_language(&self.here, t.tag()), is_here: t.tag() == self.t.tag() };
        languages::all().map(choice).collect()
    }

    /// Tags and addresses of a page in each language, and without one, where the browser decides (`x-default`).
    pub(super) fn in_all_languages(&self, path: &str) -> Vec<(String, String)> {
        let address = |t: Texts| (t.tag().to_owned(), self.in_language(path, t.tag()));
        let open = ("x-default".to_owned(), self.urls.at(path));
        languages::all().map(address).chain(std::iter::once(open)).collect()
    }

    /// The whole address of a page in a language.
    pub(super) fn in_language(&self, path: &str, language: &str) -> String {
        self.urls.at(&in_language(path, language))
    }

    /// Our addresses.
    pub(super) fn urls(&self) -> &Urls {
        &self.urls
    }
}

/// Path and query of an address without the language that it names. Nothing can stand in it that a query does not carry back.
fn without_language(path: &str, query: &str) -> String {
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != LANGUAGE) {
        kept.append_pair(&name, &value);
    }
    let query = kept.finish();
    // Two slashes at the beginning would name another host.
    let path = format!("/{}", path.trim_start_matches('/'));
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// A path with its language named.
fn in_language(path: &str, language: &str) -> String {
    let (address, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{LANGUAGE}={language}{fragment}")
}
