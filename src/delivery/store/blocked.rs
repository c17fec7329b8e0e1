//! What waits for servers that are blocked.

use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::moderation::blocks;
use crate::storage::Conn;
use crate::storage::schema::{deliveries, lanes};

/// What receipts say of such a delivery.
const ANSWER: &str = "not sent: this server was blocked";

/// Gives up what waits for servers that are not spoken with any more. Gives the number of deliveries. One that is on its way at this moment
/// is told by how it ends.
pub fn drop_blocked(conn: &mut Conn, now: Time) -> Result<i64> {
    let waiting = lanes::table.filter(lanes::next_try_at.is_not_null());
    let waiting: Vec<String> = waiting.select(lanes::host).distinct().order(lanes::host).load(conn)?;
    let mut dropped = 0;
    for host in waiting {
        if !blocks::is_blocked(conn, &host)? {
            continue;
        }
        super::hosts::lock_lanes(conn, &host)?;
        let pending = deliveries::host.eq(&host).and(deliveries::state.eq(DeliveryState::Pending));
        let outcome = (
            deliveries::state.eq(DeliveryState::Failed),
            deliveries::answer.eq(ANSWER),
            deliveries::settled_at.eq(now),
        );
        let rows = diesel::update(deliveries::table.filter(pending)).set(outcome).execute(conn)?;
        dropped += i64::try_from(rows).unwrap_or(i64::MAX);
        diesel::update(lanes::table.filter(lanes::host.eq(&host)))
            .set(lanes::next_try_at.eq(None::<Time>))
            .execute(conn)?;
    }
    Ok(dropped)
}
