//! The queue in the database.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::policy::{GIVE_UP_AFTER, Verdict};
use crate::alliances::FollowState;
use crate::clock::Time;
use crate::error::Result;
use crate::storage::schema::{activities, actors, deliveries, follows, hosts, lanes};
use crate::storage::{Conn, each, text_enum};
use crate::transport::SignatureForm;
use crate::urls;

text_enum! {
    /// How far a delivery has come.
    DeliveryState {
        /// Waits, or is on its way.
        Pending = "pending",
        /// The other server took it.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

/// Requests in flight to one server.
pub(super) const LANES_PER_HOST: usize = 8;

/// An activity of ours, as bytes.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its id.
    pub uri: String,
    /// The local actor whose key signs the requests.
    pub sender_id: i64,
    /// The statement that it is about, for receipts.
    pub statement_id: Option<i64>,
    /// Whether everybody may fetch it by its id.
    pub public: bool,
    /// The JSON.
    pub body: String,
}

/// To whom an activity goes. Each distinct inbox gets it once.
#[derive(Debug, Clone, Default)]
pub struct Recipients {
    /// All followers of this actor, at the shared inboxes of their servers.
    pub followers_of: Option<i64>,
    /// Everybody who was ever sent something about this statement.
    pub all_who_heard_of: Option<i64>,
    /// These inboxes as well.
    pub inboxes: Vec<String>,
}

/// A delivery whose turn has come.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) id: i64,
    pub(super) attempts: i32,
    pub(super) created_at: Time,
    pub(super) sender_id: i64,
    pub(super) body: String,
}

/// A lane that this process has leased.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    pub(super) inbox: String,
    pub(super) host: String,
}

/// Keeps an activity and one delivery for each inbox, in the transaction of the caller. Gives the number of deliveries.
pub fn enqueue(conn: &mut Conn, outgoing: &Outgoing, to: &Recipients, now: Time) -> Result<i64> {
    let activity_id: i64 = diesel::insert_into(activities::table)
        .values((
            activities::uri.eq(&outgoing.uri),
            activities::sender_id.eq(outgoing.sender_id),
            activities::statement_id.eq(outgoing.statement_id),
            activities::public.eq(outgoing.public),
            activities::body.eq(&outgoing.body),
            activities::created_at.eq(now),
        ))
        .returning(activities::id)
        .get_result(conn)?;
    if let Some(actor_id) = to.followers_of {
        insert_for_followers(conn, activity_id, actor_id, now)?;
    }
    for inbox in inboxes_by_name(conn, to)? {
        insert_for_inbox(conn, activity_id, &inbox, now)?;
    }
    open_lanes(conn, activity_id)?;
    Ok(deliveries::table.filter(deliveries::activity_id.eq(activity_id)).count().get_result(conn)?)
}

fn insert_for_followers(conn: &mut Conn, activity_id: i64, actor_id: i64, now: Time) -> Result<()> {
    use diesel::dsl::sql;
    use diesel::sql_types::{Bool, Integer, Text, Timestamp};
    let to_inbox = || sql::<Text>("COALESCE(actors.shared_inbox, actors.inbox)");
    each!(conn, conn => {
        let followers = follows::table
            .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
            .filter(follows::followee_id.eq(actor_id).and(follows::state.eq(FollowState::Accepted)))
            .select((
                activity_id.into_sql::<BigInt>(),
                to_inbox(),
                actors::host,
                DeliveryState::Pending.into_sql::<Text>(),
                0.into_sql::<Integer>(),
                now.into_sql::<Timestamp>(),
                false.into_sql::<Bool>(),
                now.into_sql::<Timestamp>(),
            ))
            .distinct();
        diesel::insert_into(deliveries::table)
            .values(followers)
            .into_columns((
                deliveries::activity_id,
                deliveries::inbox,
                deliveries::host,
                deliveries::state,
                deliveries::attempts,
                deliveries::next_try_at,
                deliveries::lets_pass,
                deliveries::created_at,
            ))
            .execute(conn)
    })?;
    Ok(())
}

fn inboxes_by_name(conn: &mut Conn, to: &Recipients) -> Result<Vec<String>> {
    let mut inboxes = to.inboxes.clone();
    if let Some(statement_id) = to.all_who_heard_of {
        let earlier: Vec<String> = deliveries::table
            .inner_join(activities::table)
            .filter(activities::statement_id.eq(statement_id))
            .select(deliveries::inbox)
            .distinct()
            .load(conn)?;
        inboxes.extend(earlier);
    }
    Ok(inboxes)
}

