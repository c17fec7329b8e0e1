//! What is the same for every node: the style, and what robots may read.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Named;
use super::errors::not_found;
use super::reader::Reader;

/// Kept for a year: whatever has this answer never changes under its name.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";

const STYLE: &str = include_str!("assets/style.css");
const ROBOTS: &str = "User-agent: *\nAllow: /\nDisallow: /follow\n";

/// The name carries a hash of the content, so that a new version has a new name and the old may be cached for ever.
static STYLESHEET: LazyLock<String> = LazyLock::new(|| format!("/assets/style-{:016x}.css", hash(STYLE)));

/// FNV-1a: names a version, protects nothing.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Where the style is.
pub(super) fn stylesheet() -> &'static str {
    &STYLESHEET
}

pub(super) async fn file(reader: Reader, named: Named) -> Response {
    let Ok(name) = named else { return not_found(reader).await };
    if STYLESHEET.strip_prefix("/assets/") != Some(name.as_str()) {
        return not_found(reader).await;
    }
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOR_EVER)], STYLE).into_response()
}

pub(super) async fn robots() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")], ROBOTS).into_response()
}
