//! Which servers this node speaks with: all that are not blocked or, with an allow list, only those that are allowed as well.
//!
//! The one rule, [`standing`], is asked before anything is heard from a server, asked of it, or sent to it. A rule about a domain reaches
//! all below it, however the name is spelt. What a refused server's actors left here is hidden by a mark on the actor, which [`enforce`]
//! sets when the rules change and [`is_actor_blocked`] tells whoever keeps an actor.

use std::collections::HashMap;

use super::domains::Domain;
use super::store::{self, Block};
use crate::actors::{self, Residence};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::storage::Conn;
use crate::{alliances, posts, reactions, statements, urls};

/// How this node stands to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is spoken with.
    Welcome,
    /// It is blocked.
    Blocked,
    /// It is not on the allow list of a node that has one.
    NotAllowed,
}

/// How this node stands to a host, given with or without a port. What is no host leads nowhere: no block reaches it, and no allow list.
pub fn standing(conn: &mut Conn, host: &str) -> Result<Standing> {
    let Ok(domain) = Domain::parse(host) else {
        return Ok(if store::has_allow_list(conn)? { Standing::NotAllowed } else { Standing::Welcome });
    };
    let (is_blocked, has_allow_list) = store::rules_about(conn, domain.names())?;
    if is_blocked {
        return Ok(Standing::Blocked);
    }
    if has_allow_list && !store::is_any_allowed(conn, domain.names())? {
        return Ok(Standing::NotAllowed);
    }
    Ok(Standing::Welcome)
}

/// Whether a host may not be spoken with.
pub fn is_blocked(conn: &mut Conn, host: &str) -> Result<bool> {
    Ok(standing(conn, host)? != Standing::Welcome)
}

/// Whether the server of an address (`https://host/…`) may not be spoken with.
pub fn is_address_blocked(conn: &mut Conn, address: &str) -> Result<bool> {
    match urls::host_of(address) {
        Some(host) => is_blocked(conn, &host),
        None => Ok(false),
    }
}

/// Whether an actor may not be heard: for the server where it lives, or for the domain in its handle, where that is another and blocked.
pub fn is_actor_blocked(conn: &mut Conn, host: &str, handle: &str) -> Result<bool> {
    Ok(is_blocked(conn, host)? || has_blocked_handle(conn, host, handle)?)
}

/// The domain in a handle; nothing where there is none.
fn account_domain(handle: &str) -> &str {
    handle.rsplit_once('@').map_or("", |(_, domain)| domain)
}

fn has_blocked_handle(conn: &mut Conn, host: &str, handle: &str) -> Result<bool> {
    let account_domain = account_domain(handle);
    Ok(account_domain != host && !account_domain.is_empty() && standing(conn, account_domain)? == Standing::Blocked)
}

/// Blocks a domain, or renews the reason; says whether it is new.
///
/// # Errors
/// `Invalid` for a top-level domain or a name with an asterisk.
pub fn block(conn: &mut Conn, domain: &Domain, reason: Option<&str>, now: Time) -> Result<bool> {
    refuse_too_much(domain)?;
    store::insert_block(conn, domain, reason, now)
}

/// Lifts a block; says whether there was one.
pub fn unblock(conn: &mut Conn, domain: &Domain) -> Result<bool> {
    store::delete_block(conn, domain)
}

/// All blocks, by domain.
pub fn blocks(conn: &mut Conn) -> Result<Vec<Block>> {
    store::blocks(conn)
}

/// Puts a domain on the allow list; says whether it is new.
///
/// # Errors
/// `Invalid` for a top-level domain or a name with an asterisk, `Conflict` for one that is blocked.
pub fn allow(conn: &mut Conn, domain: &Domain, now: Time) -> Result<bool> {
    refuse_too_much(domain)?;
    if store::rules_about(conn, domain.names())?.0 {
        return Err(Error::Conflict(format!(
            "{domain} is blocked; `picket unblock` it first (`picket blocks` lists all)"
        )));
    }
    store::insert_allow(conn, domain, now)
}

/// Takes a domain off the allow list; says whether it was there.
pub fn disallow(conn: &mut Conn, domain: &Domain) -> Result<bool> {
    store::delete_allow(conn, domain)
}

