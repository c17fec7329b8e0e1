//! A statement as a letter: what stands above, in and under its text. The page shows it, and so does the feed.

use super::page::web_address;
use super::reader::Reader;
use super::sizes::srcset;
use crate::actors::Actor;
use crate::clock::Time;
use crate::languages::{Date, Language, Texts};
use crate::markup;
use crate::statements::draft::Details;
use crate::statements::{Document, Picture, Reading, Statement};

/// A statement with everything that belongs to it, ready to be shown.
pub(super) struct Letter {
    /// The words around it.
    pub(super) t: Texts,
    /// Whether it is a statement, an answer or a translation.
    pub(super) kind: String,
    pub(super) title: Option<String>,
    /// Safe HTML.
    pub(super) lead: Option<String>,
    /// Person, function and body, those that there are.
    pub(super) byline: Vec<String>,
    pub(super) on_behalf_of: Option<String>,
    pub(super) received_from: Option<String>,
    pub(super) addressee: Option<String>,
    /// Addressed actors that neither the text nor the addressee names.
    pub(super) addressed: Vec<String>,
    pub(super) warning: Option<String>,
    /// Safe HTML.
    pub(super) html: String,
    pub(super) pictures: Vec<Shown>,
    pub(super) documents: Vec<Attached>,
    pub(super) tags: Vec<Tag>,
    pub(super) source: Option<Reference>,
    pub(super) licence: Option<Reference>,
    pub(super) date: Date,
    pub(super) corrected: Option<Date>,
    pub(super) language: Language,
}

/// A picture on the page.
pub(super) struct Shown {
    pub(super) src: String,
    /// The same in each of its widths, for `srcset`; empty where it has one only.
    pub(super) srcset: String,
    pub(super) picture: Picture,
    /// Behind a word of warning until asked for.
    pub(super) sensitive: bool,
}

/// A PDF beside the text.
pub(super) struct Attached {
    pub(super) href: String,
    /// `240 KB`
    pub(super) size: String,
    pub(super) document: Document,
}

/// A hashtag with its page.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) href: String,
}

/// Words that may also be an address.
pub(super) struct Reference {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

impl Reference {
    fn of(text: Option<String>) -> Option<Self> {
        text.map(|text| Self { href: web_address(&text), text })
    }
}

/// Whether addresses of our own carry the host: a feed is read elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Addresses {
    Short,
    Full,
}

impl Letter {
    /// `revised` is when the text was last corrected: a statement also changes when it gets a translation, which is no correction.
    pub(super) fn of(reading: &Reading, revised: Option<Time>, reader: &Reader, addresses: Addresses) -> Self {
        let statement = &reading.statement;
        let details = statement.details();
        let (t, urls, short) = (reader.t, reader.urls(), addresses == Addresses::Short);
        let file = |name: &str| if short { reader.file(name) } else { urls.media(name) };
        let shown = |picture: &Picture| Shown {
            src: file(&picture.file),
            srcset: srcset(&picture.file, &picture.sizes, picture.width, file),
            picture: picture.clone(),
            sensitive: picture.sensitive || details.sensitive,
        };
        let attached = |document: &Document| Attached {
            href: file(&document.file),
            size: t.file_size(document.bytes),
            document: document.clone(),
        };
        let tag = |name: &String| {
            let address = urls.tag(name);
            Tag { name: name.clone(), href: if short { reader.page(&address) } else { address } }
        };
        Self {
            pictures: reading.pictures.iter().map(shown).collect(),
            documents: reading.documents.iter().map(attached).collect(),
            t,
            kind: t.say(kind(statement)),
            title: statement.title.clone(),
            lead: statement.lead.clone(),
            byline: byline(&details),
            addressed: addressed(reading, &details),
            on_behalf_of: details.on_behalf_of,
            received_from: details.received_from,
            addressee: details.addressee,
            warning: details.content_warning,
            html: if short { markup::with_tables(&statement.html) } else { statement.html.clone() },
            tags: reading.tags.iter().map(tag).collect(),
            source: Reference::of(details.source_url),
            licence: Reference::of(details.licence),
            date: t.date(statement.published, statement.day_only),
            corrected: revised.map(|time| t.date(time, false)),
            language: Language::of(&statement.language),
        }
    }

    /// The pictures that may be seen without being asked for.
    pub(super) fn open_pictures(&self) -> impl Iterator<Item = &Picture> {
        let open = self.pictures.iter().filter(|shown| !shown.sensitive && self.warning.is_none());
        open.map(|shown| &shown.picture)
    }

    /// The documents that no warning stands before.
    pub(super) fn open_documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|_| self.warning.is_none()).map(|attached| &attached.document)
    }

    /// Whether there is anything to stand between title and text.
    pub(super) fn has_head(&self) -> bool {
        let single = [&self.on_behalf_of, &self.received_from, &self.addressee];
        single.iter().any(|part| part.is_some()) || !self.byline.is_empty() || !self.addressed.is_empty()
    }
}

fn kind(statement: &Statement) -> &'static str {
    if statement.translates.is_some() {
        "kind-translation"
    } else if statement.in_reply_to.is_some() {
        "kind-answer"
    } else {
        "kind-statement"
    }
}

fn byline(details: &Details) -> Vec<String> {
    let parts = [&details.byline_person, &details.byline_function, &details.byline_body];
    parts.into_iter().flatten().cloned().collect()
}

fn addressed(reading: &Reading, details: &Details) -> Vec<String> {
    let addressee = details.addressee.as_deref().unwrap_or_default();
    let html = &reading.statement.html;
    let is_named = |actor: &&Actor| {
        let linked = html.contains(&actor.uri) || actor.url.as_ref().is_some_and(|url| html.contains(url));
        linked || addressee.contains(&actor.handle) || addressee.contains(actor.display_name())
    };
    reading.mentions.iter().filter(|actor| !is_named(actor)).map(|actor| format!("@{}", actor.handle)).collect()
}
