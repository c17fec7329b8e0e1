//! `picket doctor`: what is wrong and how to mend it, what waits, and what the node keeps.

use serde::Serialize;

use super::blocks::check_allow_list;
use super::kept::{Kept, kept};
use super::{Context, Failure, Outcome, print};
use crate::delivery::{self, Queue};
use crate::error::{Error, Result};
use crate::node::Node;
use crate::storage;

/// A delivery that is due leaves within seconds; one that waits longer than this is nobody's patience but ours.
const LATE_SECONDS: f64 = 300.0;
/// With less room on the disk than this, the node is about to refuse what it is told.
const LEAST_FREE: u64 = 256 * 1024 * 1024;
/// Where more than half of at least so many servers are away, it is rather we who are.
const MANY_HOSTS: i64 = 10;

/// What one check found, and how to mend it.
#[derive(Serialize)]
struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    ok: bool,
    mend: Option<String>,
    /// What there is to know where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    /// By kind, where the check is about what is kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept: Vec<Kept>,
}

impl Check {
    fn of<T>(name: &'static str, result: Result<T>) -> Self {
        Self {
            name,
            ok: result.is_ok(),
            mend: result.err().map(|error| error.to_string()),
            found: None,
            kept: Vec::new(),
        }
    }

    /// A check that says what it found.
    fn telling(name: &'static str, result: Result<String>) -> Self {
        let found = result.as_ref().ok().cloned();
        Self { found, ..Self::of(name, result) }
    }

    fn line(&self) -> String {
        match (&self.mend, &self.found) {
            (Some(mend), _) => format!("MEND    {}: {mend}", self.name),
            (None, Some(found)) => format!("ok      {}: {found}", self.name),
            (None, None) => format!("ok      {}", self.name),
        }
    }
}

pub(super) async fn doctor(cx: &Context) -> Outcome {
    let checks = check_all(cx).await;
    let all_well = checks.iter().all(|check| check.ok);
    print::answer(cx, &checks, |checks| print::lines(checks, "", Check::line))?;
    if all_well {
        Ok(())
    } else {
        Err(Failure::Refused(Error::Conflict("some checks failed; each says above how to mend it".to_owned())))
    }
}

async fn check_all(cx: &Context) -> Vec<Check> {
    let config = match cx.settings() {
        Ok(config) => config,
        Err(Failure::Settings(error) | Failure::Refused(error)) => {
            return vec![Check::of::<()>("configuration", Err(error))];
        }
    };
    let mut checks = vec![Check::of("configuration", config.refuse_default_domain_in_public())];
    let node = match cx.node_with(config).await {
        Ok(node) => node,
        Err(error) => {
            checks.push(Check::of::<()>("database", Err(error)));
            return checks;
        }
    };
    checks.push(Check::of("database", Ok(())));
    checks.push(Check::of("keys", check_keys(&node).await));
    checks.push(Check::of("media folder", check_media(&node)));
    checks.push(Check::telling("disk", check_disk(&node)));
    checks.push(Check::telling("backups", Ok(tell_backups(&node))));
    checks.push(Check::of("allow list", check_allow_list(&node).await));
    checks.extend(check_queue(&node).await);
    checks.push(check_kept(&node).await);
    checks.push(Check::of("reachable", check_is_this_node(&node).await));
    checks.push(Check::of("WebFinger", check_webfinger(&node).await));
    checks
}

async fn check_keys(node: &Node) -> Result<()> {
    let keys = node.keys().await?;
    for key in [&keys.union, &keys.proof, &keys.instance] {
        let signature = key.key.sign(b"doctor")?;
        if !key.key.public_key()?.verifies(b"doctor", &signature) {
            return Err(Error::internal(format!(
                "the key {} does not fit itself; restore the database from a backup",
                key.id
            )));
        }
    }
    Ok(())
}

fn check_media(node: &Node) -> Result<()> {
    let probe = node.config.media_dir().join(".doctor");
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    written.map_err(|error| {
        Error::invalid(
            "PICKET_DATA_DIR",
            format!("{} cannot be written ({error}); give it to this user", probe.display()),
        )
    })
}

