//! Who this node is: made once at its first start, the same for ever after.

use super::keys::{self, FreshKeys};
use super::store::{self, Actor, LocalActor};
use crate::clock::Time;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::storage::Conn;
use crate::urls::Urls;

/// The two actors of this node.
#[derive(Clone)]
pub struct Identity {
    /// The union.
    pub union: Actor,
    /// The actor that signs our fetches.
    pub instance: Actor,
}

/// Makes the two actors with their keys, where they do not exist yet; says whether it made the union.
///
/// # Errors
/// `Invalid` when the node was founded under another domain: its ids would all be wrong.
pub fn found(conn: &mut Conn, config: &Config, urls: &Urls, now: Time) -> Result<bool> {
    keep_setting(conn, "domain", urls.base(), "PICKET_DOMAIN")?;
    keep_setting(conn, "account_domain", &config.account_domain, "PICKET_ACCOUNT_DOMAIN")?;
    let is_new = store::find(conn, &urls.actor())?.is_none();
    if is_new {
        let union = store::insert_local(conn, &union_row(config, urls), now)?;
        keys::insert(conn, &union, &FreshKeys::generate()?, now)?;
    }
    if store::find(conn, &urls.instance_actor())?.is_none() {
        let instance = store::insert_local(conn, &instance_row(config, urls), now)?;
        keys::insert(conn, &instance, &FreshKeys::generate()?, now)?;
    }
    Ok(is_new)
}

/// Under which address and account domain this node was founded; `None` where it was not yet.
pub fn founded(conn: &mut Conn) -> Result<Option<(String, String)>> {
    match (store::setting(conn, "domain"), store::setting(conn, "account_domain")) {
        (Ok(domain), Ok(account_domain)) => Ok(Some((domain, account_domain))),
        (Err(Error::NotFound(_)), _) | (_, Err(Error::NotFound(_))) => Ok(None),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Keeps a setting that may never change; `name` is how the operator knows it.
fn keep_setting(conn: &mut Conn, key: &str, value: &str, name: &str) -> Result<()> {
    // Where two processes start at once, the second waits here until the first has founded the node.
    store::insert_setting(conn, key, value)?;
    let kept = store::setting(conn, key)?;
    if kept == value {
        return Ok(());
    }
    let why = format!(
        "this node was founded as {kept} and its ids stay so for ever, but the settings now say {value}; set it back, or, if nobody has seen this node yet, start with an empty data folder"
    );
    Err(Error::invalid(name, why))
}

fn union_row(config: &Config, urls: &Urls) -> LocalActor {
    let uri = urls.actor();
    LocalActor {
        kind: "Organization",
        local: true,
        handle: format!("{}@{}", config.handle, config.account_domain),
        host: config.domain.clone(),
        name: config.name.clone(),
        summary: String::new(),
        url: Some(urls.home()),
        inbox: format!("{uri}/inbox"),
        shared_inbox: Some(urls.shared_inbox()),
        outbox: Some(format!("{uri}/outbox")),
        followers: Some(format!("{uri}/followers")),
        uri,
    }
}

/// Mastodon looks for an instance actor whose user name is the domain.
fn instance_row(config: &Config, urls: &Urls) -> LocalActor {
    let uri = urls.instance_actor();
    LocalActor {
        kind: "Application",
        local: true,
        handle: format!("{0}@{0}", config.domain),
        host: config.domain.clone(),
        name: config.domain.clone(),
        summary: String::new(),
        url: Some(urls.home()),
        inbox: format!("{uri}/inbox"),
        shared_inbox: Some(urls.shared_inbox()),
        outbox: Some(format!("{uri}/outbox")),
        followers: None,
        uri,
    }
}

/// Reads the identity that [`found`] made.
///
/// # Errors
/// `Internal` when it was not.
pub fn load(conn: &mut Conn, urls: &Urls) -> Result<Identity> {
    let missing = || Error::internal("this node has no actor; start it with `picket serve` or `picket migrate`");
    let union = store::find(conn, &urls.actor())?.ok_or_else(missing)?;
    let instance = store::find(conn, &urls.instance_actor())?.ok_or_else(missing)?;
    Ok(Identity { union, instance })
}
