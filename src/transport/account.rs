//! On whose account we ask: what strangers make us ask is bounded, for each server that is asked and in all.
//!
//! Every hop of a redirect counts at the server that it leads to, so that nobody makes us a tool against somebody else. What our own
//! editors ask, and what we deliver, is on nobody's account.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault::FetchError;
use crate::clock::Time;
use crate::rates::Rates;

/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(4);
/// Servers with questions under way or a short while ago that are kept count of.
const SERVERS: u64 = 10_000;
const SERVER_IDLE: Duration = Duration::from_mins(1);

/// What may be asked in somebody's stead.
pub struct Account {
    rates: Rates,
    places: Arc<Semaphore>,
    places_of_one: usize,
    servers: Cache<String, Arc<Semaphore>>,
}

/// A question under way; dropped, the next may go.
pub(super) struct Question {
    _of_one: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Account {
    /// So many questions a minute to each server; so many at a time in all, and to one server.
    #[must_use]
    pub fn new(rates: Rates, at_a_time: u32, to_one: u32) -> Self {
        Self {
            rates,
            places: Arc::new(Semaphore::new(at_a_time as usize)),
            places_of_one: to_one as usize,
            servers: Cache::builder().max_capacity(SERVERS).time_to_idle(SERVER_IDLE).build(),
        }
    }

    /// Waits for its turn with a question to a server.
    ///
    /// # Errors
    /// `Busy`: too many of late, or too many at this moment.
    pub(super) async fn ask(&self, host: &str, now: Time) -> Result<Question, FetchError> {
        self.rates.admit(host, now).map_err(|_| FetchError::Busy)?;
        let server = self.servers.get_with_by_ref(host, || Arc::new(Semaphore::new(self.places_of_one)));
        // First at the server, so that whoever waits for a slow one keeps no place from the others.
        let turn = async { Ok((server.acquire_owned().await?, Arc::clone(&self.places).acquire_owned().await?)) };
        let turn: Result<_, tokio::sync::AcquireError> =
            tokio::time::timeout(PATIENCE, turn).await.map_err(|_| FetchError::Busy)?;
        let (of_one, of_all) = turn.map_err(|_| FetchError::Busy)?;
        Ok(Question { _of_one: of_one, _of_all: of_all })
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn one_server_gets_a_part_of_the_places_and_waits_for_its_own() {
        let (account, now) = (Account::new(Rates::new(1_000, 1_000), 6, 4), Clock::default().now());
        let mut slow = Vec::new();
        for _ in 0..4 {
            slow.push(account.ask("slow.example", now).await.expect("its turn"));
        }
        assert!(account.ask("slow.example", now).now_or_never().is_none(), "the fifth waits");
        let _other = account.ask("other.example", now).now_or_never().expect("at once").expect("its turn");
        slow.pop();
        let _next = account.ask("slow.example", now).now_or_never().expect("at once").expect("its turn");
    }

    #[tokio::test]
    async fn a_server_is_asked_so_often_and_then_no_more() {
        let (account, clock) = (Account::new(Rates::new(60, 3), 6, 4), Clock::default());
        for _ in 0..3 {
            account.ask("a.example", clock.now()).await.expect("its turn");
        }
        assert!(matches!(account.ask("a.example", clock.now()).await, Err(FetchError::Busy)));
        account.ask("b.example", clock.now()).await.expect("its turn");
        clock.advance(chrono::TimeDelta::seconds(2));
        account.ask("a.example", clock.now()).await.expect("its turn");
    }
}
