//! Where a request of ours may go. Pure: no name is resolved here, so that it can be asked before any packet leaves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::config::Config;

const MAX_LENGTH: usize = 4096;

/// IPv4 that is not the public internet: IANA's special-purpose registry (RFC 6890), multicast and what is reserved.
const NOT_PUBLIC_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),       // this host: Linux connects 0.0.0.0 to itself
    v4([10, 0, 0, 0], 8),      // private (RFC 1918)
    v4([100, 64, 0, 0], 10),   // carriers' NAT (RFC 6598)
    v4([127, 0, 0, 0], 8),     // loopback
    v4([169, 254, 0, 0], 16),  // link-local, where clouds serve their secrets (RFC 3927)
    v4([172, 16, 0, 0], 12),   // private
    v4([192, 0, 0, 0], 24),    // protocol assignments
    v4([192, 0, 2, 0], 24),    // documentation (RFC 5737)
    v4([192, 88, 99, 0], 24),  // 6to4 relays (RFC 7526)
    v4([192, 168, 0, 0], 16),  // private
    v4([198, 18, 0, 0], 15),   // benchmarking (RFC 2544)
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, and broadcast
];

/// The only IPv6 addresses that are given to hosts of the public internet (RFC 4291, IANA). Outside lie loopback, IPv4-mapped and
/// IPv4-compatible addresses, NAT64 (`64:ff9b::/96` and `64:ff9b:1::/48`), discard, unique-local, link-local, site-local and multicast.
/// NAT64 leads wherever its gateway leads, private networks included, so it stays closed although a public host may lie behind it.
const PUBLIC_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// Exceptions inside that range.
const NOT_PUBLIC_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0], 23),      // protocol assignments: Teredo (RFC 4380), benchmarking, ORCHID
    v6([0x2001, 0x0db8, 0], 32), // documentation (RFC 3849)
    v6([0x2002, 0, 0], 16),      // 6to4, which carries any IPv4 address (RFC 3056)
    v6([0x3fff, 0, 0], 20),      // documentation (RFC 9637)
];

/// Names that lead to this machine or this network (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`).
const NEAR_SUFFIXES: [&str; 5] = ["localhost", "local", "internal", "localdomain", "home.arpa"];

const fn v4(start: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(start[0], start[1], start[2], start[3]), length)
}

const fn v6(start: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(start[0], start[1], start[2], 0, 0, 0, 0, 0), length)
}

/// Whether an address belongs to the public internet, so that asking it cannot reach this machine or its network.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => PUBLIC_V6.contains(&address) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&address)),
    }
}

/// What the operator allows.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Trial without TLS: http, odd ports and private addresses are allowed.
    insecure: bool,
    /// The proxy's host, which is ours alone to talk to.
    proxy_host: Option<String>,
}

impl Rules {
    /// The rules under the operator's settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let proxy_host = config.proxy.as_ref().and_then(Url::host_str).map(str::to_lowercase);
        Self { insecure: config.insecure, proxy_host }
    }

    /// Whether private addresses are open.
    #[must_use]
    pub fn insecure(&self) -> bool {
        self.insecure
    }

    /// Whether a name is the proxy's.
    #[must_use]
    pub fn is_proxy(&self, name: &str) -> bool {
        self.proxy_host.as_deref() == Some(name)
    }

    /// Reads an address and checks all that can be checked before its name is resolved. The fragment is dropped: it is never sent.
    ///
    /// # Errors
    /// A sentence that says what is not allowed.
    pub fn check(&self, address: &str) -> Result<Url, String> {
        if address.len() > MAX_LENGTH {
            return Err(format!("the address is longer than {MAX_LENGTH} characters"));
        }
        // The `url` crate follows the WHATWG standard: it turns 0x7f.1, 0177.0.0.1, 2130706433 and full-width digits into 127.0.0.1.
        let mut url = Url::parse(address).map_err(|_| "it is no address".to_owned())?;
        url.set_fragment(None);
        self.check_parsed(&url)?;
        Ok(url)
    }

    /// The next stop of a redirect, held to the same rules; and never from https down to http, whatever the operator allows.
    ///
    /// # Errors
    /// As for [`Rules::check`].
    pub fn check_redirect(&self, from: &Url, location: &str) -> Result<Url, String> {
        let to = from.join(location).map_err(|_| "it redirects to what is no address".to_owned())?;
        if from.scheme() == "https" && to.scheme() != "https" {
            return Err("it redirects from https to something less safe".to_owned());
        }
        self.check(to.as_str())
    }

    fn check_parsed(&self, url: &Url) -> Result<(), String> {
        match url.scheme() {
            "https" => {}
            "http" if self.insecure => {}
            _ => return Err("only https addresses are asked".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address holds a user name".to_owned());
        }
        let host = url.host().ok_or("the address names no host")?;
        if self.insecure {
            return Ok(());
        }
        if !matches!(url.port_or_known_default(), Some(80 | 443)) {
            return Err("only the ports 80 and 443 are asked".to_owned());
        }
        match host {
            Host::Ipv4(address) => check_literal(IpAddr::V4(address)),
            Host::Ipv6(address) => check_literal(IpAddr::V6(address)),
            Host::Domain(name) => self.check_name(name),
        }
    }

    fn check_name(&self, name: &str) -> Result<(), String> {
        if self.is_proxy(name) {
            // Its name alone is resolved without the filter (see the resolver).
            return Err("the host is the proxy".to_owned());
        }
        if name.ends_with('.') {
            // The same host under a second spelling would slip past every list of domains.
            return Err(format!("the host name {name} ends in a dot"));
        }
        let is_under =
            |suffix: &&str| name.strip_suffix(*suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if !name.contains('.') || NEAR_SUFFIXES.iter().any(is_under) {
            return Err(format!("{name} is no name of the public internet"));
        }
        if is_under(&"onion") && self.proxy_host.is_none() {
            // RFC 7686: never ask the DNS for it, which would tell others whom we read.
            return Err(format!("{name} can be reached through a Tor proxy only"));
        }
        Ok(())
    }
}

fn check_literal(address: IpAddr) -> Result<(), String> {
    if is_public(address) { Ok(()) } else { Err(format!("{address} is no address of the public internet")) }
}

#[cfg(test)]
mod tests;
