//! The worker: takes lanes whose time has come, and delivers what waits in them.

use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::time::Instant;

use super::flights::Flights;
use super::policy::{LONGEST_PAUSE, Outcome, Verdict, judge};
use super::store::{self, Claimed, Delivery, Lane, Lessee};
use crate::clock;
use crate::error::Result;
use crate::moderation::blocks;
use crate::node::Node;
use crate::storage::{Conn, Trouble};
use crate::transport::{FetchError, SignatureForm, SigningKey};

/// How long a lane stays ours without a sign of life; far above what [`TURN`] deliveries can take.
const LEASE: TimeDelta = TimeDelta::seconds(180);
/// Deliveries from one lane before others get their turn.
const TURN: usize = 5;
/// How often the queue is looked at where nobody rings: on SQLite the command line writes beside us, and what waits has its times.
const POLL: Duration = Duration::from_millis(500);
/// How often is asked whether other processes died, and whether the clock is what it was.
const ROUND: Duration = Duration::from_secs(2);
/// A clock that goes back by less is merely being corrected.
const CORRECTION: TimeDelta = TimeDelta::minutes(1);

/// Delivers until told to stop; then finishes what is in flight.
pub async fn run(node: Node, mut stop: watch::Receiver<bool>) {
    let mut rounds = Rounds::begin(&node).await;
    let mut flights = Flights::default();
    let mut trouble = Trouble::told_as(
        "the delivery queue could not be read or written; it is tried again, and nothing is lost",
        "the delivery queue is read and written again",
    );
    while !*stop.borrow() {
        // Registered before the query, so that a bell between query and sleep is not missed.
        let rung = node.bell.notified();
        rounds.go(&node).await;
        let claimed = claim(&node, &flights).await;
        trouble.note(claimed.as_ref().err());
        if take_off(&node, &mut flights, claimed.unwrap_or_default()) {
            continue;
        }
        tokio::select! {
            () = rung => {}
            () = flights.next_to_make_room() => {}
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
        if !take_off(node, &mut flights, claimed) && flights.is_empty() {
            return Ok(());
        }
        flights.next_to_make_room().await;
    }
}

/// Starts with what was claimed; says whether there was anything.
fn take_off(node: &Node, flights: &mut Flights, claimed: Claimed) -> bool {
    let any = !claimed.near.is_empty() || !claimed.away.is_empty();
    for lane in claimed.near {
        flights.start(fly(node.clone(), lane));
    }
    for lane in claimed.away {
        flights.start_probe(fly(node.clone(), lane));
    }
    any
}

async fn fly(node: Node, lane: Lane) {
    if let Err(error) = deliver_lane(&node, &lane).await {
        tracing::error!(%error, "a delivery could not be written down; it will be tried again when its lease lapses");
    }
}

/// What is looked after now and then: lanes that dead processes held, and a clock that was set back.
struct Rounds {
    last: Instant,
    time: clock::Time,
    trouble: Trouble,
}

impl Rounds {
    async fn begin(node: &Node) -> Self {
        let trouble = Trouble::told_as(
            "the delivery queue could not be looked after; trying again",
            "the delivery queue is looked after again",
        );
        let rounds = Self { last: Instant::now(), time: node.now(), trouble };
        let (now, own) = (rounds.time, node.number);
        let first = move |conn: &mut Conn| {
            store::forget_leases_of_the_dead(conn, own)?;
            store::after_clock_was_set_back(conn, store::LONGEST_WAIT, now)
        };
        if let Err(error) = node.db.write(first).await {
            tracing::error!(%error, "what was under way when the last server ended waits until its leases lapse");
        }
        rounds
    }

    async fn go(&mut self, node: &Node) {
        if self.last.elapsed() < ROUND {
            return;
        }
        let (now, was_set_back) = (node.now(), node.now() < self.time - CORRECTION);
        self.last = Instant::now();
        let done = look_after(node, was_set_back, now).await;
        self.trouble.note(done.as_ref().err());
        if done.is_ok() {
            self.time = now;
        }
    }
}

async fn look_after(node: &Node, clock_was_set_back: bool, now: clock::Time) -> Result<()> {
    if clock_was_set_back {
        tracing::warn!("the clock was set back; what waits to be delivered is tried now");
        node.db.write(move |conn| store::after_clock_was_set_back(conn, LONGEST_PAUSE, now)).await?;
    }
    let own = node.number;
    let dead = node.db.read(move |conn| store::lessees_who_died(conn, own)).await?;
    if !dead.is_empty() {
        // Looked for once more, since one of the numbers may be somebody's again.
        let let_go = move |conn: &mut Conn| {
            let dead = store::lessees_who_died(conn, own)?;
            store::forget_leases_of(conn, &dead)
        };
        let lanes = node.db.write(let_go).await?;
        tracing::warn!(lanes, "another process died; what it was delivering is taken up here");
    }
    Ok(())
}

/// Leases what may leave now: no more than fits, and no more for one server than it should bear.
async fn claim(node: &Node, flights: &Flights) -> Result<Claimed> {
    let (room, now) = (flights.room(), node.now());
    let lessee = Lessee { number: node.number, term: LEASE };
    if !node.db.read(move |conn| store::is_any_due(conn, lessee, room, now)).await? {
        return Ok(Claimed::default());
    }
    node.db.write(move |conn| store::claim(conn, lessee, room, now)).await
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
    let lane = lane.clone();
    node.db.write(move |conn| store::release(conn, &lane, now)).await
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
    if !store::settle(conn, lane, delivery, verdict, &outcome.to_string(), now)? {
        tracing::warn!(host = lane.host, "an attempt took longer than its lease; another worker makes its own");
        return Ok(None);
    }
    if outcome.says_gone() {
        store::note_departure(conn, &lane.inbox, now)?;
    }
    let next = if goes_on { store::next_in_lane(conn, &lane.inbox, now)? } else { None };
    if next.is_none() {
        store::release(conn, lane, now)?;
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
