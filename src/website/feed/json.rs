//! A feed as JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde_json::{Value, json};

use super::{Channel, Entry};
use crate::clock::rfc3339;
use crate::error::Result;

pub(super) fn write(channel: &Channel) -> Result<String> {
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": channel.address,
        "language": channel.language,
        "authors": [{"name": channel.author.0, "url": channel.author.1}],
        "items": channel.entries.iter().map(item).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string(&feed)?)
}

fn item(entry: &Entry) -> Value {
    let attachments = entry.enclosures.iter().map(|enclosure| {
        json!({
            "url": enclosure.address,
            "mime_type": enclosure.media_type,
            "title": enclosure.title,
            "size_in_bytes": enclosure.bytes,
        })
    });
    let mut item = json!({
        "id": entry.id,
        "url": entry.id,
        "title": entry.title,
        "summary": entry.description,
        "content_html": entry.html,
        "language": entry.language,
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "tags": entry.tags,
        "attachments": attachments.collect::<Vec<_>>(),
    });
    if let Some(first) = entry.picture() {
        item["image"] = json!(first.address);
    }
    item
}
