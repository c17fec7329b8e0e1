//! The one HTTP client, against servers on loopback.

mod answers;
mod release_build_too;
mod reuse;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use picket::clock::Clock;
use picket::config::Config;
use picket::crypto::PrivateKey;
use picket::transport::resolver::{Lookup, system_lookup};
use picket::transport::signature::{Request, read_claim};
use picket::transport::{Client, FetchError, Network, SignatureForm, SigningKey};

use crate::listener::{Heard, Listener, Reply, head, reply};

const ACTIVITY: (&str, &str) = ("Content-Type", "application/activity+json");
/// For tests that are not about time: a busy machine must not fail them.
const PATIENCE: Duration = Duration::from_secs(10);
/// For tests that wait for it to pass.
const HASTE: Duration = Duration::from_millis(300);

fn config(pairs: &[(&str, &str)]) -> Config {
    let environment: BTreeMap<String, String> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::from_sources(None, environment).expect("settings")
}

fn secure() -> Config {
    config(&[("PICKET_DOMAIN", "union.example")])
}

fn insecure() -> Config {
    config(&[("PICKET_DOMAIN", "127.0.0.1:4000"), ("PICKET_INSECURE", "true")])
}

fn client(config: &Config, lookup: Lookup) -> Client {
    client_with(PATIENCE, config, lookup)
}

fn client_with(deadline: Duration, config: &Config, lookup: Lookup) -> Client {
    Client::on(Network { deadline, lookup, ..Network::default() }, config, Clock::default()).expect("a client")
}

/// A client that may go to loopback, for answers that are hostile in themselves.
fn open() -> Client {
    client(&insecure(), system_lookup())
}

/// The same with little patience.
fn hasty() -> Client {
    client_with(HASTE, &insecure(), system_lookup())
}

/// Every name leads here.
fn all_lead_to(addresses: Vec<SocketAddr>) -> Lookup {
    Arc::new(move |_| std::future::ready(Ok(addresses.clone())).boxed())
}

fn signer() -> SigningKey {
    SigningKey {
        id: "http://127.0.0.1:4000/instance#main-key".to_owned(),
        key: PrivateKey::generate_rsa().expect("a key"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("compressed")
}

/// Whether what arrived is signed by the key, as our own gate sees it.
fn is_signed(heard: &Heard, listener: &Listener, signer: &SigningKey, form: SignatureForm) -> bool {
    let request =
        Request { method: &heard.method, path_and_query: &heard.target, headers: &heard.headers, body: &heard.body };
    let claim = read_claim(&request, &listener.address.to_string(), "http", Clock::default().now());
    claim.is_ok_and(|claim| {
        claim.form == form
            && claim.key_id == signer.id
            && claim.verify(&signer.key.public_key().expect("its public half"))
    })
}
