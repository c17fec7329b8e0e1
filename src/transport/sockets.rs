//! Which connections are kept for the next request: those to some servers, and no more of them than the system lets us have open.
//!
//! The library bounds what it keeps for each server, not what it keeps in all, and a statement may go to thousands of servers within seconds.
//! So there are two clients: one that keeps its connections, for as many servers as [`KEPT_SERVERS`], and one for all others.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, ClientBuilder};

/// Servers to which connections are kept at once.
const KEPT_SERVERS: usize = 128;
/// Connections kept to one of them. A wave of deliveries to one server lasts seconds.
const KEPT_PER_SERVER: usize = 4;
/// For how long after their last use.
const KEPT_FOR: Duration = Duration::from_secs(15);

/// The clients.
pub(super) struct Sockets {
    keeping: Client,
    passing: Client,
    /// When a connection to each of the servers was last used that are kept.
    kept: Mutex<HashMap<String, Instant>>,
}

impl Sockets {
    /// Both clients by the same settings.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read.
    pub(super) fn new(builder: impl Fn() -> ClientBuilder) -> reqwest::Result<Self> {
        Ok(Self {
            keeping: builder().pool_max_idle_per_host(KEPT_PER_SERVER).pool_idle_timeout(KEPT_FOR).build()?,
            passing: builder().pool_max_idle_per_host(0).build()?,
            kept: Mutex::default(),
        })
    }

    /// The client for a request to a server.
    pub(super) fn to(&self, server: &str) -> &Client {
        if self.is_kept(server) { &self.keeping } else { &self.passing }
    }

    fn is_kept(&self, server: &str) -> bool {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(used) = kept.get_mut(server) {
            *used = now;
            return true;
        }
        if kept.len() >= KEPT_SERVERS {
            // The pool looks for what is idle as seldom as this itself.
            kept.retain(|_, used| now.duration_since(*used) < 2 * KEPT_FOR);
        }
        let has_room = kept.len() < KEPT_SERVERS;
        if has_room {
            kept.insert(server.to_owned(), now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_kept_to_so_many_servers_and_to_those_again_and_again() {
        let sockets = Sockets::new(Client::builder).expect("clients");
        let kept = |number: usize| sockets.is_kept(&format!("{number}.example"));
        assert!((0..KEPT_SERVERS).all(kept));
        assert!(!(KEPT_SERVERS..3_000).any(kept));
        assert!((0..KEPT_SERVERS).all(kept));
        assert_eq!(sockets.kept.lock().expect("nobody panicked").len(), KEPT_SERVERS);
    }
}
