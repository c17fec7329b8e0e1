//! Which kind of file it is, by its content: names and declared types prove nothing.

use image::ImageFormat;

use crate::error::{Error, Result};

/// The four kinds that are accepted; for others that people try, a sentence that says what to do.
pub(super) fn kind(bytes: &[u8]) -> Result<ImageFormat> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif)) => Ok(format),
        _ => Err(Error::invalid("picture", why_not(bytes))),
    }
}

/// The media type of a picture that we wrote, by its content.
#[must_use]
pub fn media_type(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => "image/jpeg",
        Ok(ImageFormat::Png) => "image/png",
        Ok(ImageFormat::WebP) => "image/webp",
        _ => "application/octet-stream",
    }
}

fn why_not(bytes: &[u8]) -> &'static str {
    if bytes.is_empty() {
        return "the file is empty; choose another";
    }
    if bytes.starts_with(b"%PDF") {
        return "this is a PDF, not a picture; name it under documents, or save the page as JPEG or PNG";
    }
    match bytes.get(4..8).filter(|mark| *mark == b"ftyp").and_then(|_| bytes.get(8..12)) {
        Some(b"avif" | b"avis") => {
            return "this is an AVIF picture, which many readers cannot show; save it as JPEG, PNG or WebP";
        }
        Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
            return "this is a HEIC picture, which only some telephones can show; save or send it as JPEG";
        }
        Some(_) => return "this is a film, not a picture; choose a JPEG, PNG, WebP or GIF",
        None => {}
    }
    if is_svg(bytes) {
        return "this is an SVG drawing, which can carry programs; save it as PNG";
    }
    "this is no JPEG, PNG, WebP or GIF; save it as one of these"
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{FEFF}').trim_start();
    start.starts_with('<') && start.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_accepted_is_refused_with_what_to_do() {
        for (bytes, words) in [
            (b"\0\0\0\x20ftypavif\0\0\0\0".as_slice(), "AVIF"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0", "HEIC"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "film"),
            (b"%PDF-1.7\n", "PDF"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "SVG"),
            (b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- x -->\n<svg/>", "SVG"),
            (b"<html>", "save it as one"),
            (b"BM\0\0", "save it as one"),
            (b"II*\0", "save it as one"),
            (b"", "empty"),
            (b"\xFF\xD8", "save it as one"),
        ] {
            let said = kind(bytes).expect_err("to be refused").to_string();
            assert!(said.contains(words) && !said.contains('\n'), "{said}");
        }
    }
}
