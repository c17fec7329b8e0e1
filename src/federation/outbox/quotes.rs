//! Answers to those who want to quote a statement (FEP-044f), and the end of what was allowed.

use super::{say_in_private, say_in_public};
use crate::actors::Actor;
use crate::clock::{Time, new_id};
use crate::delivery::{self, Recipients};
use crate::error::{Error, Result};
use crate::federation::wire::documents::quotes::{self, AskedQuote};
use crate::node::Node;
use crate::statements;
use crate::storage::Conn;

/// Tells who asked: yes, with the stamp, or no.
///
/// # Errors
/// `Unavailable` where too many answers wait for this asker already.
pub(in crate::federation) fn answer_quote(
    conn: &mut Conn,
    node: &Node,
    asker: &Actor,
    asked: &AskedQuote<'_>,
    stamp: Option<&str>,
    now: Time,
) -> Result<()> {
    if delivery::is_full(conn, &asker.inbox)? {
        return Err(Error::Unavailable("too many answers wait for this inbox".to_owned()));
    }
    let id = node.urls.activity(&new_id(now));
    let document = quotes::answer_quote(&id, &node.identity.union, asker, asked, stamp);
    say_in_private(conn, node, &document, &asker.inbox, now)
}

/// Takes back the stamps of a statement that is being withdrawn, and tells the servers of those who quoted it, who tell on.
pub(super) fn revoke_quotes(conn: &mut Conn, node: &Node, statement_id: i64, now: Time) -> Result<()> {
    for (stamp, author) in statements::revoke_quotes(conn, statement_id)? {
        let document = quotes::delete_quote_authorization(&stamp, &node.identity.union);
        let to = Recipients { inboxes: vec![author.delivery_inbox().to_owned()], ..Recipients::default() };
        say_in_public(conn, node, document, None, &to, now)?;
    }
    Ok(())
}
