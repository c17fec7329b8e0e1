//! What all pages share: the frame around them, and the headers with which they leave.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};

use super::assets;
use super::errors::error_page;
use super::reader::Reader;
use crate::actors;
use crate::error::{Error, Result};
use crate::languages::Texts;
use crate::node::Node;
use crate::storage::Conn;

/// A proxy may keep it and asks each time whether it is still good, so that a withdrawn statement is gone with the next click.
pub(super) const ALWAYS_FRESH: &str = "public, no-cache";
/// What a page depends on besides its address.
pub(super) const VARIES: &str = "Accept, Accept-Encoding, Accept-Language";

/// The frame around a page: whose it is, and for whom. Without a name on pages that are made before we know.
pub(super) struct Site {
    /// The words of the reader's language.
    pub(super) t: Texts,
    reader: Reader,
    /// The union's name.
    pub(super) name: String,
    /// `press@union.example`
    pub(super) handle: String,
    /// Language of the union, and so most likely of its name.
    pub(super) language: String,
}

impl Site {
    /// As it is at this moment: the name may have changed since the server started.
    pub(super) fn read(conn: &mut Conn, node: &Node, reader: &Reader) -> Result<Self> {
        let union = actors::find(conn, &node.identity.union.uri)?.unwrap_or_else(|| node.identity.union.clone());
        Ok(Self {
            name: union.display_name().to_owned(),
            handle: union.handle,
            language: node.config.language.clone(),
            ..Self::nameless(reader)
        })
    }

    /// For pages that say that something went wrong, with the database perhaps.
    pub(super) fn nameless(reader: &Reader) -> Self {
        let (name, handle, language) = (String::new(), String::new(), String::new());
        Self { t: reader.t, reader: reader.clone(), name, handle, language }
    }

    /// A path of ours that leads on in the reader's language.
    pub(super) fn href(&self, path: &str) -> String {
        self.reader.href(path)
    }

    /// The same path further on in its list.
    pub(super) fn turn(&self, path: &str, key: &str, token: &str) -> String {
        self.reader.href(&format!("{path}?{key}={token}"))
    }

    /// Where the style is.
    pub(super) fn stylesheet(&self) -> String {
        assets::stylesheet(self.reader.colour)
    }

    /// Where the source code is: the licence wants it offered to everybody who uses the program over the network.
    #[expect(clippy::unused_self, reason = "templates reach it through the site")]
    pub(super) fn source_code(&self) -> &'static str {
        env!("CARGO_PKG_REPOSITORY")
    }
}

/// A page as text.
///
/// # Errors
/// `Internal` when its template fails.
pub(super) fn write(page: &impl Template) -> Result<String> {
    page.render().map_err(|error| Error::internal(format!("a page could not be written: {error}")))
}

/// A page for one reader alone, as an answer.
pub(super) fn html(reader: &Reader, status: StatusCode, page: &impl Template) -> Response {
    match write(page) {
        Ok(text) => {
            let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (VARY, VARIES), (CACHE_CONTROL, "no-store")];
            (status, headers, text).into_response()
        }
        Err(error) => error_page(reader, &error),
    }
}

/// An address of somebody else, if it is one that a reader can open: never a script or a file.
pub(super) fn web_address(address: &str) -> Option<String> {
    crate::urls::host_of(address).map(|_| address.to_owned())
}
