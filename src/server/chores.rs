//! What a server does by the clock: publishes what is due, looks at conversations and at the links of the profile, hears what waited for a
//! server, and removes what need not be kept.

use std::time::{Duration, Instant, SystemTime};

use chrono::TimeDelta;
use tokio::sync::watch;

use crate::clock::Time;
use crate::error::{Error, Result};
use crate::federation::inbox::{threads, waiting};
use crate::federation::{departures, outbox, remote};
use crate::moderation::reports;
use crate::node::Node;
use crate::storage::{self, Conn, Trouble};
use crate::{actors, delivery, heard, media, posts, private_box, search, statements};

/// How long is kept that an activity was heard or a post deleted (signatures are good for an hour; servers try again for up to a
/// fortnight), a report once it is closed, what came to us in private, and a picture that nothing shows.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// How long a post is held for an editor's decision.
const HELD_FOR: TimeDelta = TimeDelta::days(90);
/// How long is kept what was said in private and heard, and an actor of whom nothing else is kept.
const IDLE_FOR: TimeDelta = TimeDelta::days(1);
/// So much is removed in one transaction, so that others write in between, and so often in one round.
const BATCH: i64 = 500;
const MOST_BATCHES: usize = 200;
/// So many pictures are looked at at a time.
const PICTURES: usize = 500;
/// How often what is older is removed.
const FORGET_PAUSE: Duration = Duration::from_hours(1);
/// The first answers after a start come before the search is filled.
const FILL_PAUSE: Duration = Duration::from_secs(5);
/// After a fault of the database.
const FILL_AGAIN: Duration = Duration::from_mins(1);
/// How often is asked whether it is time to look at an answer again.
const LOOK_POLL: Duration = Duration::from_secs(5);
/// How often is asked whether it is time to try again what waits for a server.
const HEAR_POLL: Duration = Duration::from_mins(1);
/// How long a page that our profile leads to is believed to link back, and how often that is asked.
const LINK_SEEN_FOR: TimeDelta = TimeDelta::days(1);
const LINK_PAUSE: Duration = Duration::from_mins(15);
/// How often the clock is looked at for statements that are due.
const SCHEDULE_POLL: Duration = Duration::from_secs(1);

/// All of it until told to stop. One process on a database does so at a time; two who did for a moment would do no harm.
pub(super) async fn run(node: Node, stop: watch::Receiver<bool>) {
    tokio::join!(
        publish_on_schedule(node.clone(), stop.clone()),
        forget_in_time(node.clone(), stop.clone()),
        look_at_conversations(node.clone(), stop.clone()),
        hear_what_waited(node.clone(), stop.clone()),
        check_profile_links(node.clone(), stop.clone()),
        fill_search_at_start(node, stop),
    );
}

