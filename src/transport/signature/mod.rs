//! HTTP signatures: strict about what others send, plain in what we send.
//!
//! Two forms travel the fediverse: draft-cavage-http-signatures-12 and HTTP Message Signatures (RFC 9421). [`read_claim`] checks all
//! that can be checked without the key and gives a [`Claim`]; whoever holds the key then asks [`Claim::verify`]. Whose key it must be
//! is not known here.
//!
//! What a signature must cover, so that it cannot be used for another body, path, server or time:
//!
//! | | draft | RFC 9421 |
//! |---|---|---|
//! | method and path | `(request-target)` | `@method`, and `@target-uri` or all of `@authority`, `@path`, `@query` |
//! | our host | `host` | in `@target-uri` or `@authority` |
//! | the body, where there may be one | `digest` | `content-digest` |
//! | the time | `date` or `(created)` | `created` |

mod cavage;
mod digest;
mod rfc9421;

use http::Uri;
use http::header::{HOST, HeaderMap, HeaderValue};
use url::Url;

use super::{SignatureForm, SigningKey};
use crate::clock::Time;
use crate::crypto::{Algorithm, PublicKey};
use crate::error::{Error, Result};

pub use cavage::sign_cavage;
pub use rfc9421::sign_rfc9421;

/// How far another server's clock may be ahead of ours, in seconds.
const MAX_AHEAD: i64 = 5 * 60;
/// How old a request may be when it arrives: queues of other servers send what they signed a while ago.
const MAX_AGE: i64 = 60 * 60;
/// The longest `Signature` or `Signature-Input` header; an RSA signature of 8,192 bits takes 1.4 KiB.
const MAX_HEADER: usize = 8 * 1024;
const MAX_KEY_ID: usize = 2048;
/// The most parts of a request that a signature may cover.
const MAX_COVERED: usize = 32;

/// Headers that decide what a signature means. Where one comes twice, we and another program on the way (or the signer) could each
/// look at a different one, so the request is malformed. The same holds for every header that a signature covers.
const SINGLE: [&str; 7] = ["signature", "signature-input", "digest", "content-digest", "date", "host", "content-type"];

/// A request that reached us, as its signature sees it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, with the query where there is one, byte for byte as it was asked.
    pub path_and_query: &'a str,
    /// The headers; see [`settle_host`] for HTTP/2.
    pub headers: &'a HeaderMap,
    /// The exact bytes of the body.
    pub body: &'a [u8],
}

impl Request<'_> {
    /// Whether a digest must be there: always, but for a plain question.
    fn needs_digest(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD") || !self.body.is_empty()
    }
}

/// A request of ours that is about to leave.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// The method.
    pub method: &'a str,
    /// Where it goes.
    pub url: &'a Url,
    /// The exact bytes of the body, where there is one.
    pub body: Option<&'a [u8]>,
}

/// Why a signature is no good. The sentences tell another developer what to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It cannot be read, or can be read in two ways: 400.
    #[error("malformed signature: {0}")]
    Malformed(String),
    /// It is missing, too old, covers too little, is meant for another server or does not fit the body: 401.
    #[error("signature refused: {0}")]
    Refused(String),
}

type Checked<T> = std::result::Result<T, SignatureError>;

impl SignatureError {
    /// The status that says so.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::Refused(_) => 401,
        }
    }
}

impl From<SignatureError> for Error {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Malformed(why) => Self::invalid("signature", why),
            SignatureError::Refused(_) => Self::Unauthorized(error.to_string()),
        }
    }
}

fn malformed(why: impl Into<String>) -> SignatureError {
    SignatureError::Malformed(why.into())
}

fn refused(why: impl Into<String>) -> SignatureError {
    SignatureError::Refused(why.into())
}

/// Somebody claims to have signed a request: all is in order but for the signature itself, which only the key can judge.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The id of the key, as the signer wrote it: foreign words.
    pub key_id: String,
    /// Which way it is signed.
    pub form: SignatureForm,
    /// The kind of key that the signer names, where one is named.
    algorithm: Option<Algorithm>,
    message: String,
    signature: Vec<u8>,
}

impl Claim {
    /// Whether this key signed the request. A key of another kind than the signer named did not.
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> bool {
        self.algorithm.is_none_or(|algorithm| algorithm == key.algorithm)
            && key.verifies(self.message.as_bytes(), &self.signature)
    }

