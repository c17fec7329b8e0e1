//! Making a node anew from a backup: all of it, or nothing.
//!
//! The file is read twice: first only to check it down to its seal, then again while one transaction fills the database. Pictures are
//! written before the transaction commits, under a mark in their folder; whoever finds the mark beside an empty database knows that a
//! restore was cut off there, and begins it anew.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::Watch;
use super::manifest::Manifest;
use super::unpack::{Part, Source, broken};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::storage::{self, Conn, Location};
use crate::urls::Urls;
use crate::{actors, alliances, delivery, node};

/// In the folder of pictures while a restore is under way. The dot keeps it from being served.
const MARK: &str = ".restoring";

/// What came back.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// The union, `press@union.example`.
    pub handle: String,
    /// Followers.
    pub followers: i64,
    /// Deliveries that go on.
    pub pending: i64,
    /// Pictures and files.
    pub media: u64,
}

/// Restores a backup into a node that holds nothing yet.
///
/// # Errors
/// `Conflict` where the node holds data, or where the backup is of another node or of a newer Picket; `Invalid` where the file is damaged or
/// foreign. Nothing was touched then. `Unavailable` where the disk or the database refuses: it can be tried again.
pub fn restore(config: &Config, source: &Source<'_>, watch: Watch<'_>) -> Result<Restored> {
    let media = Media { folder: config.media_dir() };
    refuse_data(config, &media)?;
    source.unpack(("checked", watch), |manifest| belongs(manifest, config), check_picture)?;
    node::make_folders(config)?;
    let restored = storage::alone(&config.database, |conn| {
        storage::refuse_data(conn)?;
        media.begin()?;
        let restored = make_anew(conn, config, &media, (source, watch));
        if restored.is_err() {
            media.clear();
        }
        restored
    })?;
    media.end();
    Ok(restored)
}

fn make_anew(
    conn: &mut Conn,
    config: &Config,
    media: &Media,
    (source, watch): (&Source<'_>, Watch<'_>),
) -> Result<Restored> {
    let (manifest, pictures) = fill(conn, media, source, watch)?;
    media.sync().map_err(|error| media.unwritable(&error))?;
    storage::take_missing_steps(conn)?;
    delivery::forget_leases(conn)?;
    let union = actors::load(conn, &Urls::new(config))?.union;
    Ok(Restored {
        manifest,
        followers: alliances::follower_count(conn)?,
        pending: delivery::waiting(conn)?,
        handle: union.handle,
        media: pictures,
    })
}

fn refuse_data(config: &Config, media: &Media) -> Result<()> {
    let is_new = matches!(&config.database, Location::Sqlite(file) if !file.exists());
    let checked = if is_new { Ok(()) } else { storage::snapshot(&config.database, refuse_rows) };
    match checked.and_then(|()| media.refuse_data()) {
        Err(Error::Conflict(why)) => Err(Error::Conflict(format!("{why}; nothing was touched: {}", make_room(config)))),
        checked => checked,
    }
}

/// Whoever started the service before restoring has founded a node that nobody needs: its operator is told that it is that one.
fn refuse_rows(conn: &mut Conn) -> Result<()> {
    storage::refuse_data(conn).map_err(|error| match error {
        Error::Conflict(why) if is_unused(conn) => {
            Error::Conflict(format!("{why}, of a node without a statement and without a follower"))
        }
        error => error,
    })
}

/// Its tables may be those of any version.
fn is_unused(conn: &mut Conn) -> bool {
    ["actor_keys", "statements", "follows"].map(|table| storage::has_rows(conn, table).ok())
        == [Some(true), Some(false), Some(false)]
}

fn make_room(config: &Config) -> String {
    let media = config.media_dir();
    let database = match &config.database {
        Location::Sqlite(file) => format!("move {}* and {} away", file.display(), media.display()),
        Location::Postgres(_) => {
            format!("give an empty database (PICKET_DATABASE_URL) and move {} away", media.display())
        }
    };
    format!("stop the node, {database}, or restore into another data folder (PICKET_DATA_DIR)")
}

