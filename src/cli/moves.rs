//! `picket moves`, `move accept`, `move reject`.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Context, Outcome, print};
use crate::alliances::{self, Move, MoveState};
use crate::clock::rfc3339;
use crate::federation::outbox;

const MOST: i64 = 1_000;

#[derive(Debug, Args)]
pub(super) struct Moves {
    /// Those that were decided as well
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Decide {
    /// Follow the union to its new address, and its old one no longer
    Accept {
        /// Its number, as `picket moves` prints it
        id: i64,
    },
    /// Stay with the union where it was
    Reject {
        /// Its number, as `picket moves` prints it
        id: i64,
    },
}

#[derive(Serialize)]
struct Entry {
    id: i64,
    from: String,
    from_handle: String,
    to: String,
    to_handle: String,
    state: MoveState,
    heard: String,
}

impl From<&Move> for Entry {
    fn from(asked: &Move) -> Self {
        Self {
            id: asked.id,
            from: asked.from.uri.clone(),
            from_handle: format!("@{}", asked.from.handle),
            to: asked.to.uri.clone(),
            to_handle: format!("@{}", asked.to.handle),
            state: asked.state,
            heard: rfc3339(asked.heard_at),
        }
    }
}

pub(super) async fn list(cx: &Context, moves: Moves) -> Outcome {
    let node = cx.node().await?;
    let found = node.db.read(move |conn| alliances::moves(conn, moves.all, MOST)).await?;
    let entries: Vec<Entry> = found.iter().map(Entry::from).collect();
    print::answer(cx, &entries, |entries| {
        print::lines(entries, "No followed union says that it moved.", |entry| {
            let Entry { id, from_handle, to_handle, heard, to, .. } = entry;
            format!("{id}  {}  {from_handle} says that it is {to_handle} now  {heard}\n    {to}", entry.state.as_str())
        })
    })?;
    Ok(())
}

pub(super) async fn decide(cx: &Context, decide: Decide) -> Outcome {
    let node = cx.node().await?;
    let decided = match decide {
        Decide::Accept { id } => outbox::accept_move(&node, id).await?,
        Decide::Reject { id } => outbox::reject_move(&node, id).await?,
    };
    print::answer(cx, &Entry::from(&decided), |entry| match entry.state {
        MoveState::Accepted => {
            format!("{} was asked; {} is not followed any more.", entry.to_handle, entry.from_handle)
        }
        _ => format!("{} stays followed where it was.", entry.from_handle),
    })?;
    Ok(())
}
