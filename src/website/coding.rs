//! How texts travel: as they are, or compressed as the browser takes them.

use std::io::Write;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::{Error, Result};

/// From 0 to 11: what makes a page in a millisecond or two.
const BROTLI_QUALITY: i32 = 5;
/// The window, as a power of two: a mebibyte, which is the longest text that is kept.
const BROTLI_WINDOW: i32 = 20;

/// How a text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl Coding {
    /// The best that a browser takes (RFC 9110, section 12.5.3).
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let accepted: Vec<&str> =
            headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
        let takes = |name| accepted.iter().flat_map(|value| value.split(',')).any(|item| is_taken(item, name));
        match (takes("br"), takes("gzip")) {
            (true, _) => Self::Brotli,
            (_, true) => Self::Gzip,
            _ => Self::Plain,
        }
    }

    /// For `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// A text in this coding.
    ///
    /// # Errors
    /// `Internal` when the encoder fails.
    pub(super) fn encode(self, text: &Bytes) -> Result<Bytes> {
        let coded = match self {
            Self::Plain => return Ok(text.clone()),
            Self::Gzip => gzip(text),
            Self::Brotli => brotli(text),
        };
        coded.map(Bytes::from).map_err(|error| Error::internal(format!("a page could not be compressed: {error}")))
    }
}

fn is_taken(item: &str, name: &str) -> bool {
    let mut parts = item.split(';').map(str::trim);
    let is_named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(name));
    let is_refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
    is_named && !parts.any(is_refused)
}

fn gzip(text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text)?;
    encoder.finish()
}

fn brotli(mut text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut coded = Vec::new();
    let size_hint = text.len();
    let (quality, lgwin) = (BROTLI_QUALITY, BROTLI_WINDOW);
    let params = BrotliEncoderParams { quality, lgwin, size_hint, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut text, &mut coded, &params)?;
    Ok(coded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_best_that_it_takes() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Coding::Brotli),
            ("GZIP", Coding::Gzip),
            ("br;q=0, gzip;q=0.001", Coding::Gzip),
            ("br;q=0.000", Coding::Plain),
            ("brotli, xgzip, identity, *", Coding::Plain),
            ("", Coding::Plain),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, accepted.parse().expect("a value"))]);
            assert_eq!(Coding::wanted(&headers), coding, "{accepted}");
        }
        assert_eq!(Coding::wanted(&HeaderMap::new()), Coding::Plain);
    }
}
