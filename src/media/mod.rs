//! Pictures and PDFs: made safe before they are kept, and kept under names that tell nothing.
//!
//! A picture is decoded and written anew, so that nothing of its file survives but what is to be seen: no place, no camera, no
//! hidden bytes; a PDF is written anew from what its pages need. The original is not kept. This room refuses what it cannot write anew
//! (SVG, HEIC, AVIF, films, PDFs with programs, forms or comments); it knows no
//! database and asks nobody for names. Whoever keeps the name of a file keeps it in a column named `file`: what stands in no such column is
//! removed after a while.

mod cache;
mod files;
mod kinds;
mod pdf;
mod prepare;

use std::path::Path;

use crate::error::{Error, Result};

pub use cache::{find_kept, keep, remove_old};
pub use files::{Files, SIZES, file_name, is_safe_name, kept, old_files, remove, size_name, store, whole_name};
pub use kinds::media_type;
pub use pdf::prepare_pdf;
pub use prepare::{MOST_BYTES_OF_OTHERS, Picture, prepare, prepare_other};

/// The media type of a document.
pub const PDF: &str = "application/pdf";

/// A picture that lies in the media folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Name of the file there.
    pub file: String,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// A blurred impression of it.
    pub blurhash: String,
    /// The widths in which it lies there too, with a space between.
    pub sizes: String,
}

/// Takes a picture from somebody's file into the media folder, cleaned, under a random name.
///
/// # Errors
/// `Invalid` where it cannot be read or is no picture that we take, `Unavailable` where the disk refuses the write.
pub fn take_in(source: &Path, folder: &Path, random: &str) -> Result<Kept> {
    let prepared = prepared(source, "picture", prepare)?;
    let file = file_name(random, prepared.extension);
    let mut sizes = Vec::new();
    for (width, bytes) in &prepared.smaller {
        store(folder, &size_name(&file, *width), bytes)?;
        sizes.push(width.to_string());
    }
    // The whole picture last: what is removed by its name is removed in all its sizes.
    store(folder, &file, &prepared.bytes)?;
    Ok(Kept {
        sizes: sizes.join(" "),
        file,
        media_type: prepared.media_type,
        width: i32::try_from(prepared.width).unwrap_or(i32::MAX),
        height: i32::try_from(prepared.height).unwrap_or(i32::MAX),
        blurhash: prepared.blurhash,
    })
}

/// Takes a PDF from somebody's file into the media folder, written anew, under a random name. Gives that name and the length of the file.
///
/// # Errors
/// As for [`take_in`].
pub fn take_in_pdf(source: &Path, folder: &Path, random: &str) -> Result<(String, i64)> {
    let bytes = prepared(source, "document", prepare_pdf)?;
    let file = file_name(random, "pdf");
    store(folder, &file, &bytes)?;
    Ok((file, i64::try_from(bytes.len()).unwrap_or(i64::MAX)))
}

fn prepared<T>(source: &Path, what: &str, prepare: impl Fn(&[u8]) -> Result<T>) -> Result<T> {
    let name = source.display();
    let bytes = std::fs::read(source)
        .map_err(|error| Error::invalid(what, format!("{name} cannot be read ({error}); check the path")))?;
    prepare(&bytes).map_err(|error| match error {
        Error::Invalid { why, .. } => Error::invalid(what, format!("{name}: {why}")),
        error => error,
    })
}
