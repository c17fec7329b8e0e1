//! Pages as they leave: made once for as long as nothing that pages show has changed (however many ask at that moment), compressed once, and
//! not sent again to whoever has them.
//!
//! The database counts the changes itself (`storage::site_version`), so that a page from before a withdrawal is never served after it,
//! whichever process withdrew. Memory is bounded; what is asked for seldom goes first.

mod changes;
mod kept;

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use moka::sync::Cache;
use tokio::sync::Mutex;

use super::assets::FOR_EVER;
use super::coding::Coding;
use super::errors::error_page;
use super::page::{ALWAYS_FRESH, Frame};
use super::reader::Reader;
use crate::error::Result;
use crate::node::Node;
use crate::storage::{Conn, SiteVersion};
use changes::Changes;
use kept::{Kept, Stand};

/// What all kept pages may take.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// What a page takes besides its text: its forms, its key, its place.
const OVERHEAD: usize = 1024;
/// A longer text is not kept.
const LONGEST: usize = 1024 * 1024;
/// Of so many pages at once is known that somebody is making them.
const MOST_MAKING: u64 = 1_000;
/// A page leaves with about so many.
const HEADERS: usize = 12;
/// Shorter texts gain nothing from compression.
const WORTH_COMPRESSING: usize = 1024;

const HTML: &str = "text/html; charset=utf-8";

/// The pages that are kept, for all who ask. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pages(Arc<Shelf>);

struct Shelf {
    kept: Cache<String, Arc<Kept>>,
    /// Held by whoever makes a page.
    making: Cache<String, Arc<Mutex<()>>>,
    /// Counts who asks and what is begun, in their order.
    turns: AtomicU64,
    changes: Changes,
    /// What stands around every page, and the number of changes before it was read: for pages that are made for one reader alone.
    frame: std::sync::Mutex<Option<(i64, Frame)>>,
}

impl Default for Shelf {
    fn default() -> Self {
        let weight = |key: &String, kept: &Arc<Kept>| {
            u32::try_from(key.len() + kept.text.len() * 3 / 2 + OVERHEAD).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().weigher(weight).max_capacity(MOST_BYTES).build();
        let making = Cache::new(MOST_MAKING);
        Self {
            kept,
            making,
            turns: AtomicU64::default(),
            changes: Changes::default(),
            frame: std::sync::Mutex::default(),
        }
    }
}

impl Shelf {
    fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::SeqCst)
    }
}

/// Somebody asking for a page.
pub struct Visit {
    pub(super) reader: Reader,
    pages: Arc<Shelf>,
    /// Path and query.
    target: String,
    coding: Coding,
    /// `If-None-Match`
    has: Option<HeaderValue>,
}

impl FromRequestParts<Node> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, node: &Node) -> std::result::Result<Self, Infallible> {
        let reader = Reader::of(node, &parts.uri, &parts.headers);
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        Ok(Self {
            target: target.to_owned(),
            pages: parts.extensions.get::<Pages>().cloned().unwrap_or_default().0,
            coding: Coding::wanted(&parts.headers),
            has: parts.headers.get(IF_NONE_MATCH).cloned(),
            reader,
        })
    }
}

impl Visit {
    /// Answers with a page; `make` is asked for it only where none is kept.
    pub(super) async fn answer<F>(&self, node: &Node, make: impl FnOnce() -> F) -> Response
    where
        F: Future<Output = Result<String>>,
    {
        self.answer_as(HTML, node, make).await
    }

    /// The same for a page that shows how many like and boost something, which `count` finds.
    pub(super) async fn answer_counting<F>(
        &self,
        node: &Node,
        count: impl FnOnce(&mut Conn) -> Result<(i64, i64)> + Send + 'static,
        make: impl FnOnce() -> F,
    ) -> Response
    where
        F: Future<Output = Result<String>>,
    {
        let kept = async {
            let (key, now) = (self.key(HTML), self.pages.changes.until_now(&node.db).await?);
            if let Some(kept) = self.pages.kept.get(&key).filter(|kept| kept.is_known_right(now)) {
                return Ok(kept);
            }
            let stand = Stand { version: now.version, reactions: Box::pin(node.db.read(count)).await? };
            let kept = self.kept(key, stand, make).await?;
            if kept.stand == stand {
                kept.found_right(now);
            }
            Ok(kept)
        };
        self.answer_with(HTML, kept.await).await
    }

