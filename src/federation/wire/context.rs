//! The `@context` of everything that we write.
//!
//! The four that stand by address are known to every reader without fetching; all further terms are inline, since a reader that cannot
//! fetch a context refuses the whole document (seen in Fedify 2.3.6). `security/v1` makes `publicKey` readable, `cid/v1`
//! `assertionMethod`, `data-integrity/v2` `proof`.

use serde_json::{Value, json};

/// The plain vocabulary, for activities that need no more.
pub const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";
/// `proof` and its parts.
const DATA_INTEGRITY: &str = "https://w3id.org/security/data-integrity/v2";
/// Everybody.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// For actors.
#[must_use]
pub fn actor() -> Value {
    json!([
        ACTIVITY_STREAMS,
        "https://w3id.org/security/v1",
        "https://www.w3.org/ns/cid/v1",
        {
            "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
            "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
            "toot": "http://joinmastodon.org/ns#",
            "featured": {"@id": "toot:featured", "@type": "@id"},
            "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
            "discoverable": "toot:discoverable",
            "indexable": "toot:indexable",
            "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
            "schema": "http://schema.org#",
            "PropertyValue": "schema:PropertyValue",
            "value": "schema:value",
            "blurhash": "toot:blurhash",
            "webfinger": {"@id": "https://purl.archive.org/socialweb/webfinger#webfinger"}
        }
    ])
}

/// For activities with an actor and a proof in them.
#[must_use]
pub fn actor_with_proof() -> Value {
    let mut context = actor();
    if let Some(contexts) = context.as_array_mut() {
        contexts.insert(3, Value::from(DATA_INTEGRITY));
    }
    context
}

/// For posts, and for activities with a post or a proof in them.
#[must_use]
pub fn post() -> Value {
    json!([
        ACTIVITY_STREAMS,
        DATA_INTEGRITY,
        {
            "sensitive": "as:sensitive",
            "ostatus": "http://ostatus.org#",
            "conversation": "ostatus:conversation",
            "Hashtag": "as:Hashtag",
            "toot": "http://joinmastodon.org/ns#",
            "blurhash": "toot:blurhash",
            "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
            "gts": "https://gotosocial.org/ns#",
            "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
            "canLike": {"@id": "gts:canLike", "@type": "@id"},
            "canReply": {"@id": "gts:canReply", "@type": "@id"},
            "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
            "canAnnounce": {"@id": "gts:canAnnounce", "@type": "@id"},
            "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
            "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
            "always": {"@id": "gts:always", "@type": "@id"},
            "approvalRequired": {"@id": "gts:approvalRequired", "@type": "@id"}
        }
    ])
}

/// For quotes (FEP-044f).
#[must_use]
pub fn quote() -> Value {
    json!([
        ACTIVITY_STREAMS,
        {
            "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
            "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
            "gts": "https://gotosocial.org/ns#",
            "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
            "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"}
        }
    ])
}