fn check_disk(node: &Node) -> Result<String> {
    let free = storage::free_space(&node.config.data_dir)?;
    let told = format!("{} free", super::kept::size(i64::try_from(free).unwrap_or(i64::MAX)));
    if free < LEAST_FREE {
        let why = "what comes in is refused once it is full; free some space, or move the data folder to a larger disk";
        return Err(Error::Unavailable(format!("only {told}: {why}")));
    }
    Ok(told)
}

fn tell_backups(node: &Node) -> String {
    let keys = node.config.backup_recipients.len();
    if keys == 0 {
        return "not encrypted; `picket recovery-key` makes a key for that".to_owned();
    }
    format!("encrypted to {}", print::counted(i64::try_from(keys).unwrap_or(i64::MAX), "recovery key", "recovery keys"))
}

/// Whether deliveries leave, and whether those whom they are for are there. Servers are counted, never named.
async fn check_queue(node: &Node) -> [Check; 2] {
    let now = node.now();
    let queue = node.db.read(move |conn| delivery::queue(conn, now)).await;
    let age = queue.as_ref().map_err(Clone::clone).and_then(check_age);
    [Check::telling("deliveries", age), Check::telling("servers", queue.and_then(|queue| check_hosts(&queue)))]
}

fn check_age(queue: &Queue) -> Result<String> {
    let late = queue.oldest_due_seconds();
    if late > LATE_SECONDS {
        let mend = "is `picket serve` running, and does its log say why it does not deliver?";
        return Err(Error::Unavailable(format!(
            "{} wait, the oldest due for {:.0} minutes: {mend}",
            queue.waiting,
            late / 60.0
        )));
    }
    Ok(format!("{} wait", queue.waiting))
}

fn check_hosts(queue: &Queue) -> Result<String> {
    let Queue { hosts, away, long_away, .. } = queue;
    let told = format!("{away} of {hosts} do not answer, {long_away} of them for about a day or longer");
    if *hosts >= MANY_HOSTS && 2 * away > *hosts {
        let mend =
            "so many at once are rather not reached from here; check this machine's network, DNS, and PICKET_PROXY";
        return Err(Error::Unavailable(format!("{told}: {mend}")));
    }
    Ok(told)
}

async fn check_kept(node: &Node) -> Check {
    match kept(node).await {
        Ok(kept) => {
            let told: Vec<String> = kept.iter().map(ToString::to_string).collect();
            Check { kept, ..Check::telling("kept", Ok(told.join("; "))) }
        }
        Err(error) => Check::of::<()>("kept", Err(error)),
    }
}

/// Asks the node under its public name, as others would.
async fn check_reachable(node: &Node, address: &str, expect: Option<&str>) -> Result<()> {
    let advice = "start the node, and check DNS, TLS and the reverse proxy in front of it";
    let unreachable =
        |why: String| Error::Unavailable(format!("{address} does not answer as it should ({why}); {advice}"));
    let types = ["application/activity+json", "application/jrd+json"];
    let fetched = node.client.fetch_document(address, &types).await.map_err(|error| unreachable(error.to_string()))?;
    match expect {
        Some(text) if !String::from_utf8_lossy(&fetched.body).contains(text) => {
            Err(unreachable(format!("{text} is not in the answer, so another program or node may have given it")))
        }
        _ => Ok(()),
    }
}

/// Whether it is this node that answers under its name, and not another with the same settings: only this one has its key.
async fn check_is_this_node(node: &Node) -> Result<()> {
    let key = node.keys().await?.proof.key.public_key()?.to_multibase();
    check_reachable(node, &node.identity.union.uri, Some(&key)).await
}

async fn check_webfinger(node: &Node) -> Result<()> {
    let scheme = if node.config.insecure { "http" } else { "https" };
    let union = &node.identity.union;
    let address =
        format!("{scheme}://{}/.well-known/webfinger?resource=acct:{}", node.config.account_domain, union.handle);
    check_reachable(node, &address, Some(&union.uri)).await
}
