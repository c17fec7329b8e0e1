//! Whose turn it is in a lane, and how its attempt is written down.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::DeliveryState;
use super::hosts::{host_is_away, host_is_back, is_away, lock_host};
use super::lanes::{Lane, holds};
use crate::clock::Time;
use crate::delivery::policy::{GIVE_UP_AFTER, Server, Verdict};
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::{activities, deliveries};

/// A delivery whose turn has come.
#[derive(Debug, Clone)]
pub(in crate::delivery) struct Delivery {
    pub(in crate::delivery) id: i64,
    pub(in crate::delivery) attempts: i32,
    pub(in crate::delivery) created_at: Time,
    pub(in crate::delivery) sender_id: i64,
    pub(in crate::delivery) body: String,
}

/// The delivery of a lane whose turn it is, if its time has come.
pub(in crate::delivery) fn next_in_lane(conn: &mut Conn, inbox: &str, now: Time) -> Result<Option<Delivery>> {
    let Some((id, _)) = first_deliverable(conn, inbox, now)?.filter(|(_, next_try_at)| *next_try_at <= now) else {
        return Ok(None);
    };
    let found = deliveries::table
        .inner_join(activities::table)
        .filter(deliveries::id.eq(id))
        .select((deliveries::attempts, deliveries::created_at, activities::sender_id, activities::body))
        .first(conn)
        .optional()?;
    match found {
        Some((attempts, created_at, sender_id, body)) => {
            Ok(Some(Delivery { id, attempts, created_at, sender_id, body }))
        }
        // It was taken back between the two looks: another's turn has come.
        None => next_in_lane(conn, inbox, now),
    }
}

/// The delivery of a lane that comes next, now or later: the first in order, save that one which lets others pass is itself passed while
/// it waits.
pub(super) fn first_deliverable(conn: &mut Conn, inbox: &str, now: Time) -> Result<Option<(i64, Time)>> {
    /// Refused activities that wait on their own schedule are few; beyond this many the rest waits its turn.
    const LOOK_AHEAD: i64 = 100;
    let pending: Vec<(i64, Time, bool)> = deliveries::table
        .filter(deliveries::inbox.eq(inbox).and(deliveries::state.eq(DeliveryState::Pending)))
        .order(deliveries::id)
        .limit(LOOK_AHEAD)
        .select((deliveries::id, deliveries::next_try_at, deliveries::lets_pass))
        .load(conn)?;
    let mut earliest: Option<(i64, Time)> = None;
    for (id, next_try_at, lets_pass) in pending {
        if next_try_at <= now {
            return Ok(Some((id, next_try_at)));
        }
        if earliest.is_none_or(|(_, time)| next_try_at < time) {
            earliest = Some((id, next_try_at));
        }
        if !lets_pass {
            break;
        }
    }
    Ok(earliest)
}

/// Writes down how an attempt went, and what follows for the delivery and its server. Says whether the lane is still ours: else nothing was
/// written down, since another worker has the lane and makes its own attempt.
pub(in crate::delivery) fn settle(
    conn: &mut Conn,
    lane: &Lane,
    delivery: &Delivery,
    verdict: &Verdict,
    answer: &str,
    now: Time,
) -> Result<bool> {
    let says_away = matches!(verdict, Verdict::Retry { server: Server::Away, .. });
    let says_back = matches!(verdict, Verdict::Delivered | Verdict::Retry { server: Server::There, .. });
    let comes_back = says_back && is_away(conn, &lane.host)?;
    if says_away || comes_back {
        lock_host(conn, &lane.host)?;
    }
    if !holds(conn, lane)? {
        return Ok(false);
    }
    let (state, next_try_at, not_before, lets_pass) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, now, None, false),
        Verdict::Failed => (DeliveryState::Failed, now, None, false),
        Verdict::Retry { at, not_before, lets_pass, .. } => (DeliveryState::Pending, *at, *not_before, *lets_pass),
    };
    diesel::update(deliveries::table.find(delivery.id))
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(delivery.attempts + 1),
            deliveries::next_try_at.eq(next_try_at),
            deliveries::not_before.eq(not_before),
            deliveries::lets_pass.eq(lets_pass),
            deliveries::last_tried_at.eq(now),
            deliveries::answer.eq(answer),
            deliveries::settled_at.eq((state != DeliveryState::Pending).then_some(now)),
        ))
        .execute(conn)?;
    match verdict {
        Verdict::Retry { at, server: Server::Away, .. } => host_is_away(conn, &lane.host, *at, now)?,
        _ if comes_back => host_is_back(conn, &lane.host, now)?,
        _ => {}
    }
    // Only a failure gives up what waits behind it: a server that answers gets all that it was owed, however late.
    if *verdict != Verdict::Delivered {
        expire(conn, lane, says_away, now)?;
    }
    Ok(true)
}

/// Gives up what has waited in a lane for too long behind others; while the server is away, in all its lanes, since only one of them is asked.
fn expire(conn: &mut Conn, lane: &Lane, whole_host: bool, now: Time) -> Result<()> {
    /// What never had its turn waits a little longer for it.
    const LAST_CHANCE: TimeDelta = TimeDelta::hours(2);
    let too_old = deliveries::host
        .eq(&lane.host)
        .and(deliveries::inbox.eq(&lane.inbox).or(whole_host.into_sql::<Bool>()))
        .and(deliveries::state.eq(DeliveryState::Pending))
        .and(deliveries::created_at.le(now - GIVE_UP_AFTER))
        .and(deliveries::attempts.gt(0).or(deliveries::created_at.le(now - GIVE_UP_AFTER - LAST_CHANCE)));
    // There hardly ever is any, and a look costs less than an update that finds nothing: no update stays prepared.
    if deliveries::table.filter(too_old).select(deliveries::id).first::<i64>(conn).optional()?.is_none() {
        return Ok(());
    }
    diesel::update(deliveries::table.filter(too_old))
        .set((deliveries::state.eq(DeliveryState::Failed), deliveries::settled_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
