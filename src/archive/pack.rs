//! Writing an archive: tar, gzip, the seal, and encryption where recovery keys are named.

use std::io::{self, Read, Write};

use age::stream::StreamWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::recovery::{Recipient, encrypt};
use super::seal::Sealing;
use crate::error::{Error, Result};

/// An archive that is being written.
pub(super) struct Packing<W: Write>(tar::Builder<GzEncoder<Sealing<Sink<W>>>>);

/// Where the bytes go.
enum Sink<W: Write> {
    Plain(W),
    Encrypted(StreamWriter<W>),
}

impl<W: Write> Packing<W> {
    pub(super) fn new(out: W, recipients: &[Recipient]) -> Result<Self> {
        let sink = if recipients.is_empty() { Sink::Plain(out) } else { Sink::Encrypted(encrypt(recipients, out)?) };
        Ok(Self(tar::Builder::new(GzEncoder::new(Sealing::new(sink), Compression::fast()))))
    }

    /// Adds a file of some bytes.
    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        self.add_from(path, bytes.len() as u64, bytes)
    }

    /// Adds a file of a length from a reader that has as much.
    pub(super) fn add_from(&mut self, path: &str, length: u64, from: impl Read) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(length);
        header.set_mode(0o600);
        let mut from = from.take(length);
        self.0.append_data(&mut header, path, &mut from).map_err(unwritable)?;
        if from.limit() == 0 {
            return Ok(());
        }
        Err(Error::Unavailable(format!("{path} became shorter while it was read; no backup was made: try again")))
    }

    /// Writes the end, and gives back where it was written to.
    pub(super) fn finish(self) -> Result<W> {
        let finish = || self.0.into_inner()?.finish()?.finish()?.finish();
        finish().map_err(unwritable)
    }
}

impl<W: Write> Sink<W> {
    fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Encrypted(stream) => stream.finish(),
        }
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Encrypted(stream) => stream.flush(),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err(unwritable)`")]
pub(super) fn unwritable(error: io::Error) -> Error {
    Error::Unavailable(format!(
        "the backup could not be written ({error}); no backup was made: check the folder and free some space, then try again"
    ))
}
