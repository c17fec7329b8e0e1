use atom_syndication::Feed;
use rss::Channel;
use serde_json::Value;

use super::super::testing::{Site, TEXTS, statement};

const HOSTILE: &str = "a\u{0}\u{1}\u{B}\u{1F}\u{FFFE}\u{85}]]> <b> & \" ' \u{1F6A9}";
const CLEANED: &str = "a\u{85}]]> <b> & \" ' \u{1F6A9}";

async fn site() -> Site {
    let site = Site::new().await;
    for (number, (language, title, html)) in TEXTS.iter().enumerate() {
        let mut new = statement(language, title, html);
        if *language == "fa" {
            new.tags = vec!["همبستگی".to_owned()];
        }
        site.publish(language, &format!("2026-05-0{}", number + 1), new).await;
    }
    site.publish("bad", "2026-06-01", statement("en", HOSTILE, &format!("<p>{HOSTILE}</p>"))).await;
    site
}

#[tokio::test]
async fn every_form_carries_every_script_and_survives_any_character() {
    let site = site().await;
    let (status, text) = site.get("/feed.atom").await;
    assert_eq!(status, 200);
    let feed = Feed::read_from(text.as_bytes()).expect("well-formed Atom");
    assert_eq!(feed.entries.len(), TEXTS.len() + 1);
    assert_eq!(feed.entries[0].title.value, CLEANED);
    for (entry, (language, title, html)) in feed.entries.iter().skip(1).rev().zip(TEXTS) {
        assert_eq!(entry.title.value, title);
        assert_eq!(entry.title.lang.as_deref(), Some(language));
        let content = entry.content.as_ref().expect("full text");
        assert_eq!(content.lang.as_deref(), Some(language));
        assert!(content.value.as_deref().unwrap_or_default().contains(html), "{content:?}");
        assert!(entry.id.ends_with(&format!("/statements/{language}")));
    }
    let rss = site.get("/feed.rss").await.1;
    assert!(
        rss.contains("xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"") && rss.contains("<content:encoded>"),
        "{rss}"
    );
    let feed = Channel::read_from(rss.as_bytes()).expect("well-formed RSS");
    assert_eq!(feed.items.len(), TEXTS.len() + 1);
    assert_eq!(feed.items[0].title.as_deref(), Some(CLEANED));
    for (item, (_, title, html)) in feed.items.iter().skip(1).rev().zip(TEXTS) {
        assert_eq!(item.title.as_deref(), Some(title));
        assert!(item.content.as_deref().unwrap_or_default().contains(html), "{item:?}");
    }
    let feed: Value = serde_json::from_str(&site.get("/feed.json").await.1).expect("JSON");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"].as_array().map(Vec::len), Some(TEXTS.len() + 1));
    for (number, (language, title, html)) in TEXTS.iter().rev().enumerate() {
        let item = &feed["items"][number + 1];
        assert_eq!((&item["title"], &item["language"]), (&Value::from(*title), &Value::from(*language)));
        assert!(item["content_html"].as_str().unwrap_or_default().contains(html), "{item}");
    }
}

#[tokio::test]
async fn a_feed_of_one_language_or_hashtag_has_no_other() {
    let site = site().await;
    for file in ["feed.atom", "feed.rss", "feed.json"] {
        for address in [format!("/{file}?in=fa"), format!("/tags/%D9%87%D9%85%D8%A8%D8%B3%D8%AA%DA%AF%DB%8C/{file}")] {
            let (status, text) = site.get(&address).await;
            assert_eq!(status, 200, "{address}");
            assert!(text.contains("/statements/fa") && !text.contains("/statements/ja"), "{address}: {text}");
            assert!(text.contains(&format!("{}{address}", site.node.urls.at(""))), "{address} names itself: {text}");
        }
        assert_eq!(site.get(&format!("/{file}?in=de")).await.0, 200);
        assert_eq!(site.get(&format!("/{file}?in=%00")).await.0, 400);
        assert_eq!(site.get(&format!("/tags/none/{file}")).await.0, 404);
        assert_eq!(site.get(&format!("/tags/%FF/{file}")).await.0, 404);
    }
    assert_eq!(site.get("/tags/%D9%87%D9%85%D8%A8%D8%B3%D8%AA%DA%AF%DB%8C/feed.xml").await.0, 404);
}

#[tokio::test]
async fn an_empty_feed_is_valid() {
    let site = Site::new().await;
    let feed = Feed::read_from(site.get("/feed.atom").await.1.as_bytes()).expect("well-formed Atom");
    assert!(feed.entries.is_empty() && !feed.id.is_empty());
    assert!(Channel::read_from(site.get("/feed.rss").await.1.as_bytes()).expect("well-formed RSS").items.is_empty());
    let feed: Value = serde_json::from_str(&site.get("/feed.json").await.1).expect("JSON");
    assert_eq!(feed["items"], serde_json::json!([]));
}