async fn publish_on_schedule(node: Node, mut stop: watch::Receiver<bool>) {
    let mut trouble = Trouble::told_as(
        "scheduled statements could not be published; it is tried again, and if this goes on, `picket doctor` says what to mend",
        "scheduled statements are published again",
    );
    while !*stop.borrow() {
        trouble.note(outbox::publish_due(&node).await.err().as_ref());
        tokio::select! {
            () = tokio::time::sleep(SCHEDULE_POLL) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Looks at conversations as their time comes. What a look under way would have found is found at the next.
async fn look_at_conversations(node: Node, stop: watch::Receiver<bool>) {
    let trouble = Trouble::told_as(
        "conversations could not be looked at; it is tried again, and if this goes on, `picket doctor` says what to mend",
        "conversations are looked at again",
    );
    again_and_again(LOOK_POLL, trouble, stop, || threads::look_around(&node)).await;
}

/// Tries again what waits for a server.
async fn hear_what_waited(node: Node, stop: watch::Receiver<bool>) {
    let trouble = Trouble::told_as(
        "what waits for other servers could not be heard; it is tried again, and if this goes on, `picket doctor` says what to mend",
        "what waits for other servers is heard again",
    );
    again_and_again(HEAR_POLL, trouble, stop, || waiting::hear_again(&node)).await;
}

/// Does something with a pause after each time, until told to stop. What is under way then ends with the node.
async fn again_and_again<F>(
    pause: Duration,
    mut trouble: Trouble,
    mut stop: watch::Receiver<bool>,
    work: impl Fn() -> F,
) where
    F: Future<Output = Result<()>>,
{
    while !*stop.borrow() {
        let round = async {
            trouble.note(work().await.err().as_ref());
            tokio::time::sleep(pause).await;
        };
        tokio::select! {
            () = round => {}
            _ = stop.changed() => {}
        }
    }
}

/// Puts into the search what is not in it yet: what was published before there was a search, or everything, where words are made
/// differently now. Gives how many times it wrote.
///
/// # Errors
/// Faults of the database; what was filled stays so, and the next call goes on there.
pub async fn fill_search(node: &Node) -> Result<u64> {
    let mut written = 0;
    while !node.db.read(search::is_filled).await? {
        let begun = Instant::now();
        node.db.write(|conn| search::fill(conn, &[statements::index_part, posts::index_part])).await?;
        written += 1;
        // Half of the time is for others.
        tokio::time::sleep(begun.elapsed()).await;
    }
    Ok(written)
}

async fn fill_search_at_start(node: Node, mut stop: watch::Receiver<bool>) {
    let fill = async {
        tokio::time::sleep(FILL_PAUSE).await;
        while let Err(error) = fill_search(&node).await {
            tracing::error!(%error, "the search could not be filled any further; in a minute it goes on");
            tokio::time::sleep(FILL_AGAIN).await;
        }
    };
    tokio::select! {
        () = fill => {}
        _ = stop.changed() => {}
    }
}

/// Removes what need not be kept any more. Where one thing cannot be removed, the others are all the same.
///
/// # Errors
/// The first fault of the database or of the disk.
pub async fn forget(node: &Node) -> Result<()> {
    let now = node.now();
    let (before, idle_since) = (now - KEPT_FOR, now - IDLE_FOR);
    let receipts_since = now - TimeDelta::days(node.config.receipts_days.into());
    let settled = move |conn: &mut Conn| delivery::settled(conn, idle_since, BATCH);
    let old = move |conn: &mut Conn| delivery::old_receipts(conn, receipts_since, BATCH);
    let worn = |conn: &mut Conn| delivery::worn_receipts(conn, BATCH);
    let unused_lanes = |conn: &mut Conn| delivery::unused_lanes(conn, BATCH);
    let unused_hosts = |conn: &mut Conn| delivery::unused_hosts(conn, BATCH);
    let idle = move |conn: &mut Conn| actors::idle(conn, idle_since, BATCH);
    let done = [
        node.db.write(move |conn| private_box::forget_older(conn, before)).await,
        node.db.write(move |conn| heard::forget_older(conn, before)).await,
        node.db.write(move |conn| posts::forget_older(conn, before)).await,
        node.db.write(move |conn| reports::forget_older(conn, before)).await,
        node.db.write(move |conn| posts::forget_held(conn, now - HELD_FOR)).await,
        in_batches(node, settled, delivery::forget_activities).await,
        in_batches(node, old, delivery::let_receipts_go).await,
        in_batches(node, worn, |conn, activities| delivery::forget_receipts(conn, activities, BATCH)).await,
        in_batches(node, unused_lanes, move |conn, inboxes| delivery::close_lanes(conn, inboxes, now)).await,
        in_batches(node, unused_hosts, delivery::forget_hosts).await,
        forget_posts_of_allies(node, now).await,
        in_batches(node, idle, move |conn, ids| actors::delete_idle(conn, ids, idle_since)).await,
        forget_pictures(node).await,
        remote::forget_pictures(node).await,
        // Last, since it waits for other servers.
        departures::confirm(node).await,
    ];
    done.into_iter().collect()
}

/// Removes what nothing refers to, where the operator set a time for it.
async fn forget_posts_of_allies(node: &Node, now: Time) -> Result<()> {
    let Some(days) = node.config.keep_remote_days else { return Ok(()) };
    let before = now - TimeDelta::days(days.into());
    let unreferenced = move |conn: &mut Conn| posts::unreferenced(conn, before, BATCH);
    in_batches(node, unreferenced, move |conn, ids| posts::delete_unreferenced(conn, ids, before)).await
}

/// Removes pictures that nothing shows: what was cut off between its picture and its commit left one behind.
async fn forget_pictures(node: &Node) -> Result<()> {
    let before = SystemTime::from((node.now() - KEPT_FOR).and_utc());
    let mut after = String::new();
    loop {
        let folder = node.config.media_dir();
        let (folder_for_look, behind) = (folder.clone(), after);
        let look = move || media::old_files(&folder_for_look, before, &behind, PICTURES);
        let old = tokio::task::spawn_blocking(look).await.map_err(Error::internal)??;
        let Some(last) = old.last().cloned() else { return Ok(()) };
        let unnamed = node.db.read(move |conn| storage::unnamed_files(conn, &old)).await?;
        media::remove(&folder, &unnamed);
        after = last;
    }
}

/// Looks for what need not be kept, and removes it, until nothing more is found.
async fn in_batches<T: Send + 'static>(
    node: &Node,
    find: impl Fn(&mut Conn) -> Result<Vec<T>> + Copy + Send + 'static,
    remove: impl Fn(&mut Conn, &[T]) -> Result<()> + Copy + Send + 'static,
) -> Result<()> {
    for _ in 0..MOST_BATCHES {
        let found = node.db.read(find).await?;
        if found.is_empty() {
            break;
        }
        node.db.write(move |conn| remove(conn, &found)).await?;
    }
    Ok(())
}

/// Forgets: at the start, and then once in a while.
async fn forget_in_time(node: Node, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = forget(&node).await {
            tracing::error!(%error, "old entries could not be removed; it is tried again in an hour, and if this goes on, `picket doctor` says what to mend");
        }
        tokio::select! {
            () = tokio::time::sleep(FORGET_PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Looks once a day whether the pages to which our profile leads still link back.
async fn check_profile_links(node: Node, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let check = async {
            if let Err(error) = remote::check_profile_links(&node, Some(LINK_SEEN_FOR)).await {
                tracing::error!(%error, "the links of the profile could not be checked; it is tried again, and if this goes on, `picket doctor` says what to mend");
            }
            tokio::time::sleep(LINK_PAUSE).await;
        };
        tokio::select! {
            () = check => {}
            _ = stop.changed() => {}
        }
    }
}
