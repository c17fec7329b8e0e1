//! Lanes: leased, worked off in order, and let go.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::DeliveryState;
use super::hosts::{away, host_is_away, host_is_back};
use crate::clock::Time;
use crate::delivery::policy::{GIVE_UP_AFTER, Verdict};
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::{activities, deliveries, hosts, lanes};

/// Requests in flight to one server.
pub(in crate::delivery) const LANES_PER_HOST: usize = 8;

/// A delivery whose turn has come.
#[derive(Debug, Clone)]
pub(in crate::delivery) struct Delivery {
    pub(in crate::delivery) id: i64,
    pub(in crate::delivery) attempts: i32,
    pub(in crate::delivery) created_at: Time,
    pub(in crate::delivery) sender_id: i64,
    pub(in crate::delivery) body: String,
}

/// A lane that this process has leased.
#[derive(Debug, Clone)]
pub(in crate::delivery) struct Lane {
    pub(in crate::delivery) inbox: String,
    pub(in crate::delivery) host: String,
}

/// Whether any lane may be claimed: a look that takes no lock.
pub(in crate::delivery) fn is_any_due(conn: &mut Conn, busy_hosts: &[String], now: Time) -> Result<bool> {
    let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
    let due = lanes::next_try_at.le(now).and(free).and(lanes::host.ne_all(busy_hosts));
    Ok(lanes::table.filter(due).select(lanes::inbox).first::<String>(conn).optional()?.is_some())
}

/// Leases up to `limit` lanes whose time has come. `in_flight` says how many of each host this process has under way: a host gets at
/// most [`LANES_PER_HOST`] at once, and one that has failed since it last answered a single probe.
pub(in crate::delivery) fn claim(
    conn: &mut Conn,
    busy_hosts: &[String],
    in_flight: &HashMap<String, usize>,
    limit: i64,
    lease: TimeDelta,
    now: Time,
) -> Result<Vec<Lane>> {
    let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
    let due = lanes::next_try_at.le(now).and(free).and(lanes::host.ne_all(busy_hosts));
    let candidates =
        lanes::table.filter(due).order(lanes::next_try_at).limit(limit).select((lanes::inbox, lanes::host));
    let rows: Vec<(String, String)> = match conn {
        Conn::Sqlite(conn) => candidates.load(conn)?,
        Conn::Postgres(conn) => candidates.for_update().skip_locked().load(conn)?,
    };
    let hosts: Vec<String> = rows.iter().map(|(_, host)| host.clone()).collect();
    let away = away(conn, &hosts)?;
    let mut under_way = in_flight.clone();
    let mut claimed = Vec::new();
    for (inbox, host) in rows {
        let allowed = if away.contains(&host) { 1 } else { LANES_PER_HOST };
        let count = under_way.entry(host.clone()).or_default();
        if *count < allowed {
            *count += 1;
            diesel::update(lanes::table.find(&inbox)).set(lanes::leased_until.eq(now + lease)).execute(conn)?;
            claimed.push(Lane { inbox, host });
        }
    }
    Ok(claimed)
}

/// The delivery of a lane whose turn it is, if its time has come.
pub(in crate::delivery) fn next_in_lane(conn: &mut Conn, inbox: &str, now: Time) -> Result<Option<Delivery>> {
    let Some((id, _)) = first_deliverable(conn, inbox, now)?.filter(|(_, next_try_at)| *next_try_at <= now) else {
        return Ok(None);
    };
    let (attempts, created_at, sender_id, body) = deliveries::table
        .inner_join(activities::table)
        .filter(deliveries::id.eq(id))
        .select((deliveries::attempts, deliveries::created_at, activities::sender_id, activities::body))
        .first(conn)?;
    Ok(Some(Delivery { id, attempts, created_at, sender_id, body }))
}

/// The delivery of a lane that comes next, now or later: the first in order, save that one which lets others pass is itself passed while
/// it waits.
fn first_deliverable(conn: &mut Conn, inbox: &str, now: Time) -> Result<Option<(i64, Time)>> {
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

/// Writes down how an attempt went, and what follows for the delivery and its server.
pub(in crate::delivery) fn settle(
    conn: &mut Conn,
    lane: &Lane,
    delivery: &Delivery,
    verdict: &Verdict,
    answer: &str,
    now: Time,
) -> Result<()> {
    let (state, next_try_at, lets_pass) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, now, false),
        Verdict::Failed => (DeliveryState::Failed, now, false),
        Verdict::Retry { at, lets_pass, .. } => (DeliveryState::Pending, *at, *lets_pass),
    };
    diesel::update(deliveries::table.find(delivery.id))
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(delivery.attempts + 1),
            deliveries::next_try_at.eq(next_try_at),
            deliveries::lets_pass.eq(lets_pass),
            deliveries::last_tried_at.eq(now),
            deliveries::answer.eq(answer),
            deliveries::settled_at.eq((state != DeliveryState::Pending).then_some(now)),
        ))
        .execute(conn)?;
    match verdict {
        Verdict::Retry { at, host_is_away: true, .. } => host_is_away(conn, &lane.host, *at, now),
        Verdict::Delivered => host_is_back(conn, &lane.host, now),
        _ => Ok(()),
    }?;
    expire(conn, &lane.inbox, now)
}

/// Gives up what has waited in a lane for too long behind others.
fn expire(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    let too_old = deliveries::inbox
        .eq(inbox)
        .and(deliveries::state.eq(DeliveryState::Pending))
        .and(deliveries::created_at.le(now - GIVE_UP_AFTER))
        .and(deliveries::attempts.gt(0).or(deliveries::created_at.le(now - GIVE_UP_AFTER - TimeDelta::hours(2))));
    // There hardly ever is any, and a look costs less than an update that finds nothing: no update stays prepared.
    if deliveries::table.filter(too_old).select(deliveries::id).first::<i64>(conn).optional()?.is_none() {
        return Ok(());
    }
    diesel::update(deliveries::table.filter(too_old))
        .set((deliveries::state.eq(DeliveryState::Failed), deliveries::settled_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Lets all lanes go: those that a server held when it was killed would else wait until its leases lapse.
pub(in crate::delivery) fn forget_leases(conn: &mut Conn) -> Result<()> {
    let leased = lanes::table.filter(lanes::leased_until.is_not_null());
    diesel::update(leased).set(lanes::leased_until.eq(None::<Time>)).execute(conn)?;
    Ok(())
}

/// Lets a lane go: it is looked at again when its next delivery is due.
pub(in crate::delivery) fn release(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    // On PostgreSQL the row is locked first, so that a delivery enqueued meanwhile is seen by the query that follows.
    if let Conn::Postgres(conn) = conn {
        lanes::table.find(inbox).select(lanes::inbox).for_update().first::<String>(conn)?;
    }
    let next = first_deliverable(conn, inbox, now)?.map(|(_, next_try_at)| next_try_at);
    let probe: Option<Option<Time>> = lanes::table
        .inner_join(hosts::table.on(hosts::host.eq(lanes::host)))
        .filter(lanes::inbox.eq(inbox))
        .select(hosts::next_probe_at)
        .first(conn)
        .optional()?;
    let next = next.map(|time| probe.flatten().map_or(time, |probe| probe.max(time)));
    diesel::update(lanes::table.find(inbox))
        .set((lanes::next_try_at.eq(next), lanes::leased_until.eq(None::<Time>)))
        .execute(conn)?;
    Ok(())
}
