//! Pictures: made safe before they are kept, and kept under names that tell nothing.
//!
//! A picture is decoded and written anew, so that nothing of its file survives but what is to be seen: no place, no camera, no
//! hidden bytes. The original is not kept. This room refuses what it cannot write anew (SVG, PDF, HEIC, AVIF, films); it knows no
//! database and asks nobody for names. Whoever keeps the name of a file keeps it in a column named `file`: what stands in no such column is
//! removed after a while. Called by the outbox, the archive and the website.

mod files;
mod kinds;
mod prepare;

use std::path::Path;

use crate::error::{Error, Result};

pub use files::{Files, file_name, is_safe_name, kept, old_files, remove, store};
pub use prepare::{Picture, prepare};

/// A picture that lies in the media folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Name of the file there.
    pub file: String,
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// A blurred impression of it.
    pub blurhash: String,
}

/// Takes a picture from somebody's file into the media folder, cleaned, under a random name.
///
/// # Errors
/// `Invalid` where it cannot be read or is no picture that we take, `Unavailable` where the disk refuses the write.
pub fn take_in(source: &Path, folder: &Path, random: &str) -> Result<Kept> {
    let name = source.display().to_string();
    let bytes = std::fs::read(source)
        .map_err(|error| Error::invalid("picture", format!("{name} cannot be read ({error}); check the path")))?;
    let prepared = prepare(&bytes).map_err(|error| Error::invalid("picture", format!("{name}: {error}")))?;
    let file = file_name(random, prepared.extension);
    store(folder, &file, &prepared.bytes)?;
    Ok(Kept {
        file,
        media_type: prepared.media_type,
        width: i32::try_from(prepared.width).unwrap_or(i32::MAX),
        height: i32::try_from(prepared.height).unwrap_or(i32::MAX),
        blurhash: prepared.blurhash,
    })
}
