//! The nodes of the demo.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::{Clock, random_name};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::server;

/// How long the story waits for something to arrive; it takes a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A running node.
pub(super) struct Union {
    pub(super) node: Node,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Union {
    pub(super) async fn start(folder: &Path, handle: &str, name: &str, language: &str) -> Result<Self> {
        let listener = server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let address = listener.local_addr().map_err(Error::internal)?;
        let settings = [
            ("PICKET_DOMAIN", address.to_string()),
            ("PICKET_LISTEN", address.to_string()),
            ("PICKET_INSECURE", "true".to_owned()),
            ("PICKET_DATA_DIR", folder.join(handle).display().to_string()),
            ("PICKET_HANDLE", handle.to_owned()),
            ("PICKET_NAME", name.to_owned()),
            ("PICKET_LANGUAGE", language.to_owned()),
        ];
        let settings: BTreeMap<String, String> =
            settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let node = Node::open(Config::from_sources(None, settings)?, Clock::default()).await?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(server::run(node.clone(), Some(listener), stopped));
        Ok(Self { node, stop, task })
    }

    pub(super) fn handle(&self) -> String {
        format!("@{}", self.node.identity.union.handle)
    }

    pub(super) fn name(&self) -> &str {
        &self.node.identity.union.name
    }

    pub(super) async fn stop(self) {
        // A node that has ended already has nothing to be told.
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }
}

/// Waits until something is so.
pub(super) async fn until<F, Fut>(what: &str, mut is_so: F) -> Result<()>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<bool>>,
{
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < PATIENCE {
        if is_so().await? {
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Err(Error::Unavailable(format!("the story broke off: {what} did not happen in {} seconds", PATIENCE.as_secs())))
}

pub(super) fn make_folder() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("picket-demo-{}", random_name()));
    std::fs::create_dir_all(&folder)
        .map_err(|error| Error::internal(format!("{} cannot be made: {error}", folder.display())))?;
    Ok(folder)
}

pub(super) fn remove_folder(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        tracing::warn!(%error, "{} could not be removed; remove it yourself", folder.display());
    }
}
