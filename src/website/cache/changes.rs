//! How often what pages show has changed: asked of the database once for all who want to know at the same moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::error::{Error, Result};
use crate::storage::{self, Db, SiteVersion};

/// For an answer: all who come wait for the question that was put before theirs, which may hang.
const PATIENCE: Duration = Duration::from_secs(5);

/// Questions to the database about what has changed. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Changes(Arc<Questions>);

#[derive(Default)]
struct Questions {
    /// How many have come.
    come: AtomicU64,
    /// Held while a question is put. Meanwhile all who come gather behind it.
    last: Mutex<Answer>,
}

/// The answer to the last question.
#[derive(Default)]
struct Answer {
    /// How many had come before it was put, each of whom it answers.
    come: u64,
    said: Option<Result<SiteVersion>>,
}

impl Changes {
    /// The numbers of changes, read after this was called.
    ///
    /// # Errors
    /// Those of the database, to all who waited.
    pub(super) async fn until_now(&self, db: &Db) -> Result<SiteVersion> {
        let before_me = self.0.come.fetch_add(1, Ordering::SeqCst);
        // Whoever is about to come joins.
        tokio::task::yield_now().await;
        let mut last = self.0.last.lock().await;
        if let Some(said) = last.said.as_ref().filter(|_| last.come > before_me) {
            return said.clone();
        }
        // What changes from here on may be missing in the answer.
        let come = self.0.come.load(Ordering::SeqCst);
        let said = match db.glance(storage::site_version) {
            Some(seen) => Ok(seen),
            None => Box::pin(ask(db)).await,
        };
        *last = Answer { come, said: Some(said.clone()) };
        said
    }
}

async fn ask(db: &Db) -> Result<SiteVersion> {
    let asked = tokio::time::timeout(PATIENCE, db.read(storage::site_version)).await;
    asked.unwrap_or_else(|_| Err(Error::Unavailable("the database does not answer; try again in a minute".to_owned())))
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::super::super::testing::{Site, statement};
    use super::*;

    #[tokio::test]
    async fn whoever_comes_before_the_database_is_asked_shares_the_question_and_whoever_comes_later_hears_what_changed()
    {
        let (site, changes) = (Site::new().await, Changes::default());
        let db = &site.node.db;
        let anothers = changes.0.last.lock().await;
        let (mut first, mut second) = (pin!(changes.until_now(db)), pin!(changes.until_now(db)));
        for _ in 0..2 {
            assert!(futures::poll!(&mut first).is_pending(), "it waits for its turn");
            assert!(futures::poll!(&mut second).is_pending(), "it waits behind the first");
        }
        drop(anothers);
        let before = first.await.expect("an answer").version;
        site.publish("one", "2026-05-01", statement("en", "One", "<p>One</p>")).await;
        assert_eq!(
            second.await.map(|answer| answer.version),
            Ok(before),
            "the question of the first was put after it came"
        );
        assert!(changes.until_now(db).await.expect("an answer").version > before);
    }
}
