//! Inboxes that answered 410, until their actors' own server has been asked whether that is true.

use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{deliveries, departures, lanes};
use crate::storage::{Conn, each};

/// Notes that an inbox says that it is gone.
pub(in crate::delivery) fn note_departure(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    let row = (departures::inbox.eq(inbox), departures::said_at.eq(now));
    each!(conn, conn => diesel::insert_into(departures::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Inboxes that say that they are gone and were not looked at since, oldest first.
pub fn departures(conn: &mut Conn, limit: i64) -> Result<Vec<String>> {
    Ok(departures::table.order(departures::said_at).limit(limit).select(departures::inbox).load(conn)?)
}

/// Nobody lives at an inbox any more: what waits for it ends.
pub fn departed(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    diesel::update(lanes::table.find(inbox))
        .set((lanes::next_try_at.eq(None::<Time>), lanes::told.eq(false)))
        .execute(conn)?;
    let waiting = deliveries::inbox.eq(inbox).and(deliveries::state.eq(DeliveryState::Pending));
    diesel::update(deliveries::table.filter(waiting))
        .set((deliveries::state.eq(DeliveryState::Gone), deliveries::settled_at.eq(now)))
        .execute(conn)?;
    stayed(conn, inbox)
}

/// An inbox's actors are still there, or cannot be asked now: it is tried again, and looked at again after its next 410.
pub fn stayed(conn: &mut Conn, inbox: &str) -> Result<()> {
    diesel::delete(departures::table.find(inbox)).execute(conn)?;
    Ok(())
}
