//! What posts of other types say beside their text: when and where an event is, what a poll asks, how long a recording is, what a link
//! leads to. It becomes part of the text, as HTML that is not yet cleaned, without words of ours, since those have a language.

use chrono::DateTime;
use serde_json::Value;

use super::read;
use crate::markup::escape_html;
use crate::urls;

/// Polls of the fediverse have ten options at most.
const MOST_OPTIONS: usize = 50;
/// Places of one event.
const MOST_PLACES: usize = 5;
/// Links that a post passes on. Each is looked for in the whole text, so a thousand of them would cost minutes.
const MOST_LINKS: usize = 20;

/// What stands above the text: the time and the place of an event, the length of a recording.
pub(super) fn above(document: &Value, kind: &str) -> String {
    let lines: Vec<String> = match kind {
        "Event" => when(document).into_iter().chain(places(document)).collect(),
        "Video" | "Audio" => duration(document).into_iter().collect(),
        _ => Vec::new(),
    };
    if lines.is_empty() { String::new() } else { format!("<p>{}</p>", lines.join("<br>")) }
}

/// What stands below the text: the options of a poll; links that the post passes on, where the text does not have them already.
pub(super) fn below(document: &Value, kind: &str, uri: &str, html: &str) -> String {
    let mut links = shared_links(document, kind, uri);
    links.truncate(MOST_LINKS);
    links.dedup();
    links.retain(|address| !html.contains(address) && !html.contains(&escape_html(address)));
    let links = links.iter().map(|address| format!("<p>{}</p>", anchor(address)));
    let options = if kind == "Question" { options(document) } else { String::new() };
    [options].into_iter().chain(links).collect()
}

fn anchor(address: &str) -> String {
    let address = escape_html(address);
    format!("<a href=\"{address}\">{address}</a>")
}

fn options(document: &Value) -> String {
    let options = ["oneOf", "anyOf"].iter().flat_map(|property| read::values(document, property));
    let names = options.filter_map(|option| read::text_or_map(option, "name")).take(MOST_OPTIONS);
    let items = names.map(|name| format!("<li>{}</li>", escape_html(&name))).collect::<Vec<_>>().concat();
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}

/// A link attached (Lemmy), or a `url` that is not the post's own page (Friendica's and lotide's pages).
fn shared_links(document: &Value, kind: &str, uri: &str) -> Vec<String> {
    let attached = read::values(document, "attachment").into_iter().filter(|value| read::kind(value) == Some("Link"));
    let mut links: Vec<read::Link> = attached.filter_map(read::link).collect();
    if matches!(kind, "Page" | "Article") {
        links.extend(read::links(document, "url").into_iter().filter(|link| !urls::same_origin(&link.href, uri)));
    }
    links.into_iter().filter(|link| !link.is_image()).map(|link| link.href).collect()
}

fn when(document: &Value) -> Option<String> {
    let start = moment(document, "startTime")?;
    Some(moment(document, "endTime").map_or(start.clone(), |end| format!("{start} – {end}")))
}

/// A time as its author wrote it, in the zone of the event.
fn moment(document: &Value, property: &str) -> Option<String> {
    let time = DateTime::parse_from_rfc3339(&read::text(document, property)?).ok()?;
    let zone = if time.offset().local_minus_utc() == 0 { "UTC".to_owned() } else { time.format("%:z").to_string() };
    Some(format!("{} {zone}", time.format("%Y-%m-%d %H:%M")))
}

fn places(document: &Value) -> Vec<String> {
    read::values(document, "location").into_iter().filter_map(place).take(MOST_PLACES).collect()
}

