//! The queue in numbers, for the operator: how much waits, how late it is, how many servers are away. Nobody is named.

use diesel::dsl::{count, exists};
use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::{deliveries, hosts, lanes};

/// A server that failed this often was asked in vain for about a day: the pauses between grow to an hour.
const LONG_AWAY: i32 = 34;

/// The state of the queue at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Deliveries that wait, due or not.
    pub waiting: i64,
    /// For how many milliseconds the oldest of those whose time has come has been due.
    oldest_due_ms: i64,
    /// Servers that were delivered to.
    pub hosts: i64,
    /// Those of them that have failed since they last answered.
    pub away: i64,
    /// Those of these that have done so for about a day or longer.
    pub long_away: i64,
}

impl Queue {
    /// For how many seconds the oldest due delivery has been due; 0 where none is.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of years are far below 2^52")]
    pub fn oldest_due_seconds(&self) -> f64 {
        self.oldest_due_ms as f64 / 1000.0
    }
}

/// Counts what waits and who is away. What waits is looked for in the lanes that wait; to count the servers, all lanes are read once.
pub fn queue(conn: &mut Conn, now: Time) -> Result<Queue> {
    let due = lanes::table.filter(lanes::next_try_at.le(now)).order(lanes::next_try_at);
    let oldest_due: Option<Option<Time>> = due.select(lanes::next_try_at).first(conn).optional()?;
    // What was only asked, and never delivered to, has no lane.
    let away =
        hosts::table.filter(hosts::failures.gt(0)).filter(exists(lanes::table.filter(lanes::host.eq(hosts::host))));
    Ok(Queue {
        waiting: waiting(conn)?,
        oldest_due_ms: oldest_due.flatten().map_or(0, |oldest| (now - oldest).num_milliseconds()),
        hosts: lanes::table.select(count(lanes::host).aggregate_distinct()).get_result(conn)?,
        away: away.count().get_result(conn)?,
        long_away: away.filter(hosts::failures.ge(LONG_AWAY)).count().get_result(conn)?,
    })
}

/// How many deliveries wait.
pub fn waiting(conn: &mut Conn) -> Result<i64> {
    let of_lane = deliveries::inbox.eq(lanes::inbox).and(deliveries::state.eq(DeliveryState::Pending));
    let waiting = lanes::table.inner_join(deliveries::table.on(of_lane)).filter(lanes::next_try_at.is_not_null());
    Ok(waiting.count().get_result(conn)?)
}
