//! The files of pictures in their folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use crate::clock::random_name;
use crate::error::{Error, Result};

const LONGEST_NAME: usize = 100;
/// The widths, in pixels, in which a larger picture is kept as well: a telephone's, and that of a column of text on a fine screen.
pub const SIZES: [u32; 2] = [480, 960];
/// Stands between a random name and a width; no random name has it.
const WIDTH: char = 'w';

/// The name of a file from a random name and an extension.
#[must_use]
pub fn file_name(random: &str, extension: &str) -> String {
    format!("{random}.{extension}")
}

/// The name of a picture's file in one of its smaller widths: `ab12.jpg` at 480 is `ab12w480.jpg`.
#[must_use]
pub fn size_name(file: &str, width: u32) -> String {
    file.split_once('.').map_or_else(String::new, |(stem, extension)| format!("{stem}{WIDTH}{width}.{extension}"))
}

/// The name of the whole picture, of which a name may be a smaller size.
#[must_use]
pub fn whole_name(name: &str) -> String {
    let Some((stem, extension)) = name.split_once('.') else { return name.to_owned() };
    let is_size = |width: &str| SIZES.iter().any(|size| size.to_string() == width);
    match stem.rsplit_once(WIDTH).filter(|(stem, width)| !stem.is_empty() && is_size(width)) {
        Some((stem, _)) => format!("{stem}.{extension}"),
        None => name.to_owned(),
    }
}

/// Whether a name that somebody asks for can be one of ours: small Latin letters and digits, a dot, small letters. No other name
/// ever reaches the disk.
#[must_use]
pub fn is_safe_name(name: &str) -> bool {
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let stem_fits = !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let extension_fits = !extension.is_empty() && extension.bytes().all(|b| b.is_ascii_lowercase());
    stem_fits && extension_fits && name.len() <= LONGEST_NAME
}

/// Writes a file so that it is on the disk whole, or not at all.
///
/// # Errors
/// `Invalid` for a name that is not safe, `Unavailable` where the disk refuses the write.
pub fn store(dir: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    if !is_safe_name(name) {
        return Err(Error::invalid(
            "file name",
            format!("{name:?} does not work; it needs small letters, digits and one dot"),
        ));
    }
    // The dot in front keeps it from being served, and the name of its own from another who writes the same picture at this moment.
    let extension = name.rsplit('.').next().unwrap_or_default();
    let unfinished = dir.join(format!(".{}", file_name(&random_name(), extension)));
    let written = write(dir, &unfinished, &dir.join(name), bytes);
    written.map_err(|error| {
        // It may not even be there; the write that failed is what matters.
        let _ = fs::remove_file(&unfinished);
        let why = format!("the file could not be written to {} ({error}); nothing was changed", dir.display());
        Error::Unavailable(format!("{why}: check the folder and free some space, then try again"))
    })
}

fn write(dir: &Path, unfinished: &Path, finished: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let mut file = File::create(unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, finished)?;
    // The new name is in the folder, which has to reach the disk too.
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    Ok(())
}

/// Removes pictures that nothing shows any more, in all their sizes. One that cannot be removed is tried again when unused files are looked
/// for.
pub fn remove(dir: &Path, names: &[String]) {
    for name in names {
        let sizes = SIZES.iter().map(|width| fs::remove_file(dir.join(size_name(name, *width))));
        let there =
            |removed: &io::Result<()>| !matches!(removed, Err(error) if error.kind() == io::ErrorKind::NotFound);
        // The whole picture last, since its sizes are found by its name.
        let removed: io::Result<()> = sizes.filter(there).chain([fs::remove_file(dir.join(name))]).collect();
        if let Err(error) = removed {
            tracing::warn!(%error, file = name, "a file that nothing shows any more could not be removed; give the media folder to this user");
        }
    }
}

