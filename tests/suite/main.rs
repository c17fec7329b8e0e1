//! The tests that look at the node from outside.

mod fixtures;
mod listener;
mod outbound;
mod signatures;
