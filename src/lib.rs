//! Picket: a trade union's own node on the fediverse.
//!
//! The modules from the ground up, floor by floor; arrows only go down (a test keeps them). `docs/ARCHITECTURE.md` tells the story.

// The ground: knows nothing of unions.
pub mod clock;
pub mod config;
pub mod crypto;
pub mod error;
pub mod metrics;
pub mod rates;
pub mod storage;
pub mod urls;

// Text, pictures and requests: pure, or bytes only.
pub mod languages;
pub mod markup;
pub mod media;
pub mod transport;

// The domain: rules and tables, no network.
pub mod actors;
pub mod alliances;
pub mod heard;
pub mod moderation;
pub mod posts;
pub mod private_box;
pub mod profile;
pub mod reactions;
pub mod search;
pub mod site;
pub mod statements;

// What all running code may reach.
pub mod limits;
pub mod node;

// Sending and translating.
pub mod delivery;
pub mod federation;

// The whole node in one file.
pub mod archive;

// The doors.
pub mod website;

// Everyone together.
pub mod cli;
pub mod server;
