//! How the deliveries of a statement went, added up by the database: a statement may have as many as there are followers.

use diesel::dsl::{count_star, max, min, sum};
use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{activities, deliveries, lanes};
use crate::storage::{self, Conn};

/// Deliveries to one server that stand alike and were answered alike.
#[derive(Debug, Clone, Queryable)]
pub(in crate::delivery) struct Sum {
    pub(in crate::delivery) host: String,
    pub(in crate::delivery) state: DeliveryState,
    pub(in crate::delivery) answer: Option<String>,
    pub(in crate::delivery) count: i64,
    pub(in crate::delivery) attempts: Option<i64>,
    pub(in crate::delivery) next_try_at: Option<Time>,
    pub(in crate::delivery) last_tried_at: Option<Time>,
    pub(in crate::delivery) settled_at: Option<Time>,
}

/// The deliveries of a statement by server, state and answer.
pub(in crate::delivery) fn sums_of_statement(conn: &mut Conn, statement_id: i64) -> Result<Vec<Sum>> {
    Ok(deliveries::table
        .inner_join(activities::table)
        .filter(activities::statement_id.eq(statement_id))
        .group_by((deliveries::host, deliveries::state, deliveries::answer))
        .select((
            deliveries::host,
            deliveries::state,
            deliveries::answer,
            count_star(),
            sum(deliveries::attempts),
            min(deliveries::next_try_at),
            max(deliveries::last_tried_at),
            max(deliveries::settled_at),
        ))
        .load(conn)?)
}

/// Starts again what was given up of a statement, as if it had just been said; gives the number of deliveries.
pub fn start_again(conn: &mut Conn, statement_id: i64, now: Time) -> Result<i64> {
    let of_statement = activities::table.filter(activities::statement_id.eq(statement_id)).select(activities::id);
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
