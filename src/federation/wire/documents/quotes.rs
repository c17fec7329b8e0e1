//! Quotes of our statements (FEP-044f): the stamp that allows one, the answer to who asked for it, and its end.

use serde_json::{Value, json};

use crate::actors::Actor;
use crate::federation::wire::context::{self, PUBLIC};
use crate::statements::Quote;

/// A question for a quote, as its answer repeats it.
#[derive(Debug, Clone, Copy)]
pub struct AskedQuote<'a> {
    /// Id of the `QuoteRequest`.
    pub id: &'a str,
    /// The statement of ours.
    pub statement: &'a str,
    /// The post that quotes it.
    pub post: &'a str,
}

/// The stamp: whoever sees the quote looks here whether it is allowed.
#[must_use]
pub fn quote_authorization(quote: &Quote, union: &Actor) -> Value {
    json!({
        "@context": context::quote(),
        "id": quote.uri,
        "type": "QuoteAuthorization",
        "attributedTo": union.uri,
        "interactingObject": quote.post,
        "interactionTarget": quote.statement,
    })
}

/// `Accept` of a `QuoteRequest`, with the stamp; without one it is a `Reject`.
#[must_use]
pub fn answer_quote(id: &str, union: &Actor, asker: &Actor, asked: &AskedQuote<'_>, stamp: Option<&str>) -> Value {
    let mut document = json!({
        "@context": context::quote(),
        "id": id,
        "type": if stamp.is_some() { "Accept" } else { "Reject" },
        "actor": union.uri,
        "to": [asker.uri],
        "object": {
            "id": asked.id,
            "type": "QuoteRequest",
            "actor": asker.uri,
            "object": asked.statement,
            "instrument": asked.post,
        },
    });
    if let Some(stamp) = stamp {
        document["result"] = json!(stamp);
    }
    document
}

/// `Delete` of a stamp: the quote is allowed no more.
#[must_use]
pub fn delete_quote_authorization(stamp: &str, union: &Actor) -> Value {
    json!({
        "@context": context::post(),
        "id": format!("{stamp}#delete"),
        "type": "Delete",
        "actor": union.uri,
        "to": [PUBLIC],
        "object": stamp,
    })
}
