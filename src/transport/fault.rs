//! Why a request of ours brought nothing.

use std::error::Error as StdError;
use std::io;

use super::resolver::NotPublic;
use crate::error::Error;

/// The longest foreign words that an error repeats.
const MAX_REASON: usize = 200;

/// Why a request brought nothing. The sentences may be shown to an editor: they hold no key, no password and no full address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address, its port or its scheme is not allowed. Nothing was sent there.
    #[error("not asked: {0}")]
    Refused(String),
    /// The server says that it existed and is no more (410).
    #[error("the server says that it is gone")]
    Gone,
    /// The server does not know it (404).
    #[error("the server does not know it")]
    NotFound,
    /// Any other answer that is no success.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// Not finished within the deadline.
    #[error("the server took too long")]
    Timeout,
    /// No connection, or it broke before the answer was whole.
    #[error("the server could not be reached ({0})")]
    Unreachable(String),
    /// More than we are willing to read, counted after decompression.
    #[error("the answer is too large")]
    TooLarge,
    /// Not the kind of document that was asked for.
    #[error("the answer is of the wrong type ({0})")]
    WrongType(String),
    /// The answer calls itself JSON and is none.
    #[error("the answer is no JSON")]
    NotJson,
    /// The server sends us on and on.
    #[error("the server redirects too often")]
    TooManyRedirects,
    /// Too many questions on others' account, to this server or in all. Nothing was sent there.
    #[error("not asked now: too many questions at once")]
    Busy,
    /// A fault of ours: the request could not be signed.
    #[error("the request could not be signed")]
    Unsigned,
    /// A fault of ours: whether it may be asked could not be told. Nothing was sent there.
    #[error("{0}")]
    Ours(Error),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        if let Some(refusal) = find_refusal(&error) {
            return Self::Refused(refusal);
        }
        if error.is_timeout() {
            return Self::Timeout;
        }
        // The outer layers name the full address, which may hold a secret of whoever gave it to us; the innermost says what failed.
        let mut innermost: &dyn StdError = &error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        let why =
            if innermost.is::<reqwest::Error>() { "the request failed".to_owned() } else { innermost.to_string() };
        Self::Unreachable(shortened(&why))
    }
}

/// The resolver's refusal, which arrives wrapped several times.
fn find_refusal(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(layer) = next {
        // An `io::Error` hides what it wraps from `source`.
        let inside = layer.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let refusal =
            layer.downcast_ref::<NotPublic>().or_else(|| inside.and_then(|inside| inside.downcast_ref::<NotPublic>()));
        if let Some(refusal) = refusal {
            return Some(refusal.to_string());
        }
        next = layer.source();
    }
    None
}

/// Foreign words, cut and without control characters.
pub(super) fn shortened(words: &str) -> String {
    words
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(MAX_REASON)
        .collect::<String>()
        .trim()
        .to_owned()
}