fn insert_for_inbox(conn: &mut Conn, activity_id: i64, inbox: &str, now: Time) -> Result<()> {
    let Some(host) = urls::host_of(inbox) else { return Ok(()) };
    let row = (
        deliveries::activity_id.eq(activity_id),
        deliveries::inbox.eq(inbox),
        deliveries::host.eq(host),
        deliveries::state.eq(DeliveryState::Pending),
        deliveries::attempts.eq(0),
        deliveries::next_try_at.eq(now),
        deliveries::lets_pass.eq(false),
        deliveries::created_at.eq(now),
    );
    each!(conn, conn => diesel::insert_into(deliveries::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// Makes sure that each inbox has a lane that will be looked at. A lane that waits for its server keeps waiting.
fn open_lanes(conn: &mut Conn, activity_id: i64) -> Result<()> {
    const OPEN: &str = "INSERT INTO lanes (inbox, host, next_try_at) \
        SELECT inbox, host, next_try_at FROM deliveries WHERE activity_id = $1 \
        ON CONFLICT (inbox) DO UPDATE SET next_try_at = COALESCE(lanes.next_try_at, excluded.next_try_at)";
    each!(conn, conn => diesel::sql_query(OPEN).bind::<BigInt, _>(activity_id).execute(conn))?;
    Ok(())
}

/// Whether any lane may be claimed: a look that takes no lock.
pub(super) fn is_any_due(conn: &mut Conn, busy_hosts: &[String], now: Time) -> Result<bool> {
    let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
    let due = lanes::next_try_at.le(now).and(free).and(lanes::host.ne_all(busy_hosts));
    Ok(lanes::table.filter(due).select(lanes::inbox).first::<String>(conn).optional()?.is_some())
}

/// Leases up to `limit` lanes whose time has come. `in_flight` says how many of each host this process has under way: a host gets at
/// most [`LANES_PER_HOST`] at once, and one that has failed since it last answered a single probe.
pub(super) fn claim(
    conn: &mut Conn,
    busy_hosts: &[String],
    in_flight: &HashMap<String, usize>,
    limit: i64,
    lease: TimeDelta,
    now: Time,
) -> Result<Vec<Lane>> {
    let free = lanes::leased_until.is_null().or(lanes::leased_until.lt(now));
    let due = lanes::next_try_at.le(now).and(free).and(lanes::host.ne_all(busy_hosts));
    let candidates = lanes::table.filter(due).order(lanes::next_try_at).limit(limit).select((lanes::inbox, lanes::host));
    let rows: Vec<(String, String)> = match conn {
        Conn::Sqlite(conn) => candidates.load(conn)?,
        Conn::Postgres(conn) => candidates.for_update().skip_locked().load(conn)?,
    };
    let hosts: Vec<String> = rows.iter().map(|(_, host)| host.clone()).collect();
    let away = away(conn, &hosts)?;
    let mut under_way = in_flight.clone();
    let mut claimed = Vec::new();
    for (inbox, host) in rows {
        let allowed = if away.contains(&host) { 1 } else { LANES_PER_HOST };
        let count = under_way.entry(host.clone()).or_default();
        if *count < allowed {
            *count += 1;
            diesel::update(lanes::table.find(&inbox)).set(lanes::leased_until.eq(now + lease)).execute(conn)?;
            claimed.push(Lane { inbox, host });
        }
    }
    Ok(claimed)
}

/// The delivery of a lane whose turn it is, if its time has come.
pub(super) fn next_in_lane(conn: &mut Conn, inbox: &str, now: Time) -> Result<Option<Delivery>> {
    let Some((id, _)) = first_deliverable(conn, inbox, now)?.filter(|(_, next_try_at)| *next_try_at <= now) else {
        return Ok(None);
    };
    let (attempts, created_at, sender_id, body) = deliveries::table
        .inner_join(activities::table)
        .filter(deliveries::id.eq(id))
        .select((deliveries::attempts, deliveries::created_at, activities::sender_id, activities::body))
        .first(conn)?;
    Ok(Some(Delivery { id, attempts, created_at, sender_id, body }))
}

/// The delivery of a lane that comes next, now or later: the first in order, save that one which lets others pass is itself passed while
/// it waits.
fn first_deliverable(conn: &mut Conn, inbox: &str, now: Time) -> Result<Option<(i64, Time)>> {
    /// Refused activities that wait on their own schedule are few; beyond this many the rest waits its turn.
    const LOOK_AHEAD: i64 = 100;
    let pending: Vec<(i64, Time, bool)> = deliveries::table
        .filter(deliveries::inbox.eq(inbox).and(deliveries::state.eq(DeliveryState::Pending)))
        .order(deliveries::id)
        .limit(LOOK_AHEAD)
        .select((deliveries::id, deliveries::next_try_at, deliveries::lets_pass))
        .load(conn)?;
    let mut earliest: Option<(i64, Time)> = None;
    for (id, next_try_at, lets_pass) in pending {
        if next_try_at <= now {
            return Ok(Some((id, next_try_at)));
        }
        if earliest.is_none_or(|(_, time)| next_try_at < time) {
            earliest = Some((id, next_try_at));
        }
        if !lets_pass {
            break;
        }
    }
    Ok(earliest)
}

/// Writes down how an attempt went, and what follows for the delivery and its server.
pub(super) fn settle(conn: &mut Conn, lane: &Lane, delivery: &Delivery, verdict: &Verdict, answer: &str, now: Time) -> Result<()> {
    let (state, next_try_at, lets_pass) = match verdict {
        Verdict::Delivered => (DeliveryState::Delivered, now, false),
        Verdict::Failed => (DeliveryState::Failed, now, false),
        Verdict::Retry { at, lets_pass, .. } => (DeliveryState::Pending, *at, *lets_pass),
    };
    diesel::update(deliveries::table.find(delivery.id))
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(delivery.attempts + 1),
            deliveries::next_try_at.eq(next_try_at),
            deliveries::lets_pass.eq(lets_pass),
            deliveries::last_tried_at.eq(now),
            deliveries::answer.eq(answer),
            deliveries::settled_at.eq((state != DeliveryState::Pending).then_some(now)),
        ))
        .execute(conn)?;
    match verdict {
        Verdict::Retry { at, host_is_away: true, .. } => host_is_away(conn, &lane.host, *at, now),
        Verdict::Delivered => host_is_back(conn, &lane.host, now),
        _ => Ok(()),
    }?;
    expire(conn, &lane.inbox, now)
}

/// Gives up what has waited in a lane for too long behind others.
fn expire(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    let too_old = deliveries::inbox
        .eq(inbox)
        .and(deliveries::state.eq(DeliveryState::Pending))
        .and(deliveries::created_at.le(now - GIVE_UP_AFTER))
        .and(deliveries::attempts.gt(0).or(deliveries::created_at.le(now - GIVE_UP_AFTER - TimeDelta::hours(2))));
    // There hardly ever is any, and a look costs less than an update that finds nothing: no update stays prepared.
    if deliveries::table.filter(too_old).select(deliveries::id).first::<i64>(conn).optional()?.is_none() {
        return Ok(());
    }
    diesel::update(deliveries::table.filter(too_old))
        .set((deliveries::state.eq(DeliveryState::Failed), deliveries::settled_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Lets all lanes go: those that a server held when it was killed would else wait until its leases lapse.
pub(super) fn forget_leases(conn: &mut Conn) -> Result<()> {
    let leased = lanes::table.filter(lanes::leased_until.is_not_null());
    diesel::update(leased).set(lanes::leased_until.eq(None::<Time>)).execute(conn)?;
    Ok(())
}

/// Lets a lane go: it is looked at again when its next delivery is due.
pub(super) fn release(conn: &mut Conn, inbox: &str, now: Time) -> Result<()> {
    // On PostgreSQL the row is locked first, so that a delivery enqueued meanwhile is seen by the query that follows.
    if let Conn::Postgres(conn) = conn {
        lanes::table.find(inbox).select(lanes::inbox).for_update().first::<String>(conn)?;
    }
    let next = first_deliverable(conn, inbox, now)?.map(|(_, next_try_at)| next_try_at);
    let probe: Option<Option<Time>> = lanes::table
        .inner_join(hosts::table.on(hosts::host.eq(lanes::host)))
        .filter(lanes::inbox.eq(inbox))
        .select(hosts::next_probe_at)
        .first(conn)
        .optional()?;
    let next = next.map(|time| probe.flatten().map_or(time, |probe| probe.max(time)));
    diesel::update(lanes::table.find(inbox))
        .set((lanes::next_try_at.eq(next), lanes::leased_until.eq(None::<Time>)))
        .execute(conn)?;
    Ok(())
}

/// Notes that a server did not answer: all its lanes wait for the next probe.
fn host_is_away(conn: &mut Conn, host: &str, probe_at: Time, now: Time) -> Result<()> {
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
pub(super) fn failures(conn: &mut Conn, host: &str) -> Result<i32> {
    let failures: Option<i32> = hosts::table.find(host).select(hosts::failures).first(conn).optional()?;
    Ok(failures.unwrap_or_default())
}

/// Notes that a server is there: whatever waits for it may leave.
pub fn host_is_back(conn: &mut Conn, host: &str, now: Time) -> Result<()> {
    if failures(conn, host)? == 0 {
        return Ok(());
    }
    diesel::update(hosts::table.find(host))
        .set((hosts::failures.eq(0), hosts::next_probe_at.eq(None::<Time>), hosts::last_success_at.eq(now)))
        .execute(conn)?;
    let waiting = deliveries::host.eq(host).and(deliveries::state.eq(DeliveryState::Pending)).and(deliveries::lets_pass.eq(false));
    diesel::update(deliveries::table.filter(waiting)).set(deliveries::next_try_at.eq(now)).execute(conn)?;
    let lanes_of_host = lanes::host.eq(host).and(lanes::next_try_at.gt(now));
    diesel::update(lanes::table.filter(lanes_of_host)).set(lanes::next_try_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Which of these servers have failed since they last answered: each is asked by one request at a time.
fn away(conn: &mut Conn, names: &[String]) -> Result<Vec<String>> {
    let failing = hosts::host.eq_any(names).and(hosts::failures.gt(0));
    Ok(hosts::table.filter(failing).select(hosts::host).load(conn)?)
}

/// The signature form that a server took last.
pub fn remembered_form(conn: &mut Conn, host: &str) -> Result<Option<SignatureForm>> {
    let form: Option<Option<SignatureForm>> = hosts::table.find(host).select(hosts::signature_form).first(conn).optional()?;
    Ok(form.flatten())
}

pub(super) fn remember_form(conn: &mut Conn, host: &str, form: SignatureForm) -> Result<()> {
    let row = (hosts::host.eq(host), hosts::failures.eq(0), hosts::signature_form.eq(form));
    each!(conn, conn => diesel::insert_into(hosts::table)
        .values(row)
        .on_conflict(hosts::host)
        .do_update()
        .set(hosts::signature_form.eq(form))
        .execute(conn))?;
    Ok(())
}

/// Lets go of the text of a withdrawn statement: what was never tried is not sent any more, and what nothing waits for is emptied. The
/// Delete itself stays.
pub fn forget_text(conn: &mut Conn, statement_id: i64, statement_uri: &str) -> Result<()> {
    let earlier: Vec<i64> = activities::table
        .filter(activities::statement_id.eq(statement_id).and(activities::uri.ne(format!("{statement_uri}#delete"))))
        .select(activities::id)
        .load(conn)?;
    let pending = deliveries::state.eq(DeliveryState::Pending);
    let never_tried = deliveries::activity_id.eq_any(&earlier).and(pending).and(deliveries::attempts.eq(0));
    diesel::delete(deliveries::table.filter(never_tried)).execute(conn)?;
    let on_their_way: Vec<i64> = deliveries::table
        .filter(deliveries::activity_id.eq_any(&earlier).and(pending))
        .select(deliveries::activity_id)
        .distinct()
        .load(conn)?;
    let settled = activities::id.eq_any(&earlier).and(activities::id.ne_all(&on_their_way));
    diesel::update(activities::table.filter(settled)).set((activities::body.eq(""), activities::public.eq(false))).execute(conn)?;
    diesel::update(activities::table.filter(activities::id.eq_any(&earlier))).set(activities::public.eq(false)).execute(conn)?;
    Ok(())
}

/// How many deliveries wait.
pub fn waiting(conn: &mut Conn) -> Result<i64> {
    Ok(deliveries::table.filter(deliveries::state.eq(DeliveryState::Pending)).count().get_result(conn)?)
}

/// The bytes of a public activity of ours.
pub fn activity(conn: &mut Conn, uri: &str) -> Result<Option<String>> {
    let public = activities::uri.eq(uri).and(activities::public.eq(true));
    Ok(activities::table.filter(public).select(activities::body).first(conn).optional()?)
}

/// A delivery as receipts show it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct DeliveryRow {
    pub(super) host: String,
    pub(super) state: DeliveryState,
    pub(super) attempts: i32,
    pub(super) next_try_at: Time,
    pub(super) answer: Option<String>,
}

pub(super) fn deliveries_of_statement(conn: &mut Conn, statement_id: i64) -> Result<Vec<DeliveryRow>> {
    Ok(deliveries::table
        .inner_join(activities::table)
        .filter(activities::statement_id.eq(statement_id))
        .order(deliveries::id)
        .select((deliveries::host, deliveries::state, deliveries::attempts, deliveries::next_try_at, deliveries::answer))
        .load(conn)?)
}
