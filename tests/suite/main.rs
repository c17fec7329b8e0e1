//! The tests that look at the node from outside.

mod archive;
mod content;
mod delivery;
mod departures;
mod fixtures;
mod harness;
mod house;
mod identity;
mod inbox;
mod keys;
mod listener;
mod markup;
mod outbound;
mod peer;
mod peer_python;
mod private;
mod processes;
mod proofs;
mod reading;
mod signatures;
mod signed_fetches;
mod statements;
mod storage;
mod threads;
mod threats;
