//! `picket doctor`, `inspect`, `migrate`.

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::blocks::check_allow_list;
use super::statements::read_bytes;
use super::{Context, Failure, Outcome, print};
use crate::error::{Error, Result};
use crate::federation::inspect;
use crate::node::Node;

pub(super) async fn migrate(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let home = node.urls.home();
    print::answer(cx, &json!({"node": home, "up_to_date": true}), |_| {
        format!("The database of {home} is up to date.")
    })?;
    Ok(())
}

pub(super) fn inspect(cx: &Context, file: &Path) -> Outcome {
    let verdict = inspect::inspect(&read_bytes(file)?);
    print::answer(cx, &verdict, |verdict| {
        let kind = verdict.kind.as_deref().unwrap_or("nothing known");
        let text = verdict.content.as_deref().map(crate::markup::plain_text).unwrap_or_default();
        format!("{} as {kind}: {}\n{text}", verdict.verdict, verdict.reason).trim_end().to_owned()
    })?;
    Ok(())
}

/// What one check found, and how to mend it.
#[derive(Serialize)]
struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    ok: bool,
    mend: Option<String>,
}

impl Check {
    fn of<T>(name: &'static str, result: Result<T>) -> Self {
        Self { name, ok: result.is_ok(), mend: result.err().map(|error| error.to_string()) }
    }

    fn line(&self) -> String {
        match &self.mend {
            None => format!("ok      {}", self.name),
            Some(mend) => format!("MEND    {}: {mend}", self.name),
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
    let node = match Node::open(config, crate::clock::Clock::default()).await {
        Ok(node) => node,
        Err(error) => {
            checks.push(Check::of::<()>("database", Err(error)));
            return checks;
        }
    };
    checks.push(Check::of("database", Ok(())));
    checks.push(Check::of("keys", check_keys(&node).await));
    checks.push(Check::of("media folder", check_media(&node)));
    checks.push(Check::of("allow list", check_allow_list(&node).await));
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