/// A place: its name and its address; a place in the net by its link.
fn place(place: &Value) -> Option<String> {
    let name = place.as_str().map(str::to_owned).or_else(|| read::text_or_map(place, "name"));
    let mut parts: Vec<String> =
        name.into_iter().chain(address(place.get("address"))).map(|part| escape_html(&part)).collect();
    parts.extend(read::link(place).map(|link| anchor(&link.href)));
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// An address as a text, or in the parts that schema.org gives it.
fn address(address: Option<&Value>) -> Vec<String> {
    let Some(address) = address else { return Vec::new() };
    if let Some(text) = address.as_str() {
        return vec![text.to_owned()];
    }
    let parts = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];
    parts.iter().filter_map(|part| read::text(address, part)).filter(|part| !part.trim().is_empty()).collect()
}

/// `PT1H2M3S` as `1:02:03`.
fn duration(document: &Value) -> Option<String> {
    let said = read::text(document, "duration")?;
    let mut seconds: u64 = 0;
    let mut number = String::new();
    for letter in said.strip_prefix("PT")?.chars() {
        let unit = match letter {
            '0'..='9' | '.' => {
                number.push(letter);
                continue;
            }
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        let whole: u64 = number.split('.').next()?.parse().ok()?;
        seconds = seconds.checked_add(whole.checked_mul(unit)?)?;
        number.clear();
    }
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    (hours + minutes + seconds > 0).then(|| match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_says_when_and_where() {
        let event = json!({"startTime": "2026-05-01T10:00:00+02:00", "endTime": "2026-05-01T14:00:00Z", "location": [
            {"type": "Place", "name": "Square <1>", "address": {"streetAddress": "Main 1", "addressLocality": "Town", "addressRegion": " "}},
            {"type": "VirtualLocation", "name": "Online", "url": "https://meet.example/may"}, "The harbour"]});
        assert_eq!(
            above(&event, "Event"),
            "<p>2026-05-01 10:00 +02:00 – 2026-05-01 14:00 UTC<br>Square &lt;1&gt;, Main 1, Town<br>\
             Online, <a href=\"https://meet.example/may\">https://meet.example/may</a><br>The harbour</p>"
        );
        assert_eq!(above(&json!({"startTime": "soon", "location": {"geo": 1}}), "Event"), "");
    }

    #[test]
    fn a_poll_lists_its_options_and_a_recording_says_how_long_it_is() {
        let poll = json!({"oneOf": [{"type": "Note", "name": "Yes"}, {"nameMap": {"en": "<No>"}}, 7]});
        assert_eq!(below(&poll, "Question", "https://a.example/1", ""), "<ul><li>Yes</li><li>&lt;No&gt;</li></ul>");
        for (said, shown) in [
            ("PT374S", "<p>6:14</p>"),
            ("PT1H2M3.5S", "<p>1:02:03</p>"),
            ("PT0S", ""),
            ("P1D", ""),
            ("PT99999999999999999999H", ""),
        ] {
            assert_eq!(above(&json!({"duration": said}), "Video"), shown, "{said}");
        }
    }

    #[test]
    fn a_link_that_a_post_passes_on_stands_below_it_once() {
        let link = "https://news.example/?a=1&b=2";
        let shown = "<p><a href=\"https://news.example/?a=1&amp;b=2\">https://news.example/?a=1&amp;b=2</a></p>";
        let page = json!({"url": link, "attachment": [{"type": "Link", "href": link}]});
        assert_eq!(below(&page, "Page", "https://a.example/1", "Read this"), shown);
        assert_eq!(below(&page, "Page", "https://a.example/1", &format!("Read {link}")), "");
        let own =
            json!({"url": ["https://a.example/page/1"], "attachment": [{"type": "Link", "href": "javascript:1"}]});
        assert_eq!(below(&own, "Article", "https://a.example/1", ""), "");
    }

    #[test]
    fn of_very_many_links_only_the_first_are_looked_at() {
        let links: Vec<Value> =
            (0..1_000).map(|number| json!({"type": "Link", "href": format!("https://b.example/{number}")})).collect();
        let page = json!({"attachment": links, "url": links});
        let shown = below(&page, "Page", "https://a.example/1", "");
        assert_eq!(shown.matches("<p>").count(), 20);
        assert!(shown.contains("https://b.example/19<") && !shown.contains("https://b.example/20<"));
    }
}
