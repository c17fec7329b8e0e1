//! Pictures and documents, as they lie in the media folder: those only that a published statement or the profile shows.

use std::io;
use std::path::Path;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures::stream::{Stream, try_unfold};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::Named;
use super::cache::matches;
use super::errors::{error_page, not_found};
use super::reader::Reader;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::storage::Conn;
use crate::{media, profile, statements};

/// What a browser may show as a picture. Anything else leaves as bytes, which no browser runs.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const BYTES: &str = "application/octet-stream";
/// A document opened by a browser reaches nothing of ours, whatever a reader of documents would do with it.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// Bytes of the name under which a document is kept by whoever loads it: file systems take 255, the ending among them.
const LONGEST_NAME: usize = 200;
/// What stands under a name never changes, but may be withdrawn: whoever keeps a copy for others asks after a day whether it is still shown. So a
/// withdrawn picture is gone from proxies a day later, and until then a crowd of readers costs us one request for each of them.
const FOR_A_DAY: &str = "public, max-age=86400";
/// What is read of a file at a time.
const PIECE: usize = 64 * 1024;

pub(super) async fn file(State(node): State<Node>, reader: Reader, named: Named, headers: HeaderMap) -> Response {
    match named {
        Ok(name) if media::is_safe_name(&name) => {
            let has = headers.get(IF_NONE_MATCH);
            show(&node, name.0, has).await.unwrap_or_else(|error| error_page(&reader, &error))
        }
        _ => not_found(reader).await,
    }
}

async fn show(node: &Node, name: String, has: Option<&HeaderValue>) -> Result<Response> {
    let path = node.config.media_dir().join(&name);
    let tag = HeaderValue::try_from(format!("\"{name}\"")).map_err(Error::internal)?;
    let kind = node.db.read(move |conn| kind(conn, &name)).await?;
    if has.is_some_and(|has| matches(has, &tag)) {
        let headers = [(ETAG, tag), (CACHE_CONTROL, HeaderValue::from_static(FOR_A_DAY))];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let file = File::open(&path).await.map_err(|error| unreadable(&path, &error))?;
    let length = file.metadata().await.map_err(|error| unreadable(&path, &error))?.len();
    let mut headers = kind.headers()?;
    headers.insert(ETAG, tag);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_A_DAY));
    headers.insert(CONTENT_LENGTH, length.into());
    Ok((headers, Body::from_stream(pieces(file))).into_response())
}

/// What a file is.
enum Kind {
    /// With its media type.
    Picture(String),
    /// With its title.
    Document(String),
}

/// What kind of file it is, if the public may see it: our profile or a published statement shows it, whole or in another size.
fn kind(conn: &mut Conn, file: &str) -> Result<Kind> {
    if let Some(document) = statements::published_document(conn, file)? {
        return Ok(Kind::Document(document.title));
    }
    let file = &media::whole_name(file);
    match profile::published_picture(conn, file)? {
        Some(media_type) => Ok(Kind::Picture(media_type)),
        None => Ok(Kind::Picture(statements::published_picture(conn, file)?.media_type)),
    }
}

impl Kind {
    fn headers(&self) -> Result<HeaderMap> {
        let header = |name: HeaderName, value: &'static str| (name, HeaderValue::from_static(value));
        match self {
            Self::Picture(media_type) => {
                let kind = PICTURES.into_iter().find(|kind| kind == media_type).unwrap_or(BYTES);
                Ok(HeaderMap::from_iter([header(CONTENT_TYPE, kind)]))
            }
            Self::Document(title) => {
                let name = HeaderValue::try_from(disposition(title)).map_err(Error::internal)?;
                let fixed = [header(CONTENT_TYPE, media::PDF), header(CONTENT_SECURITY_POLICY, SANDBOX)];
                Ok(fixed.into_iter().chain([(CONTENT_DISPOSITION, name)]).collect())
            }
        }
    }
}

