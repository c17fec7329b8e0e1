//! The pictures of a post of another server.

use serde_json::Value;

use super::read::{self, Link};
use crate::posts::Picture;

const MOST_PICTURES: usize = 20;
const MOST_ALT: usize = 1_500;

/// What is attached; for posts that are more than a short text also `image`, and where no other is found, the largest `icon`, by which
/// videos and articles show what they look like.
pub(super) fn pictures(document: &Value, kind: &str) -> Vec<Picture> {
    let attached = read::values(document, "attachment").into_iter().filter(|attachment| is_picture(attachment));
    let mut found: Vec<Picture> = attached.filter_map(picture).collect();
    if kind == "Image" {
        found.extend(picture(document));
    }
    if kind != "Note" {
        found.extend(read::links(document, "url").into_iter().find(Link::is_image).and_then(|_| picture(document)));
        found.extend(read::values(document, "image").into_iter().filter_map(picture));
        let previews = read::values(document, "preview").into_iter();
        // A storyboard is a sheet of tiny stills for the player of a video.
        found
            .extend(previews.filter(|preview| is_picture(preview) && preview.get("rel").is_none()).filter_map(picture));
    }
    if kind != "Note" && found.is_empty() {
        let width = |icon: &&Value| icon.get("width").and_then(Value::as_u64).unwrap_or_default();
        found.extend(read::values(document, "icon").into_iter().max_by_key(width).and_then(picture));
    }
    without_doubles(found)
}

/// Whether an attachment is a picture: by its type, else by the media type beside its address, else by what its addresses lead to.
fn is_picture(attachment: &Value) -> bool {
    if read::kind(attachment) == Some("Image") {
        return true;
    }
    match read::media_type(attachment) {
        Some(media_type) => media_type.starts_with("image/"),
        None => read::links(attachment, "url").iter().chain(&read::link(attachment)).any(Link::is_image),
    }
}

fn picture(value: &Value) -> Option<Picture> {
    let links = read::links(value, "url");
    let link = links.iter().find(|link| link.is_image()).or_else(|| links.first()).cloned();
    let link = link.or_else(|| read::link(value))?;
    Some(Picture {
        url: link.href,
        media_type: read::media_type(value).or(link.media_type).filter(|kind| kind.starts_with("image/")),
        alt: read::text_or_map(value, "name")
            .or_else(|| read::text_or_map(value, "summary"))
            .map(|alt| short_alt(&alt)),
    })
}

fn short_alt(alt: &str) -> String {
    alt.chars().take(MOST_ALT).collect()
}

/// The same picture may be attached, the image of an article and its icon.
fn without_doubles(found: Vec<Picture>) -> Vec<Picture> {
    let mut pictures: Vec<Picture> = Vec::new();
    for picture in found {
        if pictures.len() < MOST_PICTURES && pictures.iter().all(|known| known.url != picture.url) {
            pictures.push(picture);
        }
    }
    pictures
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn urls(document: &Value, kind: &str) -> Vec<String> {
        pictures(document, kind).into_iter().map(|picture| picture.url).collect()
    }

    #[test]
    fn a_picture_is_one_however_it_is_attached() {
        for attachment in [
            json!({"type": "Image", "url": "https://a.example/1"}),
            json!({"type": "Document", "mediaType": "image/png", "url": "https://a.example/1"}),
            json!([{"type": "Image", "url": [{"type": "Link", "href": "https://a.example/1"}]}]),
            json!({"type": "Document", "url": [{"href": "https://a.example/0", "mediaType": "text/html"},
                {"href": "https://a.example/1", "mimeType": "image/webp"}]}),
            json!({"type": "Link", "href": "https://a.example/1", "mediaType": "image/png"}),
        ] {
            assert_eq!(urls(&json!({"attachment": attachment}), "Note"), ["https://a.example/1"], "{attachment}");
        }
        for attachment in [
            json!({"type": "Document", "url": "https://a.example/1.pdf"}),
            json!({"type": "Document", "mediaType": "video/mp4", "url": "https://a.example/1.png"}),
            json!({"type": "PropertyValue", "name": "a", "value": "b"}),
            json!({"type": "Image", "url": "javascript:1"}),
            json!("https://a.example/1.png"),
        ] {
            let is_bare_address = attachment.is_string();
            assert_eq!(
                urls(&json!({"attachment": attachment}), "Note").len(),
                usize::from(is_bare_address),
                "{attachment}"
            );
        }
    }

    #[test]
    fn an_article_shows_its_image_once_and_a_video_its_largest_still() {
        let image = json!({"type": "Image", "url": "https://a.example/1.jpg", "name": "A march"});
        let article =
            json!({"attachment": [image], "image": image, "icon": image, "preview": {"type": "Note", "content": "x"}});
        assert_eq!(urls(&article, "Article"), ["https://a.example/1.jpg"]);
        assert_eq!(pictures(&article, "Article")[0].alt.as_deref(), Some("A march"));
        let video = json!({"icon": [{"type": "Image", "width": 280, "url": "https://a.example/s.jpg"},
            {"type": "Image", "width": 850, "url": "https://a.example/l.jpg"}],
            "preview": [{"type": "Image", "rel": ["storyboard"], "url": "https://a.example/board.jpg"}]});
        assert_eq!(urls(&video, "Video"), ["https://a.example/l.jpg"]);
        assert!(urls(&video, "Note").is_empty());
    }
}
