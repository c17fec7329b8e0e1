//! How the deliveries of a statement went: counted in an index, since a statement may have as many as there are followers; then looked at closely,
//! some servers at a time.

use diesel::dsl::{count_star, exists, max, min, not, sum};
use diesel::prelude::*;

use super::DeliveryState;
use super::forgetting::is_pending;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{activities, deliveries, lanes};
use crate::storage::{self, Conn};

/// An activity about a statement, and whether it is still known how its deliveries went.
#[derive(Debug, Clone, Copy, Queryable)]
pub(in crate::delivery) struct Said {
    pub(in crate::delivery) id: i64,
    pub(in crate::delivery) receipts_kept: bool,
}

/// Deliveries of one activity to one server that stand alike.
#[derive(Debug, Clone, Queryable)]
pub(in crate::delivery) struct Count {
    pub(in crate::delivery) host: String,
    pub(in crate::delivery) state: DeliveryState,
    pub(in crate::delivery) deliveries: i64,
    pub(in crate::delivery) followers: Option<i64>,
}

/// Those of them that were answered alike, looked at closely.
#[derive(Debug, Clone, Queryable)]
pub(in crate::delivery) struct Sum {
    pub(in crate::delivery) host: String,
    pub(in crate::delivery) state: DeliveryState,
    pub(in crate::delivery) answer: Option<String>,
    pub(in crate::delivery) deliveries: i64,
    pub(in crate::delivery) attempts: Option<i64>,
    pub(in crate::delivery) next_try_at: Option<Time>,
    pub(in crate::delivery) last_tried_at: Option<Time>,
    pub(in crate::delivery) settled_at: Option<Time>,
}

/// The activities about a statement, oldest first.
pub(in crate::delivery) fn said_about(conn: &mut Conn, statement_id: i64) -> Result<Vec<Said>> {
    let about = activities::table.filter(activities::statement_id.eq(statement_id)).order(activities::id);
    Ok(about.select((activities::id, activities::receipts_kept)).load(conn)?)
}

/// The deliveries of an activity by server and state. Reads an index alone.
macro_rules! counts {
    ($activity_id:expr) => {
        deliveries::table
            .filter(deliveries::activity_id.eq($activity_id))
            .group_by((deliveries::host, deliveries::state))
            .select((deliveries::host, deliveries::state, count_star(), sum(deliveries::followers)))
    };
}

/// The same, counted.
pub(in crate::delivery) fn counts(conn: &mut Conn, activity_id: i64) -> Result<Vec<Count>> {
    Ok(counts!(activity_id).load(conn)?)
}

/// The deliveries of an activity to some servers, by server, state and answer.
pub(in crate::delivery) fn sums(conn: &mut Conn, activity_id: i64, hosts: &[String]) -> Result<Vec<Sum>> {
    Ok(deliveries::table
        .inner_join(lanes::table.on(lanes::inbox.eq(deliveries::inbox)))
        .filter(deliveries::activity_id.eq(activity_id).and(deliveries::host.eq_any(hosts)))
        .group_by((deliveries::host, deliveries::state, deliveries::answer))
        .select((
            deliveries::host,
            deliveries::state,
            deliveries::answer,
            count_star(),
            sum(deliveries::attempts),
            min(lanes::next_try_at),
            max(deliveries::last_tried_at),
            max(deliveries::settled_at),
        ))
        .load(conn)?)
}

/// Starts again what was given up of a statement, as if it had just been said; gives the number of deliveries. What is not known any more of its
/// other deliveries stays unknown.
pub fn start_again(conn: &mut Conn, statement_id: i64, now: Time) -> Result<i64> {
    // What was withdrawn since has no words any more.
    let worded = activities::statement_id.eq(statement_id).and(activities::body.ne(""));
    let of_statement = activities::table.filter(worded).select(activities::id);
    let given_up = deliveries::activity_id.eq_any(of_statement).and(deliveries::state.eq(DeliveryState::Failed));
    let inboxes: Vec<String> =
        deliveries::table.filter(given_up).select(deliveries::inbox).distinct().order(deliveries::inbox).load(conn)?;
    // Lanes before deliveries, as everywhere.
    for inbox in inboxes {
        diesel::update(lanes::table.find(inbox)).set(lanes::next_try_at.eq(now)).execute(conn)?;
    }
    let started = diesel::update(deliveries::table.filter(given_up))
        .set((
            deliveries::state.eq(DeliveryState::Pending),
            deliveries::attempts.eq(0),
            deliveries::next_try_at.eq(now),
            deliveries::created_at.eq(now),
            deliveries::settled_at.eq(None::<Time>),
        ))
        .execute(conn)?;
    storage::call_others(conn)?;
    Ok(i64::try_from(started).unwrap_or(i64::MAX))
}

