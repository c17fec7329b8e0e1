//! Did it reach them? The answer for every statement.

use std::collections::BTreeMap;

use serde::Serialize;

use super::store::{self, DeliveryState, Sum};
use crate::alliances;
use crate::clock;
use crate::error::Result;
use crate::storage::Conn;

/// A server with fewer followers than this is not named: a server of one is a person.
const NAMED_FROM: i64 = 5;
const SMALL_SERVERS: &str = "small servers";

/// How the deliveries of one statement went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Receipts {
    /// All deliveries: one for each activity about the statement and inbox.
    pub total: u64,
    /// Taken by the other server.
    pub delivered: u64,
    /// Waiting, or on their way.
    pub pending: u64,
    /// Given up after fifteen days.
    pub failed: u64,
    /// Ended because nobody is there any more.
    pub gone: u64,
    /// The same by server.
    pub hosts: Vec<HostReceipt>,
}

/// How the deliveries to one server, or to all small ones together, went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HostReceipt {
    /// The server.
    pub host: String,
    /// Taken.
    pub delivered: u64,
    /// Waiting.
    pub pending: u64,
    /// Given up.
    pub failed: u64,
    /// Ended because nobody is there any more.
    pub gone: u64,
    /// When the last of them was taken.
    pub delivered_at: Option<String>,
    /// When the last attempt was made.
    pub last_tried_at: Option<String>,
    /// Attempts so far.
    pub attempts: u64,
    /// What the server said last.
    pub answer: Option<String>,
    /// When the next attempt is due.
    pub next_try_at: Option<String>,
}

/// The receipts of a statement. Servers of allies that the union follows are named, and others with enough followers.
///
/// # Errors
/// When the database cannot be read.
pub fn of_statement(conn: &mut Conn, statement_id: i64, union_id: i64) -> Result<Receipts> {
    let followers: BTreeMap<String, i64> = alliances::followers_on_host(conn, union_id)?.into_iter().collect();
    let allies: Vec<String> = alliances::following(conn, union_id)?.into_iter().map(|(_, ally)| ally.host).collect();
    let is_named =
        |host: &String| allies.contains(host) || followers.get(host).is_some_and(|count| *count >= NAMED_FROM);
    let mut receipts = Receipts::default();
    let mut hosts: BTreeMap<String, HostReceipt> = BTreeMap::new();
    for sum in store::sums_of_statement(conn, statement_id)? {
        let name = if is_named(&sum.host) { sum.host.clone() } else { SMALL_SERVERS.to_owned() };
        let host = hosts.entry(name.clone()).or_insert_with(|| HostReceipt { host: name, ..HostReceipt::default() });
        add(&mut receipts, host, sum);
    }
    receipts.hosts = hosts.into_values().collect();
    Ok(receipts)
}

fn add(receipts: &mut Receipts, host: &mut HostReceipt, sum: Sum) {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let count = number(sum.count);
    receipts.total += count;
    host.attempts += number(sum.attempts.unwrap_or_default());
    let tried = sum.last_tried_at.map(clock::rfc3339);
    if tried >= host.last_tried_at {
        host.answer = sum.answer.or(host.answer.take());
        host.last_tried_at = tried;
    }
    let (all, here) = match sum.state {
        DeliveryState::Delivered => {
            host.delivered_at = sum.settled_at.map(clock::rfc3339).max(host.delivered_at.take());
            (&mut receipts.delivered, &mut host.delivered)
        }
        DeliveryState::Failed => (&mut receipts.failed, &mut host.failed),
        DeliveryState::Gone => (&mut receipts.gone, &mut host.gone),
        DeliveryState::Pending => {
            let due = sum.next_try_at.map(clock::rfc3339);
            host.next_try_at = host.next_try_at.take().into_iter().chain(due).min();
            (&mut receipts.pending, &mut host.pending)
        }
    };
    *all += count;
    *here += count;
}
