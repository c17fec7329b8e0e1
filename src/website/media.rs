//! Pictures, as they lie in the media folder: those only that a published statement shows.

use std::path::Path;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Named;
use super::assets::FOR_EVER;
use super::errors::{error_page, not_found};
use crate::error::{Error, Result};
use crate::node::Node;
use crate::statements;

/// What a browser may show as a picture. Anything else leaves as bytes, which no browser runs.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const BYTES: &str = "application/octet-stream";
const LONGEST_NAME: usize = 80;

pub(super) async fn file(State(node): State<Node>, named: Named) -> Response {
    match named {
        Ok(name) if is_safe_name(&name) => show(&node, name.0).await.unwrap_or_else(|error| error_page(&error)),
        _ => not_found().await,
    }
}

async fn show(node: &Node, name: String) -> Result<Response> {
    let path = node.config.media_dir().join(&name);
    let picture = node.db.read(move |conn| statements::published_picture(conn, &name)).await?;
    let bytes = tokio::task::spawn_blocking(move || read(&path)).await.map_err(Error::internal)??;
    let kind = PICTURES.into_iter().find(|kind| *kind == picture.media_type).unwrap_or(BYTES);
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(kind)), (CACHE_CONTROL, HeaderValue::from_static(FOR_EVER))];
    Ok((headers, bytes).into_response())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::not_found("This picture"),
        _ => Error::internal(format!("{}: {error}", path.display())),
    })
}

/// Letters, digits, `-` and `_` with one dot between them: no way out of the folder, on any system.
fn is_safe_name(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    name.len() <= LONGEST_NAME && name.split_once('.').is_some_and(|(stem, ending)| plain(stem) && plain(ending))
}

#[cfg(test)]
mod tests {
    use super::is_safe_name;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert!(is_safe_name("0f3c9a.jpg"));
        for name in ["", ".", "..", "../x.jpg", "a/b.jpg", "a\\b.jpg", ".jpg", "x.", "x", "a..jpg", "a\0.jpg", "a.jpg.exe", "C:x.jpg", "é.jpg"] {
            assert!(!is_safe_name(name), "{name:?}");
        }
    }
}
