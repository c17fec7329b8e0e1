//! Lanes under way in this process, within bounds: each has at most one request out at a time, so that this also bounds sockets and memory.
//!
//! Whoever does not answer soon gives its place to others and goes on beside them, as long as there is room there: some hanging servers then
//! cost the answering ones nothing. Servers that are known to be away have places of their own.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::store::Room;

/// Lanes of servers that answer soon.
const PROMPT: usize = 256;
/// Lanes that take longer than [`SOON`].
const SLOW: usize = 256;
const SOON: Duration = Duration::from_millis(500);
/// Lanes of servers that were away when they were last asked.
const PROBES: usize = 64;

/// Lanes under way.
pub(super) struct Flights {
    tasks: JoinSet<()>,
    prompt: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    probes: Arc<Semaphore>,
    /// Rung when one makes room without having landed.
    made_room: Arc<Notify>,
}

impl Default for Flights {
    fn default() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self {
            tasks: JoinSet::new(),
            prompt: places(PROMPT),
            slow: places(SLOW),
            probes: places(PROBES),
            made_room: Arc::default(),
        }
    }
}

impl Flights {
    /// How many more may start.
    pub(super) fn room(&self) -> Room {
        Room { near: self.prompt.available_permits(), away: self.probes.available_permits() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Starts one of those for which there is [`Flights::room`].
    pub(super) fn start(&mut self, flight: impl Future<Output = ()> + Send + 'static) {
        let place = Arc::clone(&self.prompt).try_acquire_owned().ok();
        let (slow, made_room) = (Arc::clone(&self.slow), Arc::clone(&self.made_room));
        self.tasks.spawn(make_room(flight, place, slow, made_room));
    }

    /// The same to a server that is away.
    pub(super) fn start_probe(&mut self, flight: impl Future<Output = ()> + Send + 'static) {
        let place = Arc::clone(&self.probes).try_acquire_owned().ok();
        self.tasks.spawn(async move {
            flight.await;
            drop(place);
        });
    }

    /// Waits until there is more room than before.
    pub(super) async fn next_to_make_room(&mut self) {
        tokio::select! {
            landed = self.tasks.join_next() => if landed.is_none() {
                std::future::pending::<()>().await;
            },
            () = self.made_room.notified() => {}
        }
        while self.tasks.try_join_next().is_some() {}
    }

    pub(super) async fn all_to_land(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn make_room(
    flight: impl Future<Output = ()>,
    mut place: Option<OwnedSemaphorePermit>,
    slow: Arc<Semaphore>,
    made_room: Arc<Notify>,
) {
    tokio::pin!(flight);
    if tokio::time::timeout(SOON, &mut flight).await.is_ok() {
        return;
    }
    if let Ok(beside) = slow.try_acquire_owned() {
        // The place that it had goes to the next.
        place.replace(beside);
        made_room.notify_one();
    }
    flight.await;
    drop(place);
}
