//! Picket: a trade union's own node on the fediverse.
//!
//! The modules in reading order, from the ground up; arrows only go down (a test keeps them). `docs/ARCHITECTURE.md` tells the story.

// The ground: knows nothing of unions.
pub mod clock;
pub mod config;
pub mod crypto;
pub mod error;
pub mod storage;
pub mod transport;
pub mod urls;

// The domain: rules and tables, no network.
pub mod actors;
pub mod alliances;
pub mod posts;
pub mod reactions;
pub mod statements;
pub mod moderation;

// What all running code may reach.
pub mod node;

// Sending.
pub mod delivery;

