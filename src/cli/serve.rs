//! `picket serve`.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Context, Failure, Outcome};
use crate::clock::Clock;
use crate::config::Role;
use crate::error::Error;
use crate::federation::defederation;
use crate::node::{self, Node};
use crate::{server, storage};

/// Serves until SIGTERM or Ctrl-C.
pub(super) async fn serve(cx: &Context, role: Option<Role>) -> Outcome {
    let mut config = cx.settings()?;
    config.role = role.unwrap_or(config.role);
    config.refuse_default_domain_in_public().map_err(Failure::Settings)?;
    config.refuse_roles_on_sqlite().map_err(Failure::Settings)?;
    // The port first: a second server on it must not touch the database. Where the other is one of this very folder, that is what to say.
    let refused = |port: Error| match storage::serve_alone(&config.database) {
        Err(folder @ Error::Conflict(_)) => Failure::Settings(folder),
        _ => Failure::Settings(port),
    };
    let mut listener = None;
    if config.role.answers() {
        listener = Some(server::bind(config.listen).await.map_err(refused)?);
    }
    let mut metrics = None;
    if let Some(address) = config.metrics_listen {
        metrics = Some(server::bind_metrics(address).await.map_err(Failure::Settings)?);
    }
    node::make_folders(&config).map_err(Failure::Settings)?;
    let _sole = storage::serve_alone(&config.database).map_err(Failure::Settings)?;
    let node = Node::open(config, Clock::default()).await.map_err(Failure::Settings)?;
    defederation::adopt_allow_list(&node).await?;
    let union = &node.identity.union;
    tracing::info!(address = %node.config.listen, role = %node.config.role, handle = %format!("@{}", union.handle), "{} is up at {}", union.name, node.urls.home());
    let (stop, stopped) = watch::channel(false);
    let signals = tokio::spawn(async move {
        wait_for_end().await;
        tracing::info!("stopping: requests and deliveries under way are finished first");
        // Nobody listens only if the server has ended already.
        let _ = stop.send(true);
    });
    let shown = metrics.map(|metrics| tokio::spawn(server::serve_metrics(node.clone(), metrics, stopped.clone())));
    server::run(node, listener, stopped).await;
    if let Some(shown) = shown {
        shown.abort();
    }
    signals.abort();
    Ok(())
}

/// Returns at SIGTERM or Ctrl-C.
pub(super) async fn wait_for_end() {
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; stop the node with Ctrl-C");
            let _ = interrupted.await;
        }
    }
}
