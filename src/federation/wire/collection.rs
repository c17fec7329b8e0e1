//! Collections of other servers: followers, outboxes, replies.

use serde_json::Value;

use super::read;
use crate::urls;

/// Types that are collections or pages of them.
pub const KINDS: [&str; 4] = ["Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"];

/// A collection, or one page of it, as its document tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Its id; a page that stands inside its collection may have none.
    pub id: Option<String>,
    /// Its type.
    pub kind: String,
    /// How many items it says that it has.
    pub total: Option<u64>,
    /// Its items, in order: ids, or whole objects, of which nothing is confirmed by standing here.
    pub items: Vec<Value>,
    /// Where more items are: the first page of a collection, the page after a page.
    pub more: Option<More>,
}

/// Where the items of a collection go on.
#[derive(Debug, Clone, PartialEq)]
pub enum More {
    /// At this address.
    At(String),
    /// In a page that stands there whole.
    Page(Box<Collection>),
}

impl Collection {
    /// Reads a collection or a page. Only what lies on its own server counts as its next page.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(document: &Value) -> Result<Self, String> {
        let kind = read::kind_among(document, &KINDS).ok_or("the document is no collection")?;
        let id = read::id(document, "id");
        let items = ["orderedItems", "items"].iter().flat_map(|property| read::values(document, property));
        // A page has a next one, a collection a first; what calls itself both goes on where its own kind does.
        let onward = if kind.ends_with("Page") { "next" } else { "first" };
        Ok(Self {
            items: items.filter(|item| read::id_of(item).is_some()).cloned().collect(),
            more: read::values(document, onward).first().and_then(|more| More::read(more, id.as_deref())),
            total: read::values(document, "totalItems").first().and_then(|total| total.as_u64()),
            kind: kind.to_owned(),
            id,
        })
    }
}

impl More {
    fn read(value: &Value, collection: Option<&str>) -> Option<Self> {
        if let Some(page) = Some(value).filter(|value| value.is_object()).and_then(|page| Collection::read(page).ok()) {
            return Some(Self::Page(Box::new(page)));
        }
        let address = read::id_of(value)?;
        let is_its_own = collection.is_none_or(|collection| urls::same_origin(collection, address));
        is_its_own.then(|| Self::At(address.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_are_ids_or_objects_and_the_first_page_stands_there_or_elsewhere() {
        let page = json!({"type": "CollectionPage", "next": "https://a.example/1/replies?page=2",
            "items": ["https://a.example/2", {"type": "Note", "id": "https://a.example/3"}, 7, {"type": "Note"}]});
        let inline = json!({"id": "https://a.example/1/replies", "type": "Collection", "totalItems": 3, "first": page});
        let Some(More::Page(page)) = Collection::read(&inline).expect("a collection").more else {
            panic!("an inline page")
        };
        assert_eq!(page.items.len(), 2);
        assert_eq!(page.more, Some(More::At("https://a.example/1/replies?page=2".to_owned())));
        let linked =
            json!({"id": "https://a.example/1", "type": "OrderedCollection", "first": "https://a.example/1?page"});
        let linked = Collection::read(&linked).expect("a collection");
        assert_eq!(linked.more, Some(More::At("https://a.example/1?page".to_owned())));
    }

    #[test]
    fn a_page_on_another_server_is_none_of_it() {
        let document = json!({"id": "https://a.example/1", "type": "Collection", "first": "https://b.example/"});
        assert_eq!(Collection::read(&document).expect("a collection").more, None);
        assert!(Collection::read(&json!({"type": "Note", "items": []})).is_err());
    }
}
