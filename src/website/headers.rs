//! What every answer tells the browser to refuse.

use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};

/// Nothing but our own pictures and style, no scripts at all, no frames. A form may lead anywhere by https, since following ends at the
/// visitor's own server.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self' https:; base-uri 'none'; \
                      frame-ancestors 'none'";
/// In trials without TLS the visitor's own server speaks http.
const INSECURE_POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self' https: http:; base-uri 'none'; \
                               frame-ancestors 'none'";

/// Adds them to an answer. A page that sets a header of these itself keeps it. In trials without TLS (`insecure`) forms may lead to http.
///
/// Readers leave for other sites without saying from which page (`same-origin`): where such a page is watched, that protects them. Forms
/// of our own still carry their origin.
pub fn set_security_headers(headers: &mut HeaderMap, insecure: bool) {
    let policy = if insecure { INSECURE_POLICY } else { POLICY };
    for (name, value) in
        [(CONTENT_SECURITY_POLICY, policy), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "same-origin")]
    {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