    /// Answers with a text of any kind. What is no page is the same for every reader.
    pub(super) async fn answer_as<F>(&self, kind: &'static str, node: &Node, make: impl FnOnce() -> F) -> Response
    where
        F: Future<Output = Result<String>>,
    {
        let kept = async {
            let SiteVersion { version, .. } = self.pages.changes.until_now(&node.db).await?;
            self.kept(self.key(kind), Stand { version, reactions: (0, 0) }, make).await
        };
        self.answer_with(kind, kept.await).await
    }

    /// What stands around every page, of which the database is not asked again until something changes.
    pub(super) async fn frame(&self, node: &Node) -> Result<Frame> {
        let kept = || self.pages.frame.lock().unwrap_or_else(PoisonError::into_inner);
        let SiteVersion { version, .. } = self.pages.changes.until_now(&node.db).await?;
        if let Some((_, frame)) = kept().as_ref().filter(|(at, _)| *at == version) {
            return Ok(frame.clone());
        }
        let reading = node.clone();
        let frame = node.db.read(move |conn| Frame::read(conn, &reading)).await?;
        *kept() = Some((version, frame.clone()));
        Ok(frame)
    }

    async fn answer_with(&self, kind: &'static str, kept: Result<Arc<Kept>>) -> Response {
        let sent = match kept {
            Ok(kept) => self.send(kind, kept).await,
            Err(error) => Err(error),
        };
        sent.unwrap_or_else(|error| error_page(&self.reader, &error))
    }

    /// The same with a text that never changes under its address.
    pub(super) async fn answer_for_ever(&self, kind: &'static str, node: &Node, text: String) -> Response {
        let mut response = self.answer_as(kind, node, || std::future::ready(Ok(text))).await;
        if response.status() == StatusCode::OK || response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
        }
        response
    }

    /// The page at a stand that was read before: what is newer in it does no harm.
    async fn kept<F>(&self, key: String, stand: Stand, make: impl FnOnce() -> F) -> Result<Arc<Kept>>
    where
        F: Future<Output = Result<String>>,
    {
        match self.pages.kept.get(&key) {
            Some(kept) if kept.stand == stand => Ok(kept),
            // In a box, as all that few visits need: the others would carry room for it about.
            before => Box::pin(self.renew(key, stand, before, make)).await,
        }
    }

    /// The page in place of what was kept before: whoever comes first makes it for all.
    async fn renew<F>(
        &self,
        key: String,
        stand: Stand,
        before: Option<Arc<Kept>>,
        make: impl FnOnce() -> F,
    ) -> Result<Arc<Kept>>
    where
        F: Future<Output = Result<String>>,
    {
        let asked = self.pages.turn();
        let making = self.pages.making.get_with_by_ref(&key, Arc::default);
        let at_once = making.try_lock().ok();
        let has_waited = at_once.is_none();
        // Somebody makes it: hundreds of readers of one page wait for one.
        let turn = match at_once {
            Some(turn) => turn,
            None => making.lock().await,
        };
        let found = self.pages.kept.get(&key);
        // What was begun after somebody asked holds all that she may expect, whatever has changed since.
        if let Some(kept) = found.as_ref().filter(|kept| kept.stand == stand || kept.begun > asked) {
            return Ok(Arc::clone(kept));
        }
        // What could not be made or kept, each tries for herself; what is older than her question, one of those who wait makes for the others.
        let begun = |kept: Option<Arc<Kept>>| kept.map(|kept| kept.begun);
        if has_waited && begun(found) == begun(before) {
            drop(turn);
        }
        self.make(key, stand, make()).await
    }

    async fn make(&self, key: String, stand: Stand, make: impl Future<Output = Result<String>>) -> Result<Arc<Kept>> {
        let begun = self.pages.turn();
        let kept = Arc::new(Kept::new(stand, begun, make.await?)?);
        if kept.text.len() <= LONGEST {
            self.pages.kept.insert(key, Arc::clone(&kept));
        }
        Ok(kept)
    }

    /// Under which a text is kept: a page is another in each language.
    fn key(&self, kind: &str) -> String {
        if kind == HTML { format!("{} {}", self.reader.t.tag(), self.target) } else { self.target.clone() }
    }

    async fn send(&self, kind: &'static str, kept: Arc<Kept>) -> Result<Response> {
        let mut response = Response::default();
        *response.headers_mut() = HeaderMap::with_capacity(HEADERS);
        let headers = response.headers_mut();
        headers.insert(ETAG, kept.tag.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(ALWAYS_FRESH));
        let varies = if kind == HTML { self.reader.varies() } else { "Accept-Encoding" };
        headers.insert(VARY, HeaderValue::from_static(varies));
        if self.has.as_ref().is_some_and(|has| matches(has, &kept.tag)) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if kind == HTML {
            headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.reader.t.tag()));
        }
        let coding = if kept.text.len() < WORTH_COMPRESSING { Coding::Plain } else { self.coding };
        if let Some(name) = coding.name() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        *response.body_mut() = Body::from(kept.coded(coding).await?);
        Ok(response)
    }
}

/// Whether a browser has the page already (RFC 9110, section 13.1.2).
pub(super) fn matches(has: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(has), Ok(tag)) = (has.to_str(), tag.to_str()) else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    has.trim() == "*" || has.split(',').any(|item| opaque(item) == opaque(tag))
}

#[cfg(test)]
mod tests;
