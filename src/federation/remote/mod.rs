//! Asking other servers: actors, posts, keys, handles. Every question counts against a budget, so that one activity cannot make us ask
//! without end; nothing is asked of a blocked server, wherever a redirect leads.

mod actors;
mod collections;
mod handles;
mod moves;
mod pages;
mod pictures;
mod posts;
mod threads;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt;

use super::wire::{Document, read};
use crate::actors::Actor;
use crate::delivery;
use crate::error::Error;
use crate::moderation::blocks::{self, Standing};
use crate::node::{MISSED_FOR, Node};
use crate::storage::Conn;
use crate::transport::{Account, Client, FetchError, Fetched, Judge, SignatureForm, Signer};
use crate::urls;

pub use handles::{Handle, subscribe_address};
pub use pages::check_profile_links;
pub use pictures::{forget_pictures, picture};
pub use threads::MOST_ABOVE;

/// Questions that one inbound activity may cause.
const INBOUND_BUDGET: u32 = 6;
/// Questions that one look at an answer, and at the answers to it, may cause.
const LOOK_BUDGET: u32 = 40;
/// Questions that one act of an editor may cause: a statement may mention many.
const EDITOR_BUDGET: u32 = 120;

/// A way to ask other servers, with a budget.
pub struct Remote<'n> {
    node: &'n Node,
    client: Client,
    /// Whether what brought nothing a moment ago is asked for again.
    asks_again: bool,
    left: AtomicU32,
}

/// Why a question brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Miss {
    /// It may not be asked: blocked, private, or over the budget.
    #[error("{0}")]
    Refused(String),
    /// It is not there.
    #[error("{0} does not exist there")]
    Absent(String),
    /// It was there, and its server says that it never will be again (410).
    #[error("{0} is gone")]
    Gone(String),
    /// The server did not answer usefully; it may later.
    #[error("{0}")]
    Unreachable(String),
    /// What came back is not what it should be.
    #[error("{0}")]
    Wrong(String),
    /// A fault of ours.
    #[error("{0}")]
    Ours(Error),
}

impl From<Error> for Miss {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Miss> for Error {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::Refused(why) => Self::Forbidden(why),
            Miss::Absent(what) => Self::NotFound(what),
            Miss::Gone(what) => Self::Gone(what),
            Miss::Unreachable(why) => Self::Unavailable(why),
            Miss::Wrong(why) => Self::invalid("the other server's answer", why),
            Miss::Ours(error) => error,
        }
    }
}

/// What a question brought.
pub type Found<T> = std::result::Result<T, Miss>;

impl<'n> Remote<'n> {
    /// For the key that a signature names: anybody may name anybody's.
    #[must_use]
    pub fn for_claim(node: &'n Node) -> Self {
        Self::on_account(node, &node.limits.claims, INBOUND_BUDGET)
    }

    /// For what a known speaker said.
    #[must_use]
    pub fn for_inbound(node: &'n Node) -> Self {
        Self::on_account(node, &node.limits.speakers, INBOUND_BUDGET)
    }

    /// For one act of an editor.
    #[must_use]
    pub fn for_editor(node: &'n Node) -> Self {
        Self { asks_again: true, ..Self::asking_with(node, &node.client, EDITOR_BUDGET) }
    }

    /// For one look at an answer that we show.
    #[must_use]
    pub fn for_look(node: &'n Node) -> Self {
        Self::on_account(node, &node.limits.looks, LOOK_BUDGET)
    }

    /// For one visitor who asks where her own server is.
    fn for_visitor(node: &'n Node) -> Self {
        Self::on_account(node, &node.limits.visits, 1)
    }

    fn on_account(node: &'n Node, account: &Arc<Account>, budget: u32) -> Self {
        Self::asking_with(node, &node.client.on_account(account), budget)
    }

    fn asking_with(node: &'n Node, client: &Client, budget: u32) -> Self {
        let client = client.redirected_by(judge_of_redirects(node));
        Self { node, client, asks_again: false, left: AtomicU32::new(budget) }
    }

    async fn may_ask(&self, address: &str) -> Found<()> {
        judge(self.node, address).await.map_err(|error| miss(address, error))?;
        let spend = |left: u32| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_err() {
            return Err(Miss::Refused("too many questions for one activity".to_owned()));
        }
        Ok(())
    }

    /// What an address did not give a moment ago: it is not asked for again on a stranger's account.
    fn missed(&self, address: &str) -> Option<FetchError> {
        let (at, error) = self.node.missed_documents.get(address).filter(|_| !self.asks_again)?;
        // By our own clock as well, which may have been set back.
        let age = (self.node.now() - at).to_std();
        age.is_ok_and(|age| age < MISSED_FOR).then_some(error)
    }

