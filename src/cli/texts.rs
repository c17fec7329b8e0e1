//! Files that people hand in by their names, or on standard input.

use std::io::Read;
use std::path::Path;

use crate::error::{Error, Result};

/// The text of a file, or of standard input for `-`.
pub(super) fn read_text(file: &Path) -> Result<String> {
    let wrong = |why: String| Error::invalid(file.display().to_string(), why);
    let bytes = read_bytes(file)?;
    if let Some((_, what)) = NO_TEXTS
        .iter()
        .find(|(start, _)| bytes.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start)))
    {
        return Err(wrong(format!(
            "this is {what} and no Markdown; save the text alone, as UTF-8, in a file such as appeal.md"
        )));
    }
    String::from_utf8(bytes).map_err(|_| wrong("this is no UTF-8 text; save it as UTF-8".to_owned()))
}

/// How files begin that somebody may take for a text, since a text is to be seen when they are opened.
const NO_TEXTS: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a document in RTF"),
    (b"PK\x03\x04", "a document of Word or LibreOffice, or another ZIP archive,"),
    (b"\xD0\xCF\x11\xE0", "a document of an old Word"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
];

/// A file, or what stands on standard input where it is called `-`.
pub(super) fn read_bytes(file: &Path) -> Result<Vec<u8>> {
    let unreadable = |error: std::io::Error| {
        Error::invalid(file.display().to_string(), format!("cannot be read ({error}); check the path"))
    };
    if file != Path::new("-") {
        return std::fs::read(file).map_err(unreadable);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
