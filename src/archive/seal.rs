//! The seal: the last bytes of an archive say the SHA-256 of all before them.
//!
//! It is a member of a gzip file (RFC 1952) that holds nothing, with the hash as its comment: programs that unpack gzip pass over it.

use std::io::{self, Read, Write};

use crate::crypto::Sha256;

const HEAD: &[u8] = b"\x1f\x8b\x08\x10\0\0\0\0\0\xffSHA-256 ";
/// The end of the comment, no data, its checksum and its length.
const TAIL: &[u8] = b"\0\x03\0\0\0\0\0\0\0\0\0";
const LENGTH: usize = HEAD.len() + 64 + TAIL.len();
const PIECE: usize = 64 * 1024;

fn seal(sum: &Sha256) -> Vec<u8> {
    [HEAD, sum.to_hex().as_bytes(), TAIL].concat()
}

/// Writes on, and adds up what it writes.
pub(super) struct Sealing<W> {
    inner: W,
    sum: Sha256,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, sum: Sha256::default() }
    }

    /// Writes the seal.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.inner.write_all(&seal(&self.sum))?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Gives what it reads but for the seal, which it holds back.
pub(super) struct Unsealing<R> {
    inner: R,
    sum: Sha256,
    held: Vec<u8>,
    given: usize,
}

impl<R: Read> Unsealing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, sum: Sha256::default(), held: Vec::new(), given: 0 }
    }

    /// Reads what is left, and says whether the seal is there and true.
    pub(super) fn verify(mut self) -> io::Result<bool> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.held[self.given..] == seal(&self.sum))
    }

    /// Reads until more than a seal is held; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        while self.held.len() - self.given <= LENGTH {
            self.held.drain(..self.given);
            self.given = 0;
            let before = self.held.len();
            self.held.resize(before + PIECE, 0);
            let read = self.inner.read(&mut self.held[before..]);
            self.held.truncate(before + *read.as_ref().unwrap_or(&0));
            if read? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<R: Read> Read for Unsealing<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.fill()? {
            return Ok(0);
        }
        let length = out.len().min(self.held.len() - self.given - LENGTH);
        let piece = &self.held[self.given..self.given + length];
        out[..length].copy_from_slice(piece);
        self.sum.update(piece);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new());
        sealing.write_all(content).expect("written");
        sealing.finish().expect("sealed")
    }

    fn read(bytes: &[u8]) -> (Vec<u8>, bool) {
        let mut unsealing = Unsealing::new(bytes);
        let mut content = Vec::new();
        unsealing.read_to_end(&mut content).expect("read");
        let whole = unsealing.verify().expect("read");
        (content, whole)
    }

    #[test]
    fn what_was_sealed_comes_back_and_its_seal_is_true() {
        for length in [0, 1, LENGTH, PIECE - 1, PIECE, 3 * PIECE + 17] {
            let content: Vec<u8> = (0..length).map(|number| u8::try_from(number % 251).expect("small")).collect();
            assert_eq!(read(&sealed(&content)), (content, true));
        }
    }

    #[test]
    fn a_changed_missing_or_added_byte_is_seen_wherever_it_is() {
        let whole = sealed(b"What is true stays true.");
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(!read(&changed).1, "byte {at}");
            assert!(!read(&whole[..at]).1, "{at} bytes");
        }
        assert!(!read(&[&whole[..], b"x"].concat()).1);
    }

    #[test]
    fn programs_that_unpack_gzip_pass_over_the_seal() {
        let mut zip = flate2::write::GzEncoder::new(Sealing::new(Vec::new()), flate2::Compression::fast());
        zip.write_all(b"text").expect("written");
        let bytes = zip.finish().expect("zipped").finish().expect("sealed");
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("unzipped");
        assert_eq!(text, "text");
    }
}