    fn remember_miss(&self, address: &str, error: Option<&FetchError>) {
        if let Some(error) = error.filter(|error| !matches!(error, FetchError::Busy | FetchError::Ours(_))) {
            self.node.missed_documents.insert(address.to_owned(), (self.node.now(), error.clone()));
        }
    }

    /// Fetches a document by its id; what comes back must say that this is its id, on the server that served it.
    pub(in crate::federation) async fn document(&self, id: &str) -> Found<Document> {
        let (found, final_id) = self.fetch(id).await?;
        if final_id == id {
            return Ok(found);
        }
        // The address was a page or an old name: ask once more at what it calls itself.
        let (found, again) = self.fetch(&final_id).await?;
        if again == final_id { Ok(found) } else { Err(Miss::Wrong(format!("{id} does not say what its id is"))) }
    }

    async fn fetch(&self, address: &str) -> Found<(Document, String)> {
        let (document, url) = self.get(address).await?;
        let id = read::id(&document.plain, "id").ok_or_else(|| Miss::Wrong(format!("{address} has no id")))?;
        if !urls::same_origin(&url, &id) {
            return Err(Miss::Wrong(format!("{address} claims an id on another server")));
        }
        Ok((document, id))
    }

    /// The document at an address, with the address that it came from in the end.
    async fn get(&self, address: &str) -> Found<(Document, String)> {
        self.may_ask(address).await?;
        if let Some(error) = self.missed(address) {
            return Err(miss(address, error));
        }
        let fetched = self.ask(address).await?;
        self.remember_miss(address, fetched.as_ref().err());
        let fetched = fetched.map_err(|error| miss(address, error))?;
        let document = Document::of(fetched.body).map_err(|why| Miss::Wrong(format!("{address}: {why}")))?;
        Ok((document, fetched.url))
    }
}

impl Remote<'_> {
    /// Asks as the instance actor, with the form of signature that the server took last.
    async fn ask(&self, address: &str) -> Found<std::result::Result<Fetched, FetchError>> {
        let (host, keyring) = (urls::host_of(address).unwrap_or_default(), self.node.keyring.clone());
        let asked = host.clone();
        let look = move |conn: &mut Conn| Ok((keyring.keys(conn)?, delivery::remembered_form(conn, &asked)?));
        let (keys, remembered) = self.node.db.read(look).await?;
        let form = remembered.unwrap_or(SignatureForm::Cavage);
        let fetched = self.client.fetch_json(address, Some(Signer { key: &keys.instance, form })).await;
        let taken = fetched.as_ref().ok().filter(|fetched| urls::host_of(&fetched.url).as_ref() == Some(&host));
        if let Some(taken) = taken.and_then(|fetched| fetched.form).filter(|taken| *taken != form) {
            self.node.db.write(move |conn| delivery::remember_form(conn, &host, taken)).await?;
        }
        Ok(fetched)
    }
}

/// Whether an address may be asked: the one rule for where a question goes first and for wherever it is redirected.
async fn judge(node: &Node, address: &str) -> std::result::Result<(), FetchError> {
    if node.urls.is_ours(address) {
        return Err(FetchError::Refused("this address is our own".to_owned()));
    }
    let Some(host) = urls::host_of(address) else { return Ok(()) };
    let asked = host.clone();
    let standing = node.db.read(move |conn| blocks::standing(conn, &asked)).await.map_err(FetchError::Ours)?;
    match standing {
        Standing::Welcome => Ok(()),
        Standing::Blocked => Err(FetchError::Refused(format!("{host} is blocked here"))),
        Standing::NotAllowed => Err(FetchError::Refused(format!("{host} is not on the allow list here"))),
    }
}

fn judge_of_redirects(node: &Node) -> Judge {
    let node = node.clone();
    Arc::new(move |url| {
        let node = node.clone();
        async move { judge(&node, url.as_str()).await }.boxed()
    })
}

/// An actor that we know, unless its server was blocked since, or the domain of its handle is.
fn welcome(actor: Actor) -> Found<Actor> {
    if actor.blocked {
        Err(Miss::Refused(format!("the server of @{} is blocked here", actor.handle)))
    } else {
        Ok(actor)
    }
}

fn miss(address: &str, error: FetchError) -> Miss {
    let host = urls::host_of(address).unwrap_or_else(|| address.to_owned());
    match error {
        FetchError::Refused(why) => Miss::Refused(why),
        FetchError::Busy => Miss::Ours(Error::Unavailable(format!("{host} cannot be asked now: {error}"))),
        FetchError::Ours(error) => Miss::Ours(error),
        FetchError::NotFound => Miss::Absent(address.to_owned()),
        FetchError::Gone => Miss::Gone(address.to_owned()),
        FetchError::Status(status @ (401 | 403)) => {
            Miss::Refused(format!("{host} refuses to show it to us ({status})"))
        }
        other => Miss::Unreachable(format!("{host}: {other}")),
    }
}
