//! Posts of other servers, as their documents tell of them.

use serde_json::Value;

use super::read;
use crate::clock::Time;
use crate::config::language_tag;
use crate::error::Error;
use crate::markup;
use crate::posts::{NewPost, Picture, Review, Visibility};
use crate::private_box::NewPrivatePost;

/// Types of objects that are read as posts.
const KINDS: [&str; 7] = ["Note", "Article", "Page", "Question", "Event", "Video", "Image"];
/// Longer texts than this are no statements: they are refused before any cleaning is done.
const MOST_HTML: usize = 512 * 1024;
const MOST_PICTURES: usize = 20;
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
    /// Reads a post.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(document: &Value) -> Result<Self, String> {
        let kind = read::kind_among(document, &KINDS).ok_or("the object is no post")?.to_owned();
        let (html, language) = content(document);
        if html.len() > MOST_HTML {
            return Err(format!("the post is longer than {MOST_HTML} bytes"));
        }
        let short = |property| {
            read::text_or_map(document, property).map(|text| short_text(&text)).filter(|text| !text.is_empty())
        };
        Ok(Self {
            uri: read::id(document, "id").ok_or("the post has no id")?,
            author: read::id(document, "attributedTo").ok_or("the post has no author")?,
            audience: ["to", "cc", "bto", "bcc", "audience"]
                .iter()
                .flat_map(|property| read::ids(document, property))
                .take(MOST_NAMED)
                .collect(),
            visibility: visibility(document),
            title: short("name"),
            summary: short("summary"),
            content: markup::remote_html(&html),
            language,
            sensitive: read::flag(document, "sensitive"),
            url: read::page(document),
            in_reply_to: read::id(document, "inReplyTo"),
            context: read::id(document, "context").or_else(|| read::id(document, "conversation")),
            replies: read::values(document, "replies").first().map(|replies| (*replies).clone()),
            published: read::time(document, "published"),
            updated: read::time(document, "updated"),
            pictures: pictures(document),
            mentions: mentions(document),
            kind,
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

fn short_text(text: &str) -> String {
    markup::plain_text(text).chars().take(MOST_TEXT).collect::<String>().trim().to_owned()
}

/// The text with its language: `content`, whose language is the key of `contentMap` with the same value, else the first of `contentMap`.
fn content(document: &Value) -> (String, Option<String>) {
    let map = document.get("contentMap").and_then(Value::as_object);
    let plain = read::text(document, "content");
    let entry = map.and_then(|map| match &plain {
        Some(plain) => map.iter().find(|(_, value)| value.as_str() == Some(plain)).or_else(|| map.iter().next()),
        None => map.iter().find(|(_, value)| value.is_string()),
    });
    let language = entry.and_then(|(language, _)| language_tag(language));
    let html = plain.or_else(|| entry.and_then(|(_, value)| value.as_str()).map(str::to_owned)).unwrap_or_default();
    if read::text(document, "mediaType").as_deref() == Some("text/plain") {
        return (markup::escape_html(&html).replace('\n', "<br>"), language);
    }
    (html, language)
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

fn pictures(document: &Value) -> Vec<Picture> {
    read::values(document, "attachment")
        .into_iter()
        .filter(|attachment| is_picture(attachment))
        .filter_map(|attachment| {
            Some(Picture {
                url: read::page(attachment).or_else(|| read::id(attachment, "href"))?,
                media_type: read::text(attachment, "mediaType"),
                alt: read::text_or_map(attachment, "name").map(|alt| alt.chars().take(1_500).collect()),
            })
        })
        .take(MOST_PICTURES)
        .collect()
}

fn is_picture(attachment: &Value) -> bool {
    let is_image = read::kind(attachment) == Some("Image");
    is_image || read::text(attachment, "mediaType").is_some_and(|kind| kind.starts_with("image/"))
}

fn mentions(document: &Value) -> Vec<String> {
    read::values(document, "tag")
        .into_iter()
        .filter(|tag| read::kind(tag) == Some("Mention"))
        .filter_map(|tag| read::id(tag, "href"))
        .take(MOST_NAMED)
        .collect()
}
