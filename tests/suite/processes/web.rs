//! A visitor: another server, or somebody with a browser.

use std::sync::OnceLock;
use std::time::Duration;

use http::header::ACCEPT;
use serde_json::Value;
use tokio::runtime::Runtime;

/// What a server wants.
pub const DOCUMENT: &str = "application/activity+json";
/// What a browser wants.
pub const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Gets an address that must answer.
pub fn get(address: &str, accept: &str) -> Answer {
    try_get(address, accept).unwrap_or_else(|| panic!("{address} does not answer"))
}

/// Gets an address, or nothing where nobody answers.
pub fn try_get(address: &str, accept: &str) -> Option<Answer> {
    ask(client().get(address).header(ACCEPT, accept))
}

/// Posts JSON; gives nothing where nobody answers.
pub fn try_post(address: &str, body: &Value) -> Option<Answer> {
    ask(client().post(address).header("content-type", "application/json").body(body.to_string()))
}

fn ask(request: reqwest::RequestBuilder) -> Option<Answer> {
    runtime().block_on(async {
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        Some(Answer { status, bytes: response.bytes().await.ok()?.to_vec() })
    })
}

/// A new client for each request: a connection kept from before a restart would only confuse.
fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_secs(30)).pool_max_idle_per_host(0).build().expect("a client")
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().expect("a runtime")
    })
}
