//! The pages that say what went wrong, each with one sentence on what to do.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::response::{IntoResponse, Response};

use super::page::Site;
use crate::error::Error;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    site: Site,
    title: &'static str,
    what: String,
}

/// The page for something that went wrong. Text about faults of ours goes to the log, once, and never to the reader.
pub fn error_page(error: &Error) -> Response {
    let (status, title) = meaning(error);
    let what = match error {
        Error::NotFound(_) => {
            "There is nothing at this address. It may be mistyped, or what was here has another address now.".to_owned()
        }
        Error::Gone(what) => format!("{what} was withdrawn by those who published it."),
        Error::Invalid { why, .. } | Error::Unauthorized(why) | Error::Forbidden(why) | Error::Conflict(why) => {
            sentence(why)
        }
        Error::TooMany { .. } => "Too many ask for this at the moment. Please try again in a minute.".to_owned(),
        Error::Unavailable(why) => {
            tracing::debug!(%why, "a page could not be served now");
            "This cannot be shown at the moment. Please try again in a minute.".to_owned()
        }
        Error::Internal(why) => {
            tracing::error!(?why, "a page could not be served");
            "A fault of this site kept the page from you. It was noted; please try again later.".to_owned()
        }
    };
    let mut page = answer(status, title, what);
    if let Some(seconds) = error.retry_after() {
        page.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    page
}

/// The page for every address that names nothing.
pub async fn not_found() -> Response {
    error_page(&Error::not_found("This page"))
}

/// The page for a method that an address does not take.
pub async fn method_not_allowed() -> Response {
    let what = "This address can be read, but not with the kind of request that was sent.".to_owned();
    answer(StatusCode::METHOD_NOT_ALLOWED, "Not possible here", what)
}

fn meaning(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "Not found"),
        Error::Gone(_) => (StatusCode::GONE, "Withdrawn"),
        Error::Invalid { .. } => (StatusCode::BAD_REQUEST, "Not understood"),
        Error::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "Not known"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "Not allowed"),
        Error::Conflict(_) => (StatusCode::CONFLICT, "Not possible now"),
        Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "Too many at once"),
        Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "Not available now"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "A fault"),
    }
}

/// Errors are written to follow a colon; here each stands alone.
fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut whole: String = first.into_iter().flatten().chain(letters).collect();
    if !whole.ends_with(['.', '!', '?']) {
        whole.push('.');
    }
    whole
}

fn answer(status: StatusCode, title: &'static str, what: String) -> Response {
    let page = ErrorPage { site: Site::default(), title, what };
    // Not by `page::html`, which comes here when a page cannot be written.
    let text = page.render().unwrap_or_else(|_| format!("<!doctype html><title>{title}</title>"));
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (VARY, "Accept"), (CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::website::testing::body;

    #[tokio::test]
    async fn each_error_has_its_status_and_no_inner_text_leaves() {
        for (error, status) in [
            (Error::not_found("x"), 404),
            (Error::Gone("This statement".to_owned()), 410),
            (Error::invalid("before", "<script>"), 400),
            (Error::Unauthorized("x".to_owned()), 401),
            (Error::Forbidden("x".to_owned()), 403),
            (Error::Conflict("x".to_owned()), 409),
            (Error::TooMany { why: "SECRET".to_owned(), seconds: 7 }, 429),
            (Error::Unavailable("SECRET".to_owned()), 503),
            (Error::internal("SECRET"), 500),
        ] {
            let response = error_page(&error);
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers()[VARY], "Accept");
            let text = body(response).await;
            assert!(!text.contains("SECRET") && !text.contains("<script>"), "{text}");
        }
    }

    #[test]
    fn a_reason_becomes_a_sentence() {
        assert_eq!(sentence("çok uzun"), "Çok uzun.");
        assert_eq!(sentence("Done."), "Done.");
    }
}
