//! What we learnt about the servers that we deliver to: whether they answer, and which signature they take.

use diesel::prelude::*;

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{deliveries, hosts, lanes};
use crate::storage::{Conn, each};
use crate::transport::SignatureForm;

/// Notes that a server did not answer: all its lanes wait for the next probe.
pub(super) fn host_is_away(conn: &mut Conn, host: &str, probe_at: Time, now: Time) -> Result<()> {
    let row = (
        hosts::host.eq(host),
        hosts::failures.eq(1),
        hosts::next_probe_at.eq(probe_at),
        hosts::last_failure_at.eq(now),
    );
    each!(conn, conn => diesel::insert_into(hosts::table)
        .values(row)
        .on_conflict(hosts::host)
        .do_update()
        .set((hosts::failures.eq(hosts::failures + 1), hosts::next_probe_at.eq(probe_at), hosts::last_failure_at.eq(now)))
        .execute(conn))?;
    let sooner = lanes::host.eq(host).and(lanes::next_try_at.lt(probe_at));
    diesel::update(lanes::table.filter(sooner)).set(lanes::next_try_at.eq(probe_at)).execute(conn)?;
    Ok(())
}

/// How often a server did not answer since it last did.
pub(in crate::delivery) fn failures(conn: &mut Conn, host: &str) -> Result<i32> {
    let failures: Option<i32> = hosts::table.find(host).select(hosts::failures).first(conn).optional()?;
    Ok(failures.unwrap_or_default())
}

/// Whether a server has failed since it last answered.
pub fn is_away(conn: &mut Conn, host: &str) -> Result<bool> {
    Ok(failures(conn, host)? > 0)
}

/// Notes that a server is there: whatever waits for it may leave.
pub fn host_is_back(conn: &mut Conn, host: &str, now: Time) -> Result<()> {
    if failures(conn, host)? == 0 {
        return Ok(());
    }
    diesel::update(hosts::table.find(host))
        .set((hosts::failures.eq(0), hosts::next_probe_at.eq(None::<Time>), hosts::last_success_at.eq(now)))
        .execute(conn)?;
    let waiting = deliveries::host
        .eq(host)
        .and(deliveries::state.eq(DeliveryState::Pending))
        .and(deliveries::lets_pass.eq(false));
    diesel::update(deliveries::table.filter(waiting)).set(deliveries::next_try_at.eq(now)).execute(conn)?;
    let lanes_of_host = lanes::host.eq(host).and(lanes::next_try_at.gt(now));
    diesel::update(lanes::table.filter(lanes_of_host)).set(lanes::next_try_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Which of these servers have failed since they last answered: each is asked by one request at a time.
pub(super) fn away(conn: &mut Conn, names: &[String]) -> Result<Vec<String>> {
    let failing = hosts::host.eq_any(names).and(hosts::failures.gt(0));
    Ok(hosts::table.filter(failing).select(hosts::host).load(conn)?)
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
