//! Activities of ours, and one delivery for each inbox.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::DeliveryState;
use crate::clock::Time;
use crate::error::Result;
use crate::moderation::blocks;
use crate::storage::schema::{activities, deliveries, lanes};
use crate::storage::{self, Conn, each};
use crate::urls;

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
    /// All followers of this actor, at the shared inboxes of their servers where these have any.
    pub followers_of: Option<i64>,
    /// Everybody who was ever sent something about this statement.
    pub all_who_heard_of: Option<i64>,
    /// These inboxes as well.
    pub inboxes: Vec<String>,
}

/// Keeps an activity and one delivery for each inbox, save those of blocked servers, in the transaction of the caller. Gives the number of deliveries.
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
    let mut refused = HashMap::new();
    for inbox in inboxes_by_name(conn, to)? {
        let Some(host) = urls::host_of(&inbox) else { continue };
        let is_refused = match refused.get(&host) {
            Some(known) => *known,
            None => blocks::is_blocked(conn, &host)?,
        };
        if !is_refused {
            insert_for_inbox(conn, activity_id, &inbox, &host, now)?;
        }
        refused.insert(host, is_refused);
    }
    open_lanes(conn, activity_id)?;
    storage::call_others(conn)?;
    Ok(deliveries::table.filter(deliveries::activity_id.eq(activity_id)).count().get_result(conn)?)
}

/// One row for each inbox at which followers read, with their number.
fn insert_for_followers(conn: &mut Conn, activity_id: i64, actor_id: i64, now: Time) -> Result<()> {
    const INSERT: &str = "INSERT INTO deliveries \
            (activity_id, inbox, host, state, attempts, next_try_at, lets_pass, created_at, followers) \
        SELECT $1, COALESCE(actors.shared_inbox, actors.inbox), MIN(actors.host), 'pending', 0, $2, FALSE, $2, COUNT(*) \
        FROM follows JOIN actors ON actors.id = follows.follower_id \
        WHERE follows.followee_id = $3 AND follows.state = 'accepted' AND NOT actors.blocked \
        GROUP BY COALESCE(actors.shared_inbox, actors.inbox)";
    each!(conn, conn => diesel::sql_query(INSERT)
        .bind::<BigInt, _>(activity_id)
        .bind::<Timestamp, _>(now)
        .bind::<BigInt, _>(actor_id)
        .execute(conn))?;
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
        if !receipts_are_kept(conn, statement_id)? {
            inboxes.extend(lanes::table.filter(lanes::told).select(lanes::inbox).load::<String>(conn)?);
        }
    }
    Ok(inboxes)
}

/// Whether it is known who heard of a statement. Where it is not any more, whoever ever heard of any may have.
fn receipts_are_kept(conn: &mut Conn, statement_id: i64) -> Result<bool> {
    let forgotten = activities::statement_id.eq(statement_id).and(activities::receipts_kept.eq(false));
    Ok(activities::table.filter(forgotten).select(activities::id).first::<i64>(conn).optional()?.is_none())
}

fn insert_for_inbox(conn: &mut Conn, activity_id: i64, inbox: &str, host: &str, now: Time) -> Result<()> {
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

/// Makes sure that each inbox has a lane that will be looked at: now, or when its server is asked again where that is away. A lane that waits
/// for its own next try is looked at as well, since what it waits for may let later deliveries pass. Remembered is also who was told something
/// about a statement.
fn open_lanes(conn: &mut Conn, activity_id: i64) -> Result<()> {
    const OPEN: &str = "INSERT INTO lanes (inbox, host, next_try_at, away, told) \
        SELECT deliveries.inbox, deliveries.host, \
            CASE WHEN hosts.next_probe_at > deliveries.next_try_at THEN hosts.next_probe_at ELSE deliveries.next_try_at END, \
            COALESCE(hosts.failures, 0) > 0, activities.statement_id IS NOT NULL \
        FROM deliveries JOIN activities ON activities.id = deliveries.activity_id \
            LEFT JOIN hosts ON hosts.host = deliveries.host \
        WHERE deliveries.activity_id = $1 ORDER BY deliveries.inbox \
        ON CONFLICT (inbox) DO UPDATE SET told = lanes.told OR excluded.told, next_try_at = \
            CASE WHEN lanes.next_try_at < excluded.next_try_at THEN lanes.next_try_at ELSE excluded.next_try_at END";
    each!(conn, conn => diesel::sql_query(OPEN).bind::<BigInt, _>(activity_id).execute(conn))?;
    Ok(())
}

/// Lets go of the text of a withdrawn statement: no activity about it is sent or kept any more but `last`, which says that it is gone.
pub fn forget_text(conn: &mut Conn, statement_id: i64, last: &str) -> Result<()> {
    let earlier = activities::statement_id.eq(statement_id).and(activities::uri.ne(last));
    let ids: Vec<i64> = activities::table.filter(earlier).select(activities::id).load(conn)?;
    forget(conn, &ids)
}

/// Puts newer words into an activity: whoever gets it from now on, late or once more, gets these.
pub fn reword(conn: &mut Conn, uri: &str, body: &str) -> Result<()> {
    diesel::update(activities::table.filter(activities::uri.eq(uri))).set(activities::body.eq(body)).execute(conn)?;
    Ok(())
}

/// Lets go of the older Updates of a statement: `last` says all that they said, less what was corrected or withdrawn since.
pub fn forget_older_updates(conn: &mut Conn, statement_id: i64, last: &str) -> Result<()> {
    let of_statement = activities::statement_id.eq(statement_id).and(activities::uri.ne(last));
    let updates = activities::uri.like("%#updates/%");
    let ids: Vec<i64> = activities::table.filter(of_statement.and(updates)).select(activities::id).load(conn)?;
    forget(conn, &ids)
}

fn forget(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    let pending = deliveries::activity_id.eq_any(ids).and(deliveries::state.eq(DeliveryState::Pending));
    diesel::delete(deliveries::table.filter(pending)).execute(conn)?;
    diesel::update(activities::table.filter(activities::id.eq_any(ids)))
        .set((activities::body.eq(""), activities::public.eq(false)))
        .execute(conn)?;
    Ok(())
}

/// The bytes of a public activity of ours.
pub fn activity(conn: &mut Conn, uri: &str) -> Result<Option<String>> {
    let public = activities::uri.eq(uri).and(activities::public.eq(true));
    Ok(activities::table.filter(public).select(activities::body).first(conn).optional()?)
}
