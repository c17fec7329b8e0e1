//! What WebFinger says of an account (RFC 7033), and where older servers say that WebFinger is (host-meta, RFC 6415).

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::Value;

use super::read;
use crate::urls;

const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";

/// What WebFinger says of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jrd {
    /// The account: `acct:name@host`.
    pub subject: Option<String>,
    /// The id of its actor.
    pub actor: Option<String>,
    /// Where its server lets it follow others: an address with `{uri}` in it.
    pub subscribe: Option<String>,
}

impl Jrd {
    /// Reads what WebFinger answered; `None` where it is something else.
    #[must_use]
    pub fn read(document: &Value) -> Option<Self> {
        document.get("links")?.as_array()?;
        let links = || read::values(document, "links").into_iter();
        let rel = |link: &Value, wanted: &str| read::text(link, "rel").as_deref() == Some(wanted);
        let is_activity = |link: &&Value| {
            let media_type = read::text(link, "type").unwrap_or_default();
            rel(link, "self") && (media_type.contains("activity+json") || media_type.contains("ld+json"))
        };
        let actors = links().filter(is_activity).filter_map(|link| read::id(link, "href"));
        Some(Self {
            subject: read::text(document, "subject"),
            actor: actors.into_iter().find(|href| urls::host_of(href).is_some()),
            subscribe: links().find(|link| rel(link, SUBSCRIBE)).and_then(|link| read::id(link, "template")),
        })
    }
}

/// Where WebFinger is, by the host-meta of a host: the `template` of its first `lrdd` link on that host itself, rather of one that answers
/// with JSON than of one that may do so when asked. A host that leads elsewhere could have another say what it wants of accounts here.
#[must_use]
pub fn lrdd_template(xrd: &str, host: &str) -> Option<String> {
    let mut reader = Reader::from_str(xrd);
    let mut in_xml = None;
    loop {
        let element = match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => element,
            Event::Eof => return in_xml,
            _ => continue,
        };
        let Some(template) = lrdd(&element, host) else { continue };
        if attribute(&element, "type").is_none_or(|kind| kind.contains("json")) {
            return Some(template);
        }
        in_xml = in_xml.or(Some(template));
    }
}

fn lrdd(element: &BytesStart<'_>, host: &str) -> Option<String> {
    let is_lrdd = element.local_name().as_ref() == b"Link" && attribute(element, "rel").as_deref() == Some("lrdd");
    let template = attribute(element, "template").filter(|template| is_lrdd && template.contains("{uri}"))?;
    (urls::host_of(&template.replace("{uri}", "x")).as_deref() == Some(host)).then_some(template)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = element.try_get_attribute(name).ok()??;
    Some(value.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_actor_is_the_first_self_link_with_an_activity_type() {
        let document = json!({"subject": "acct:a@a.example", "links": [
            {"rel": "self", "type": "text/html", "href": "https://a.example/page"},
            {"rel": "self", "type": "application/activity+json", "href": "javascript:1"},
            {"rel": "self", "type": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", "href": "https://a.example/1"},
            {"rel": "self", "type": "application/activity+json", "href": "https://a.example/2"},
            {"rel": SUBSCRIBE, "template": "https://a.example/follow?uri={uri}"}]});
        let jrd = Jrd::read(&document).expect("a JRD");
        assert_eq!(jrd.actor.as_deref(), Some("https://a.example/1"));
        assert_eq!(jrd.subject.as_deref(), Some("acct:a@a.example"));
        assert!(jrd.subscribe.is_some());
        assert_eq!(Jrd::read(&json!({"subject": "acct:a@a.example"})), None);
    }

    #[test]
    fn a_template_counts_on_its_own_host_only_and_nonsense_has_none() {
        let xrd = |template: &str| {
            format!(
                "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='lrdd' type='application/xrd+xml' template='https://a.example/xml?{{uri}}'/><hm:Link rel=\"lrdd\" template=\"{template}\"/></XRD>"
            )
        };
        let own = xrd("https://a.example/wf?a=1&amp;r={uri}");
        assert_eq!(lrdd_template(&own, "a.example").as_deref(), Some("https://a.example/wf?a=1&r={uri}"));
        let only_in_xml = xrd("https://b.example/wf?{uri}");
        assert_eq!(lrdd_template(&only_in_xml, "a.example").as_deref(), Some("https://a.example/xml?{uri}"));
        let of_others = xrd("https://b.example/wf?{uri}").replace("//a.example/xml", "//c.example/xml");
        for none in [&of_others, "<XRD><Link rel='lrdd'", "<Link rel='lrdd' template='https://a.example/'/>", "{}", ""]
        {
            assert_eq!(lrdd_template(none, "a.example"), None, "{none}");
        }
    }
}