/// The allow list.
pub fn allowed(conn: &mut Conn) -> Result<Vec<String>> {
    store::allowed(conn)
}

/// Whether the allow list counts: as the server that runs, or ran last, was told.
pub fn has_allow_list(conn: &mut Conn) -> Result<bool> {
    store::has_allow_list(conn)
}

/// Notes whether the allow list counts from now on; says whether that is a change.
pub fn set_allow_list(conn: &mut Conn, on: bool) -> Result<bool> {
    let changes = store::has_allow_list(conn)? != on;
    if changes {
        store::set_allow_list(conn, on)?;
    }
    Ok(changes)
}

fn refuse_too_much(domain: &Domain) -> Result<()> {
    if domain.is_pattern() {
        let why =
            format!("{domain} is no host name; write one such as bad.example, which reaches all below it as well");
        return Err(Error::invalid("domain", why));
    }
    if domain.is_top_level() {
        let why = format!("{domain} is a whole top-level domain; name the servers themselves, such as bad.{domain}");
        return Err(Error::invalid("domain", why));
    }
    Ok(())
}

/// What changed here when the rules were put into effect.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Effects {
    /// Followers of the union who are none any more.
    pub followers_removed: i64,
    /// Unions that ours does not follow any more.
    pub following_ended: i64,
    /// Deliveries that were given up.
    pub deliveries_dropped: i64,
    /// Posts that are shown nowhere any more.
    pub posts_hidden: i64,
    /// Likes and boosts that count nowhere any more.
    pub reactions_hidden: i64,
    /// Posts that may be shown again.
    pub posts_shown: i64,
}

/// Puts the rules as they now stand into effect, in the transaction that changed them: marks every actor by them, counts afresh what is
/// seen, and ends what relations there are with blocked servers. With servers that are only missing on an allow list relations rest, so that
/// taking the list away brings everything back.
pub fn enforce(conn: &mut Conn, union_id: i64) -> Result<Effects> {
    let mut effects = Effects::default();
    mark(conn, &mut effects)?;
    for (follow, actor) in alliances::with_blocked(conn, union_id)? {
        let is_cut =
            standing(conn, &actor.host)? == Standing::Blocked || has_blocked_handle(conn, &actor.host, &actor.handle)?;
        if !is_cut {
            continue;
        }
        alliances::remove(conn, follow.follower_id, follow.followee_id)?;
        let counted =
            if actor.id == follow.follower_id { &mut effects.followers_removed } else { &mut effects.following_ended };
        *counted += 1;
    }
    Ok(effects)
}

/// Sets or takes away the mark of every actor for whom the rules changed.
fn mark(conn: &mut Conn, effects: &mut Effects) -> Result<()> {
    /// How many actors are held in memory at once.
    const BATCH: i64 = 1_000;
    let mut judged = HashMap::new();
    let mut after = 0;
    loop {
        let batch = actors::residences(conn, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        let (mut hidden, mut shown) = (Vec::new(), Vec::new());
        for residence in &batch {
            match (judge(conn, &mut judged, residence)?, residence.blocked) {
                (true, false) => hidden.push(residence.id),
                (false, true) => shown.push(residence.id),
                _ => {}
            }
        }
        for (ids, blocked) in [(&hidden, true), (&shown, false)] {
            if !ids.is_empty() {
                actors::mark_blocked(conn, ids, blocked)?;
                let touched = reactions::statements_touched_by(conn, ids)?;
                statements::recount(conn, &touched)?;
            }
        }
        effects.posts_hidden += posts::count_by(conn, &hidden)?;
        effects.reactions_hidden += reactions::count_by(conn, &hidden)?;
        effects.posts_shown += posts::count_by(conn, &shown)?;
    }
}

/// The rule for one actor; the same host, with the same domain in the handle, is asked for once.
fn judge(conn: &mut Conn, judged: &mut HashMap<(String, String), bool>, actor: &Residence) -> Result<bool> {
    let place = (actor.host.clone(), account_domain(&actor.handle).to_owned());
    if let Some(known) = judged.get(&place) {
        return Ok(*known);
    }
    let blocked = is_actor_blocked(conn, &actor.host, &actor.handle)?;
    judged.insert(place, blocked);
    Ok(blocked)
}
