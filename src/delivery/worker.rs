//! The worker: takes lanes whose time has come, and delivers what waits in them.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use super::policy::{Outcome, Verdict, judge};
use super::store::{self, Delivery, Lane};
use crate::clock;
use crate::error::Result;
use crate::moderation::blocks;
use crate::node::Node;
use crate::storage::Conn;
use crate::transport::{FetchError, SignatureForm, SigningKey};

/// Requests in flight at once, over all servers.
const IN_FLIGHT: usize = 256;
/// How long a lane stays ours without a sign of life; far above what [`TURN`] deliveries can take.
const LEASE: TimeDelta = TimeDelta::seconds(180);
/// Deliveries from one lane before others get their turn.
const TURN: usize = 5;
/// The command line writes beside us without ringing the bell.
const POLL: Duration = Duration::from_millis(500);

/// Delivers until told to stop; then finishes what is in flight.
pub async fn run(node: Node, mut stop: watch::Receiver<bool>) {
    // Whoever holds a lease now was killed: there is one server to a database. Were it still stopping, its deliveries in flight
    // would arrive twice, which does no harm.
    if let Err(error) = node.db.write(store::forget_leases).await {
        tracing::error!(%error, "deliveries that were under way when the last server ended wait until their leases lapse");
    }
    let mut flights = Flights::default();
    while !*stop.borrow() {
        // Registered before the query, so that a bell between query and sleep is not missed.
        let rung = node.bell.notified();
        let claimed = match claim(&node, &flights).await {
            Ok(lanes) => lanes,
            Err(error) => {
                tracing::error!(%error, "the delivery queue could not be read; trying again");
                Vec::new()
            }
        };
        let more = !claimed.is_empty() && flights.free() > 0;
        for lane in claimed {
            flights.start(&node, lane);
        }
        if more {
            continue;
        }
        tokio::select! {
            () = rung => {}
            () = flights.next_to_land() => {}
            () = tokio::time::sleep(POLL) => {}
            _ = stop.changed() => {}
        }
    }
    flights.all_to_land().await;
}

/// Delivers all that is due now and all that becomes due by it, and returns when nothing is left to do at this moment.
///
/// # Errors
/// When the queue cannot be read.
pub async fn deliver_due(node: &Node) -> Result<()> {
    let mut flights = Flights::default();
    loop {
        let claimed = claim(node, &flights).await?;
        if claimed.is_empty() && flights.is_empty() {
            return Ok(());
        }
        for lane in claimed {
            flights.start(node, lane);
        }
        flights.next_to_land().await;
    }
}

/// Lanes under way in this process.
#[derive(Default)]
struct Flights {
    tasks: JoinSet<()>,
    hosts: HashMap<Id, String>,
    under_way: store::UnderWay,
}

impl Flights {
    fn free(&self) -> usize {
        IN_FLIGHT - self.tasks.len().min(IN_FLIGHT)
    }

    fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    fn start(&mut self, node: &Node, lane: Lane) {
        *self.under_way.entry(lane.host.clone()).or_default() += 1;
        let (node, host) = (node.clone(), lane.host.clone());
        let task = self.tasks.spawn(async move {
            if let Err(error) = deliver_lane(&node, &lane).await {
                tracing::error!(%error, "a delivery could not be written down; it will be tried again when its lease lapses");
            }
        });
        self.hosts.insert(task.id(), host);
    }

    async fn next_to_land(&mut self) {
        match self.tasks.join_next_with_id().await {
            Some(landed) => self.landed(landed),
            None => std::future::pending().await,
        }
        while let Some(landed) = self.tasks.try_join_next_with_id() {
            self.landed(landed);
        }
    }

    async fn all_to_land(&mut self) {
        while let Some(landed) = self.tasks.join_next_with_id().await {
            self.landed(landed);
        }
    }

    fn landed(&mut self, landed: std::result::Result<(Id, ()), JoinError>) {
        let id = match landed {
            Ok((id, ())) => id,
            Err(error) => error.id(),
        };
        let Some(host) = self.hosts.remove(&id) else { return };
        if let Some(count) = self.under_way.get_mut(&host) {
            *count -= 1;
            if *count == 0 {
                self.under_way.remove(&host);
            }
        }
    }
}

/// Leases what may leave now: no more than fits, and no more for one server than it should bear.
async fn claim(node: &Node, flights: &Flights) -> Result<Vec<Lane>> {
    let (free, now) = (flights.free(), node.now());
    let (for_look, under_way) = (flights.under_way.clone(), flights.under_way.clone());
    if free == 0 || !node.db.read(move |conn| store::is_any_due(conn, &for_look, now)).await? {
        return Ok(Vec::new());
    }
    node.db.write(move |conn| store::claim(conn, &under_way, free, LEASE, now)).await
}

