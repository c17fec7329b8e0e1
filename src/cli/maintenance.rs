//! `picket inspect`, `migrate`.

use std::path::Path;

use serde_json::json;

use super::texts::read_bytes;
use super::{Context, Outcome, print};
use crate::federation::inspect;

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
