//! `picket block`, `unblock`, `blocks`.

use serde_json::json;

use super::{Context, Outcome, print};
use crate::error::Error;
use crate::moderation::blocks;

pub(super) async fn block(cx: &Context, host: String) -> Outcome {
    let node = cx.node().await?;
    let now = node.now();
    let domain = node.db.write(move |conn| blocks::block(conn, &host, now)).await?;
    print::answer(cx, &json!({"domain": domain}), |_| format!("{domain} and all below it is blocked."))?;
    Ok(())
}

pub(super) async fn unblock(cx: &Context, host: String) -> Outcome {
    let node = cx.node().await?;
    let asked = host.clone();
    if !node.db.write(move |conn| blocks::unblock(conn, &asked)).await? {
        return Err(Error::not_found(format!("a block of {host}")).into());
    }
    print::answer(cx, &json!({"domain": host}), |_| format!("{host} is not blocked any more."))?;
    Ok(())
}

pub(super) async fn list(cx: &Context) -> Outcome {
    let node = cx.node().await?;
    let domains = node.db.read(blocks::list).await?;
    let entries: Vec<_> = domains.iter().map(|domain| json!({"domain": domain})).collect();
    print::answer(cx, &entries, |_| print::lines(&domains, "No server is blocked.", Clone::clone))?;
    Ok(())
}
