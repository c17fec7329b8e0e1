//! Pictures of others that are kept for a while, so that our readers are not seen by other servers: a folder that may be emptied at any
//! time. What was asked for least of late goes first when it is full, and everything goes when it is old.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;

use super::files::store;
use crate::clock::Time;
use crate::error::Result;

/// All that is kept.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// How long a picture is good: its author may have changed or deleted it.
const GOOD_FOR: TimeDelta = TimeDelta::days(7);

/// A kept picture that is still good. That it was asked for is noted.
#[must_use]
pub fn find_kept(folder: &Path, name: &str, now: Time) -> Option<PathBuf> {
    let path = folder.join(name);
    let file = File::open(&path).ok()?;
    if !is_good(file.metadata().ok()?.modified().ok()?, now) {
        return None;
    }
    // Where this cannot be noted, it goes a little earlier.
    let _ = file.set_times(FileTimes::new().set_accessed(moment(now)));
    Some(path)
}

/// Keeps a picture, and makes room for it.
///
/// # Errors
/// `Unavailable` where the disk refuses the write.
pub fn keep(folder: &Path, name: &str, bytes: &[u8], now: Time) -> Result<()> {
    store(folder, name, bytes)?;
    let times = FileTimes::new().set_accessed(moment(now)).set_modified(moment(now));
    let noted = File::options().write(true).open(folder.join(name)).and_then(|file| file.set_times(times));
    if noted.and_then(|()| make_room(folder, MOST_BYTES)).is_err() {
        tracing::warn!(folder = %folder.display(), "kept pictures of others could not be looked through");
    }
    Ok(())
}

/// Removes what is not good any more.
///
/// # Errors
/// What the disk says.
pub fn remove_old(folder: &Path, now: Time) -> io::Result<()> {
    for kept in kept(folder)? {
        if !is_good(kept.made, now) {
            remove(&kept.path)?;
        }
    }
    Ok(())
}

struct Kept {
    path: PathBuf,
    bytes: u64,
    made: SystemTime,
    asked_for: SystemTime,
}

fn kept(folder: &Path) -> io::Result<Vec<Kept>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry?.path();
        // Another may have removed it meanwhile.
        let Ok(file) = fs::metadata(&path) else { continue };
        all.push(Kept { path, bytes: file.len(), made: file.modified()?, asked_for: file.accessed()? });
    }
    Ok(all)
}

fn make_room(folder: &Path, most_bytes: u64) -> io::Result<()> {
    let mut all = kept(folder)?;
    let mut bytes: u64 = all.iter().map(|kept| kept.bytes).sum();
    if bytes <= most_bytes {
        return Ok(());
    }
    all.sort_by_key(|kept| kept.asked_for);
    // A tenth more, so that the next ones find room without looking.
    for kept in all {
        if bytes <= most_bytes - most_bytes / 10 {
            break;
        }
        remove(&kept.path)?;
        bytes -= kept.bytes;
    }
    Ok(())
}

/// Removes a file that another may have removed meanwhile.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn is_good(made: SystemTime, now: Time) -> bool {
    let age = GOOD_FOR.to_std().unwrap_or_default();
    // What was made after now was made by a clock that was set back since.
    made <= moment(now) && moment(now).duration_since(made).is_ok_and(|passed| passed < age)
}

fn moment(time: Time) -> SystemTime {
    let millis = u64::try_from(time.and_utc().timestamp_millis()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_time;

    fn at(minute: i64) -> Time {
        parse_time("2026-05-01T00:00:00Z").expect("a time").0 + TimeDelta::minutes(minute)
    }

    #[test]
    fn a_kept_picture_is_found_until_it_is_old() {
        let folder = tempfile::tempdir().expect("a folder");
        keep(folder.path(), "a.img", b"one", at(0)).expect("kept");
        assert!(find_kept(folder.path(), "a.img", at(5)).is_some());
        assert!(find_kept(folder.path(), "b.img", at(5)).is_none());
        assert!(find_kept(folder.path(), "a.img", at(0) + GOOD_FOR).is_none());
        remove_old(folder.path(), at(5)).expect("looked through");
        assert!(find_kept(folder.path(), "a.img", at(5)).is_some());
        remove_old(folder.path(), at(0) + GOOD_FOR).expect("looked through");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        remove_old(&folder.path().join("none"), at(0)).expect("nothing to do");
    }

    #[test]
    fn what_was_asked_for_least_of_late_makes_room() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, minute) in [("a.img", 0), ("b.img", 1), ("c.img", 2)] {
            keep(folder.path(), name, &[0; 100], at(minute)).expect("kept");
        }
        assert!(find_kept(folder.path(), "a.img", at(9)).is_some());
        make_room(folder.path(), 250).expect("room");
        let there = |name| find_kept(folder.path(), name, at(10)).is_some();
        assert_eq!((there("a.img"), there("b.img"), there("c.img")), (true, false, true));
    }
}
