//! The disk beneath a folder.

use std::path::Path;

use crate::error::{Error, Result};

/// How many bytes this user may still write to the disk of a folder.
///
/// # Errors
/// `Unavailable` where the folder cannot be looked at.
pub fn free_space(folder: &Path) -> Result<u64> {
    let unknown = |error| {
        let why = format!("the disk of {} cannot be looked at ({error})", folder.display());
        Error::Unavailable(format!("{why}; check that the folder is there"))
    };
    let disk = rustix::fs::statvfs(folder).map_err(unknown)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