/// Ids are for ever, so a backup is of one node only.
fn belongs(manifest: &Manifest, config: &Config) -> Result<()> {
    let urls = Urls::new(config);
    let wanted = [
        ("PICKET_DOMAIN", manifest.node.as_str(), urls.base()),
        ("PICKET_ACCOUNT_DOMAIN", &manifest.account_domain, &config.account_domain),
    ];
    for (name, theirs, ours) in wanted {
        if theirs != ours {
            return Err(Error::invalid(
                name,
                format!(
                    "the backup is of {theirs}, the settings say {ours}, and ids are for ever; nothing was touched: set it to {}",
                    theirs.rsplit('/').next().unwrap_or(theirs)
                ),
            ));
        }
    }
    Ok(())
}

fn check_picture(part: Part<'_>) -> Result<()> {
    if let Part::Picture(_, bytes) = part {
        std::io::copy(bytes, &mut std::io::sink()).map_err(broken)?;
    }
    Ok(())
}

fn fill(conn: &mut Conn, media: &Media, source: &Source<'_>, watch: Watch<'_>) -> Result<(Manifest, u64)> {
    let mut pictures = 0;
    let conn = std::cell::RefCell::new(conn);
    let manifest = source.unpack(
        ("restored", watch),
        |manifest| make_tables(&mut conn.borrow_mut(), manifest),
        |part| match part {
            // No line break stands inside a line.
            Part::Rows(table, lines) => {
                let rows = format!("[{}]", lines.trim_end().replace('\n', ","));
                storage::insert_rows(&mut conn.borrow_mut(), table, &rows)
            }
            Part::Picture(name, bytes) => {
                pictures += 1;
                media.write(name, bytes)
            }
        },
    )?;
    let tables: Vec<_> = manifest.tables.iter().map(|counted| counted.table.clone()).collect();
    storage::continue_numbers(&mut conn.borrow_mut(), &tables)?;
    Ok((manifest, pictures))
}

/// The tables as they were when the backup was made, which the same steps give on either database.
fn make_tables(conn: &mut Conn, manifest: &Manifest) -> Result<()> {
    storage::take_steps(conn, &manifest.steps)?;
    let there = storage::tables(conn)?;
    let fits =
        there.len() == manifest.tables.len() && manifest.tables.iter().all(|counted| there.contains(&counted.table));
    if fits {
        Ok(())
    } else {
        Err(Error::internal("the backup's tables are not those of its version; nothing was touched"))
    }
}

/// The folder of pictures.
struct Media {
    folder: PathBuf,
}

impl Media {
    /// Refuses a folder that holds anything, but for what a restore left that was cut off.
    fn refuse_data(&self) -> Result<()> {
        let holds_data = fs::read_dir(&self.folder).is_ok_and(|mut entries| entries.next().is_some());
        if holds_data && !self.folder.join(MARK).exists() {
            return Err(Error::Conflict(format!("there are files in {} already", self.folder.display())));
        }
        Ok(())
    }

    fn begin(&self) -> Result<()> {
        self.refuse_data()?;
        self.clear();
        let mark = File::create(self.folder.join(MARK)).and_then(|mark| mark.sync_all());
        mark.and_then(|()| self.sync()).map_err(|error| self.unwritable(&error))
    }

    fn write(&self, name: &str, bytes: &mut dyn Read) -> Result<()> {
        let mut file = File::create(self.folder.join(name)).map_err(|error| self.unwritable(&error))?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = bytes.read(&mut piece).map_err(broken)?;
            if read == 0 {
                return file.sync_all().map_err(|error| self.unwritable(&error));
            }
            file.write_all(&piece[..read]).map_err(|error| self.unwritable(&error))?;
        }
    }

    fn end(&self) {
        // Beside a database that holds data, the mark says nothing.
        let _ = fs::remove_file(self.folder.join(MARK));
    }

    /// Takes away what a restore wrote. What cannot be taken away lies under the mark.
    fn clear(&self) {
        let mark = self.folder.join(MARK);
        if !mark.exists() {
            return;
        }
        let names = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let cleared = names.filter(|path| *path != mark).try_for_each(fs::remove_file);
        if cleared.is_ok() {
            // With nothing beside it, the mark says nothing.
            let _ = fs::remove_file(mark);
        }
    }

    fn sync(&self) -> std::io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    fn unwritable(&self, error: &std::io::Error) -> Error {
        let folder: &Path = &self.folder;
        let why = format!("the files could not be written to {} ({error}); nothing was restored", folder.display());
        Error::Unavailable(format!("{why}: check the folder and free some space, then try again"))
    }
}
