//! What we learnt about the servers that we deliver to: whether they answer, and which signature they take.
//!
//! Whoever changes several rows locks a server first, then its lanes in the order of their inboxes, then deliveries, so that no two wait for each
//! other.

use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::delivery::policy::LONGEST_PAUSE;
use crate::error::Result;
use crate::storage::schema::{deliveries, hosts, lanes};
use crate::storage::{self, Conn, each, locking};
use crate::transport::SignatureForm;

/// Keeps a server and all its lanes from being changed by others, until the end of the transaction.
pub(super) fn lock_host(conn: &mut Conn, host: &str) -> Result<()> {
    // Two who note a server's first failure must meet somewhere.
    let row = (hosts::host.eq(host), hosts::failures.eq(0));
    each!(conn, conn => diesel::insert_into(hosts::table).values(row).on_conflict_do_nothing().execute(conn))?;
    let _host: Vec<String> = locking!(conn, hosts::table.find(host).select(hosts::host), load)?;
    lock_lanes(conn, host)
}

/// The same for its lanes alone.
pub(super) fn lock_lanes(conn: &mut Conn, host: &str) -> Result<()> {
    let all = lanes::table.filter(lanes::host.eq(host)).order(lanes::inbox).select(lanes::inbox);
    let _lanes: Vec<String> = locking!(conn, all, load)?;
    Ok(())
}

/// Notes that a server did not answer: all its lanes wait for the next probe. What was under way to it when it fell silent says nothing new.
pub(super) fn host_is_away(conn: &mut Conn, host: &str, probe_at: Time, now: Time) -> Result<()> {
    if next_probe(conn, host)?.is_some_and(|next| next > now && next <= now + LONGEST_PAUSE) {
        return Ok(());
    }
    diesel::update(hosts::table.find(host))
        .set((
            hosts::failures.eq(hosts::failures + 1),
            hosts::next_probe_at.eq(probe_at),
            hosts::last_failure_at.eq(now),
        ))
        .execute(conn)?;
    let near = lanes::host.eq(host).and(lanes::away.eq(false));
    diesel::update(lanes::table.filter(near)).set(lanes::away.eq(true)).execute(conn)?;
    let sooner = lanes::host.eq(host).and(lanes::next_try_at.lt(probe_at));
    diesel::update(lanes::table.filter(sooner)).set(lanes::next_try_at.eq(probe_at)).execute(conn)?;
    Ok(())
}

/// How often a server did not answer since it last did.
pub(in crate::delivery) fn failures(conn: &mut Conn, host: &str) -> Result<i32> {
    let failures: QueryResult<i32> = each!(conn, conn => hosts::table.find(host).select(hosts::failures).first(conn));
    Ok(failures.optional()?.unwrap_or_default())
}

/// When a server that is away is asked again.
pub(super) fn next_probe(conn: &mut Conn, host: &str) -> Result<Option<Time>> {
    let away = hosts::table.find(host).filter(hosts::failures.gt(0));
    Ok(away.select(hosts::next_probe_at).first::<Option<Time>>(conn).optional()?.flatten())
}

/// Whether a server has failed since it last answered.
pub fn is_away(conn: &mut Conn, host: &str) -> Result<bool> {
    Ok(failures(conn, host)? > 0)
}

/// Notes that a server is there: whatever waits for it may leave, but what it asked us to bring later.
pub fn host_is_back(conn: &mut Conn, host: &str, now: Time) -> Result<()> {
    if !is_away(conn, host)? {
        return Ok(());
    }
    lock_host(conn, host)?;
    diesel::update(hosts::table.find(host))
        .set((hosts::failures.eq(0), hosts::next_probe_at.eq(None::<Time>), hosts::last_success_at.eq(now)))
        .execute(conn)?;
    let lanes_of_host = lanes::host.eq(host);
    diesel::update(lanes::table.filter(lanes_of_host)).set(lanes::away.eq(false)).execute(conn)?;
    let later = lanes_of_host.and(lanes::next_try_at.gt(now));
    diesel::update(lanes::table.filter(later)).set(lanes::next_try_at.eq(now)).execute(conn)?;
    let waiting = deliveries::host
        .eq(host)
        .and(deliveries::state.eq(DeliveryState::Pending))
        .and(deliveries::lets_pass.eq(false))
        .and(deliveries::not_before.is_null().or(deliveries::not_before.le(now)));
    diesel::update(deliveries::table.filter(waiting)).set(deliveries::next_try_at.eq(now)).execute(conn)?;
    storage::call_others(conn)
}

/// The signature form that a server took last.
pub fn remembered_form(conn: &mut Conn, host: &str) -> Result<Option<SignatureForm>> {
    let form: Option<Option<SignatureForm>> =
        hosts::table.find(host).select(hosts::signature_form).first(conn).optional()?;
    Ok(form.flatten())
}

/// Remembers the signature form that a server took, of a delivery or of a question.
pub fn remember_form(conn: &mut Conn, host: &str, form: SignatureForm) -> Result<()> {
    let row = (hosts::host.eq(host), hosts::failures.eq(0), hosts::signature_form.eq(form));
    each!(conn, conn => diesel::insert_into(hosts::table)
        .values(row)
        .on_conflict(hosts::host)
        .do_update()
        .set(hosts::signature_form.eq(form))
        .execute(conn))?;
    Ok(())
}

/// After the clock was set back: servers that are away are asked by a time at the latest.
pub(super) fn probe_by(conn: &mut Conn, latest: Time, now: Time) -> Result<()> {
    let late = hosts::table.filter(hosts::failures.gt(0).and(hosts::next_probe_at.gt(latest)));
    diesel::update(late).set(hosts::next_probe_at.eq(now)).execute(conn)?;
    Ok(())
}
