//! Somebody on another server, who speaks to a real process.

use picket::transport::SignatureForm;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::union::Union;
use crate::harness::{Database, Letter, Person, Remote, World};

pub struct Stranger {
    pub runtime: Runtime,
    pub person: Person,
    pub server: Remote,
}

impl Stranger {
    pub fn named(name: &str) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let server = runtime.block_on(async { World::on(Database::Sqlite).remote().await });
        Self { runtime, person: server.person(name), server }
    }

    /// An activity for the inbox of a union.
    pub fn letter(&self, union: &Union, kind: &str, object: Value) -> Letter {
        let activity = self.person.activity(kind, object).to_string();
        self.person.letter_at(&union.at("/inbox"), SignatureForm::Cavage, activity)
    }

    /// Says what must be taken.
    pub fn says(&self, union: &Union, kind: &str, object: Value) {
        let letter = self.letter(union, kind, object);
        let request = reqwest::Client::builder().no_proxy().build().expect("a client").post(union.at(&letter.path));
        let answer = self.runtime.block_on(request.headers(letter.headers).body(letter.body).send());
        assert_eq!(answer.expect("an answer").status(), 202);
    }
}
