//! `QuoteRequest` (FEP-044f): somebody asks whether a post may quote a statement of ours. By our policy everybody may.

use serde_json::Value;

use super::{Effect, or_later};
use crate::actors::Actor;
use crate::clock::{Time, new_id};
use crate::error::Result;
use crate::federation::outbox;
use crate::federation::remote::Remote;
use crate::federation::wire::read;
use crate::node::Node;
use crate::statements::{self, State};
use crate::storage::Conn;
use crate::urls;

/// What is asked.
pub(super) struct Request {
    /// The statement of ours.
    pub statement: String,
    /// The post that quotes it.
    pub post: String,
    /// Whether that post is the asker's own and quotes this statement.
    is_own_quote: bool,
}

/// Looks at the post: embedded by its author, it is her word; given by its id alone, it is fetched.
pub(super) async fn prepare(
    node: &Node,
    remote: &Remote<'_>,
    speaker: &Actor,
    statement: String,
    instrument: &Value,
) -> Result<Effect> {
    let Some(post) = read::id_of(instrument).map(str::to_owned) else { return Ok(Effect::Nothing) };
    let asked = statement.clone();
    let found = node.db.read(move |conn| statements::find(conn, &asked)).await?;
    // What is not published yet is answered like what does not exist: not at all.
    let Some(found) = found.filter(|found| found.state != State::Scheduled) else { return Ok(Effect::Nothing) };
    let is_own_quote = match found.state {
        State::Published if instrument.get("type").is_some() => is_own_quote(instrument, speaker, &statement),
        State::Published if urls::same_origin(&post, &speaker.uri) => {
            let fetched = or_later(remote.document(&post).await)?;
            fetched.is_some_and(|document| is_own_quote(&document.plain, speaker, &statement))
        }
        _ => false,
    };
    Ok(Effect::QuoteRequested(Request { statement, post, is_own_quote }))
}

fn is_own_quote(post: &Value, speaker: &Actor, statement: &str) -> bool {
    // The first is the standard's; the others are older names for the same (Misskey, Fedibird).
    let quoted = ["quote", "quoteUrl", "quoteUri", "_misskey_quote"].iter().find_map(|name| read::id(post, name));
    read::id(post, "id").is_some_and(|id| urls::same_origin(&id, &speaker.uri))
        && read::id(post, "attributedTo").as_ref() == Some(&speaker.uri)
        && quoted.as_deref() == Some(statement)
}

/// Answers: with a stamp that everybody can check, or with a no.
pub(super) fn requested(
    conn: &mut Conn,
    node: &Node,
    speaker: &Actor,
    id: &str,
    request: &Request,
    now: Time,
) -> Result<()> {
    let Some(statement) = statements::find(conn, &request.statement)? else { return Ok(()) };
    // Locked, so that no stamp is made while the statement is being withdrawn.
    let statement = statements::lock(conn, statement.id)?;
    let stamp = if request.is_own_quote && statement.state == State::Published {
        let stamp = node.urls.quote(&statement.slug, &new_id(now));
        statements::allow_quote(conn, statement.id, speaker.id, &request.post, &stamp, now)?
    } else {
        None
    };
    let asked = outbox::AskedQuote { id, statement: &request.statement, post: &request.post };
    outbox::answer_quote(conn, node, speaker, &asked, stamp.as_deref(), now)
}
