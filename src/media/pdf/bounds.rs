//! How much a PDF may unpack to before it is read: objects lie in compressed streams, of which a small file can hold very much.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::refused;
use crate::error::Result;

/// What all object streams of a file may unpack to together, and so each of them.
pub(super) const MOST_UNPACKED: usize = 16 * 1024 * 1024;
/// The dictionary before a stream is looked for in so many bytes; those of object streams are far shorter.
const LONGEST_DICTIONARY: usize = 4 * 1024;

/// Refuses a file whose object streams and tables unpack to more than they may. Other streams stay packed.
pub(super) fn check_packed(bytes: &[u8]) -> Result<()> {
    let mut left = MOST_UNPACKED;
    for start in streams(bytes) {
        let dictionary = dictionary(&bytes[start.saturating_sub(LONGEST_DICTIONARY)..start]);
        let is_read_at_once = has(&dictionary, b"ObjStm") || has(&dictionary, b"XRef");
        if !is_read_at_once {
            continue;
        }
        // No writer packs these in another way, and what is not packed is no longer than the file.
        if has(&dictionary, b"/Filter") && !has(&dictionary, b"/FlateDecode") {
            return Err(too_much());
        }
        let most = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        let mut unpacked = ZlibDecoder::new(&bytes[start..]).take(most);
        let count = count(&mut unpacked);
        left = left.checked_sub(count).ok_or_else(too_much)?;
    }
    Ok(())
}

/// Where the data of each stream begins.
fn streams(bytes: &[u8]) -> impl Iterator<Item = usize> {
    const WORD: &[u8] = b"stream";
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + bytes.get(at..)?.windows(WORD.len()).position(|window| window == WORD)?;
            at = found + WORD.len();
            match (bytes.get(at), bytes.get(at + 1)) {
                _ if bytes[..found].ends_with(b"end") => {}
                (Some(b'\r'), Some(b'\n')) => return Some(at + 2),
                (Some(b'\n' | b'\r'), _) => return Some(at + 1),
                _ => {}
            }
        }
    })
}

/// The dictionary at the end of what stands before a stream, its names without their other ways of writing (`#53` for `S`, 7.3.5).
fn dictionary(before: &[u8]) -> Vec<u8> {
    let start = before.windows(4).rposition(|window| window == b" obj").unwrap_or_default();
    let mut rest = &before[start..];
    let mut plain = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'#', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
            plain.extend(u8::try_from(high * 16 + low));
            rest = &after[2..];
        } else {
            plain.push(byte);
            rest = after;
        }
    }
    plain
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// How much can be unpacked. What is no packed data unpacks to nothing.
fn count(unpacked: &mut impl Read) -> usize {
    let (mut piece, mut all) = ([0; 16 * 1024], 0);
    while let Ok(read @ 1..) = unpacked.read(&mut piece) {
        all += read;
    }
    all
}

fn too_much() -> crate::error::Error {
    refused("it unpacks to more than a PDF of this size needs; print it to a new PDF")
}