async fn deliver_lane(node: &Node, lane: &Lane) -> Result<()> {
    let inbox = lane.inbox.clone();
    let now = node.now();
    let mut next = node.db.read(move |conn| store::next_in_lane(conn, &inbox, now)).await?;
    let mut delivered = 0;
    while let Some(delivery) = next {
        let outcome = attempt(node, lane, &delivery).await?;
        let now = node.now();
        let tries = tries(node, lane, &delivery, &outcome).await?;
        let verdict = judge(&outcome, tries, delivery.created_at, now, clock::jitter());
        log(lane, &outcome, &verdict);
        delivered += 1;
        let goes_on = delivered < TURN && verdict == Verdict::Delivered;
        let lane = lane.clone();
        next = node.db.write(move |conn| settle(conn, &lane, &delivery, &outcome, &verdict, goes_on, now)).await?;
        if next.is_none() {
            return Ok(());
        }
    }
    let inbox = lane.inbox.clone();
    node.db.write(move |conn| store::release(conn, &inbox, now)).await
}

/// How often this was tried in vain. A silent server is silent for all its inboxes: whichever of them is asked, the pause grows.
async fn tries(node: &Node, lane: &Lane, delivery: &Delivery, outcome: &Outcome) -> Result<i32> {
    if !matches!(outcome, Outcome::Silent(_)) {
        return Ok(delivery.attempts);
    }
    let host = lane.host.clone();
    let failures = node.db.read(move |conn| store::failures(conn, &host)).await?;
    Ok(delivery.attempts.max(failures))
}

/// Writes down one attempt; gives the next delivery of the lane, or lets the lane go.
fn settle(
    conn: &mut Conn,
    lane: &Lane,
    delivery: &Delivery,
    outcome: &Outcome,
    verdict: &Verdict,
    goes_on: bool,
    now: clock::Time,
) -> Result<Option<Delivery>> {
    store::settle(conn, lane, delivery, verdict, &outcome.to_string(), now)?;
    if outcome.says_gone() {
        store::note_departure(conn, &lane.inbox, now)?;
    }
    let next = if goes_on { store::next_in_lane(conn, &lane.inbox, now)? } else { None };
    if next.is_none() {
        store::release(conn, &lane.inbox, now)?;
    }
    Ok(next)
}

/// Sends once; a server that does not understand the signature is asked a second time with the other form, and the form that it took is
/// remembered (double-knocking).
async fn attempt(node: &Node, lane: &Lane, delivery: &Delivery) -> Result<Outcome> {
    let (host, keyring) = (lane.host.clone(), node.keyring.clone());
    let look = move |conn: &mut Conn| {
        Ok((blocks::is_blocked(conn, &host)?, store::remembered_form(conn, &host)?, keyring.keys(conn)?))
    };
    let (blocked, remembered, keys) = node.db.read(look).await?;
    if blocked {
        return Ok(Outcome::Forbidden("this server is blocked".to_owned()));
    }
    let key = if delivery.sender_id == node.identity.instance.id { &keys.instance } else { &keys.union };
    let body = Bytes::from(delivery.body.clone());
    let first = remembered.unwrap_or(SignatureForm::Cavage);
    let outcome = send(node, &lane.inbox, body.clone(), key, first).await;
    if !matches!(outcome, Outcome::Answered { status, .. } if SignatureForm::may_be_the_reason(status)) {
        return Ok(outcome);
    }
    let second = first.other();
    let again = send(node, &lane.inbox, body, key, second).await;
    if matches!(again, Outcome::Answered { status: 200..=299, .. }) {
        let host = lane.host.clone();
        node.db.write(move |conn| store::remember_form(conn, &host, second)).await?;
        return Ok(again);
    }
    Ok(outcome)
}

async fn send(node: &Node, inbox: &str, body: Bytes, key: &SigningKey, form: SignatureForm) -> Outcome {
    match node.client.post(inbox, body, key, form).await {
        Ok(answer) => Outcome::Answered { status: answer.status, retry_after: answer.retry_after },
        // An address that may never be asked is one thing; a name that leads nowhere public now may lead somewhere tomorrow.
        Err(FetchError::Refused(why)) if node.client.check(inbox).is_err() => Outcome::Forbidden(why),
        Err(error) => Outcome::Silent(error.to_string()),
    }
}

fn log(lane: &Lane, outcome: &Outcome, verdict: &Verdict) {
    match verdict {
        Verdict::Delivered => tracing::debug!(host = lane.host, "delivered"),
        Verdict::Retry { at, .. } => {
            tracing::info!(host = lane.host, answer = %outcome, next = %at, "not delivered yet");
        }
        Verdict::Failed => tracing::warn!(host = lane.host, answer = %outcome, "delivery failed for good"),
    }
}
