//! What all pages share: the frame around them, and how they leave.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};

use super::assets;
use super::errors::error_page;
use super::mail::veiled;
use super::reader::{Choice, Reader};
use super::sizes::smallest;
use crate::error::{Error, Result};
use crate::languages::{self, Texts};
use crate::node::Node;
use crate::profile::{self, Profile};
use crate::site::{self, MenuEntry, Settings};
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
    /// The union's picture or logo, on our own pages.
    pub(super) icon: Option<String>,
    /// The same whole, as a whole address.
    pub(super) icon_address: Option<String>,
    /// Pages that the union wrote, as its menu has them.
    pub(super) menu: Vec<Link>,
    pub(super) settings: Settings,
}

/// What the frame around every page needs of the database.
#[derive(Clone)]
pub(super) struct Frame {
    profile: Profile,
    menu: Vec<MenuEntry>,
    settings: Settings,
}

impl Frame {
    pub(super) fn read(conn: &mut Conn, node: &Node) -> Result<Self> {
        let profile = profile::read(conn, &node.identity.union.uri)?;
        Ok(Self { profile, menu: site::menu(conn)?, settings: site::settings(conn)? })
    }
}

/// A link of the menu.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) path: String,
    pub(super) title: String,
    /// Language of the title.
    pub(super) language: String,
}

impl Site {
    /// As it is at this moment: all of it may have changed since the server started.
    pub(super) fn read(conn: &mut Conn, node: &Node, reader: &Reader) -> Result<Self> {
        Ok(Self::in_frame(Frame::read(conn, node)?, node, reader))
    }

    /// The same for a page that shows more of the profile.
    pub(super) fn of(conn: &mut Conn, node: &Node, reader: &Reader, profile: &Profile) -> Result<Self> {
        let frame = Frame { profile: profile.clone(), menu: site::menu(conn)?, settings: site::settings(conn)? };
        Ok(Self::in_frame(frame, node, reader))
    }

    /// The same where all of that is known.
    pub(super) fn in_frame(frame: Frame, node: &Node, reader: &Reader) -> Self {
        let Frame { profile, menu: entries, settings } = frame;
        Self {
            name: profile.union.display_name().to_owned(),
            handle: profile.union.handle.clone(),
            language: node.config.language.clone(),
            icon: profile.icon.as_ref().map(|icon| reader.file(&smallest(&icon.file, &icon.sizes))),
            icon_address: profile.icon.as_ref().map(|icon| reader.urls().media(&icon.file)),
            menu: menu(entries, reader, &node.config.language),
            settings,
            ..Self::nameless(reader)
        }
    }

    /// For pages that say that something went wrong, with the database perhaps.
    pub(super) fn nameless(reader: &Reader) -> Self {
        Self {
            t: reader.t,
            reader: reader.clone(),
            name: String::new(),
            handle: String::new(),
            language: String::new(),
            icon: None,
            icon_address: None,
            menu: Vec::new(),
            settings: Settings { hides_allies: true, ..Settings::default() },
        }
    }

    pub(super) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// A path of ours that leads on in the reader's language.
    pub(super) fn href(&self, path: &str) -> String {
        self.reader.href(path)
    }

    /// Whether this page is the one at a path.
    pub(super) fn is_at(&self, path: &str) -> bool {
        self.reader.is_at(path)
    }

    /// The language that the address named, for forms: what they send keeps it.
    pub(super) fn asked(&self) -> Option<&str> {
        self.reader.asked()
    }

    /// The same path further on in its list.
    pub(super) fn turn(&self, path: &str, key: &str, token: &str) -> String {
        self.reader.href(&format!("{path}?{key}={token}"))
    }

    /// This page in each language.
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.reader.choices()
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

/// Each page of the menu once, with its title in the reader's language where it has one.
fn menu(mut entries: Vec<MenuEntry>, reader: &Reader, node: &str) -> Vec<Link> {
    let mut links = Vec::new();
    while let Some(first) = entries.first() {
        let slug = first.slug.clone();
        let (same, others): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.slug == slug);
        entries = others;
        if let Some(entry) = languages::best(&same, |entry| &entry.language, reader.wanted(), node) {
            let (title, language) = (entry.title.clone(), entry.language.clone());
            let path = format!("/pages/{slug}");
            links.push(Link { href: reader.href(&path), path, title, language });
        }
    }
    links
}

/// A page as text, in which no e-mail address stands plain.
///
/// # Errors
/// `Internal` when its template fails.
pub(super) fn write(page: &impl Template) -> Result<String> {
    page.render().map(veiled).map_err(|error| Error::internal(format!("a page could not be written: {error}")))
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
