//! How often what pages show has changed: asked of the database once for all who want to know at the same moment.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::error::{Error, Result};
use crate::storage::{self, Db, SiteVersion};

/// For an answer: all who come wait for the question that was put before theirs, which may hang.
const PATIENCE: Duration = Duration::from_secs(5);

type Answer = Shared<BoxFuture<'static, Result<SiteVersion>>>;

/// Questions to the database about what has changed. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Changes {
    /// The question that has not been put yet: whoever comes may wait for its answer.
    next: Arc<Mutex<Option<Answer>>>,
    /// Held while a question is put. Meanwhile all who come gather behind the next one.
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl Changes {
    /// The numbers of changes, read after this was called.
    ///
    /// # Errors
    /// Those of the database, to all who waited.
    pub(super) async fn until_now(&self, db: &Db) -> Result<SiteVersion> {
        self.next(db).await
    }

    fn next(&self, db: &Db) -> Answer {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.get_or_insert_with(|| self.clone().ask(db.clone()).boxed().shared()).clone()
    }

    async fn ask(self, db: Db) -> Result<SiteVersion> {
        // Whoever is about to come joins.
        tokio::task::yield_now().await;
        let _turn = self.asking.lock().await;
        // What changes from here on may be missing in the answer.
        drop(self.next.lock().unwrap_or_else(PoisonError::into_inner).take());
        let asked = tokio::time::timeout(PATIENCE, db.glance(storage::site_version)).await;
        asked.unwrap_or_else(|_| {
            Err(Error::Unavailable("the database does not answer; try again in a minute".to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Site, statement};
    use super::*;

    #[tokio::test]
    async fn whoever_comes_before_the_database_is_asked_shares_the_question_and_whoever_comes_later_hears_what_changed()
    {
        let (site, changes) = (Site::new().await, Changes::default());
        let db = &site.node.db;
        let anothers = Arc::clone(&changes.asking).lock_owned().await;
        let mut first = changes.next(db);
        for _ in 0..2 {
            assert!(futures::poll!(&mut first).is_pending(), "it waits for its turn");
        }
        let second = changes.next(db);
        assert!(second.ptr_eq(&first));
        drop(anothers);
        let before = first.await.expect("an answer").version;
        site.publish("one", "2026-05-01", statement("en", "One", "<p>One</p>")).await;
        let third = changes.next(db);
        assert!(!third.ptr_eq(&second));
        assert!(third.await.expect("an answer").version > before);
        assert_eq!(second.await.map(|answer| answer.version), Ok(before));
    }
}
