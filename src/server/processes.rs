//! What is done beside answering requests, by this process among those on the same database: it delivers beside the others and hears when they
//! call, and does what is done by the clock where that is its part. A process that only answers has nothing to do here.

use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::{chores, finish};
use crate::delivery;
use crate::error::Result;
use crate::node::Node;
use crate::storage::{Location, Membership};

/// How often is listened. The database's library tells what has arrived, and cannot wait for it.
const LISTEN: Duration = Duration::from_millis(50);
/// How often is asked whether the chores are free, and after which a lost connection is made anew.
const ASK: Duration = Duration::from_secs(1);

/// How this process stands among the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Standing {
    /// Whether they know that it lives.
    is_known: bool,
    /// Whether it does the chores for all.
    has_chores: bool,
}

/// Works until told to stop.
pub(super) async fn work(node: Node, stop: watch::Receiver<bool>) {
    if matches!(node.config.database, Location::Sqlite(_)) {
        let worker = tokio::spawn(delivery::run(node.clone(), stop.clone()));
        Box::pin(chores::run(node, stop)).await;
        return finish(worker).await;
    }
    let (tell, mut standing) = watch::channel(Standing::default());
    let (listener, stopped) = (node.clone(), stop.clone());
    let listening = spawn_blocking(move || listen(&listener, &tell, &stopped));
    // Before its first lease: whoever is not known to live keeps none.
    if standing.wait_for(|now| now.is_known).await.is_ok() {
        let worker = tokio::spawn(delivery::run(node.clone(), stop));
        do_chores(&node, standing).await;
        finish(worker).await;
    }
    finish(listening).await;
}

/// Does the chores while they are this process' part, and until nobody listens any more.
async fn do_chores(node: &Node, mut standing: watch::Receiver<Standing>) {
    while standing.wait_for(|now| now.has_chores).await.is_ok() {
        let (end, ended) = watch::channel(false);
        let chores = tokio::spawn(chores::run(node.clone(), ended));
        // An error says that nobody listens any more, and that no word of it will come.
        let is_over = standing.wait_for(|now| !now.has_chores).await.is_err();
        end.send_replace(true);
        finish(chores).await;
        if is_over {
            return;
        }
    }
}

/// Is a member, and after a lost connection one again, until told to stop.
fn listen(node: &Node, tell: &watch::Sender<Standing>, stop: &watch::Receiver<bool>) {
    while !*stop.borrow() {
        let member = Membership::join(&node.config.database, node.number);
        if let Err(error) = member.and_then(|member| attend(node, member, tell, stop)) {
            tracing::error!(%error, "the connection to the other processes on the database is lost; trying again");
            tell.send_modify(|now| now.has_chores = false);
            std::thread::sleep(ASK);
        }
    }
}

/// Hears calls, and asks for the chores.
fn attend(
    node: &Node,
    mut member: Membership,
    tell: &watch::Sender<Standing>,
    stop: &watch::Receiver<bool>,
) -> Result<()> {
    let mut asked: Option<Instant> = None;
    while !*stop.borrow() {
        if member.was_called()? {
            node.bell.notify_one();
        }
        if asked.is_none_or(|at| at.elapsed() >= ASK) {
            let now = Standing { is_known: true, has_chores: member.has_chores()? };
            tell.send_if_modified(|known| std::mem::replace(known, now) != now);
            asked = Some(Instant::now());
        }
        std::thread::sleep(LISTEN);
    }
    Ok(())
}
