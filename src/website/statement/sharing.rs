//! Where a reader can pass a statement on: plain links, so that nothing is loaded from anybody before a click.

use url::Url;

use crate::languages::Texts;

/// A way to pass it on.
pub(super) struct Share {
    pub(super) name: String,
    pub(super) href: String,
}

/// Addresses that take a text or an address as a parameter; names of services are the same in every language.
const SERVICES: [(&str, &str, &str); 2] =
    [("WhatsApp", "https://wa.me/", "text"), ("Telegram", "https://t.me/share/url", "url")];

/// The ways to pass on a page with this title and address.
pub(super) fn shares(t: Texts, title: &str, address: &str) -> Vec<Share> {
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let mail = format!("mailto:?subject={}&body={}", encode(title), encode(address));
    let by_mail = Share { name: t.say("share-by-email"), href: mail };
    let services = SERVICES.into_iter().filter_map(|(name, page, parameter)| {
        let text = if parameter == "text" { format!("{title} {address}") } else { address.to_owned() };
        let href = Url::parse_with_params(page, [(parameter, text)]).ok()?;
        Some(Share { name: name.to_owned(), href: href.into() })
    });
    std::iter::once(by_mail).chain(services).collect()
}
