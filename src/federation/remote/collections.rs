//! Collections of other servers, page by page.

use serde_json::Value;

use super::{Found, Miss, Remote};
use crate::federation::wire::collection::{Collection, More};
use crate::federation::wire::read;
use crate::urls;

/// More pages than this of one collection are not read at once.
const MOST_PAGES: usize = 5;

impl Remote<'_> {
    /// The items of a collection that is given by its address, or whole, in a document of this server; at most so many. A page that
    /// cannot be had ends the reading: what was read before it counts.
    ///
    /// # Errors
    /// Why there is no collection; what the budget forbids.
    pub async fn items(&self, given: &Value, server: &str, most: usize) -> Found<Vec<Value>> {
        let mut collection = match Collection::read(given) {
            Ok(whole) => whole,
            Err(_) => self.collection(read::id_of(given).unwrap_or_default(), server).await?,
        };
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            items.append(&mut collection.items);
            if items.len() >= most {
                break;
            }
            collection = match collection.more {
                Some(More::Page(page)) => *page,
                Some(More::At(address)) => match self.collection(&address, server).await {
                    Ok(page) => page,
                    Err(Miss::Ours(error)) => return Err(Miss::Ours(error)),
                    Err(_) => break,
                },
                None => break,
            };
        }
        items.truncate(most);
        Ok(items)
    }

    async fn collection(&self, address: &str, server: &str) -> Found<Collection> {
        if !urls::same_origin(address, server) {
            return Err(Miss::Wrong("the collection lies on another server than what it belongs to".to_owned()));
        }
        let (document, _) = self.fetch(address).await?;
        Collection::read(&document.plain).map_err(Miss::Wrong)
    }
}