/// Row numbers of activities from before a time whose deliveries all ended, and of which it is still kept how they went.
pub fn old_receipts(conn: &mut Conn, before: Time, limit: i64) -> Result<Vec<i64>> {
    let old = activities::receipts_kept.eq(true).and(activities::created_at.lt(before));
    let ended = activities::table.filter(old).filter(not(is_pending()));
    Ok(ended.order(activities::id).select(activities::id).limit(limit).load(conn)?)
}

/// From now on it is not kept any more how the deliveries of these activities went; what is still there of it is to be forgotten. Of what was
/// started again meanwhile it is kept.
pub fn let_receipts_go(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    let said = activities::table.filter(activities::id.eq_any(ids));
    diesel::update(said.filter(not(is_pending())))
        .set((activities::receipts_kept.eq(false), activities::receipts_worn.eq(true)))
        .execute(conn)?;
    Ok(())
}

/// Activities whose receipts are not kept any more, though some may still be there; not those of which all that is there waits.
macro_rules! worn {
    () => {
        activities::table
            .filter(activities::receipts_worn)
            .filter(has_ended().or(not(is_pending())))
            .order(activities::id)
            .select(activities::id)
    };
}

/// Their row numbers.
pub fn worn_receipts(conn: &mut Conn, limit: i64) -> Result<Vec<i64>> {
    Ok(worn!().limit(limit).load(conn)?)
}

/// Forgets so many deliveries of such activities, but for what was started again meanwhile.
pub fn forget_receipts(conn: &mut Conn, activity_ids: &[i64], limit: i64) -> Result<()> {
    let worn = activities::id.eq_any(activity_ids).and(activities::receipts_worn);
    let worn: Vec<i64> = activities::table.filter(worn).select(activities::id).load(conn)?;
    let ended = deliveries::state.ne(DeliveryState::Pending);
    let of_them = deliveries::table.filter(deliveries::activity_id.eq_any(&worn)).filter(ended);
    let ids: Vec<i64> = of_them.select(deliveries::id).limit(limit).load(conn)?;
    diesel::delete(deliveries::table.filter(deliveries::id.eq_any(&ids)).filter(ended)).execute(conn)?;
    let emptied = activities::table.filter(activities::id.eq_any(&worn)).filter(not(has_deliveries()));
    diesel::update(emptied).set(activities::receipts_worn.eq(false)).execute(conn)?;
    Ok(())
}

#[diesel::dsl::auto_type]
fn has_deliveries() -> _ {
    exists(deliveries::table.filter(deliveries::activity_id.eq(activities::id)))
}

#[diesel::dsl::auto_type]
fn has_ended() -> _ {
    let of_activity = deliveries::activity_id.eq(activities::id);
    let pending: DeliveryState = DeliveryState::Pending;
    exists(deliveries::table.filter(of_activity).filter(deliveries::state.ne(pending)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::plan_of;

    #[tokio::test]
    async fn a_hundred_thousand_deliveries_are_counted_in_an_index_alone() {
        let index = "SEARCH deliveries USING COVERING INDEX deliveries_by_activity (activity_id=?)";
        assert_eq!(plan_of(&counts!(1_i64)).await, [index]);
    }

    #[tokio::test]
    async fn what_is_to_be_forgotten_is_found_without_a_look_at_what_was() {
        let plan = plan_of(&worn!()).await;
        assert_eq!(plan[0], "SCAN activities USING INDEX activities_by_worn_receipts");
        assert!(!plan.iter().any(|step| step.starts_with("SCAN deliveries")), "{plan:?}");
    }
}
