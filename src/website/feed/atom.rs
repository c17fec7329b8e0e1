//! A feed as Atom (RFC 4287).

use atom_syndication::{Category, Content, Entry as AtomEntry, Feed, FixedDateTime, Link, Person, Text};

use super::{Channel, Entry, clean, unwritable};
use crate::clock::Time;
use crate::error::Result;

pub(super) fn write(channel: &Channel) -> Result<String> {
    let by = Person { name: clean(&channel.author.0), uri: Some(channel.author.1.clone()), ..Person::default() };
    let feed = Feed {
        id: channel.address.clone(),
        title: Text::plain(clean(&channel.title)),
        updated: moment(channel.updated),
        authors: vec![by.clone()],
        links: vec![
            link(&channel.address, "self", "application/atom+xml"),
            link(&channel.page, "alternate", "text/html"),
        ],
        lang: Some(channel.language.clone()),
        entries: channel.entries.iter().map(|entry| atom_entry(entry, &by)).collect(),
        ..Feed::default()
    };
    let bytes = feed.write_to(Vec::new()).map_err(unwritable)?;
    String::from_utf8(bytes).map_err(unwritable)
}

fn atom_entry(entry: &Entry, by: &Person) -> AtomEntry {
    let language = Some(entry.language.clone());
    let page = Link { hreflang: language.clone(), ..link(&entry.id, "alternate", "text/html") };
    let enclosures = entry.enclosures.iter().map(|enclosure| Link {
        title: Some(clean(&enclosure.title)),
        length: Some(enclosure.bytes.to_string()),
        ..link(&enclosure.address, "enclosure", &enclosure.media_type)
    });
    AtomEntry {
        id: clean(&entry.id),
        title: Text { lang: language.clone(), ..Text::plain(clean(&entry.title)) },
        updated: moment(entry.updated),
        published: Some(moment(entry.published)),
        authors: vec![by.clone()],
        links: std::iter::once(page).chain(enclosures).collect(),
        categories: entry.tags.iter().map(|tag| Category { term: clean(tag), ..Category::default() }).collect(),
        content: Some(Content {
            lang: language,
            content_type: Some("html".to_owned()),
            value: Some(clean(&entry.html)),
            ..Content::default()
        }),
        ..AtomEntry::default()
    }
}

fn link(href: &str, rel: &str, kind: &str) -> Link {
    Link { href: clean(href), rel: rel.to_owned(), mime_type: Some(clean(kind)), ..Link::default() }
}

fn moment(time: Time) -> FixedDateTime {
    time.and_utc().fixed_offset()
}
