//! What hardly changes: the style, the little picture in browser tabs, and what robots may read.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};

use super::Named;
use super::cache::Visit;
use super::colour::{self, Colour};
use super::errors::{error_page, not_found};
use super::reader::Reader;
use super::sizes::smallest;
use crate::node::Node;
use crate::profile;

/// Kept for a year: whatever has this answer never changes under its name.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For what may change at any time, and is seldom asked for anew.
pub(super) const FOR_AN_HOUR: &str = "public, max-age=3600";

const STYLE: &str = include_str!("assets/style.css");

static STYLE_HASH: LazyLock<u64> = LazyLock::new(|| hash_on(0xcbf2_9ce4_8422_2325, STYLE));

/// FNV-1a: names a version, protects nothing.
fn hash_on(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Where the style in a union's colour is. The name carries a hash of the content, so that a new version has a new name and the old may
/// be cached for ever.
pub(super) fn stylesheet(colour: Colour) -> String {
    format!("/assets/style-{:016x}.css", hash_on(*STYLE_HASH, &colour::rules(colour)))
}

pub(super) async fn file(State(node): State<Node>, visit: Visit, named: Named) -> Response {
    let colour = visit.reader.colour;
    match named {
        Ok(name) if stylesheet(colour).strip_prefix("/assets/") == Some(name.as_str()) => {
            visit.answer_for_ever("text/css; charset=utf-8", &node, [&colour::rules(colour), STYLE].concat()).await
        }
        _ => not_found(visit.reader).await,
    }
}

/// The little picture in browser tabs: the union's own where it has one, else a square in its colour.
pub(super) async fn favicon(State(node): State<Node>, reader: Reader) -> Response {
    let union = node.identity.union.uri.clone();
    let icon = match node.db.read(move |conn| Ok(profile::read(conn, &union)?.icon)).await {
        Ok(icon) => icon,
        Err(error) => return error_page(&reader, &error),
    };
    let cached = (CACHE_CONTROL, FOR_AN_HOUR.to_owned());
    if let Some(icon) = icon {
        let address = reader.file(&smallest(&icon.file, &icon.sizes));
        return (StatusCode::FOUND, [cached, (LOCATION, address)]).into_response();
    }
    let square = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><path fill=\"{}\" d=\"M0 0h1v1H0z\"/></svg>",
        reader.colour
    );
    ([cached, (CONTENT_TYPE, "image/svg+xml".to_owned())], square).into_response()
}

pub(super) async fn robots(State(node): State<Node>) -> Response {
    let text = format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", node.urls.at("/sitemap.xml"));
    ([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, FOR_AN_HOUR)], text).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::super::testing::{Site, body};

    fn address_of_style(page: &str) -> &str {
        page.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a style")
    }

    #[tokio::test]
    async fn the_style_is_in_the_unions_colour_compressed_and_kept_for_ever() {
        let site = Site::new().await;
        let (_, page) = site.get("/nothing/here").await;
        let ask = |coding: &'static str| {
            let request = Request::get(address_of_style(&page)).header("accept-encoding", coding);
            site.ask(request.body(Body::empty()).expect("a request"))
        };
        let coded = ask("br").await;
        assert_eq!(coded.headers()["content-encoding"], "br");
        assert_eq!(coded.headers()["cache-control"], super::FOR_EVER);
        assert_eq!(coded.headers()["vary"], "Accept-Encoding");
        assert!(coded.headers().get("content-language").is_none(), "a style is in no language");
        let plain = body(ask("identity").await).await;
        assert!(plain.contains(":root{--accent:#a8201a}"), "{plain}");
        assert_eq!(site.get("/assets/style-0000000000000000.css").await.0, 404);
    }

    #[tokio::test]
    async fn a_union_without_a_picture_has_a_square_in_its_colour() {
        let site = Site::new().await;
        let (status, square) = site.get("/favicon.ico").await;
        assert_eq!(status, 200);
        assert!(square.contains("fill=\"#a8201a\""), "{square}");
    }
}