/// A document is kept rather than shown, under its title: once in any script, once for those who know only the oldest letters
/// (RFC 6266, appendix D).
fn disposition(title: &str) -> String {
    // Signs that turn the writing direction can make an ending look like another.
    let turns =
        |c: char| matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_told = |c: &char| !c.is_control() && !turns(*c) && !"/\\:*?\"<>|%".contains(*c);
    let name: String = title.chars().filter(is_told).collect();
    let name = Some(name[..name.floor_char_boundary(LONGEST_NAME)].trim().trim_matches('.'))
        .filter(|name| !name.is_empty())
        .unwrap_or("document");
    let plain: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}.pdf\"; filename*=UTF-8''{encoded}.pdf")
}

/// A file as it is read: many slow readers of large pictures must not hold them all in memory.
fn pieces(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = file.read_buf(&mut piece).await?;
        Ok((read > 0).then(|| (piece.freeze(), file)))
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::not_found("This file"),
        _ => Error::internal(format!("{}: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::super::testing::{Site, statement};
    use super::disposition;
    use crate::statements::{NewStatement, Picture, State};

    fn with_picture(file: &str) -> NewStatement {
        let picture = Picture {
            file: file.to_owned(),
            media_type: "image/png".to_owned(),
            width: 1,
            height: 1,
            blurhash: String::new(),
            alt: "Cranes <at> \"dawn\"".to_owned(),
            caption: None,
            credit: None,
            sensitive: false,
            sizes: String::new(),
            focus_x: 0,
            focus_y: 0,
        };
        NewStatement { pictures: vec![picture], ..statement("en", "One", "<p>x</p>") }
    }

    #[test]
    fn a_document_is_kept_under_its_title_in_any_script() {
        for (title, told) in [
            ("Open letter", "attachment; filename=\"Open letter.pdf\"; filename*=UTF-8''Open%20letter.pdf"),
            ("şı/..\r\n\"a%41", "attachment; filename=\"__..a41.pdf\"; filename*=UTF-8''%C5%9F%C4%B1%2E%2Ea41.pdf"),
            ("../", "attachment; filename=\"document.pdf\"; filename*=UTF-8''document.pdf"),
        ] {
            assert_eq!(disposition(title), told);
        }
        assert!(disposition("letter\u{202E}fdp.exe").contains("letterfdp.exe"));
        let long = disposition(&"ş".repeat(300));
        assert!(
            long.ends_with(&format!("{}.pdf", "%C5%9F".repeat(100))) && !long.contains(&"%C5%9F".repeat(101)),
            "{long}"
        );
    }

    #[tokio::test]
    async fn a_picture_is_served_only_once_its_statement_is_public() {
        let site = Site::new().await;
        for file in ["shown.png", "shownw480.png", "later.png", "loose.png", "loosew480.png"] {
            std::fs::write(site.node.config.media_dir().join(file), b"PNG").expect("a file");
        }
        site.publish("one", "2026-05-01", with_picture("shown.png")).await;
        site.insert("later", "2099-05-01", State::Scheduled, with_picture("later.png")).await;
        site.publish("lost", "2026-05-01", with_picture("lost.png")).await;
        let shown = site.ask(Request::get("/media/shown.png").body(Body::empty()).expect("a request")).await;
        assert_eq!(shown.status(), 200);
        assert_eq!(shown.headers()["content-type"], "image/png");
        assert_eq!(shown.headers()["x-content-type-options"], "nosniff");
        assert_eq!(shown.headers()["cache-control"], "public, max-age=86400", "it may be withdrawn");
        let again = Request::get("/media/shown.png").header("if-none-match", &shown.headers()["etag"]);
        assert_eq!(site.ask(again.body(Body::empty()).expect("a request")).await.status(), 304);
        let other = Request::get("/media/loose.png").header("if-none-match", "\"loose.png\"");
        assert_eq!(site.ask(other.body(Body::empty()).expect("a request")).await.status(), 404, "nobody learns of it");
        assert_eq!(site.get("/media/shownw480.png").await.0, 200);
        for address in [
            "/media/shownw960.png",
            "/media/loosew480.png",
            "/media/later.png",
            "/media/loose.png",
            "/media/lost.png",
            "/media/..%2Fpicket.sqlite",
            "/media/.shown.png",
        ] {
            assert_eq!(site.get(address).await.0, 404, "{address}");
        }
        assert!(site.get("/statements/one").await.1.contains("alt=\"Cranes &#60;at&#62; &#34;dawn&#34;\""));
    }
}
