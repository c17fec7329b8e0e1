//! Leases that nobody holds any more: of processes that died, and of a database that was carried elsewhere.

use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::lanes;
use crate::storage::{self, Conn};

/// Lets all lanes go: for a database that no server has.
pub fn forget_leases(conn: &mut Conn) -> Result<()> {
    let leased = lanes::table.filter(lanes::leased_until.is_not_null());
    diesel::update(leased)
        .set((lanes::leased_until.eq(None::<Time>), lanes::leased_by.eq(None::<i32>)))
        .execute(conn)?;
    Ok(())
}

/// Lets those lanes go that processes held which are no more, when this one starts: on SQLite a server is alone, so that whoever held one is no
/// more.
pub(in crate::delivery) fn forget_leases_of_the_dead(conn: &mut Conn, own: i32) -> Result<()> {
    if storage::living(conn)?.is_none() {
        return forget_leases(conn);
    }
    let dead = lessees_who_died(conn, own)?;
    forget_leases_of(conn, &dead).map(|_| ())
}

/// The numbers of other processes that hold lanes and are no more.
pub(in crate::delivery) fn lessees_who_died(conn: &mut Conn, own: i32) -> Result<Vec<i32>> {
    // Before it is asked who lives: whoever comes in between holds none of these.
    let leased = lanes::leased_until.is_not_null().and(lanes::leased_by.ne(own));
    let lessees = lanes::table.filter(leased).select(lanes::leased_by.assume_not_null()).distinct();
    let lessees: Vec<i32> = lessees.load(conn)?;
    let Some(living) = storage::living(conn)? else { return Ok(Vec::new()) };
    Ok(lessees.into_iter().filter(|number| !living.contains(number)).collect())
}

/// Lets the lanes of some processes go. Gives the number of lanes.
pub(in crate::delivery) fn forget_leases_of(conn: &mut Conn, lessees: &[i32]) -> Result<usize> {
    let theirs = lanes::leased_until.is_not_null().and(lanes::leased_by.eq_any(lessees));
    Ok(diesel::update(lanes::table.filter(theirs))
        .set((lanes::leased_until.eq(None::<Time>), lanes::leased_by.eq(None::<i32>)))
        .execute(conn)?)
}
