//! Posts of other servers, as their documents tell of them.

use serde_json::Value;

use super::pictures::pictures;
use super::{actor, facts, read, text};
use crate::clock::Time;
use crate::error::Error;
use crate::markup;
use crate::posts::{NewPost, Picture, Review, Visibility};
use crate::private_box::NewPrivatePost;
use crate::urls;

/// Types of objects that are read as posts.
pub const KINDS: [&str; 8] = ["Note", "Article", "Page", "Question", "Event", "Video", "Audio", "Image"];
/// Longer texts than this are no statements: they are refused before any cleaning is done.
const MOST_HTML: usize = 512 * 1024;
const MOST_TEXT: usize = 500;
/// More addressees or mentions than this are not looked at.
const MOST_NAMED: usize = 100;

/// A post of another server, typed and cleaned.
#[derive(Debug, Clone)]
pub struct RemoteNote {
    /// Its id.
    pub uri: String,
    /// Its type.
    pub kind: String,
    /// Its author.
    pub author: String,
    /// To whom it is addressed, by whatever property.
    pub audience: Vec<String>,
    /// How public it is; `None` where it is private: for the author's followers, or for named actors.
    pub visibility: Option<Visibility>,
    /// Title: text.
    pub title: Option<String>,
    /// Content warning: text.
    pub summary: Option<String>,
    /// Sanitised HTML.
    pub content: String,
    /// Language tag.
    pub language: Option<String>,
    /// Marked sensitive.
    pub sensitive: bool,
    /// Page.
    pub url: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// The conversation that it belongs to, by whatever name: nothing is confirmed by standing here.
    pub context: Option<String>,
    /// Answers to it, as its author's server lists them: an address, or a whole collection.
    pub replies: Option<Value>,
    /// When published; `None` where the author does not say.
    pub published: Option<Time>,
    /// When changed.
    pub updated: Option<Time>,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// The actors that it mentions.
    pub mentions: Vec<String>,
}

impl RemoteNote {
    /// Reads a post as its own server shows it. Of several authors the first on that server counts.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(document: &Value) -> Result<Self, String> {
        Self::read_by(document, |uri, authors| {
            let at_home = authors.iter().find(|author| urls::same_origin(author, uri));
            at_home.or_else(|| authors.first()).cloned()
        })
    }

    /// Reads a post whose author is chosen from those that it names.
    pub(super) fn read_by(
        document: &Value,
        choose: impl Fn(&str, &[String]) -> Option<String>,
    ) -> Result<Self, String> {
        let kind = read::kind_among(document, &KINDS).ok_or_else(|| no_post(document))?;
        let uri = read::id(document, "id").ok_or("the post has no id")?;
        if urls::host_of(&uri).is_none() {
            return Err("the post's id is no http address".to_owned());
        }
        let (html, language) = text::content(document);
        if html.len() > MOST_HTML {
            return Err(format!("the post is longer than {MOST_HTML} bytes"));
        }
        let sensitive = read::flag(document, "sensitive");
        let Heading { title, warning, html } = Heading::read(document, kind, html, language.as_deref(), sensitive);
        if is_vote(document, kind, &html) {
            return Err("the post is a vote in a poll, which is nothing to read".to_owned());
        }
        let html = [facts::above(document, kind), facts::below(document, kind, &uri, &html)].join(&html);
        Ok(Self {
            author: choose(&uri, &authors(document)).ok_or("the post has no author")?,
            audience: AUDIENCE.iter().flat_map(|property| read::ids(document, property)).take(MOST_NAMED).collect(),
            visibility: visibility(document),
            title,
            summary: warning,
            content: markup::remote_html(&html),
            language,
            sensitive,
            url: read::own_page(document, &uri),
            in_reply_to: read::id(document, "inReplyTo"),
            context: read::id(document, "context").or_else(|| read::id(document, "conversation")),
            replies: read::values(document, "replies").first().map(|replies| (*replies).clone()),
            published: read::time(document, "published"),
            updated: read::time(document, "updated"),
            pictures: pictures(document, kind),
            mentions: mentions(document),
            kind: kind.to_owned(),
            uri,
        })
    }

    /// Whether everybody may read it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.visibility.is_some()
    }

    /// Whether it is addressed to an actor, or mentions it.
    #[must_use]
    pub fn names(&self, actor: &str) -> bool {
        self.mentions.iter().chain(&self.audience).any(|named| named == actor)
    }

    /// Whether it is newer than a version that was changed at a time. One that does not say when it was changed counts as newer.
    #[must_use]
    pub fn is_newer_than(&self, updated: Option<Time>) -> bool {
        match (self.updated, updated) {
            (Some(newer), Some(older)) => newer > older,
            _ => true,
        }
    }

    /// The post as it goes into the private box.
    #[must_use]
    pub fn to_keep_in_private(&self, author_id: i64, from_ally: bool, now: Time) -> NewPrivatePost {
        NewPrivatePost {
            uri: self.uri.clone(),
            author_id,
            from_ally,
            title: self.title.clone(),
            summary: self.summary.clone(),
            content: self.content.clone(),
            language: self.language.clone(),
            in_reply_to: self.in_reply_to.clone(),
            published: self.published.unwrap_or(now).min(now),
            updated: self.updated,
            received_at: now,
        }
    }

    /// The post as it is kept.
    ///
    /// # Errors
    /// `Forbidden` where it is private: such a post is kept apart.
    pub fn to_keep(
        &self,
        author_id: i64,
        review: Review,
        statement_id: Option<i64>,
        now: Time,
    ) -> crate::error::Result<NewPost> {
        Ok(NewPost {
            uri: self.uri.clone(),
            author_id,
            kind: self.kind.clone(),
            visibility: self.visibility.ok_or_else(|| Error::Forbidden("this post is not public".to_owned()))?,
            review,
            title: self.title.clone(),
            summary: self.summary.clone(),
            content: self.content.clone(),
            language: self.language.clone(),
            sensitive: self.sensitive,
            url: self.url.clone(),
            in_reply_to: self.in_reply_to.clone(),
            statement_id,
            pictures: serde_json::to_string(&self.pictures)?,
            // A post from the future would stand on top for ever.
            published: self.published.unwrap_or(now).min(now),
            updated: self.updated,
            received_at: now,
            context: self.context.clone(),
            // What is shown is looked at again, and the answers to it with it.
            next_look: (review == Review::Approved && statement_id.is_some()).then_some(now),
        })
    }
}

