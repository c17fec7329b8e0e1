//! Did it reach them? The answer for every statement.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::store::{self, Count, DeliveryState, Sum};
use crate::alliances;
use crate::clock;
use crate::error::Result;
use crate::storage::Conn;

/// A server with fewer followers than this is not named: a server of one is a person.
const NAMED_FROM: u64 = 5;
const SMALL_SERVERS: &str = "small servers";
/// So many servers are looked at closely in one question to the database.
const AT_ONCE: usize = 500;

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
    /// Whether some are so old that nothing is known of them any more.
    pub forgotten: bool,
    /// The same by server.
    pub hosts: Vec<HostReceipt>,
}

/// How the deliveries to one server, or to all small ones together, went. Of small ones nothing is told that could name one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HostReceipt {
    /// The server.
    pub host: String,
    /// Followers there when the statement was published.
    pub followers: u64,
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
    /// What the server said last; nothing of small ones.
    pub answer: Option<String>,
    /// What was said last to how many of the deliveries: a status, or that there was none.
    pub answers: BTreeMap<String, u64>,
    /// When the next attempt is due.
    pub next_try_at: Option<String>,
}

/// The receipts of a statement. Servers of allies that the union follows are named, and others with enough followers.
///
/// # Errors
/// When the database cannot be read.
pub fn of_statement(conn: &mut Conn, statement_id: i64, union_id: i64) -> Result<Receipts> {
    let said = store::said_about(conn, statement_id)?;
    let mut counts = Vec::new();
    for activity in &said {
        counts.push(store::counts(conn, activity.id)?);
    }
    let followers = followers_by_host(&counts);
    let names: Vec<String> = followers.keys().cloned().collect();
    let allies: HashSet<String> =
        alliances::following(conn, union_id)?.into_iter().map(|(_, ally)| ally.host).collect();
    let is_named = |host: &str| allies.contains(host) || followers.get(host).is_some_and(|count| *count >= NAMED_FROM);
    let shown_as = |host: String| if is_named(&host) { host } else { SMALL_SERVERS.to_owned() };

    let mut receipts =
        Receipts { forgotten: said.iter().any(|activity| !activity.receipts_kept), ..Receipts::default() };
    let mut hosts: BTreeMap<String, HostReceipt> = BTreeMap::new();
    for (host, count) in &followers {
        entry(&mut hosts, shown_as(host.clone())).followers += count;
    }
    for count in counts.into_iter().flatten() {
        let host = entry(&mut hosts, shown_as(count.host));
        add(&mut receipts, host, count.state, number(count.deliveries));
    }
    for some in names.chunks(AT_ONCE) {
        for activity in &said {
            for mut sum in store::sums(conn, activity.id, some)? {
                let name = shown_as(std::mem::take(&mut sum.host));
                note(entry(&mut hosts, name), sum);
            }
        }
    }
    receipts.hosts = hosts.into_values().collect();
    Ok(receipts)
}

/// How many followers each server had: an edit may have reached others than the statement itself, so that the most counts. In the order of
/// names, in which the database finds what lies side by side.
fn followers_by_host(counts: &[Vec<Count>]) -> BTreeMap<String, u64> {
    let mut most: BTreeMap<String, u64> = BTreeMap::new();
    for of_activity in counts {
        let mut here: HashMap<&str, u64> = HashMap::new();
        for count in of_activity {
            *here.entry(&count.host).or_default() += number(count.followers.unwrap_or_default());
        }
        for (host, count) in here {
            let known = most.entry(host.to_owned()).or_default();
            *known = count.max(*known);
        }
    }
    most
}

fn entry(hosts: &mut BTreeMap<String, HostReceipt>, name: String) -> &mut HostReceipt {
    let receipt = HostReceipt { host: name.clone(), ..HostReceipt::default() };
    hosts.entry(name).or_insert(receipt)
}

fn add(receipts: &mut Receipts, host: &mut HostReceipt, state: DeliveryState, count: u64) {
    let (all, here) = match state {
        DeliveryState::Delivered => (&mut receipts.delivered, &mut host.delivered),
        DeliveryState::Failed => (&mut receipts.failed, &mut host.failed),
        DeliveryState::Gone => (&mut receipts.gone, &mut host.gone),
        DeliveryState::Pending => (&mut receipts.pending, &mut host.pending),
    };
    *all += count;
    *here += count;
    receipts.total += count;
}

/// Adds times, attempts and answers.
fn note(host: &mut HostReceipt, sum: Sum) {
    host.attempts += number(sum.attempts.unwrap_or_default());
    if let Some(answer) = &sum.answer {
        *host.answers.entry(without_reason(answer)).or_default() += number(sum.deliveries);
    }
    let tried = sum.last_tried_at.map(clock::rfc3339);
    if tried >= host.last_tried_at {
        host.last_tried_at = tried;
        if host.host != SMALL_SERVERS {
            host.answer = sum.answer.or(host.answer.take());
        }
    }
    match sum.state {
        DeliveryState::Delivered => {
            host.delivered_at = sum.settled_at.map(clock::rfc3339).max(host.delivered_at.take());
        }
        DeliveryState::Pending => {
            let due = sum.next_try_at.map(clock::rfc3339);
            host.next_try_at = host.next_try_at.take().into_iter().chain(due).min();
        }
        DeliveryState::Failed | DeliveryState::Gone => {}
    }
}

/// `no answer`, of `no answer: a.example has no address`: the reason may have a name in it.
fn without_reason(answer: &str) -> String {
    answer.split_once(':').map_or(answer, |(what, _)| what).to_owned()
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