    /// What was signed, for whoever must find out why a signature does not hold.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Checks all of a request's signature that can be checked without the key.
///
/// `own_domain` is our own `host[:port]` and `scheme` that of our own addresses: behind a proxy that ends TLS the request itself says
/// neither truly.
///
/// # Errors
/// What is wrong with it.
pub fn read_claim(request: &Request<'_>, own_domain: &str, scheme: &str, now: Time) -> Checked<Claim> {
    for name in SINGLE {
        header(request.headers, name)?;
    }
    let site = Site { scheme, authority: plain_authority(own_domain, scheme) };
    site.check_host(request.headers)?;
    if request.headers.contains_key("signature-input") {
        rfc9421::read(request, &site, now)
    } else {
        cavage::read(request, now)
    }
}

/// Which way a request seems to be signed, where it is; nothing of it is checked.
#[must_use]
pub fn form(headers: &HeaderMap) -> Option<SignatureForm> {
    if headers.contains_key("signature-input") {
        return Some(SignatureForm::Rfc9421);
    }
    headers.contains_key("signature").then_some(SignatureForm::Cavage)
}

/// Puts the host where signatures look for it: HTTP/2 sends it as a part of the target, and so may HTTP/1.1 (RFC 9112, section 3.2.2).
/// Where the `Host` header says something else, both are kept, which [`read_claim`] refuses as a repeated header.
pub fn settle_host(headers: &mut HeaderMap, target: &Uri) {
    let Some(Ok(authority)) = target.authority().map(|authority| HeaderValue::from_str(authority.as_str())) else {
        return;
    };
    if headers.get(HOST) != Some(&authority) {
        headers.append(HOST, authority);
    }
}

/// Our own site, as our addresses name it.
struct Site<'a> {
    scheme: &'a str,
    authority: String,
}

impl Site<'_> {
    fn check_host(&self, headers: &HeaderMap) -> Checked<()> {
        let host = header(headers, "host")?.ok_or_else(|| refused("there is no Host header"))?;
        if plain_authority(host, self.scheme) == self.authority {
            Ok(())
        } else {
            Err(refused("it was made for another host"))
        }
    }
}

/// `host[:port]` in lower case, without the scheme's own port (RFC 9421, section 2.2.3).
fn plain_authority(text: &str, scheme: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    lower.strip_suffix(port).map_or_else(|| lower.clone(), str::to_owned)
}

/// The value of a header that may come once only.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Checked<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(malformed(format!("the header {name} comes more than once")));
    }
    let value = value.to_str().map_err(|_| malformed(format!("the header {name} is not plain text")))?;
    Ok(Some(value.trim()))
}

/// A `Signature` or `Signature-Input` header.
fn signature_header<'a>(headers: &'a HeaderMap, name: &str) -> Checked<&'a str> {
    let value = header(headers, name)?.ok_or_else(|| refused(format!("there is no {name} header")))?;
    if value.len() > MAX_HEADER { Err(malformed(format!("the header {name} is too long"))) } else { Ok(value) }
}

fn check_key_id(key_id: &str) -> Checked<String> {
    match key_id.len() {
        0 => Err(malformed("the key id is empty")),
        1..=MAX_KEY_ID => Ok(key_id.to_owned()),
        _ => Err(malformed("the key id is too long")),
    }
}

/// Refuses a request that is too old or from the future; `at` is in seconds since 1970.
fn check_made(at: i64, now: Time) -> Checked<()> {
    let age = now.and_utc().timestamp().saturating_sub(at);
    if age < -MAX_AHEAD {
        return Err(refused("it was made in the future; is the clock right?"));
    }
    if age > MAX_AGE { Err(refused("it is more than an hour old")) } else { Ok(()) }
}

fn check_expires(at: i64, now: Time) -> Checked<()> {
    if now.and_utc().timestamp() > at { Err(refused("it has expired")) } else { Ok(()) }
}

/// Seconds since 1970 of an HTTP date (RFC 9110, section 5.6.7).
pub(super) fn http_date(text: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// A time as an HTTP date. Not by `httpdate`, which panics on years that a settable clock can reach.
fn to_http_date(time: Time) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn path_and_query(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn header_value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| Error::internal("a signature holds a letter that no header can"))
}

#[cfg(test)]
mod tests;
