//! The tests that look at the node from outside.

mod fixtures;
mod listener;
mod markup;
mod outbound;
mod signatures;

mod content;
mod peer;
mod processes;
