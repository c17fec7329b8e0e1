//! Names become addresses here, and only public ones come out: what is connected to is exactly what was checked, so that a name
//! which changes its address between check and connection (DNS rebinding) gains nothing.
//!
//! Two cases do not come past here. A host that is written as an IP address is never looked up, so [`Rules::check`] judges it. And
//! behind a proxy that resolves names itself (`socks5h`, HTTP) only the proxy sees the addresses: its operator must keep it from
//! reaching private networks.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::FutureExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::address::{is_public, Rules};

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
