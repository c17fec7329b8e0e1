//! Names become addresses here, and only public ones come out: what is connected to is exactly what was checked, so that a name
//! which changes its address between check and connection (DNS rebinding) gains nothing.
//!
//! Two cases do not come past here. A host that is written as an IP address is never looked up, so [`Rules::check`] judges it. And
//! behind a proxy that resolves names itself (`socks5h`, HTTP) only the proxy sees the addresses: its operator must keep it from
//! reaching private networks.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::address::{Rules, is_public};

/// Lookups at a time. Each holds a thread, which the database needs too: a flood of names that nobody answers for must not take them all.
const LOOKUPS_AT_A_TIME: usize = 64;

/// Asks for the addresses of a name: the system's resolver, or in tests what the test says.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// A name leads to no public address.
#[derive(Debug, thiserror::Error)]
#[error("{0} leads to no address of the public internet")]
pub struct NotPublic(String);

/// The system's resolver.
#[must_use]
pub fn system_lookup() -> Lookup {
    let places = Arc::new(Semaphore::new(LOOKUPS_AT_A_TIME));
    Arc::new(move |name| look_up(Arc::clone(&places), name).boxed())
}

async fn look_up(places: Arc<Semaphore>, name: String) -> io::Result<Vec<SocketAddr>> {
    let place = places.acquire_owned().await.map_err(io::Error::other)?;
    let lookup = tokio::task::spawn_blocking(move || {
        // Held by the thread, not by the request: a request that gives up leaves its thread waiting.
        let _place = place;
        Ok((name.as_str(), 0).to_socket_addrs()?.collect())
    });
    lookup.await.map_err(io::Error::other)?
}

/// A resolver that keeps only what the rules allow.
pub(super) struct Resolver {
    pub(super) lookup: Lookup,
    pub(super) rules: Rules,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_lowercase();
        let found = (self.lookup)(name.clone());
        // The operator chose the proxy, mostly on this machine or network.
        let anything = self.rules.insecure() || self.rules.is_proxy(&name);
        Box::pin(async move {
            let mut addresses = found.await?;
            if !anything {
                addresses.retain(|address| is_public(address.ip()));
                if addresses.is_empty() {
                    return Err(NotPublic(name).into());
                }
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    async fn resolved(settings: &[(&str, &str)], name: &str, found: &[&str]) -> Result<Vec<String>, String> {
        let environment = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let rules = Rules::new(&Config::from_sources(None, environment).expect("settings"));
        let found: Vec<SocketAddr> =
            found.iter().map(|address| SocketAddr::new(address.parse().expect("an address"), 0)).collect();
        let resolver = Resolver { lookup: Arc::new(move |_| std::future::ready(Ok(found.clone())).boxed()), rules };
        let addresses = resolver.resolve(name.parse().expect("a name")).await.map_err(|error| error.to_string())?;
        Ok(addresses.map(|address| address.ip().to_string()).collect())
    }

    const SECURE: (&str, &str) = ("PICKET_DOMAIN", "union.example");

    #[tokio::test]
    async fn of_several_addresses_only_the_public_ones_are_left() {
        let found =
            resolved(&[SECURE], "ally.example", &["127.0.0.1", "1.1.1.1", "::1", "10.0.0.1", "2606:4700::1"]).await;
        assert_eq!(found, Ok(vec!["1.1.1.1".to_owned(), "2606:4700::1".to_owned()]));
    }

    #[tokio::test]
    async fn a_name_without_a_public_address_is_refused() {
        for found in [&["127.0.0.1"][..], &["::1", "fe80::1"], &["100.64.0.1"], &["::ffff:10.0.0.1"], &[]] {
            let refused = resolved(&[SECURE], "Ally.example", found).await;
            assert_eq!(refused, Err("ally.example leads to no address of the public internet".to_owned()));
        }
    }

    #[tokio::test]
    async fn the_operators_proxy_alone_may_be_private() {
        let settings = [SECURE, ("PICKET_PROXY", "socks5h://Tor.internal:9050")];
        assert_eq!(resolved(&settings, "tor.internal", &["10.0.0.9"]).await, Ok(vec!["10.0.0.9".to_owned()]));
        assert!(resolved(&settings, "ally.example", &["10.0.0.9"]).await.is_err());
    }
}
