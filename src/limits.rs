//! What others may ask of us, and make us ask of others: the numbers, in one place.
//!
//! Whoever signed is counted by who it is. A signature that is not verified yet may claim anybody's key, so it uses up nothing of the one
//! whom it names but the questions that we ask there for keys that we do not know: those whom we know are never refused on its account.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::clock::Time;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::rates::Rates;
use crate::transport::Account;

/// A server may send this many times its rate at once: an undone boost of a known name reaches thousands within seconds.
const BURST_OF_SERVER: u32 = 10;
/// One actor may send this part of what its server may. Groups and relays pass on several posts a second.
const ACTORS_PART: u32 = 10;
/// Questions at a time on others' account, and of those to one server.
const QUESTIONS: u32 = 64;
const QUESTIONS_TO_ONE: u32 = 8;
/// Visitors who follow from their own servers: a minute, at once, and to one server.
const VISITORS: (u32, u32) = (60, 60);
const VISITORS_OF_ONE: (u32, u32) = (20, 20);
const VISITORS_AT_A_TIME: (u32, u32) = (16, 4);
/// Pictures of others that our pages show: a minute and at once from one server; at a time, and from one server.
const PICTURES: (u32, u32) = (120, 60);
const PICTURES_AT_A_TIME: (u32, u32) = (16, 4);
/// Pictures of others that are decoded at a time: each may take a hundred megabytes.
const DECODED_AT_A_TIME: usize = 2;

/// How much is taken from whom.
pub struct Limits {
    servers: Rates,
    actors: Rates,
    visitors: Rates,
    /// What is asked for keys that signatures name, before anything is known of the signer.
    pub claims: Arc<Account>,
    /// What is asked because of what known speakers said.
    pub speakers: Arc<Account>,
    /// What is asked in looks at conversations, whose posts may name anybody's servers.
    pub looks: Arc<Account>,
    /// What is asked for visitors of the website.
    pub visits: Arc<Account>,
    /// What is asked for pictures that our pages show.
    pub pictures: Arc<Account>,
    /// Places for decoding those.
    pub decoding: Arc<Semaphore>,
}

impl Limits {
    /// The limits under the operator's settings.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let (activities, questions) = (config.activity_rate, config.fetch_rate);
        let account = || Arc::new(Account::new(Rates::new(questions, 2 * questions), QUESTIONS, QUESTIONS_TO_ONE));
        let of_actor = (activities / ACTORS_PART).max(1);
        let visits = Rates::new(VISITORS_OF_ONE.0, VISITORS_OF_ONE.1);
        Self {
            servers: Rates::new(60 * activities, BURST_OF_SERVER * activities),
            actors: Rates::new(60 * of_actor, BURST_OF_SERVER * of_actor),
            visitors: Rates::new(VISITORS.0, VISITORS.1),
            claims: account(),
            speakers: account(),
            looks: account(),
            pictures: Arc::new(Account::new(
                Rates::new(PICTURES.0, PICTURES.1),
                PICTURES_AT_A_TIME.0,
                PICTURES_AT_A_TIME.1,
            )),
            decoding: Arc::new(Semaphore::new(DECODED_AT_A_TIME)),
            visits: Arc::new(Account::new(visits, VISITORS_AT_A_TIME.0, VISITORS_AT_A_TIME.1)),
        }
    }

    /// Counts an activity of a speaker whose signature held.
    ///
    /// # Errors
    /// `TooMany`, so that its server sends it again later.
    pub fn admit_speaker(&self, actor_id: i64, host: &str, now: Time) -> Result<()> {
        self.actors.admit(&actor_id, now).map_err(|seconds| too_many("this actor sends", seconds))?;
        self.servers.admit(host, now).map_err(|seconds| too_many("this server sends", seconds))
    }

    /// Counts a visitor who makes us ask her own server.
    ///
    /// # Errors
    /// `TooMany`.
    pub fn admit_visitor(&self, now: Time) -> Result<()> {
        self.visitors.admit("", now).map_err(|seconds| too_many("visitors ask", seconds))
    }
}

fn too_many(who: &str, seconds: u64) -> Error {
    Error::TooMany { why: format!("{who} more than we take at once; try again in {seconds} s"), seconds }
}
