//! Pages of websites to which our profile leads: whether they link back.

use chrono::TimeDelta;
use url::Url;

use super::{Miss, Remote, miss};
use crate::error::{Error, Result};
use crate::markup;
use crate::node::Node;
use crate::profile::{self, Seen};
use crate::transport::FetchError;

const HTML: [&str; 2] = ["text/html", "application/xhtml+xml"];

impl Remote<'_> {
    /// What a page says of us, as far as it can be had.
    ///
    /// # Errors
    /// Faults of ours.
    async fn look_at(&self, address: &str) -> Result<Seen> {
        if let Err(refused) = self.may_ask(address).await {
            return seen_instead(refused);
        }
        let page = match self.client.fetch_document(address, &HTML).await {
            Ok(page) => page,
            // Such a file links nowhere.
            Err(FetchError::WrongType(_)) => return Ok(Seen::NoLink),
            Err(error) => return seen_instead(miss(address, error)),
        };
        let ours = [self.node.urls.home(), self.node.urls.actor()];
        let ours: Vec<Url> = ours.iter().filter_map(|address| Url::parse(address).ok()).collect();
        let read = move || markup::links_back(&String::from_utf8_lossy(&page.body), &ours);
        let links_back = tokio::task::spawn_blocking(read).await.map_err(Error::internal)?;
        Ok(if links_back { Seen::LinkBack } else { Seen::NoLink })
    }
}

fn seen_instead(miss: Miss) -> Result<Seen> {
    match miss {
        Miss::Ours(error) => Err(error),
        Miss::Unreachable(_) => Ok(Seen::Nothing),
        Miss::Refused(_) | Miss::Absent(_) | Miss::Gone(_) | Miss::Wrong(_) => Ok(Seen::NoLink),
    }
}

/// Looks at the pages to which the fields of our profile lead, those that were not looked at for so long, or never.
///
/// # Errors
/// Faults of ours: a page that cannot be had is just not verified.
pub async fn check_profile_links(node: &Node, for_so_long: Option<TimeDelta>) -> Result<()> {
    let remote = Remote::for_editor(node);
    let since = for_so_long.map(|time| node.now() - time);
    for field in node.db.read(move |conn| profile::links_due(conn, since)).await? {
        let seen = match field.link() {
            Some(address) => remote.look_at(address).await?,
            None => continue,
        };
        let now = node.now();
        node.db.write(move |conn| profile::note_seen(conn, &field, seen, now)).await?;
    }
    Ok(())
}
