//! A page that is kept, in each form in which somebody asked for it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::http::HeaderValue;
use bytes::Bytes;

use super::super::coding::Coding;
use crate::crypto;
use crate::error::{Error, Result};
use crate::storage::SiteVersion;

/// What a page was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    /// The number of changes before it was made.
    pub(super) version: i64,
    /// Numbers that this page alone shows, and that change without changing others.
    pub(super) reactions: (i64, i64),
}

/// A page in each form in which somebody asked for it.
pub(super) struct Kept {
    pub(super) stand: Stand,
    /// The turn in which its making began.
    pub(super) begun: u64,
    pub(super) tag: HeaderValue,
    pub(super) text: Bytes,
    /// The number of all reactions at which those on this page were still right.
    looked: AtomicI64,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Kept {
    pub(super) fn new(stand: Stand, begun: u64, text: String) -> Result<Self> {
        let hash = crypto::base64(&crypto::sha256(text.as_bytes())[..12]);
        // Weak, since the same page travels in several codings (RFC 9110, section 8.8.3.3).
        let tag = HeaderValue::try_from(format!("W/\"{hash}\"")).map_err(Error::internal)?;
        let looked = AtomicI64::new(-1);
        Ok(Self { stand, begun, tag, text: text.into(), looked, brotli: OnceLock::new(), gzip: OnceLock::new() })
    }

    /// Whether nothing has changed since somebody looked, neither on pages nor in any reaction.
    pub(super) fn is_known_right(&self, now: SiteVersion) -> bool {
        self.stand.version == now.version && self.looked.load(Ordering::Acquire) == now.reactions
    }

    /// Remembers that the reactions on this page were looked at when all of them had that number, or later.
    pub(super) fn found_right(&self, now: SiteVersion) {
        self.looked.fetch_max(now.reactions, Ordering::AcqRel);
    }

    /// The text in a coding, which is made on a thread of its own at the first time.
    pub(super) async fn coded(self: Arc<Self>, coding: Coding) -> Result<Bytes> {
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
