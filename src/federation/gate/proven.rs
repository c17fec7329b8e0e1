//! Whose word is it that somebody else passes on? Its actor's own, where a proof (FEP-8b32) by a key that the actor lists says so.

use serde_json::Value;

use crate::actors::{self, Actor};
use crate::clock::Time;
use crate::error::Result;
use crate::federation::proof;
use crate::federation::remote::{Found, Miss, Remote};
use crate::federation::wire::activity::version_id;
use crate::federation::wire::{Action, Activity, Document, read};
use crate::node::Node;
use crate::{posts, urls};

/// What somebody passed on.
pub(super) struct Said<'s> {
    /// The bytes as they came.
    pub(super) body: &'s [u8],
    /// The document in them.
    pub(super) document: &'s Document,
    /// What we read in it.
    pub(super) activity: &'s Activity,
}

/// Whoever said what somebody passed on, with what of it is proven: the whole activity, or the post in it. Only what was addressed to the
/// public is believed so; `None` where its origin must be asked.
pub(super) async fn speaker(node: &Node, said: &Said<'_>) -> Result<Option<(Actor, Activity)>> {
    let (remote, now) = (&Remote::for_inbound(node), node.now());
    let (document, activity) = (said.document, said.activity);
    let Some(raw) = document.raw.as_ref().filter(|_| is_public(&document.plain)) else { return Ok(None) };
    if !proof::is_unambiguous(said.body) {
        return Ok(None);
    }
    if urls::same_origin(&activity.id, &activity.actor)
        && says_only_public(&document.plain)
        && let Some(actor) = prover(remote, raw, &activity.actor, now).await?
    {
        return Ok(Some((actor, activity.clone())));
    }
    let Some(Document { raw: Some(raw), plain: post }) = own_post(raw, activity) else { return Ok(None) };
    if !is_news(node, &post).await? {
        return Ok(None);
    }
    let Some(actor) = prover(remote, &raw, &activity.actor, now).await? else { return Ok(None) };
    Ok(Some((actor, version_of(&post, &activity.actor))))
}

fn is_public(document: &Value) -> bool {
    ["to", "cc"].iter().flat_map(|property| read::ids(document, property)).any(|address| read::is_public(&address))
}

/// Whether what stands in an activity was addressed to the public as well, where it says to whom.
fn says_only_public(document: &Value) -> bool {
    let is_addressed = |object: &&Value| ["to", "cc"].iter().any(|property| object.get(property).is_some());
    read::values(document, "object").into_iter().filter(is_addressed).all(is_public)
}

/// The public post in an activity of its author, as a document of its own: with the context around it where it has none itself.
fn own_post(raw: &Value, activity: &Activity) -> Option<Document> {
    if !matches!(activity.action, Action::Create { .. } | Action::Update { .. }) {
        return None;
    }
    let mut post = (*read::values(raw, "object").first()?).clone();
    if post.is_object()
        && post.get("@context").is_none()
        && let Some(context) = raw.get("@context")
    {
        post["@context"] = context.clone();
    }
    let post = Document::of(post).ok()?;
    let author = read::id(&post.plain, "attributedTo").filter(|author| *author == activity.actor)?;
    let is_own = read::id(&post.plain, "id").is_some_and(|id| urls::same_origin(&id, &author));
    (is_own && is_public(&post.plain)).then_some(post)
}

/// Whether a proven post may take the place of what we keep under its id: the proof of an older version stays good, so that whoever passes
/// it on again could put back what its author corrected since. One that does not say when it was changed is the first version.
async fn is_news(node: &Node, post: &Value) -> Result<bool> {
    let Some(id) = read::id(post, "id") else { return Ok(false) };
    let Some(known) = node.db.read(move |conn| posts::find(conn, &id)).await? else { return Ok(true) };
    let older = known.updated.unwrap_or(known.published);
    Ok(read::time(post, "updated").is_some_and(|updated| updated > older))
}

/// A proven post says nothing of the activity around it, which anybody may have written: neither its id nor whether it creates.
fn version_of(post: &Value, author: &str) -> Activity {
    let id = version_id(&read::id(post, "id").unwrap_or_default(), read::time(post, "updated"));
    Activity { id, actor: author.to_owned(), action: Action::Update { object: post.clone() } }
}

/// The owner of a document, if one of its proofs was made with a key that she lists. A key that cannot be had proves nothing.
async fn prover(remote: &Remote<'_>, document: &Value, owner: &str, now: Time) -> Result<Option<Actor>> {
    for proof in proof::all(document) {
        if !proof.is_current(now) || !urls::same_origin(proof.method, owner) {
            continue;
        }
        match holds(remote, &proof, owner).await {
            Ok(Some(actor)) => return Ok(Some(actor)),
            Err(Miss::Ours(error)) => return Err(error),
            Ok(None) | Err(_) => {}
        }
    }
    Ok(None)
}

async fn holds(remote: &Remote<'_>, proof: &proof::Proof<'_>, owner: &str) -> Found<Option<Actor>> {
    let (actor, key) = remote.key(proof.method).await?;
    if actor.uri != owner || actor.local || actor.blocked {
        return Ok(None);
    }
    if proof.holds(&key) {
        return Ok(Some(actor));
    }
    // The actor may have a new key under the old name.
    if !remote.check_keys_again(&actor).await? {
        return Ok(None);
    }
    let (actor, key) = remote.key(proof.method).await?;
    Ok((actor.uri == owner && proof.holds(&key)).then_some(actor))
}

/// Says in the log that a proof in an activity does not hold although its actor signed the request. The request is believed all the same:
/// it comes from the actor, and whoever writes numbers or times anew on the way breaks a proof without meaning harm.
pub(super) async fn note_broken(node: &Node, document: &Value, signer: &Actor) -> Result<()> {
    for proof in proof::all(document) {
        let method = proof.method.to_owned();
        let known = node.db.read(move |conn| actors::find_key(conn, &method)).await?;
        if known.is_some_and(|(owner, key)| owner.uri != signer.uri || !proof.holds(&key)) {
            tracing::info!(actor = ?signer.uri, "the proof of a signed activity does not hold; the signature of the request counts");
        }
    }
    Ok(())
}