/// Properties that say to whom something is addressed.
pub(super) const AUDIENCE: [&str; 5] = ["to", "cc", "bto", "bcc", "audience"];

fn no_post(document: &Value) -> String {
    match read::kind(document) {
        Some("Tombstone") => "the post was withdrawn".to_owned(),
        Some(kind) => format!("{} is nothing that this node shows", markup::plain_name(kind)),
        None => "it has no type".to_owned(),
    }
}

/// Who wrote it: `attributedTo`, people before groups (`PeerTube` names the account and its channel), else `actor` (Pleroma).
fn authors(document: &Value) -> Vec<String> {
    let mut named = read::values(document, "attributedTo");
    named.sort_by_key(|author| read::kind(author) == Some("Group"));
    let is_actor = |author: &&Value| read::kind(author).is_none() || read::kind_among(author, &actor::KINDS).is_some();
    let ids: Vec<String> = named.into_iter().filter(is_actor).filter_map(read::id_of).map(str::to_owned).collect();
    if ids.is_empty() { read::ids(document, "actor") } else { ids }
}

/// The short texts around the content.
struct Heading {
    title: Option<String>,
    warning: Option<String>,
    html: String,
}

impl Heading {
    /// The `summary` of a Note is a content warning, as Mastodon uses it. Of anything longer it is an abstract, unless that is marked as
    /// sensitive: then it stands for a missing title or a missing text, and is left out otherwise.
    fn read(document: &Value, kind: &str, html: String, language: Option<&str>, sensitive: bool) -> Self {
        let written = |property| text::in_language(document, property, language);
        let short = |property| written(property).map(|text| short_text(&text)).filter(|text| !text.is_empty());
        let title = short("name");
        if sensitive || matches!(kind, "Note" | "Question") {
            return Self { title, warning: short("summary"), html };
        }
        if title.is_none() {
            return Self { title: short("summary"), warning: None, html };
        }
        let html = if html.trim().is_empty() { written("summary").unwrap_or_default() } else { html };
        Self { title, warning: None, html }
    }
}

/// A vote is a Note with nothing but the name of an option (Mastodon and all that have polls).
fn is_vote(document: &Value, kind: &str, html: &str) -> bool {
    let has = |property| document.get(property).is_some();
    kind == "Note" && html.is_empty() && has("name") && has("inReplyTo") && !has("attachment")
}

fn short_text(text: &str) -> String {
    markup::plain_text(text).chars().take(MOST_TEXT).collect::<String>().trim().to_owned()
}

fn visibility(document: &Value) -> Option<Visibility> {
    let has_public = |property| read::ids(document, property).iter().any(|address| read::is_public(address));
    if has_public("to") {
        Some(Visibility::Public)
    } else if has_public("cc") {
        Some(Visibility::Unlisted)
    } else {
        None
    }
}

fn mentions(document: &Value) -> Vec<String> {
    read::values(document, "tag")
        .into_iter()
        .filter(|tag| read::kind(tag) == Some("Mention"))
        .filter_map(|tag| read::id(tag, "href"))
        .take(MOST_NAMED)
        .collect()
}
