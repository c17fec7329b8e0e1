//! The pages that say what went wrong, each with one sentence on what to do.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::response::{IntoResponse, Response};

use super::cache::Visit;
use super::head::Head;
use super::mail::veiled;
use super::page::{Site, VARIES};
use super::reader::Reader;
use crate::error::Error;
use crate::node::Node;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    site: Site,
    head: Head,
    title: String,
    what: String,
}

/// The page for something that went wrong. What went wrong inside goes to the log, once, and never to the reader.
pub(super) fn error_page(reader: &Reader, error: &Error) -> Response {
    match error {
        Error::Unavailable(why) => tracing::debug!(%why, "a page could not be served now"),
        Error::Internal(why) => tracing::error!(
            ?why,
            "a page could not be served, for which the program is at fault; report it with this line"
        ),
        _ => {}
    }
    let mut page = answer(reader, error.status(), words(error));
    if let Some(seconds) = error.retry_after() {
        page.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    page
}

/// The page for every address that names nothing.
pub(super) async fn not_found(reader: Reader) -> Response {
    error_page(&reader, &Error::not_found("This page"))
}

/// The same under the union's name, for whoever followed an old link.
pub(super) async fn nothing_here(State(node): State<Node>, visit: Visit) -> Response {
    signed(&node, &visit, not_found(visit.reader.clone()).await).await
}

/// The page for a method that an address does not take.
pub async fn method_not_allowed(reader: Reader) -> Response {
    answer(&reader, StatusCode::METHOD_NOT_ALLOWED, ("error-method", "error-method-why"))
}

/// An answer as it was given; but where it says that something went wrong, it says so under the union's name and with its menu, if the database
/// can be asked for them: whoever finds nothing shall see whose site it is, and go on from there.
pub(super) async fn signed(node: &Node, visit: &Visit, answered: Response) -> Response {
    let Some(wrong) = answered.extensions().get::<Wrong>().filter(|_| is_final(answered.status())).cloned() else {
        return answered;
    };
    match Box::pin(visit.frame(node)).await {
        Ok(frame) => page(Site::in_frame(frame, node, &wrong.reader), answered.status(), wrong),
        Err(_) => answered,
    }
}

/// Whether asking again later gives the same answer. Other pages may be needed most when the database cannot be asked.
fn is_final(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::BAD_REQUEST)
}

/// What went wrong for whom: with an answer, so that it can be [`signed`].
#[derive(Clone)]
struct Wrong {
    reader: Reader,
    /// The keys of a title and a sentence.
    words: (&'static str, &'static str),
}

/// The keys of a title and a sentence.
fn words(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::NotFound(_) => ("error-not-found", "error-not-found-why"),
        Error::Gone(_) => ("error-gone", "error-gone-why"),
        Error::Invalid { .. } | Error::Conflict(_) => ("error-invalid", "error-invalid-why"),
        Error::Unauthorized(_) | Error::Forbidden(_) => ("error-not-allowed", "error-not-allowed-why"),
        Error::TooMany { .. } => ("error-too-many", "error-too-many-why"),
        Error::Unavailable(_) => ("error-unavailable", "error-unavailable-why"),
        Error::Internal(_) => ("error-fault", "error-fault-why"),
    }
}

fn answer(reader: &Reader, status: StatusCode, words: (&'static str, &'static str)) -> Response {
    page(Site::nameless(reader), status, Wrong { reader: reader.clone(), words })
}

fn page(site: Site, status: StatusCode, wrong: Wrong) -> Response {
    let (title, what) = (site.t.say(wrong.words.0), site.t.say(wrong.words.1));
    let bare = format!("<!doctype html><title>{title}</title>");
    // Not by `page::html`, which comes here when a page cannot be written.
    let text = ErrorPage { site, head: Head::nameless(&title), title, what }.render().map_or(bare, veiled);
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (VARY, VARIES), (CACHE_CONTROL, "no-store")];
    (status, headers, Extension(wrong), text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::website::testing::{Site, body};

    #[tokio::test]
    async fn each_error_has_its_status_and_no_inner_text_leaves() {
        let site = Site::new().await;
        let reader = Reader::elsewhere(&site.node, "en");
        for (error, status) in [
            (Error::not_found("SECRET"), 404),
            (Error::Gone("SECRET".to_owned()), 410),
            (Error::invalid("before", "<script>"), 400),
            (Error::Unauthorized("SECRET".to_owned()), 401),
            (Error::Forbidden("SECRET".to_owned()), 403),
            (Error::Conflict("SECRET".to_owned()), 409),
            (Error::TooMany { why: "SECRET".to_owned(), seconds: 7 }, 429),
            (Error::Unavailable("SECRET".to_owned()), 503),
            (Error::internal("SECRET"), 500),
        ] {
            let response = error_page(&reader, &error);
            assert_eq!(response.status().as_u16(), status);
            assert!(response.headers()[VARY].to_str().expect("text").starts_with("Accept"));
            let text = body(response).await;
            assert!(!text.contains("SECRET") && !text.contains("<script>"), "{text}");
        }
    }
}
