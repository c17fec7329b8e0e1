//! Pages as they leave: made once for as long as nothing that pages show has changed (however many ask at that moment), compressed once, and
//! not sent again to whoever has them.
//!
//! The database counts the changes itself (`storage::site_version`), so that a page from before a withdrawal is never served after it,
//! whichever process withdrew. Memory is bounded; what is asked for seldom goes first.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::sync::Cache;
use tokio::sync::Mutex;

use super::assets::FOR_EVER;
use super::coding::Coding;
use super::errors::error_page;
use super::page::ALWAYS_FRESH;
use super::reader::Reader;
use crate::crypto;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::storage::{self, Conn};

/// What all kept pages may take.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// What a page takes besides its text: its forms, its key, its place.
const OVERHEAD: usize = 1024;
/// A longer text is not kept.
const LONGEST: usize = 1024 * 1024;
/// Of so many pages at once is known that somebody is making them.
const MOST_MAKING: u64 = 1_000;
/// Shorter texts gain nothing from compression.
const WORTH_COMPRESSING: usize = 1024;

const HTML: &str = "text/html; charset=utf-8";

/// The pages that are kept, for all who ask. Cheap to clone.
#[derive(Clone)]
pub struct Pages {
    kept: Cache<String, Arc<Kept>>,
    /// Held by whoever makes a page.
    making: Cache<String, Arc<Mutex<()>>>,
    /// Counts who asks and what is begun, in their order.
    turns: Arc<AtomicU64>,
}

impl Default for Pages {
    fn default() -> Self {
        let weight = |key: &String, kept: &Arc<Kept>| {
            u32::try_from(key.len() + kept.text.len() * 3 / 2 + OVERHEAD).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().weigher(weight).max_capacity(MOST_BYTES).build();
        Self { kept, making: Cache::new(MOST_MAKING), turns: Arc::default() }
    }
}

impl Pages {
    fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::SeqCst)
    }
}

/// What a page was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stand {
    /// The number of changes before it was made.
    version: i64,
    /// Numbers that this page alone shows, and that change without changing others.
    reactions: (i64, i64),
}

/// A page in each form in which somebody asked for it.
struct Kept {
    stand: Stand,
    /// The turn in which its making began.
    begun: u64,
    tag: HeaderValue,
    text: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

/// Somebody asking for a page.
pub struct Visit {
    pub(super) reader: Reader,
    pages: Pages,
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
            pages: parts.extensions.get::<Pages>().cloned().unwrap_or_default(),
            coding: Coding::wanted(&parts.headers),
            has: parts.headers.get(IF_NONE_MATCH).cloned(),
            reader,
        })
    }
}

impl Visit {
    /// Answers with a page; `make` is asked for it only where none is kept.
    pub(super) async fn answer(&self, node: &Node, make: impl Future<Output = Result<String>>) -> Response {
        self.answer_as(HTML, node, make).await
    }

    /// The same for a page that shows how many like and boost something, which `count` finds.
    pub(super) async fn answer_counting(
        &self,
        node: &Node,
        count: impl FnOnce(&mut Conn) -> Result<(i64, i64)> + Send + 'static,
        make: impl Future<Output = Result<String>>,
    ) -> Response {
        let read = move |conn: &mut Conn| Ok(Stand { reactions: count(conn)?, ..stand(conn)? });
        self.answer_at(HTML, node.db.read(read).await, make).await
    }

    /// Answers with a text of any kind. What is no page is the same for every reader.
    pub(super) async fn answer_as(
        &self,
        kind: &'static str,
        node: &Node,
        make: impl Future<Output = Result<String>>,
    ) -> Response {
        self.answer_at(kind, node.db.read(stand).await, make).await
    }

