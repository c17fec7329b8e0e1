//! A data folder of another user: whoever is refused there wants to be that user, and no folder of their own.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::Error;

/// What an owner's bits say where the owner may enter and write.
const OWNER_MAY: u32 = 0o300;

/// Says whose a folder is that this user may not enter, and how to run a command as that one. `None` where there is no folder, and for one of
/// root's, which is rather to be given to the node's user.
#[must_use]
pub fn belongs_to_another(folder: &Path) -> Option<Error> {
    let found = fs::metadata(folder).ok()?;
    let is_closed_to_others = found.mode() & OWNER_MAY == OWNER_MAY;
    if found.uid() == 0 || !is_closed_to_others {
        return None;
    }
    let (user, folder) = (user_name(found.uid()), std::path::absolute(folder).ok()?);
    let folder = folder.display();
    Some(Error::invalid(
        "PICKET_DATA_DIR",
        format!(
            "{folder} belongs to the user {user} and is closed to this one; run the command as that user: sudo -u {user} env PICKET_DATA_DIR={folder} picket …"
        ),
    ))
}

/// As `sudo -u` takes it.
fn user_name(number: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name_of = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(number)).then(|| name.to_owned())
    };
    users.lines().find_map(name_of).unwrap_or_else(|| format!("'#{number}'"))
}
