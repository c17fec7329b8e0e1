//! What the log is told while the database refuses: a flood, or a look every second, meets a full disk again and again.

use crate::error::Error;

/// A trouble with the database that is met again and again while it lasts: the log tells once that it began, and once that it is over.
#[derive(Debug)]
pub struct Trouble {
    began: &'static str,
    over: &'static str,
    lasts: bool,
}

impl Trouble {
    /// None yet; with what is said when it begins and when it is over.
    #[must_use]
    pub fn told_as(began: &'static str, over: &'static str) -> Self {
        Self { began, over, lasts: false }
    }

    /// Takes note of how it went this time.
    pub fn note(&mut self, refused: Option<&Error>) {
        match refused {
            Some(error) if !self.lasts => tracing::error!(%error, "{}", self.began),
            None if self.lasts => tracing::info!("{}", self.over),
            _ => {}
        }
        self.lasts = refused.is_some();
    }
}