    async fn answer_at(
        &self,
        kind: &'static str,
        stand: Result<Stand>,
        make: impl Future<Output = Result<String>>,
    ) -> Response {
        let kept = match stand {
            Ok(stand) => self.kept(kind, stand, make).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(kept) => self.send(kind, kept).await.unwrap_or_else(|error| error_page(&self.reader, &error)),
            Err(error) => error_page(&self.reader, &error),
        }
    }

    /// The same with a text that never changes under its address.
    pub(super) async fn answer_for_ever(&self, kind: &'static str, node: &Node, text: String) -> Response {
        let mut response = self.answer_as(kind, node, std::future::ready(Ok(text))).await;
        if response.status() == StatusCode::OK || response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
        }
        response
    }

    /// The page at a stand that was read before: what is newer in it does no harm.
    async fn kept(
        &self,
        kind: &'static str,
        stand: Stand,
        make: impl Future<Output = Result<String>>,
    ) -> Result<Arc<Kept>> {
        let key = self.key(kind);
        let find = || self.pages.kept.get(&key);
        let (before, asked) = (find(), self.pages.turn());
        if let Some(kept) = before.as_ref().filter(|kept| kept.stand == stand) {
            return Ok(Arc::clone(kept));
        }
        let making = self.pages.making.get_with_by_ref(&key, Arc::default);
        let at_once = making.try_lock().ok();
        let has_waited = at_once.is_none();
        // Somebody makes it: hundreds of readers of one page wait for one.
        let turn = match at_once {
            Some(turn) => turn,
            None => making.lock().await,
        };
        let found = find();
        // What was begun after somebody asked holds all that she may expect, whatever has changed since.
        if let Some(kept) = found.as_ref().filter(|kept| kept.stand == stand || kept.begun > asked) {
            return Ok(Arc::clone(kept));
        }
        // What could not be made or kept, each tries for herself; what is older than her question, one of those who wait makes for the others.
        let begun = |kept: Option<Arc<Kept>>| kept.map(|kept| kept.begun);
        if has_waited && begun(found) == begun(before) {
            drop(turn);
        }
        self.make(key, stand, make).await
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
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, kept.tag.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(ALWAYS_FRESH));
        let varies = if kind == HTML { self.reader.varies() } else { "Accept-Encoding" };
        headers.insert(VARY, HeaderValue::from_static(varies));
        if self.has.as_ref().is_some_and(|has| matches(has, &kept.tag)) {
            return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if kind == HTML {
            headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(self.reader.t.tag()));
        }
        let coding = if kept.text.len() < WORTH_COMPRESSING { Coding::Plain } else { self.coding };
        if let Some(name) = coding.name() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        Ok((headers, kept.coded(coding).await?).into_response())
    }
}

impl Kept {
    fn new(stand: Stand, begun: u64, text: String) -> Result<Self> {
        let hash = crypto::base64(&crypto::sha256(text.as_bytes())[..12]);
        // Weak, since the same page travels in several codings (RFC 9110, section 8.8.3.3).
        let tag = HeaderValue::try_from(format!("W/\"{hash}\"")).map_err(Error::internal)?;
        Ok(Self { stand, begun, tag, text: text.into(), brotli: OnceLock::new(), gzip: OnceLock::new() })
    }

    /// The text in a coding, which is made on a thread of its own at the first time.
    async fn coded(self: Arc<Self>, coding: Coding) -> Result<Bytes> {
        let known = match coding {
            Coding::Plain => Some(&self.text),
            Coding::Gzip => self.gzip.get(),
            Coding::Brotli => self.brotli.get(),
        };
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let make = move || {
            let made = coding.encode(&self.text)?;
            let place = if coding == Coding::Brotli { &self.brotli } else { &self.gzip };
            Ok(place.get_or_init(|| made).clone())
        };
        tokio::task::spawn_blocking(make).await.map_err(Error::internal)?
    }
}

/// How often what pages show has changed until now.
fn stand(conn: &mut Conn) -> Result<Stand> {
    Ok(Stand { version: storage::site_version(conn)?, reactions: (0, 0) })
}

