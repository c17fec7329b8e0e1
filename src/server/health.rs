//! `GET /healthz`: whether the node can serve, which means write too: a full disk or a lost database is told here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::{MethodRouter, get};
use tokio::sync::Mutex;

use crate::error::{Error, Result};
use crate::node::Node;
use crate::storage;

/// Strangers may ask as often as they like; the disk is written to only so often.
const PAUSE: Duration = Duration::from_secs(2);
/// Whoever watches us waits for some five seconds.
const PATIENCE: Duration = Duration::from_secs(4);

type LastLook = Mutex<Option<(Instant, Result<()>)>>;

/// The door.
pub(super) fn door() -> MethodRouter<Node> {
    let last = Arc::new(LastLook::default());
    get(async move |State(node): State<Node>| -> Result<&'static str> {
        let mut last = last.lock().await;
        let known = last.take().filter(|(at, _)| at.elapsed() < PAUSE);
        let (at, outcome) = match known {
            Some(known) => known,
            None => (Instant::now(), look(&node).await),
        };
        *last = Some((at, outcome.clone()));
        outcome.map(|()| "ok\n")
    })
}

async fn look(node: &Node) -> Result<()> {
    let slow = || Error::Unavailable("the database takes too long to write; see its log and this node's".to_owned());
    let written = tokio::time::timeout(PATIENCE, node.db.write(storage::rewrite)).await.map_err(|_| slow())?;
    written.map_err(|error| Error::Unavailable(error.to_string()))
}
