//! Reading an archive, as a stream, part by part, down to its seal. What it says is believed only when the seal was seen.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;

use super::manifest::{self, Counted, Manifest};
use super::recovery::{RecoveryKey, decrypt};
use super::seal::Unsealing;
use super::{MEDIA, TABLES, Watch};
use crate::error::{Error, Result};
use crate::media::is_safe_name;
use crate::storage::Table;

const AGE: &[u8] = b"age-encryption.org/";
const GZIP: &[u8] = b"\x1f\x8b";
/// No manifest and no piece of a table is longer: a row is a few megabytes at most.
const LONGEST_TEXT: u64 = 256 * 1024 * 1024;

/// A backup to read.
pub struct Source<'a> {
    /// Its file.
    pub file: &'a Path,
    /// Keys that may open it, where it is encrypted.
    pub keys: &'a [RecoveryKey],
}

/// What comes out, one after the other.
pub(super) enum Part<'a> {
    /// Rows of a table, one a line, each checked.
    Rows(&'a Table, &'a str),
    /// A picture, by a name that is safe.
    Picture(&'a str, &'a mut dyn Read),
}

/// Whether a file is encrypted.
///
/// # Errors
/// `Invalid` where it cannot be read.
pub fn is_encrypted(file: &Path) -> Result<bool> {
    Ok(head(&mut open(file)?)?.starts_with(AGE))
}

impl Source<'_> {
    /// Reads the whole file. `judge` may refuse its manifest before anything else is read.
    ///
    /// # Errors
    /// `Invalid` where it is foreign or damaged; `Conflict` where a newer Picket wrote it; what `judge` and `take` refuse.
    pub(super) fn unpack(
        &self,
        (doing, watch): (&'static str, Watch<'_>),
        judge: impl FnOnce(&Manifest) -> Result<()>,
        mut take: impl FnMut(Part<'_>) -> Result<()>,
    ) -> Result<Manifest> {
        let mut archive = self.archive(doing, watch)?;
        let mut entries = archive.entries().map_err(broken)?;
        let manifest = match entries.next() {
            Some(Ok(mut first)) if first.path_bytes() == manifest::NAME.as_bytes() => {
                Manifest::parse(text(&mut first)?.as_bytes())?
            }
            Some(Err(error)) => return Err(broken(error)),
            _ => return Err(foreign()),
        };
        judge(&manifest)?;
        let mut rows = vec![0; manifest.tables.len()];
        for entry in entries {
            let mut entry = entry.map_err(broken)?;
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            match place(&path).ok_or_else(|| damaged(&format!("{path} does not belong there")))? {
                Place::Table(number) => {
                    let counted =
                        manifest.tables.get(number).ok_or_else(|| damaged(&format!("{path} is of no table")))?;
                    let lines = text(&mut entry)?;
                    rows[number] += check(&counted.table, &lines)?;
                    take(Part::Rows(&counted.table, &lines))?;
                }
                Place::Media(name) => take(Part::Picture(name, &mut entry))?,
            }
        }
        match_counts(&manifest.tables, &rows)?;
        let mut unzipping = archive.into_inner();
        io::copy(&mut unzipping, &mut io::sink()).map_err(broken)?;
        if unzipping.into_inner().verify().map_err(broken)? {
            return Ok(manifest);
        }
        Err(damaged("its checksum is wrong or missing"))
    }

    fn archive<'w>(&self, doing: &'static str, watch: Watch<'w>) -> Result<tar::Archive<Unzipping<'w>>> {
        let mut file = open(self.file)?;
        let length = file.metadata().map_err(broken)?.len();
        let head = head(&mut file)?;
        let watched = BufReader::new(Watched { file, watch, doing, done: Cell::new(0), length });
        let plain: Box<dyn Read + 'w> = if head.starts_with(AGE) {
            Box::new(decrypt(self.keys, watched)?)
        } else if head.starts_with(GZIP) {
            Box::new(watched)
        } else {
            return Err(foreign());
        };
        Ok(tar::Archive::new(GzDecoder::new(Unsealing::new(plain))))
    }
}

type Unzipping<'w> = GzDecoder<Unsealing<Box<dyn Read + 'w>>>;

/// Where a path of the archive leads.
enum Place<'a> {
    Table(usize),
    Media(&'a str),
}

fn place(path: &str) -> Option<Place<'_>> {
    match path.split('/').collect::<Vec<_>>()[..] {
        [TABLES, table, _] => Some(Place::Table(table.split('-').next()?.parse().ok()?)),
        [MEDIA, name] if is_safe_name(name) => Some(Place::Media(name)),
        _ => None,
    }
}

fn text(entry: &mut impl Read) -> Result<String> {
    let mut text = String::new();
    entry.take(LONGEST_TEXT).read_to_string(&mut text).map_err(broken)?;
    Ok(text)
}

/// How many rows these are.
fn check(table: &Table, lines: &str) -> Result<u64> {
    let mut rows = 0;
    for line in lines.lines() {
        if !manifest::is_row(table, line) {
            return Err(damaged(&format!("a row of {} does not fit its table", table.name)));
        }
        rows += 1;
    }
    Ok(rows)
}

fn match_counts(tables: &[Counted], rows: &[u64]) -> Result<()> {
    match tables.iter().zip(rows).find(|(counted, rows)| counted.rows != **rows) {
        Some((counted, rows)) => {
            Err(damaged(&format!("{} has {rows} rows, and should have {}", counted.table.name, counted.rows)))
        }
        None => Ok(()),
    }
}

fn open(file: &Path) -> Result<File> {
    let unreadable =
        |error| Error::invalid(file.display().to_string(), format!("cannot be read ({error}); check the path"));
    let open = File::open(file).map_err(unreadable)?;
    if open.metadata().map_err(unreadable)?.is_file() {
        Ok(open)
    } else {
        Err(unreadable(io::ErrorKind::IsADirectory.into()))
    }
}

/// The first bytes, after which the file stands at its beginning again.
fn head(file: &mut File) -> Result<Vec<u8>> {
    use std::io::Seek;
    let mut head = Vec::new();
    file.take(AGE.len() as u64).read_to_end(&mut head).map_err(broken)?;
    file.rewind().map_err(broken)?;
    Ok(head)
}

fn foreign() -> Error {
    Error::invalid("backup", "this is no backup of Picket; nothing was touched")
}

#[expect(clippy::needless_pass_by_value, reason = "so that it fits `map_err(broken)`")]
pub(super) fn broken(error: io::Error) -> Error {
    damaged(&error.to_string())
}

pub(super) fn damaged(why: &str) -> Error {
    // It may repeat what it read.
    let why = why.replace(char::is_control, " ");
    Error::invalid("backup", format!("the file is damaged or not whole ({why}); nothing was touched: take another one"))
}

/// A file that tells how much of it was read.
struct Watched<'w> {
    file: File,
    watch: Watch<'w>,
    doing: &'static str,
    done: Cell<u64>,
    length: u64,
}

impl Read for Watched<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        self.done.set(self.done.get() + read as u64);
        (self.watch)(self.doing, self.done.get(), self.length);
        Ok(read)
    }
}
