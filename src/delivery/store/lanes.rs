//! Lanes: leased, and let go.
//!
//! A lease is for a time and for one process, and each lease of a lane has a number. Whoever holds a lane writes down what became of it only
//! while that number is still the lane's: a worker that was thought dead, and was not, changes nothing.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::hosts;
use super::turns::first_deliverable;
use crate::clock::Time;
use crate::delivery::policy::{LONGEST_PAUSE, LONGEST_RETRY_AFTER};
use crate::error::Result;
use crate::storage::schema::{deliveries, lanes};
use crate::storage::{self, Conn, locking};

/// Lanes of one server under way at once, over all processes.
const LANES_PER_HOST: i64 = 8;

/// The longest that anything may wait for its next try.
pub(in crate::delivery) const LONGEST_WAIT: TimeDelta = LONGEST_RETRY_AFTER;

/// A lane that this process has leased.
#[derive(Debug, Clone)]
pub(in crate::delivery) struct Lane {
    pub(in crate::delivery) inbox: String,
    pub(in crate::delivery) host: String,
    lease: i64,
}

/// Who leases lanes, and for how long.
#[derive(Debug, Clone, Copy)]
pub(in crate::delivery) struct Lessee {
    pub(in crate::delivery) number: i32,
    pub(in crate::delivery) term: TimeDelta,
}

/// The clocks of the machines that share a database agree to within this: a lease that another made a moment ahead is no lease too long.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// So many lanes may be taken up now: of servers that answer, and of servers that are away, which are only asked whether they are back.
#[derive(Debug, Clone, Copy)]
pub(in crate::delivery) struct Room {
    pub(in crate::delivery) near: usize,
    pub(in crate::delivery) away: usize,
}

/// Lanes that were leased.
#[derive(Debug, Default)]
pub(in crate::delivery) struct Claimed {
    pub(in crate::delivery) near: Vec<Lane>,
    pub(in crate::delivery) away: Vec<Lane>,
}

diesel::alias!(const SIBLINGS: Alias<Siblings> = lanes as siblings);

/// Lanes whose time has come, nobody has them, and their servers are asked at all. Clocks that were set back leave leases that are too long.
macro_rules! due {
    ($now:expr, $term:expr, $away:expr) => {
        lanes::table.filter(lanes::away.eq($away).and(lanes::next_try_at.le($now))).filter(
            lanes::leased_until
                .is_null()
                .or(lanes::leased_until.lt($now))
                .or(lanes::leased_until.gt($now + $term + SKEW)),
        )
    };
}

/// Servers that are away are asked by one lane at a time.
macro_rules! due_away {
    ($now:expr, $term:expr) => {
        due!($now, $term, true).filter(not(exists(
            SIBLINGS
                .filter(SIBLINGS.field(lanes::host).eq(lanes::host))
                .filter(SIBLINGS.field(lanes::leased_until).ge($now))
                .filter(SIBLINGS.field(lanes::leased_until).le($now + $term + SKEW)),
        )))
    };
}

/// Whether any lane may be claimed: a look that takes no lock.
pub(in crate::delivery) fn is_any_due(conn: &mut Conn, lessee: Lessee, room: Room, now: Time) -> Result<bool> {
    if room.near > 0 {
        let full = full_hosts(&under_way(conn, lessee, now)?);
        let near = due!(now, lessee.term, false).filter(lanes::host.ne_all(full)).select(lanes::inbox);
        if near.first::<String>(conn).optional()?.is_some() {
            return Ok(true);
        }
    }
    let away = due_away!(now, lessee.term).select(lanes::inbox);
    Ok(room.away > 0 && away.first::<String>(conn).optional()?.is_some())
}

/// Leases lanes whose time has come, the longest due first.
pub(in crate::delivery) fn claim(conn: &mut Conn, lessee: Lessee, room: Room, now: Time) -> Result<Claimed> {
    storage::in_turn(conn)?;
    Ok(Claimed { near: claim_near(conn, lessee, room.near, now)?, away: claim_away(conn, lessee, room.away, now)? })
}

/// No more of a host than it may have. Looks again without the hosts that are full by then, so that the many lanes of one host do not hide those
/// of others.
fn claim_near(conn: &mut Conn, lessee: Lessee, limit: usize, now: Time) -> Result<Vec<Lane>> {
    let mut under_way = under_way(conn, lessee, now)?;
    let mut claimed = Vec::new();
    while claimed.len() < limit {
        let before = claimed.len();
        for (inbox, host) in due_near(conn, lessee, &full_hosts(&under_way), limit - claimed.len(), now)? {
            let count = under_way.entry(host.clone()).or_default();
            if *count < LANES_PER_HOST {
                *count += 1;
                claimed.push(lease(conn, lessee, inbox, host, now)?);
            }
        }
        if claimed.len() == before {
            break;
        }
    }
    Ok(claimed)
}

