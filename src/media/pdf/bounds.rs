//! How much a PDF may unpack to before it is read: objects lie in compressed streams, of which a small file can hold very much.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::tokens::{self, has, is_space};
use super::{MOST_OBJECTS, refused};
use crate::error::{Error, Result};

/// What all object streams of a file may unpack to together, and so each of them.
pub(super) const MOST_UNPACKED: usize = 16 * 1024 * 1024;
/// The dictionary before a stream is looked for in so many bytes; those of object streams are far shorter.
const LONGEST_DICTIONARY: usize = 4 * 1024;
/// At so many places within them a dictionary may seem to begin.
const MOST_BEGINNINGS: usize = 4;

/// Refuses a file whose object streams and tables unpack to more than they may. Other streams stay packed, as far as they surely are others.
pub(super) fn check_packed(bytes: &[u8]) -> Result<()> {
    let mut left = MOST_UNPACKED;
    for (number, start) in streams(bytes).enumerate() {
        if number == MOST_OBJECTS {
            return Err(too_many());
        }
        let dictionary = dictionary(before(bytes, start.word));
        if dictionary.as_deref().is_some_and(stays_packed) {
            continue;
        }
        let unpacked = unpacked_length(&bytes[start.data..], left);
        // No writer packs these in another way, or twice.
        let is_known = dictionary.map_or(unpacked > 0, |dictionary| is_packed_once(&dictionary));
        left = left.checked_sub(unpacked).filter(|_| is_known).ok_or_else(too_much)?;
    }
    Ok(())
}

/// Where the word `stream` stands, and where the data behind it begin.
struct Start {
    word: usize,
    data: usize,
}

fn streams(bytes: &[u8]) -> impl Iterator<Item = Start> {
    const WORD: &[u8] = b"stream";
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let word = at + bytes.get(at..)?.windows(WORD.len()).position(|window| window == WORD)?;
            at = word + WORD.len();
            // Blanks before the end of the line are none of the data.
            let line = at + bytes[at..].iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
            let end = match &bytes[line..] {
                [b'\r', b'\n', ..] => 2,
                [b'\r' | b'\n', ..] => 1,
                _ => continue,
            };
            if may_follow_dictionary(before(bytes, word)) {
                return Some(Start { word, data: line + end });
            }
        }
    })
}

fn before(bytes: &[u8], end: usize) -> &[u8] {
    &bytes[end.saturating_sub(LONGEST_DICTIONARY)..end]
}

/// Whether a dictionary can end here, with nothing but space and comments behind it.
fn may_follow_dictionary(before: &[u8]) -> bool {
    let spaces = before.iter().rev().take_while(|byte| is_space(**byte)).count();
    let before = &before[..before.len() - spaces];
    let last_line = last_line(before);
    before.ends_with(b">>") || last_line.contains(&b'%') || last_line.len() == before.len()
}

fn last_line(bytes: &[u8]) -> &[u8] {
    bytes.rsplit(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default()
}

/// The dictionary that ends here, its names written plainly; only where it is found whole, and so not within a text or behind a comment sign.
fn dictionary(before: &[u8]) -> Option<Vec<u8>> {
    const WORD: &[u8] = b"obj";
    let beginnings = before.windows(WORD.len()).enumerate().rev().filter(|(_, window)| *window == WORD);
    beginnings.take(MOST_BEGINNINGS).find_map(|(word, _)| {
        let rest = &before[word + WORD.len()..];
        let rest = &rest[tokens::space_length(rest)..];
        let (dictionary, after) = rest.split_at(tokens::length(rest)?);
        let is_whole = dictionary.starts_with(b"<<") && after.iter().all(|byte| is_space(*byte));
        (is_whole && !last_line(&before[..word]).contains(&b'%')).then(|| tokens::plain(dictionary))
    })
}

fn stays_packed(dictionary: &[u8]) -> bool {
    let is_read_at_once = has(dictionary, b"ObjStm") || has(dictionary, b"XRef");
    // What is not packed is no longer than the file.
    !is_read_at_once || !has(dictionary, b"/Filter")
}

/// Whether a dictionary names the one filter whose data can be counted here.
fn is_packed_once(dictionary: &[u8]) -> bool {
    let words = dictionary.split(|byte| is_space(*byte) || tokens::is_delimiter(*byte));
    words.filter(|word| word.ends_with(b"Decode")).eq([b"FlateDecode"])
}

/// How much can be unpacked, and no more than one above what may. What is no packed data unpacks to nothing.
fn unpacked_length(data: &[u8], most: usize) -> usize {
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    match count(ZlibDecoder::new(data).take(most)) {
        // The reader overlooks a wrong beginning as well.
        0 => count(DeflateDecoder::new(data.get(2..).unwrap_or_default()).take(most)),
        length => length,
    }
}

fn count(mut unpacked: impl Read) -> usize {
    let (mut piece, mut all) = ([0; 16 * 1024], 0);
    while let Ok(read @ 1..) = unpacked.read(&mut piece) {
        all += read;
    }
    all
}

pub(super) fn too_much() -> Error {
    refused("it unpacks to more than a PDF of this size needs; print it to a new PDF")
}

pub(super) fn too_many() -> Error {
    refused("it has too many parts; print it to a new PDF")
}
