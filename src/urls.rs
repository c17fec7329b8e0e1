//! Every address of this node, in one place; and what is said about addresses of others.

use std::sync::Arc;

use url::Url;

use crate::config::Config;

/// The addresses of this node. Ids are for ever: a path here never changes its meaning.
#[derive(Debug, Clone)]
pub struct Urls {
    base: Arc<str>,
}

impl Urls {
    /// The addresses under the configured domain.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let scheme = if config.insecure { "http" } else { "https" };
        Self { base: format!("{scheme}://{}", config.domain).into() }
    }

    /// Scheme and domain, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of a path that starts with a slash.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The home page, which is also the union's profile for people.
    #[must_use]
    pub fn home(&self) -> String {
        self.at("/")
    }

    /// The union as an actor.
    #[must_use]
    pub fn actor(&self) -> String {
        self.at("/actor")
    }

    /// The actor that signs our fetches (FEP-2677).
    #[must_use]
    pub fn instance_actor(&self) -> String {
        self.at("/instance")
    }

    /// The inbox of the whole node.
    #[must_use]
    pub fn shared_inbox(&self) -> String {
        self.at("/inbox")
    }

    /// A statement, as a page and as a Note.
    #[must_use]
    pub fn statement(&self, slug: &str) -> String {
        self.at(&format!("/statements/{slug}"))
    }

    /// The stamp that allows a quote of a statement.
    #[must_use]
    pub fn quote(&self, slug: &str, id: &str) -> String {
        self.at(&format!("/statements/{slug}/quotes/{id}"))
    }

    /// The conversation that a statement begins.
    #[must_use]
    pub fn context(&self, slug: &str) -> String {
        self.at(&format!("/statements/{slug}/context"))
    }

    /// An activity of ours.
    #[must_use]
    pub fn activity(&self, id: &str) -> String {
        self.at(&format!("/activities/{id}"))
    }

    /// The page of a hashtag, which is given without `#`.
    #[must_use]
    pub fn tag(&self, tag: &str) -> String {
        let encoded = percent_encoding::utf8_percent_encode(tag, percent_encoding::NON_ALPHANUMERIC);
        self.at(&format!("/tags/{encoded}"))
    }

    /// A picture or file of ours.
    #[must_use]
    pub fn media(&self, file: &str) -> String {
        self.at(&format!("/media/{file}"))
    }

    /// Whether an address is on this node.
    #[must_use]
    pub fn is_ours(&self, address: &str) -> bool {
        match (Url::parse(address), Url::parse(&self.base)) {
            (Ok(address), Ok(base)) => address.origin() == base.origin(),
            _ => false,
        }
    }
}

/// Host, with port where it is not the standard one, of an address; `None` where it is no http address.
#[must_use]
pub fn host_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Whether two addresses lie on the same server: same scheme, host and port. What is no address lies nowhere.
#[must_use]
pub fn same_origin(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.has_host() && one.origin() == other.origin(),
        _ => false,
    }
}

/// An address without its fragment.
#[must_use]
pub fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

/// The id of a statement of ours from the address at which a reader sees it, to which her browser or a link may have added the language, a place
/// in the page, or a slash.
#[must_use]
pub fn of_page(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_scheme_host_and_port_are_the_same_server() {
        assert!(same_origin("https://a.example/1", "https://a.example:443/2"));
        for (one, other) in [
            ("https://a.example/", "http://a.example/"),
            ("https://a.example/", "https://a.example:8443/"),
            ("https://a.example/", "https://a.example.evil.example/"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:2/"),
            ("as:Public", "as:Public"),
            ("nothing", "nothing"),
        ] {
            assert!(!same_origin(one, other), "{one} and {other}");
        }
    }
}
