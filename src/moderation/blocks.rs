//! Domain blocks: a blocked server and all its subdomains are refused, however their name is spelt.

use url::Host;

use super::store;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::Conn;
use crate::urls;

/// Blocks a domain; gives its plain form.
///
/// # Errors
/// `Invalid` when it is no domain.
pub fn block(conn: &mut Conn, domain: &str, now: Time) -> Result<String> {
    let domain = plain_domain(domain)?;
    store::insert(conn, &domain, now)?;
    Ok(domain)
}

/// Lifts a block; says whether there was one.
///
/// # Errors
/// `Invalid` when it is no domain.
pub fn unblock(conn: &mut Conn, domain: &str) -> Result<bool> {
    store::delete(conn, &plain_domain(domain)?)
}

/// All blocked domains.
pub fn list(conn: &mut Conn) -> Result<Vec<String>> {
    store::list(conn)
}

/// Whether the server of an address (`https://host/…`), or one above it, is blocked. What is no address is not blocked: it leads nowhere.
pub fn is_address_blocked(conn: &mut Conn, address: &str) -> Result<bool> {
    match urls::host_of(address) {
        Some(host) => is_blocked(conn, &host),
        None => Ok(false),
    }
}

/// Whether a host, with or without a port, or a domain above it, is blocked.
pub fn is_blocked(conn: &mut Conn, host: &str) -> Result<bool> {
    let Ok(domain) = plain_domain(host) else { return Ok(false) };
    let above = domain.char_indices().filter(|(_, letter)| *letter == '.').map(|(dot, _)| &domain[dot + 1..]);
    let names: Vec<&str> = std::iter::once(domain.as_str()).chain(above).collect();
    store::any(conn, &names)
}

/// A domain in lower case and punycode, without port, trailing dot, or what people paste around it.
fn plain_domain(text: &str) -> Result<String> {
    let wrong = || Error::invalid("domain", format!("{text:?} is no host name; write one such as bad.example"));
    let trimmed = text.trim().trim_start_matches('@');
    let url = if trimmed.contains("://") {
        url::Url::parse(trimmed)
    } else {
        url::Url::parse(&format!("https://{trimmed}/"))
    };
    match url.map_err(|_| wrong())?.host() {
        Some(Host::Domain(name)) if !name.trim_end_matches('.').is_empty() => Ok(name.trim_end_matches('.').to_owned()),
        Some(Host::Ipv4(address)) => Ok(address.to_string()),
        Some(Host::Ipv6(address)) => Ok(address.to_string()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_domain;

    #[test]
    fn every_spelling_of_a_domain_is_the_same_domain() {
        for spelling in
            ["bad.example", "BAD.Example.", "https://bad.example:8443/@x", " @bad.example", "bad.example:443"]
        {
            assert_eq!(plain_domain(spelling).expect(spelling), "bad.example");
        }
        assert_eq!(plain_domain("bücher.example").expect("a domain"), "xn--bcher-kva.example");
        assert_eq!(plain_domain("0x7f.1").expect("an address"), "127.0.0.1");
        for nonsense in ["", "   ", "https://", "a b", "."] {
            assert!(plain_domain(nonsense).is_err(), "{nonsense:?}");
        }
    }
}
