//! Pictures: made safe before they are kept, and kept under names that tell nothing.
//!
//! A picture is decoded and written anew, so that nothing of its file survives but what is to be seen: no place, no camera, no
//! hidden bytes. The original is not kept. This room refuses what it cannot write anew (SVG, PDF, HEIC, AVIF, films); it knows no
//! database and asks nobody for names. Called by those who publish and by those who fetch avatars.

mod files;
mod kinds;
mod prepare;

pub use files::{file_name, is_safe_name, store};
pub use prepare::{Picture, prepare};
