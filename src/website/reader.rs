//! Whoever asks for a page: which language she is spoken to in, and how links lead on in it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use url::form_urlencoded;

use super::colour::Colour;
use super::page::VARIES;
use crate::languages::{self, Texts};
use crate::node::Node;
use crate::urls::Urls;

/// The name under which an address names a language.
const LANGUAGE: &str = "lang";

/// A reader. Anybody is one.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The words of her language.
    pub(super) t: Texts,
    /// Whether the address named the language: then links within the site name it too, so that she stays in it.
    named: bool,
    urls: Urls,
    /// The union's colour, in which even a page that says what went wrong is shown.
    pub(super) colour: Colour,
}

impl FromRequestParts<Node> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, node: &Node) -> Result<Self, Infallible> {
        Ok(Self::of(node, parts.uri.query(), &parts.headers))
    }
}

impl Reader {
    pub(super) fn of(node: &Node, query: Option<&str>, headers: &HeaderMap) -> Self {
        let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let named = pairs.find(|(name, _)| name == LANGUAGE).and_then(|(_, tag)| languages::find(&tag));
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let t = named.unwrap_or_else(|| languages::negotiate(accepted, &node.config.language));
        Self { t, named: named.is_some(), urls: node.urls.clone(), colour: Colour(node.config.colour) }
    }

    /// Somebody who reads a text outside of our pages, with words in its own language where the interface speaks that.
    pub(super) fn elsewhere(node: &Node, language: &str) -> Self {
        let t = languages::find(language).unwrap_or_else(|| languages::negotiate(None, &node.config.language));
        Self { t, named: false, urls: node.urls.clone(), colour: Colour(node.config.colour) }
    }

    /// A path of ours that leads on in her language.
    pub(super) fn href(&self, path: &str) -> String {
        if !self.named {
            return path.to_owned();
        }
        in_language(path, self.t)
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

    /// Our addresses.
    pub(super) fn urls(&self) -> &Urls {
        &self.urls
    }
}

/// A path with its language named.
fn in_language(path: &str, t: Texts) -> String {
    let (address, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{LANGUAGE}={}{fragment}", t.tag())
}
