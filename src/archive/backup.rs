//! Making a backup, beside a running server.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::manifest::{self, Counted, Manifest};
use super::pack::{Packing, unwritable};
use super::recovery::Recipient;
use super::{MEDIA, TABLES, Watch};
use crate::actors;
use crate::clock::{Time, rfc3339};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::media::is_safe_name;
use crate::storage::{self, Conn, Table};

/// Rows are written in pieces of about this many bytes.
const PIECE: usize = 1024 * 1024;

/// What is to be backed up, and how.
pub struct Backup<'a> {
    /// The node's settings.
    pub config: &'a Config,
    /// Who can open it; nobody named: everybody.
    pub recipients: &'a [Recipient],
    /// The time now.
    pub now: Time,
    /// Is told how far it is.
    pub watch: Watch<'a>,
}

/// What was backed up.
#[derive(Debug, Clone)]
pub struct Saved {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// How many pictures and files are in it.
    pub media: u64,
}

/// Writes a backup to a file that is there whole in the end, or not at all, for this user alone to read.
///
/// # Errors
/// `Invalid` for a folder, `Conflict` where the file exists and may not be replaced, or another backup is writing it; `Unavailable` where there is
/// no node or the disk refuses.
pub fn backup(backup: &Backup<'_>, file: &Path, replace: bool) -> Result<Saved> {
    if file.is_dir() {
        let why = format!(
            "{} is a folder; name a file in it, such as {}",
            file.display(),
            file.join("picket.backup").display()
        );
        return Err(Error::invalid("FILE", why));
    }
    if !replace && file.exists() {
        return Err(Error::Conflict(format!(
            "{} exists already; choose another name, or replace it by --force",
            file.display()
        )));
    }
    let unfinished = beside(file)?;
    let out = open_unfinished(&unfinished)?;
    let written = backup.write(BufWriter::new(&out)).and_then(|(saved, _)| {
        out.sync_all()
            .and_then(|()| fs::rename(&unfinished, file))
            .and_then(|()| sync_folder(file))
            .map_err(unwritable)?;
        Ok(saved)
    });
    if written.is_err() {
        // What failed is told; that its remains stay would say nothing more.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// `.NAME.unfinished` in the same folder.
fn beside(file: &Path) -> Result<PathBuf> {
    let name = file.file_name().ok_or_else(|| Error::invalid("FILE", "name a file, such as picket.backup"))?;
    Ok(file.with_file_name(format!(".{}.unfinished", name.to_string_lossy())))
}

/// What a killed backup left is written over; what another one is writing is not.
fn open_unfinished(path: &Path) -> Result<File> {
    let unmakable = |error: std::io::Error| {
        let folder = folder_of(path).display();
        Error::Unavailable(format!(
            "nothing can be written into {folder} ({error}); no backup was made: see that the folder is there and that this user may write to it"
        ))
    };
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map_err(unmakable)?;
    // The other may have ended and given the file its name between our opening and locking it.
    let is_ours = file.try_lock().is_ok()
        && fs::metadata(path).is_ok_and(|now| file.metadata().is_ok_and(|ours| ours.ino() == now.ino()));
    if !is_ours {
        return Err(Error::Conflict(format!("another backup is writing {}; wait for it", path.display())));
    }
    file.set_len(0).map_err(unwritable)?;
    Ok(file)
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn sync_folder(file: &Path) -> std::io::Result<()> {
    File::open(folder_of(file))?.sync_all()
}

impl Backup<'_> {
    /// Writes a backup to anything, and gives it back.
    ///
    /// # Errors
    /// As for [`backup`].
    pub fn write<W: Write>(&self, out: W) -> Result<(Saved, W)> {
        let mut packing = Packing::new(out, self.recipients)?;
        let (manifest, media) = storage::snapshot(&self.config.database, |conn| {
            let manifest = self.manifest(conn)?;
            packing.add(manifest::NAME, &serde_json::to_vec_pretty(&manifest)?)?;
            let mut done = 0;
            for (number, counted) in manifest.tables.iter().enumerate() {
                self.write_table(conn, &mut packing, (number, &counted.table), (&mut done, manifest.rows()))?;
            }
            // While the snapshot stands: what it names was written before it was taken.
            let media = self.write_media(&mut packing)?;
            Ok((manifest, media))
        })?;
        let mut out = packing.finish()?;
        out.flush().map_err(unwritable)?;
        Ok((Saved { manifest, media }, out))
    }

    fn manifest(&self, conn: &mut Conn) -> Result<Manifest> {
        let steps = storage::steps(conn)?;
        let founded = if steps.is_empty() { None } else { actors::founded(conn)? };
        let Some((node, account_domain)) = founded else {
            let why = "there is no node in this database yet; check PICKET_DATA_DIR and PICKET_DATABASE_URL";
            return Err(Error::Conflict(why.to_owned()));
        };
        let mut manifest = Manifest::new(node, account_domain, rfc3339(self.now));
        manifest.steps = steps;
        for table in storage::tables(conn)? {
            let rows = storage::count_rows(conn, &table)?.unsigned_abs();
            manifest.tables.push(Counted { rows, table });
        }
        Ok(manifest)
    }

    fn write_table<W: Write>(
        &self,
        conn: &mut Conn,
        packing: &mut Packing<W>,
        (number, table): (usize, &Table),
        (done, all): (&mut u64, u64),
    ) -> Result<()> {
        let (mut piece, mut pieces) = (String::new(), 0_u32);
        let mut write = |piece: &mut String| {
            packing.add(&format!("{TABLES}/{number:02}-{}/{pieces:06}.jsonl", table.name), piece.as_bytes())?;
            piece.clear();
            pieces += 1;
            Ok(())
        };
        storage::read_rows(conn, table, |line| {
            piece.push_str(line);
            piece.push('\n');
            *done += 1;
            (self.watch)("rows", *done, all);
            if piece.len() >= PIECE { write(&mut piece) } else { Ok(()) }
        })?;
        if piece.is_empty() { Ok(()) } else { write(&mut piece) }
    }

    fn write_media<W: Write>(&self, packing: &mut Packing<W>) -> Result<u64> {
        let folder = self.config.media_dir();
        let unreadable = |error: std::io::Error| {
            let why = format!("{} cannot be read ({error}); no backup was made", folder.display());
            Error::Unavailable(format!("{why}: run it as the node's own user"))
        };
        let mut media = 0;
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            entries => entries.map_err(unreadable)?,
        };
        for entry in entries {
            let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
            if !is_safe_name(&name) {
                continue;
            }
            match File::open(folder.join(&name)) {
                // Its statement was withdrawn a moment ago.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                file => {
                    let file = file.map_err(unreadable)?;
                    let length = file.metadata().map_err(unreadable)?.len();
                    packing.add_from(&format!("{MEDIA}/{name}"), length, file)?;
                    media += 1;
                    (self.watch)("files", media, media);
                }
            }
        }
        Ok(media)
    }
}
