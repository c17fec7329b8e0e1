//! `picket serve`.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Context, Failure, Outcome};
use crate::clock::Clock;
use crate::federation::defederation;
use crate::node::Node;
use crate::server;

/// Serves until SIGTERM or Ctrl-C.
pub(super) async fn serve(cx: &Context) -> Outcome {
    let config = cx.settings()?;
    config.refuse_default_domain_in_public().map_err(Failure::Settings)?;
    // The port first: a second server on it must not touch the database.
    let listener = server::bind(config.listen).await.map_err(Failure::Settings)?;
    let node = Node::open(config, Clock::default()).await.map_err(Failure::Settings)?;
    defederation::adopt_allow_list(&node).await?;
    if node.config.metrics_listen.is_some() {
        tracing::warn!("PICKET_METRICS_LISTEN is set, but this version serves no metrics yet");
    }
    let union = &node.identity.union;
    tracing::info!(address = %node.config.listen, handle = %format!("@{}", union.handle), "{} is up at {}", union.name, node.urls.home());
    let (stop, stopped) = watch::channel(false);
    let signals = tokio::spawn(async move {
        wait_for_end().await;
        tracing::info!("stopping: requests and deliveries under way are finished first");
        // Nobody listens only if the server has ended already.
        let _ = stop.send(true);
    });
    server::run(node, listener, stopped).await;
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