/// Up to `limit` files of the folder that were last written before a time, by name and behind a name; what an interrupted [`store`] left
/// behind among them. Whatever else somebody put there is none of them.
///
/// # Errors
/// `Unavailable` where it cannot be read.
pub fn old_files(dir: &Path, before: SystemTime, after: &str, limit: usize) -> Result<Vec<String>> {
    let is_ours = |name: &str| is_safe_name(name.strip_prefix('.').unwrap_or(name));
    // A size goes with its whole picture.
    let is_size = |name: &str| whole_name(name) != name && dir.join(whole_name(name)).exists();
    let mut names = Vec::new();
    for entry in entries(dir)? {
        let (name, metadata) = (entry.file_name().to_string_lossy().into_owned(), entry.metadata());
        // One that was removed meanwhile is no concern any more.
        let is_old = metadata.and_then(|metadata| metadata.modified()).is_ok_and(|written| written < before);
        if is_old && is_ours(&name) && !is_size(&name) && name.as_str() > after {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.truncate(limit);
    Ok(names)
}

fn entries(dir: &Path) -> Result<Vec<fs::DirEntry>> {
    let read = fs::read_dir(dir).and_then(Iterator::collect);
    read.map_err(|error: io::Error| {
        Error::Unavailable(format!("{} cannot be read ({error}); give it to this user", dir.display()))
    })
}

/// How much lies in the folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Files {
    /// How many files.
    pub files: i64,
    /// What they take together.
    pub bytes: i64,
}

/// Counts and weighs the files of the folder.
///
/// # Errors
/// `Unavailable` where it cannot be read.
pub fn kept(dir: &Path) -> Result<Files> {
    let sizes = entries(dir)?.into_iter().filter_map(|entry| Some(entry.metadata().ok()?.len()));
    Ok(sizes.fold(Files::default(), |kept, size| Files {
        files: kept.files + 1,
        bytes: kept.bytes.saturating_add(i64::try_from(size).unwrap_or(i64::MAX)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_safe() {
        assert!(is_safe_name(&file_name("0192f3a4b5c6", "jpg")));
        for name in [
            "", ".", "a", ".png", "a.", "../a.png", "a/b.png", "A.png", "a.PNG", "a.b.png", "a.png\0", "ı.png",
            "a.p1g", ".a.png", "a b.png",
        ] {
            assert!(!is_safe_name(name), "{name:?}");
        }
        assert!(!is_safe_name(&format!("{}.png", "a".repeat(200))));
    }

    #[test]
    fn a_size_has_the_name_of_its_picture() {
        assert_eq!(size_name("ab12.jpg", 480), "ab12w480.jpg");
        assert!(is_safe_name(&size_name("ab12.jpg", 480)));
        assert_eq!(whole_name("ab12w480.jpg"), "ab12.jpg");
        for whole in ["ab12.webp", "w.jpg", "w480", "shown.png", "aw481.png", "w480.w480"] {
            assert_eq!(whole_name(whole), whole);
        }
    }

    #[test]
    fn a_file_is_written_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let media = dir.path().join("media");
        store(&media, "a1.png", b"one").expect("to be written");
        store(&media, "a1.png", b"two").expect("to be written again");
        assert_eq!(fs::read(media.join("a1.png")).expect("the file"), b"two");
        assert_eq!(fs::read_dir(&media).expect("the folder").count(), 1);
        assert!(store(&media, "../a.png", b"x").is_err());
    }

    #[test]
    fn those_who_write_the_same_file_at_once_do_not_disturb_each_other() {
        let dir = tempfile::tempdir().expect("a folder");
        let bytes = vec![7; 100_000];
        std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8).map(|_| scope.spawn(|| store(dir.path(), "a1.img", &bytes))).collect();
            for writer in writers {
                writer.join().expect("no panic").expect("written");
            }
        });
        assert_eq!(fs::read(dir.path().join("a1.img")).expect("the file"), bytes);
        assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let dir = tempfile::tempdir().expect("a folder");
        let blocked = dir.path().join("media");
        fs::write(&blocked, b"not a folder").expect("a file");
        let said = store(&blocked, "a.png", b"x").expect_err("to be refused").to_string();
        assert!(said.contains("media") && !said.contains('\n'), "{said}");
    }
}
