//! The tests that look at the node from outside.

mod delivery;
mod fixtures;
mod harness;
mod house;
mod identity;
mod inbox;
mod listener;
mod markup;
mod outbound;
mod signatures;
mod statements;
mod storage;
mod threats;
