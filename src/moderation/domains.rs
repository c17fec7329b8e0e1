//! Names of servers, in the one form in which rules about them compare them.

use std::net::{IpAddr, Ipv6Addr};

use url::Host;

use crate::error::{Error, Result};

/// A domain in lower case and punycode, or an address in its usual form: without port, trailing dot, or what people paste around it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain {
    name: String,
    is_address: bool,
}

impl Domain {
    /// Reads a host name as people and other servers write it: `Bad.Example.`, `bücher.example`, `bad.example:8443`,
    /// `https://bad.example/@x`, `@eve@bad.example`, `[::1]`.
    ///
    /// # Errors
    /// `Invalid` when it is none.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("domain", format!("{text:?} is no host name; write one such as bad.example"));
        let trimmed = text.trim().trim_start_matches('@');
        if let Ok(address) = trimmed.parse::<Ipv6Addr>() {
            return Ok(Self::of_address(address.into()));
        }
        let url = if trimmed.contains("://") {
            url::Url::parse(trimmed)
        } else {
            url::Url::parse(&format!("https://{trimmed}/"))
        };
        match url.map_err(|_| wrong())?.host() {
            Some(Host::Ipv4(address)) => Ok(Self::of_address(address.into())),
            Some(Host::Ipv6(address)) => Ok(Self::of_address(address.into())),
            // Other schemes than http leave a host as it was written: read it once more as that of a website.
            Some(Host::Domain(name)) => Self::of_name(name).ok_or_else(wrong),
            None => Err(wrong()),
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        let name = name.trim_end_matches('.');
        match Host::parse(name).ok()? {
            Host::Domain(name) if !name.is_empty() => Some(Self { name, is_address: false }),
            Host::Ipv4(address) => Some(Self::of_address(address.into())),
            _ => None,
        }
    }

    /// An IPv4 address inside an IPv6 one is the same machine.
    fn of_address(address: IpAddr) -> Self {
        Self { name: address.to_canonical().to_string(), is_address: true }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether it is an address, which has no name above or below it.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.is_address
    }

    /// Whether it is a top-level domain: a rule about it would be one about a large part of the world.
    #[must_use]
    pub fn is_top_level(&self) -> bool {
        !self.is_address && !self.name.contains('.')
    }

    /// Whether it has an asterisk: a name may (where a domain answers to all names below it), but whoever makes a rule with one means others.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        self.name.contains('*')
    }

    /// The names under which a rule may reach it: its own, and those of the domains above it, without the top-level one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let above = self.name.match_indices('.').map(|(dot, _)| &self.name[dot + 1..]);
        let above = above.filter(|name| !self.is_address && name.contains('.'));
        std::iter::once(self.name.as_str()).chain(above)
    }

    /// Whether a rule about this domain reaches another.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.names().any(|name| name == self.name)
    }
}

impl std::fmt::Display for Domain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Domain;

    fn domain(text: &str) -> Domain {
        Domain::parse(text).expect(text)
    }

    #[test]
    fn every_spelling_of_a_domain_is_the_same_domain() {
        for spelling in [
            "bad.example",
            "BAD.Example.",
            "https://bad.example:8443/@x",
            "ftp://BAD.example/",
            " @bad.example",
            "@eve@bad.example",
            "bad.example:443",
            "b%61d.example",
            "ｂａｄ.example",
        ] {
            assert_eq!(domain(spelling).as_str(), "bad.example", "{spelling}");
        }
        assert_eq!(domain("bücher.example").as_str(), "xn--bcher-kva.example");
        // Alike to the eye is not the same: the а is Cyrillic.
        assert_ne!(domain("bаd.example"), domain("bad.example"));
        for nonsense in ["", "   ", "https://", "a b", ".", "..", "a@", "[::1"] {
            assert!(Domain::parse(nonsense).is_err(), "{nonsense:?}");
        }
    }

    #[test]
    fn every_spelling_of_an_address_is_the_same_address() {
        for spelling in ["127.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]:8080", "::ffff:7f00:1", "127.0.0.1."]
        {
            assert_eq!(domain(spelling).as_str(), "127.0.0.1", "{spelling}");
        }
        assert_eq!(domain("[2001:DB8:0:0::1]:443"), domain("2001:db8::1"));
        assert_eq!(domain("127.0.0.1").names().count(), 1, "an address has nothing above it");
    }

    #[test]
    fn a_rule_reaches_what_lies_below_and_nothing_else() {
        let bad = domain("bad.example");
        for below in ["bad.example", "a.bad.example", "a.b.bad.example:99", "x*.bad.example", "*.bad.example"] {
            assert!(bad.covers(&domain(below)), "{below}");
        }
        for other in ["notbad.example", "example", "bad.example.org", "badexample"] {
            assert!(!bad.covers(&domain(other)), "{other}");
        }
        assert!(domain("example").is_top_level() && !bad.is_top_level() && !domain("::1").is_top_level());
    }
}
