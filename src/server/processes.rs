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
    let (tell, standing) = watch::channel(Standing::default());
    let (leave, left) = watch::channel(false);
    let listener = node.clone();
    let listening = spawn_blocking(move || listen(&listener, &tell, &left));
    let (delivering, in_charge) = (node.clone(), node);
    tokio::join!(
        // Whoever is not known to live keeps no lease.
        while_standing(
            standing.clone(),
            |now| now.is_known,
            stop.clone(),
            |end| delivery::run(delivering.clone(), end)
        ),
        while_standing(standing, |now| now.has_chores, stop, |end| chores::run(in_charge.clone(), end)),
    );
    // Others count this process among the living until its last delivery has landed.
    leave.send_replace(true);
    finish(listening).await;
}

/// Does some work whenever and as long as this process stands so, until told to stop.
async fn while_standing<W>(
    mut standing: watch::Receiver<Standing>,
    so: fn(&Standing) -> bool,
    mut stop: watch::Receiver<bool>,
    work: impl Fn(watch::Receiver<bool>) -> W,
) where
    W: Future<Output = ()> + Send + 'static,
{
    while stands(&mut standing, so, &mut stop).await {
        let (end, ended) = watch::channel(false);
        let working = tokio::spawn(work(ended));
        stands(&mut standing, |now| !so(now), &mut stop).await;
        end.send_replace(true);
        finish(working).await;
    }
}

/// Waits until this process stands so; false where it is told to stop before.
async fn stands(
    standing: &mut watch::Receiver<Standing>,
    so: impl FnMut(&Standing) -> bool,
    stop: &mut watch::Receiver<bool>,
) -> bool {
    tokio::select! {
        biased;
        _ = stop.wait_for(|told| *told) => false,
        standing = standing.wait_for(so) => standing.is_ok(),
    }
}

/// Is a member, and after a lost connection one again, until told to stop.
fn listen(node: &Node, tell: &watch::Sender<Standing>, stop: &watch::Receiver<bool>) {
    while !*stop.borrow() {
        let member = Membership::join(&node.config.database, node.number);
        if let Err(error) = member.and_then(|member| attend(node, member, tell, stop)) {
            tracing::error!(%error, "the connection to the other processes on the database is lost; trying again");
            tell.send_replace(Standing::default());
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
