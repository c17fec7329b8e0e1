//! Picket: a trade union's own node on the fediverse.
//!
//! The modules in reading order, from the ground up; arrows only go down (a test keeps them). `docs/ARCHITECTURE.md` tells the story.

// The ground: knows nothing of unions.
pub mod clock;
pub mod config;
pub mod crypto;
pub mod error;
pub mod storage;
pub mod urls;

// Plain functions on text and pictures.
pub mod markup;
pub mod media;

// What the union does.
pub mod statements;
