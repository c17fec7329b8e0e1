//! The rules for pages that the union writes itself.

use crate::error::{Error, Result};
use crate::markup::{self, Link};
use crate::urls::Urls;

const LONGEST_SLUG: usize = 60;
const LONGEST_TITLE: usize = 200;
const LONGEST_TEXT: usize = 200_000;

/// Markdown as safe HTML, with our own pages behind its hashtags: for what the union writes beside its statements.
#[must_use]
pub fn rendered(urls: &Urls, markdown: &str) -> String {
    let link = |link: &Link<'_>| match link {
        Link::Hashtag(name) => Some(urls.tag(&markup::fold_hashtag(name))),
        Link::Mention { .. } => None,
    };
    markup::render(markdown, &link).html
}

/// A page in one language, ready to be kept.
#[derive(Debug, Clone)]
pub struct NewPage {
    /// Last part of its address, the same in every language.
    pub slug: String,
    /// Language tag.
    pub language: String,
    /// Title: text.
    pub title: String,
    /// As written.
    pub markdown: String,
    /// As safe HTML.
    pub html: String,
    /// Its place in the menu; none: it is not there.
    pub menu_place: Option<i32>,
}

impl NewPage {
    /// Refuses what could not be shown or reached.
    ///
    /// # Errors
    /// `Invalid`, naming the field and the mend.
    pub fn check(&self) -> Result<()> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.slug.is_empty() || self.slug.len() > LONGEST_SLUG || !self.slug.bytes().all(fits) {
            let why =
                format!("it ends the address, so write up to {LONGEST_SLUG} small Latin letters, digits and hyphens");
            return Err(Error::invalid("name", why));
        }
        if self.title.trim().is_empty() || self.title.chars().count() > LONGEST_TITLE {
            let why =
                format!("a page needs one of up to {LONGEST_TITLE} characters: begin the file with a line \"# Title\"");
            return Err(Error::invalid("title", why));
        }
        if self.markdown.chars().count() > LONGEST_TEXT {
            let why = format!("it is longer than {LONGEST_TEXT} characters; make two pages of it");
            return Err(Error::invalid("text", why));
        }
        Ok(())
    }
}
