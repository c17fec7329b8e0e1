//! Ending and beginning contact with whole servers: the rule, what it cuts and hides here, and what was under way, in one transaction.
//!
//! A blocked server is told nothing, not even that it is blocked: Mastodon sends Reject and Undo when it suspends a domain, which is one more
//! request to whoever a union wants nothing to do with, and tells them when. It finds out when it speaks to us, by a 403.

use serde::Serialize;

use crate::clock::Time;
use crate::delivery;
use crate::error::{Error, Result};
use crate::moderation::blocks::{self, Effects};
use crate::moderation::domains::Domain;
use crate::moderation::lists::{List, Skipped};
use crate::node::Node;
use crate::storage::{self, Conn, rehearse};

/// What came of a change of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruled {
    /// The domain, in its plain form.
    pub domain: String,
    /// What changed here.
    #[serde(flatten)]
    pub effects: Effects,
}

/// What came of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The domains for which there is a rule now and was none before.
    pub domains: Vec<String>,
    /// How many had theirs already.
    pub known: usize,
    /// What the list names and was not taken over.
    pub skipped: Vec<Skipped>,
    /// What changed here.
    #[serde(flatten)]
    pub effects: Effects,
}

/// Blocks a server and all below it.
///
/// # Errors
/// `Invalid` for what is no host name, a top-level domain, or this node's own.
pub async fn block(node: &Node, host: &str, reason: Option<String>) -> Result<Ruled> {
    let domain = Domain::parse(host)?;
    if is_our_own(node, &domain)? {
        return Err(Error::invalid("domain", format!("{domain} is this node's own, which cannot be blocked")));
    }
    rule(node, domain, move |conn, domain, now| blocks::block(conn, domain, reason.as_deref(), now).map(drop)).await
}

/// Lifts the block of a server. What is stored of it may be seen again; relations and deliveries do not come back.
///
/// # Errors
/// `Invalid` for what is no host name, `NotFound` where nothing is blocked under just this name.
pub async fn unblock(node: &Node, host: &str) -> Result<Ruled> {
    let missing = |domain: &Domain| Error::not_found(format!("a block of {domain} (`picket blocks` lists all)"));
    rule(
        node,
        Domain::parse(host)?,
        move |conn, domain, _| {
            if blocks::unblock(conn, domain)? { Ok(()) } else { Err(missing(domain)) }
        },
    )
    .await
}

/// Puts a server and all below it on the allow list.
///
/// # Errors
/// `Invalid` for what is no host name or a top-level domain, `Conflict` for what is blocked.
pub async fn allow(node: &Node, host: &str) -> Result<Ruled> {
    rule(node, Domain::parse(host)?, |conn, domain, now| blocks::allow(conn, domain, now).map(drop)).await
}

/// Takes a server off the allow list.
///
/// # Errors
/// `Invalid` for what is no host name, `NotFound` where nothing is allowed under just this name.
pub async fn disallow(node: &Node, host: &str) -> Result<Ruled> {
    let missing = |domain: &Domain| Error::not_found(format!("{domain} on the allow list (`picket allowed` shows it)"));
    rule(
        node,
        Domain::parse(host)?,
        move |conn, domain, _| {
            if blocks::disallow(conn, domain)? { Ok(()) } else { Err(missing(domain)) }
        },
    )
    .await
}

async fn rule<F>(node: &Node, domain: Domain, change: F) -> Result<Ruled>
where
    F: FnOnce(&mut Conn, &Domain, Time) -> Result<()> + Send + 'static,
{
    let (union, now) = (node.identity.union.id, node.now());
    node.db
        .write(move |conn| {
            storage::change_rules(conn)?;
            change(conn, &domain, now)?;
            let effects = enforce(conn, union, now)?;
            Ok(Ruled { domain: domain.to_string(), effects })
        })
        .await
}

fn enforce(conn: &mut Conn, union: i64, now: Time) -> Result<Effects> {
    let effects = blocks::enforce(conn, union)?;
    Ok(Effects { deliveries_dropped: delivery::drop_blocked(conn, now)?, ..effects })
}

/// Whether a rule about a domain would be one about ourselves. Nodes that try something out on one machine share its address; there it
/// does no harm, since nobody asks itself.
fn is_our_own(node: &Node, domain: &Domain) -> Result<bool> {
    let own = [Domain::parse(&node.config.domain)?, Domain::parse(&node.config.account_domain)?];
    Ok(!domain.is_address() && own.iter().any(|own| domain.covers(own)))
}

/// Blocks all servers of a list, or says what would come of it.
///
/// # Errors
/// Faults of the database; then nothing of the list is kept.
pub async fn import_blocks(node: &Node, list: List, dry_run: bool) -> Result<Imported> {
    import(node, list, dry_run, |conn, entry, now| blocks::block(conn, &entry.0, entry.1.as_deref(), now)).await
}

/// Puts all servers of a list on the allow list, or says what would come of it.
///
/// # Errors
/// `Invalid` for a list of blocks; `Conflict` where one of its servers is blocked; then nothing of the list is kept.
pub async fn import_allowed(node: &Node, list: List, dry_run: bool) -> Result<Imported> {
    if list.has_severities {
        let why = "it says how severe each entry is, so it is a list of blocks; `picket blocks import` takes those";
        return Err(Error::invalid("the list", why));
    }
    import(node, list, dry_run, |conn, entry, now| blocks::allow(conn, &entry.0, now)).await
}

/// A domain, and why.
type Named = (Domain, Option<String>);

async fn import(
    node: &Node,
    list: List,
    dry_run: bool,
    keep: fn(&mut Conn, &Named, Time) -> Result<bool>,
) -> Result<Imported> {
    let List { entries, mut skipped, .. } = list;
    let mut wanted: Vec<Named> = Vec::new();
    for entry in entries {
        if is_our_own(node, &entry.domain)? {
            let domain = entry.domain.to_string();
            skipped.push(Skipped { place: entry.place, domain, why: "this node's own" });
        } else {
            wanted.push((entry.domain, entry.reason));
        }
    }
    let (union, now) = (node.identity.union.id, node.now());
    let work = move |conn: &mut Conn| {
        storage::change_rules(conn)?;
        let mut domains = Vec::new();
        for entry in &wanted {
            if keep(conn, entry, now)? {
                domains.push(entry.0.to_string());
            }
        }
        let known = wanted.len() - domains.len();
        Ok(Imported { domains, known, skipped, effects: enforce(conn, union, now)? })
    };
    node.db.write(move |conn| if dry_run { rehearse(conn, work) } else { work(conn) }).await
}

/// Lets the allow list count, or not any more, as the operator's settings say: at the start of the server. Other commands of the same node
/// may be run with other settings by mistake, and must not open it to the world.
///
/// # Errors
/// Faults of the database.
pub async fn adopt_allow_list(node: &Node) -> Result<()> {
    let (on, union, now) = (node.config.allow_list, node.identity.union.id, node.now());
    if node.db.read(blocks::has_allow_list).await? == on {
        return Ok(());
    }
    node.db
        .write(move |conn| {
            storage::change_rules(conn)?;
            if blocks::set_allow_list(conn, on)? {
                enforce(conn, union, now)?;
            }
            Ok(())
        })
        .await
}
