//! A feed as RSS 2.0 (<https://www.rssboard.org/rss-specification>), for readers that know no Atom.

use std::collections::BTreeMap;

use rss::extension::Extension;
use rss::{Category, Channel as RssChannel, Enclosure, Guid, Item};

use super::{Channel, Entry, clean, unwritable};
use crate::clock::Time;
use crate::error::Result;

const ATOM: &str = "http://www.w3.org/2005/Atom";

pub(super) fn write(channel: &Channel) -> Result<String> {
    let own = Extension {
        name: "atom:link".to_owned(),
        attrs: [("href", channel.address.as_str()), ("rel", "self"), ("type", "application/rss+xml")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..Extension::default()
    };
    let rss = RssChannel {
        title: clean(&channel.title),
        link: channel.page.clone(),
        description: clean(&channel.title),
        language: Some(channel.language.clone()),
        last_build_date: Some(moment(channel.updated)),
        items: channel.entries.iter().map(item).collect(),
        namespaces: BTreeMap::from([("atom".to_owned(), ATOM.to_owned())]),
        extensions: BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), vec![own])]))]),
        ..RssChannel::default()
    };
    let bytes = rss.write_to(Vec::new()).map_err(unwritable)?;
    String::from_utf8(bytes).map_err(unwritable)
}

fn item(entry: &Entry) -> Item {
    // Most readers take one enclosure; the others stand in the text.
    let enclosure = entry.enclosures.first().map(|enclosure| Enclosure {
        url: enclosure.address.clone(),
        length: enclosure.bytes.to_string(),
        mime_type: clean(&enclosure.media_type),
    });
    Item {
        title: Some(clean(&entry.title)),
        link: Some(clean(&entry.id)),
        guid: Some(Guid { value: clean(&entry.id), permalink: true }),
        description: Some(clean(&entry.description)),
        content: Some(clean(&entry.html)),
        pub_date: Some(moment(entry.published)),
        categories: entry.tags.iter().map(|tag| Category { name: clean(tag), domain: None }).collect(),
        enclosure,
        ..Item::default()
    }
}

fn moment(time: Time) -> String {
    time.and_utc().to_rfc2822()
}
