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
const LANES_PER_HOST: usize = 8;

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

/// How many lanes of each host this process has under way.
pub(in crate::delivery) type UnderWay = HashMap<String, usize>;

/// Whether any lane may be claimed: a look that takes no lock.
pub(in crate::delivery) fn is_any_due(conn: &mut Conn, under_way: &UnderWay, now: Time) -> Result<bool> {
    let full = full_hosts(conn, under_way)?;
    let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
    let due = lanes::next_try_at.le(now).and(free).and(lanes::host.ne_all(&full));
    Ok(lanes::table.filter(due).select(lanes::inbox).first::<String>(conn).optional()?.is_some())
}

/// Hosts that have as many requests under way as they may: [`LANES_PER_HOST`], or a single probe where one has failed since it last
/// answered.
fn full_hosts(conn: &mut Conn, under_way: &UnderWay) -> Result<Vec<String>> {
    let names: Vec<String> = under_way.keys().cloned().collect();
    let away = away(conn, &names)?;
    Ok(names.into_iter().filter(|host| under_way[host] >= allowed(host, &away)).collect())
}

fn allowed(host: &String, away: &[String]) -> usize {
    if away.contains(host) { 1 } else { LANES_PER_HOST }
}

/// Leases up to `limit` lanes whose time has come, no more of a host than it may have. Looks again without the hosts that are full by
/// then, so that the many lanes of one host do not hide those of others.
pub(in crate::delivery) fn claim(
    conn: &mut Conn,
    under_way: &UnderWay,
    limit: usize,
    lease: TimeDelta,
    now: Time,
) -> Result<Vec<Lane>> {
    let mut under_way = under_way.clone();
    let mut claimed = Vec::new();
    while claimed.len() < limit {
        let due = due_lanes(conn, &under_way, limit - claimed.len(), now)?;
        let hosts: Vec<String> = due.iter().map(|lane| lane.host.clone()).collect();
        let away = away(conn, &hosts)?;
        let before = claimed.len();
        for lane in due {
            let count = under_way.entry(lane.host.clone()).or_default();
            if *count < allowed(&lane.host, &away) {
                *count += 1;
                diesel::update(lanes::table.find(&lane.inbox))
                    .set(lanes::leased_until.eq(now + lease))
                    .execute(conn)?;
                claimed.push(lane);
            }
        }
        if claimed.len() == before {
            break;
        }
    }
    Ok(claimed)
}

fn due_lanes(conn: &mut Conn, under_way: &UnderWay, limit: usize, now: Time) -> Result<Vec<Lane>> {
    let full = full_hosts(conn, under_way)?;
    let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
    let due = lanes::next_try_at.le(now).and(free).and(lanes::host.ne_all(&full));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let due = lanes::table.filter(due).order(lanes::next_try_at).limit(limit).select((lanes::inbox, lanes::host));
    let rows: Vec<(String, String)> = match conn {
        Conn::Sqlite(conn) => due.load(conn)?,
        Conn::Postgres(conn) => due.for_update().skip_locked().load(conn)?,
    };
    Ok(rows.into_iter().map(|(inbox, host)| Lane { inbox, host }).collect())
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
    // Only a failure gives up what waits behind it: a server that answers gets all that it was owed, however late.
    if *verdict == Verdict::Delivered { Ok(()) } else { expire(conn, &lane.inbox, now) }
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
pub fn forget_leases(conn: &mut Conn) -> Result<()> {
    let leased = lanes::table.filter(lanes::leased_until.is_not_null());
    diesel::update(leased).set(lanes::leased_until.eq(None::<Time>)).execute(conn)?;
    Ok(())
}

/// Lets a lane go: it is looked at again when its next delivery is due.
pub(in crate::delivery) fn release(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    // On PostgreSQL the row is locked first, so that a delivery enqueued meanwhile is seen by the query that follows.
    if let Conn::Postgres(conn) = conn {
        lanes::table.find(inbox).select(lanes::inbox).for_update().first::<String>(conn).optional()?;
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

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::clock::Clock;
    use crate::storage::{Location, open};

    #[tokio::test]
    async fn many_lanes_of_a_dead_server_do_not_hide_those_of_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = open(&Location::Sqlite(folder.path().join("lanes.sqlite"))).expect("a database");
        let now = Clock::default().now();
        let claimed = db
            .write(move |conn| {
                // More lanes than one look takes, all due before the living one's.
                for number in 0..20 {
                    let lane = format!("('https://dead.example/{number}', 'dead.example', '2020-01-01 00:00:00')");
                    conn.batch_execute(&format!("INSERT INTO lanes (inbox, host, next_try_at) VALUES {lane}"))?;
                }
                conn.batch_execute(
                    "INSERT INTO lanes (inbox, host, next_try_at)
                         VALUES ('https://alive.example/inbox', 'alive.example', '2020-01-02 00:00:00');
                     INSERT INTO hosts (host, failures) VALUES ('dead.example', 3)",
                )?;
                claim(conn, &UnderWay::new(), 10, TimeDelta::minutes(1), now)
            })
            .await
            .expect("lanes");
        let hosts: Vec<&str> = claimed.iter().map(|lane| lane.host.as_str()).collect();
        assert_eq!(hosts, ["dead.example", "alive.example"], "one probe of the dead one, and the living one beside it");
    }
}
