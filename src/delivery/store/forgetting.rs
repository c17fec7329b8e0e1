//! What was said in private goes once it was heard or given up: nobody needs to know for ever with whom the union spoke. What is about a
//! statement stays, since its Delete must reach all who heard of it.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{activities, actors, deliveries, hosts, lanes};
use crate::storage::{Conn, locking};

/// So many private activities wait for one inbox; who asks for more, and takes no answer, gets none.
pub const MOST_WAITING_IN_PRIVATE: i64 = 100;

/// Whether as many private activities wait for an inbox as may.
pub fn is_full(conn: &mut Conn, inbox: &str) -> Result<bool> {
    let waiting = deliveries::inbox.eq(inbox).and(deliveries::state.eq(DeliveryState::Pending));
    let private = deliveries::table.inner_join(activities::table).filter(waiting).filter(is_private());
    let surplus = private.order(deliveries::id).select(deliveries::id).offset(MOST_WAITING_IN_PRIVATE - 1).limit(1);
    Ok(surplus.first::<i64>(conn).optional()?.is_some())
}

/// Row numbers of private activities from before a time that no delivery waits for any more.
pub fn settled(conn: &mut Conn, before: Time, limit: i64) -> Result<Vec<i64>> {
    let old = activities::table.filter(is_private()).filter(activities::created_at.lt(before));
    Ok(old.filter(not(is_pending())).select(activities::id).limit(limit).load(conn)?)
}

/// Forgets activities with their deliveries.
pub fn forget_activities(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    diesel::delete(deliveries::table.filter(deliveries::activity_id.eq_any(ids))).execute(conn)?;
    diesel::delete(activities::table.filter(activities::id.eq_any(ids))).execute(conn)?;
    Ok(())
}

/// Forgets a private activity, also one that still waits: what it says does not hold any more.
pub fn take_back(conn: &mut Conn, uri: &str) -> Result<()> {
    let named = activities::table.filter(is_private()).filter(activities::uri.eq(uri));
    let ids: Vec<i64> = named.select(activities::id).load(conn)?;
    forget_activities(conn, &ids)
}

/// Forgets what was said in private at an inbox and waits no longer.
pub fn forget_settled_at(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    let ids: Vec<i64> = activities::table
        .filter(is_private())
        .filter(activities::id.eq_any(said_at(inbox.to_owned())))
        .filter(not(is_pending()))
        .select(activities::id)
        .load(conn)?;
    forget_activities(conn, &ids)?;
    close_lanes(conn, &[inbox.to_owned()], now)
}

/// Forgets all that was, or would be, said in private at an inbox whose only owner is gone.
pub fn forget_all_at(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    lock_lane(conn, inbox)?;
    diesel::update(lanes::table.find(inbox)).set(lanes::told.eq(false)).execute(conn)?;
    let here = activities::table.filter(is_private()).filter(activities::id.eq_any(said_at(inbox.to_owned())));
    let ids: Vec<i64> = here.select(activities::id).load(conn)?;
    forget_activities(conn, &ids)?;
    close_lanes(conn, &[inbox.to_owned()], now)
}

/// What is looked for; of the many lanes at which somebody heard of a statement none is looked at.
macro_rules! unused_lanes {
    () => {
        lanes::table.filter(lanes::next_try_at.is_null().and(is_unused())).order(lanes::inbox).select(lanes::inbox)
    };
}

/// Lanes that no delivery refers to and at which nobody ever heard of a statement, in order.
pub fn unused_lanes(conn: &mut Conn, limit: i64) -> Result<Vec<String>> {
    Ok(unused_lanes!().limit(limit).load(conn)?)
}

/// Closes those of some lanes that are unused, and that no worker has.
pub fn close_lanes(conn: &mut Conn, inboxes: &[String], now: Time) -> Result<()> {
    for inbox in inboxes {
        lock_lane(conn, inbox)?;
        let lane = lanes::table.find(inbox);
        let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
        diesel::delete(lane.filter(free).filter(is_unused())).execute(conn)?;
    }
    Ok(())
}

/// Servers that we deliver to no more and of which we know nobody, in order: what we learnt about them need not be remembered.
pub fn unused_hosts(conn: &mut Conn, limit: i64) -> Result<Vec<String>> {
    let unused = hosts::table.filter(not(is_of_use()));
    Ok(unused.order(hosts::host).select(hosts::host).limit(limit).load(conn)?)
}

/// Forgets those of some servers that are unused.
pub fn forget_hosts(conn: &mut Conn, names: &[String]) -> Result<()> {
    diesel::delete(hosts::table.filter(hosts::host.eq_any(names)).filter(not(is_of_use()))).execute(conn)?;
    Ok(())
}

#[diesel::dsl::auto_type]
fn is_of_use() -> _ {
    let has_lanes = exists(lanes::table.filter(lanes::host.eq(hosts::host)));
    has_lanes.or(exists(actors::table.filter(actors::host.eq(hosts::host))))
}

/// With its row locked, a delivery that is enqueued meanwhile is seen by what follows.
fn lock_lane(conn: &mut Conn, inbox: &str) -> Result<()> {
    let _lane: Vec<String> = locking!(conn, lanes::table.find(inbox).select(lanes::inbox), load)?;
    Ok(())
}

#[diesel::dsl::auto_type]
fn is_private() -> _ {
    activities::statement_id.is_null().and(activities::public.eq(false))
}

#[diesel::dsl::auto_type]
pub(super) fn is_pending() -> _ {
    let of_activity = deliveries::activity_id.eq(activities::id);
    let pending: DeliveryState = DeliveryState::Pending;
    exists(deliveries::table.filter(of_activity).filter(deliveries::state.eq(pending)))
}

#[diesel::dsl::auto_type]
fn is_unused() -> _ {
    not(lanes::told).and(not(exists(deliveries::table.filter(deliveries::inbox.eq(lanes::inbox)))))
}

#[diesel::dsl::auto_type]
fn said_at(inbox: String) -> _ {
    deliveries::table.filter(deliveries::inbox.eq(inbox)).select(deliveries::activity_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::plan_of;

    #[tokio::test]
    async fn unused_lanes_are_found_without_a_look_at_those_that_are_used() {
        let plan = plan_of(&unused_lanes!()).await;
        assert_eq!(plan[0], "SCAN lanes USING INDEX lanes_untold");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
    }
}
