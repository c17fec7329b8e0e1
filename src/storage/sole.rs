//! One server on an SQLite database: two would deliver the same twice, and each take the other's leases for those of a dead one.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::{Location, unreadable};
use crate::error::{Error, Result};

/// Keeps every other server off the database for as long as it lives. However this process ends, the system lets go with it.
#[must_use = "the database is this server's for as long as this lives"]
pub struct Sole {
    _lock: Option<File>,
}

/// Makes this process the one server of an SQLite database; on PostgreSQL there may be several. Commands ask for nothing and work beside it.
///
/// # Errors
/// `Conflict` where another server has it, `Unavailable` where the file beside the database cannot be locked.
pub fn serve_alone(location: &Location) -> Result<Sole> {
    let Location::Sqlite(database) = location else { return Ok(Sole { _lock: None }) };
    let unusable = |error: std::io::Error| unreadable(location, &format!("its lock cannot be had ({error})"));
    let lock = open_lock(database).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(Sole { _lock: Some(lock) }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
        Err(TryLockError::WouldBlock) => Err(Error::Conflict(format!(
            "another picket serve runs on {} already, and nothing was touched; stop it first, or give this one a PICKET_DATA_DIR of its own (several on one database need PostgreSQL)",
            database.display()
        ))),
    }
}

/// The file stays when the server ends: only its lock says something.
fn open_lock(database: &Path) -> std::io::Result<File> {
    let mut path = real_path(database)?.into_os_string();
    path.push(".lock");
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// The same for whoever comes by a link.
fn real_path(database: &Path) -> std::io::Result<PathBuf> {
    if database.exists() {
        return database.canonicalize();
    }
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(folder.canonicalize()?.join(database.file_name().unwrap_or_default()))
}