fn claim_away(conn: &mut Conn, lessee: Lessee, limit: usize, now: Time) -> Result<Vec<Lane>> {
    let (mut probed, mut claimed) = (HashSet::new(), Vec::new());
    while claimed.len() < limit {
        let before = claimed.len();
        for (inbox, host) in first_away(conn, lessee, limit - claimed.len(), now)? {
            if probed.insert(host.clone()) {
                claimed.push(lease(conn, lessee, inbox, host, now)?);
            }
        }
        if claimed.len() == before {
            break;
        }
    }
    Ok(claimed)
}

fn due_near(
    conn: &mut Conn,
    lessee: Lessee,
    full: &[String],
    limit: usize,
    now: Time,
) -> Result<Vec<(String, String)>> {
    let due = due!(now, lessee.term, false).filter(lanes::host.ne_all(full));
    let due = due.order(lanes::next_try_at).limit(i64::try_from(limit).unwrap_or(i64::MAX));
    let due = due.select((lanes::inbox, lanes::host));
    Ok(match conn {
        Conn::Sqlite(conn) => due.load(conn)?,
        Conn::Postgres(conn) => due.for_update().skip_locked().load(conn)?,
    })
}

fn first_away(conn: &mut Conn, lessee: Lessee, limit: usize, now: Time) -> Result<Vec<(String, String)>> {
    let due = due_away!(now, lessee.term).order(lanes::next_try_at).limit(i64::try_from(limit).unwrap_or(i64::MAX));
    let due = due.select((lanes::inbox, lanes::host));
    Ok(match conn {
        Conn::Sqlite(conn) => due.load(conn)?,
        Conn::Postgres(conn) => due.for_update().skip_locked().load(conn)?,
    })
}

/// How many lanes of each server somebody has.
fn under_way(conn: &mut Conn, lessee: Lessee, now: Time) -> Result<HashMap<String, i64>> {
    let leased = lanes::leased_until.ge(now).and(lanes::leased_until.le(now + lessee.term + SKEW));
    let hosts: Vec<String> = lanes::table.filter(leased).select(lanes::host).load(conn)?;
    let mut counts = HashMap::new();
    for host in hosts {
        *counts.entry(host).or_default() += 1;
    }
    Ok(counts)
}

fn full_hosts(under_way: &HashMap<String, i64>) -> Vec<String> {
    under_way.iter().filter(|(_, count)| **count >= LANES_PER_HOST).map(|(host, _)| host.clone()).collect()
}

fn lease(conn: &mut Conn, lessee: Lessee, inbox: String, host: String, now: Time) -> Result<Lane> {
    let lease = diesel::update(lanes::table.find(&inbox))
        .set((
            lanes::leased_until.eq(now + lessee.term),
            lanes::leased_by.eq(lessee.number),
            lanes::lease.eq(lanes::lease + 1),
        ))
        .returning(lanes::lease)
        .get_result(conn)?;
    Ok(Lane { inbox, host, lease })
}

/// Whether a lane is still held by this lease; it stays so until the end of the transaction.
pub(super) fn holds(conn: &mut Conn, lane: &Lane) -> Result<bool> {
    let of_lane = lanes::table.find(&lane.inbox).select(lanes::lease);
    let newest: Option<i64> = locking!(conn, of_lane, first).optional()?;
    Ok(newest == Some(lane.lease))
}

/// Lets a lane go: it is looked at again when its next delivery is due, or its server is asked again. Another lane of that server is asked first
/// then: one inbox that hangs must not speak for all.
pub(in crate::delivery) fn release(conn: &mut Conn, lane: &Lane, now: Time) -> Result<()> {
    // With its row locked, a delivery enqueued meanwhile is seen by the query that follows.
    if !holds(conn, lane)? {
        return Ok(());
    }
    let next = first_deliverable(conn, &lane.inbox, now)?.map(|(_, next_try_at)| next_try_at);
    let away = hosts::is_away(conn, &lane.host)?;
    let probe = hosts::next_probe(conn, &lane.host)?.map(|probe| probe + TimeDelta::milliseconds(1));
    diesel::update(lanes::table.find(&lane.inbox))
        .set((
            lanes::next_try_at.eq(next.map(|time| probe.map_or(time, |probe| probe.max(time)))),
            lanes::away.eq(away),
            lanes::leased_until.eq(None::<Time>),
            lanes::leased_by.eq(None::<i32>),
        ))
        .execute(conn)?;
    Ok(())
}

