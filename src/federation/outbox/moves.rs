//! Following a union that moved, once a person said so; and saying which other addresses are ours, so that we can move here.

use super::follows;
use crate::alliances::{self, Move, MoveState};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::node::Node;
use crate::storage::Conn;

/// Follows a union to its new address, and its old one no longer.
///
/// # Errors
/// `NotFound` when no such question waits, `Forbidden` when the new address is blocked.
pub async fn accept_move(node: &Node, id: i64) -> Result<Move> {
    let (for_write, now) = (node.clone(), node.now());
    let accepted = node.db.write(move |conn| follow_to(conn, &for_write, id, now)).await?;
    node.bell.notify_one();
    Ok(accepted)
}

fn follow_to(conn: &mut Conn, node: &Node, id: i64, now: Time) -> Result<Move> {
    let accepted = decide(conn, id, MoveState::Accepted)?;
    // Blocked since it was asked: nothing would be sent there, and the old place would be left for nothing.
    if accepted.to.blocked {
        let why = format!("the server of @{} is blocked here; `picket unblock` lifts that", accepted.to.handle);
        return Err(Error::Forbidden(why));
    }
    follows::ask(conn, node, accepted.to.clone(), now)?;
    // It may have ended in the meantime.
    if alliances::find(conn, node.identity.union.id, accepted.from.id)?.is_some() {
        follows::take_back(conn, node, accepted.from.clone(), now)?;
    }
    Ok(accepted)
}

/// Stays with a union where it was.
///
/// # Errors
/// `NotFound` when no such question waits.
pub async fn reject_move(node: &Node, id: i64) -> Result<Move> {
    node.db.write(move |conn| decide(conn, id, MoveState::Rejected)).await
}

fn decide(conn: &mut Conn, id: i64, state: MoveState) -> Result<Move> {
    let nothing_waits = || Error::not_found(format!("an open question with the number {id}"));
    let open = alliances::open_move(conn, id)?.ok_or_else(nothing_waits)?;
    if alliances::decide_move(conn, id, state)? { Ok(Move { state, ..open }) } else { Err(nothing_waits()) }
}
