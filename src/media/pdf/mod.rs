//! A PDF from somebody as one of ours: read, looked through for what must not be published, and written anew from what its pages need.
//!
//! Nothing is taken over that is not known to be needed (`keys`), so that what a program wrote beside the pages (author, dates, paths,
//! thumbnails, older versions, private notes of any kind) stays behind without having to be known. What cannot be cleaned in this
//! way is refused in a sentence. What the pages themselves draw is not touched, seen or not: text under a black bar, white text, the text beneath a
//! scan and what lies outside of the cut are still there, and so are the names that links bear and notes within fonts.

mod bounds;
mod commands;
mod copying;
mod jpeg;
mod keys;
mod paths;
mod refusals;
mod tokens;

use lopdf::xref::{XrefRecovery, XrefType};
use lopdf::{DecompressError, Document, LoadOptions};

use self::copying::Copying;
use crate::error::{Error, Result};

/// What a PDF may be at most. A brochure with many pictures has a few of these megabytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Objects that a PDF may have.
const MOST_OBJECTS: usize = 200_000;
/// Within so many bytes a PDF says that it is one: some programs write before it.
const LONGEST_BEFORE: usize = 1024;
/// The version that we write (ISO 32000-1): what every reader understands.
const VERSION: &str = "1.7";

/// Makes a PDF ours: the same pages in a file that we wrote.
///
/// # Errors
/// `Invalid`, in a sentence that says what to do.
pub fn prepare_pdf(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() > MOST_BYTES {
        let (given, most) = (bytes.len() / 1_000_000, MOST_BYTES / 1_000_000);
        return Err(refused(format!("the file has {given} MB; {most} is the most, so save it smaller")));
    }
    if bytes.is_empty() {
        return Err(refused("the file is empty; choose another"));
    }
    if !tokens::has(&bytes[..bytes.len().min(LONGEST_BEFORE)], b"%PDF-") {
        return Err(refused("this is no PDF; export the text as one"));
    }
    let document = read(bytes)?;
    refusals::look_through(&document)?;
    let mut copy = Document::with_version(VERSION);
    // The table that every reader knows; the catalogue is the first object.
    copy.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    copy.objects = Copying::of(&document)?.objects()?;
    copy.max_id = copy.objects.keys().last().map_or(0, |(number, _)| *number);
    copy.trailer.set("Root", lopdf::Object::Reference(copying::FIRST));
    let pages = copy.get_pages();
    // Of a file that broke off, the list of pages may be there without them.
    if pages.is_empty() || pages.values().any(|page| copy.get_dictionary(*page).is_err()) {
        return Err(damaged());
    }
    let mut written = Vec::new();
    copy.save_to(&mut written).map_err(|error| Error::internal(format!("a PDF could not be written: {error}")))?;
    Ok(written)
}

fn read(bytes: &[u8]) -> Result<Document> {
    bounds::check_packed(bytes)?;
    let options = LoadOptions { max_decompressed_size: Some(bounds::MOST_UNPACKED), ..LoadOptions::default() };
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) if document.is_encrypted() || document.was_encrypted() => return Err(encrypted()),
        Ok(document) => document,
        Err(lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => return Err(bounds::too_much()),
        Err(_) if bytes.windows(8).any(|word| word == b"/Encrypt") => return Err(encrypted()),
        Err(_) => return Err(damaged()),
    };
    // A table that had to be made up may lack pages, or bring back what was removed.
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(damaged());
    }
    if document.objects.len() > MOST_OBJECTS {
        return Err(bounds::too_many());
    }
    Ok(document)
}

fn damaged() -> Error {
    refused("the file is damaged or only part of a PDF; open it, export it anew and try again")
}

fn has_unclean_pictures() -> Error {
    refused(
        "it has pictures of a kind that cannot be cleaned (such as JPEG 2000, JBIG2, or small JPEGs among the commands of a page); print it to a new PDF",
    )
}

fn encrypted() -> Error {
    refused("it is encrypted or protected by a password; export it again without protection")
}

fn refused(why: impl Into<String>) -> Error {
    Error::invalid("document", why.into())
}