/// After the clock was set back: nothing waits longer than it would have to wait anew.
pub(in crate::delivery) fn after_clock_was_set_back(conn: &mut Conn, longest: TimeDelta, now: Time) -> Result<()> {
    hosts::probe_by(conn, now + LONGEST_PAUSE.min(longest), now)?;
    let late = now + longest;
    let waits = deliveries::next_try_at.gt(late).and(deliveries::state.eq(super::DeliveryState::Pending));
    let inboxes: Vec<String> =
        lanes::table.filter(lanes::next_try_at.gt(late)).order(lanes::inbox).select(lanes::inbox).load(conn)?;
    for inbox in inboxes {
        diesel::update(lanes::table.find(&inbox)).set(lanes::next_try_at.eq(now)).execute(conn)?;
        let of_lane = deliveries::table.filter(deliveries::inbox.eq(&inbox).and(waits));
        diesel::update(of_lane).set(deliveries::next_try_at.eq(now)).execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::clock::Clock;
    use crate::storage::plan_of;
    use crate::storage::{Db, Location, open};

    const LESSEE: Lessee = Lessee { number: 1, term: TimeDelta::minutes(1) };

    fn database() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().expect("a folder");
        let db = open(&Location::Sqlite(folder.path().join("lanes.sqlite"))).expect("a database");
        (folder, db)
    }

    fn hosts_of(lanes: &[Lane]) -> Vec<&str> {
        lanes.iter().map(|lane| lane.host.as_str()).collect()
    }

    #[tokio::test]
    async fn many_lanes_of_a_dead_server_do_not_hide_those_of_others() {
        let (_folder, db) = database();
        let now = Clock::default().now();
        let claimed = db
            .write(move |conn| {
                // More lanes than one look takes, all due before the living one's.
                for number in 0..20 {
                    let lane =
                        format!("('https://dead.example/{number}', 'dead.example', '2020-01-01 00:00:00', TRUE)");
                    conn.batch_execute(&format!("INSERT INTO lanes (inbox, host, next_try_at, away) VALUES {lane}"))?;
                }
                conn.batch_execute(
                    "INSERT INTO lanes (inbox, host, next_try_at)
                         VALUES ('https://alive.example/inbox', 'alive.example', '2020-01-02 00:00:00')",
                )?;
                claim(conn, LESSEE, Room { near: 10, away: 10 }, now)
            })
            .await
            .expect("lanes");
        assert_eq!(hosts_of(&claimed.near), ["alive.example"]);
        assert_eq!(hosts_of(&claimed.away), ["dead.example"], "one probe");
    }

    #[tokio::test]
    async fn two_thousand_dead_servers_take_no_place_from_a_living_one() {
        let (_folder, db) = database();
        let now = Clock::default().now();
        db.write(|conn| {
            for number in 0..2_000 {
                let lane =
                    format!("('https://{number}.example/inbox', '{number}.example', '2020-01-01 00:00:00', TRUE)");
                conn.batch_execute(&format!("INSERT INTO lanes (inbox, host, next_try_at, away) VALUES {lane}"))?;
            }
            Ok(())
        })
        .await
        .expect("dead servers");
        let room = Room { near: 256, away: 64 };
        // Whatever is under way to the dead ones, however often is looked.
        for look in 0..3 {
            let claimed =
                db.write(move |conn| claim(conn, LESSEE, Room { near: 0, ..room }, now)).await.expect("lanes");
            assert_eq!(claimed.away.len(), 64, "look {look}");
        }
        let claimed = db
            .write(move |conn| {
                conn.batch_execute(
                    "INSERT INTO lanes (inbox, host, next_try_at)
                         VALUES ('https://alive.example/inbox', 'alive.example', '2026-01-02 00:00:00')",
                )?;
                claim(conn, LESSEE, room, now)
            })
            .await
            .expect("lanes");
        assert_eq!(hosts_of(&claimed.near), ["alive.example"], "it is taken at the first look");
    }

    #[tokio::test]
    async fn a_server_has_so_many_lanes_under_way_whoever_took_them() {
        let (_folder, db) = database();
        let now = Clock::default().now();
        let (first, second) = db
            .write(move |conn| {
                for number in 0..20 {
                    let lane = format!("('https://big.example/{number}', 'big.example', '2020-01-01 00:00:00')");
                    conn.batch_execute(&format!("INSERT INTO lanes (inbox, host, next_try_at) VALUES {lane}"))?;
                }
                // Another machine's clock is a little behind.
                let (room, behind) = (Room { near: 5, away: 5 }, now - TimeDelta::seconds(1));
                Ok((claim(conn, LESSEE, room, now)?, claim(conn, Lessee { number: 2, ..LESSEE }, room, behind)?))
            })
            .await
            .expect("lanes");
        assert_eq!((first.near.len(), second.near.len()), (5, 3));
    }

    #[tokio::test]
    async fn what_is_due_is_found_by_an_index_however_much_waits() {
        let now = Clock::default().now();
        let near = due!(now, LESSEE.term, false).order(lanes::next_try_at).limit(9).select((lanes::inbox, lanes::host));
        let away = due_away!(now, LESSEE.term).order(lanes::next_try_at).limit(9).select((lanes::inbox, lanes::host));
        let under_way = lanes::table.filter(lanes::leased_until.ge(now)).select(lanes::host);
        let plans = [
            (plan_of(&near).await, "lanes_by_next_try (away=? AND next_try_at<?)"),
            (plan_of(&away).await, "lanes_by_next_try (away=? AND next_try_at<?)"),
            (plan_of(&away).await, "lanes_by_host (host=? AND leased_until>? AND leased_until<?)"),
            (plan_of(&under_way).await, "lanes_by_lease (leased_until>?)"),
        ];
        for (plan, index) in plans {
            let plan = plan.join("\n");
            assert!(plan.contains(index), "{index} is not used:\n{plan}");
            assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