/// Whether a browser has the page already (RFC 9110, section 13.1.2).
pub(super) fn matches(has: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(has), Ok(tag)) = (has.to_str(), tag.to_str()) else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    has.trim() == "*" || has.split(',').any(|item| opaque(item) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use axum::http::Request;

    use super::super::testing::Site;
    use super::*;

    async fn visit(site: &Site, pages: &Pages) -> Visit {
        let request = Request::get("/page").header("accept-language", "en").extension(pages.clone());
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, &site.node).await;
        visit
    }

    #[tokio::test]
    async fn many_who_ask_at_once_have_a_page_made_once() {
        let (site, pages) = (Site::new().await, Pages::default());
        let made = Cell::new(0);
        let ask = || async {
            let make = async {
                made.set(made.get() + 1);
                tokio::task::yield_now().await;
                Ok("text".to_owned())
            };
            visit(&site, &pages).await.answer(&site.node, make).await.status()
        };
        let answers = futures::future::join_all((0..50).map(|_| ask())).await;
        assert!(answers.iter().all(|status| *status == StatusCode::OK));
        assert_eq!(made.get(), 1);
    }

    #[tokio::test]
    async fn those_who_wait_while_something_changes_share_one_newer_page() {
        let (site, pages) = (Site::new().await, Pages::default());
        let (made, changes) = (Cell::new(0), Cell::new(0));
        let ask = |number: i64| {
            let (site, pages, made, changes) = (&site, &pages, &made, &changes);
            async move {
                changes.set(number);
                let make = async {
                    let shown = changes.get();
                    made.set(made.get() + 1);
                    // As long as making takes, more ask, each of whom knows of another like.
                    for _ in 0..1_000 {
                        tokio::task::yield_now().await;
                    }
                    Ok(shown.to_string())
                };
                let visit = visit(site, pages).await;
                let stand = Stand { version: 0, reactions: (number, 0) };
                let kept = visit.kept(HTML, stand, make).await.expect("a page");
                let shown: i64 = std::str::from_utf8(&kept.text).expect("text").parse().expect("a number");
                assert!(shown >= number, "{shown} shown to whoever knows of {number}");
            }
        };
        futures::future::join_all((0..50).map(ask)).await;
        assert_eq!(made.get(), 2, "once for the first, once for all who came while it was made");
    }

    #[tokio::test]
    async fn what_could_not_be_made_is_made_by_the_next() {
        let (site, pages) = (Site::new().await, Pages::default());
        for (made, status) in [(None, 404), (None, 404), (Some("text"), 200), (None, 200)] {
            let make = async move { made.map(str::to_owned).ok_or_else(|| Error::not_found("This page")) };
            assert_eq!(visit(&site, &pages).await.answer(&site.node, make).await.status(), status);
        }
    }

    #[tokio::test]
    async fn a_page_is_made_once_for_each_language_and_any_other_text_once_for_all() {
        let (site, pages) = (Site::new().await, Pages::default());
        for (kind, times) in [(HTML, 2), ("application/atom+xml", 1), ("text/css; charset=utf-8", 1)] {
            let made = Cell::new(0);
            for language in ["en", "fa", "en"] {
                let request = Request::get(format!("/{}", kind.len()));
                let request = request.header("accept-language", language).extension(pages.clone());
                let (mut parts, ()) = request.body(()).expect("a request").into_parts();
                let Ok(visit) = Visit::from_request_parts(&mut parts, &site.node).await;
                let make = async {
                    made.set(made.get() + 1);
                    Ok("text".to_owned())
                };
                let answer = visit.answer_as(kind, &site.node, make).await;
                assert_eq!(answer.headers().get("content-language").is_some(), kind == HTML, "{kind}");
                assert_eq!(answer.headers()["vary"] == "Accept-Encoding", kind != HTML, "{kind}");
            }
            assert_eq!(made.get(), times, "{kind}");
        }
    }
}
