//! A picture of ours in the widths in which it lies there.

use crate::media;

/// For `srcset`, given its file, its smaller widths as they are kept, its own width, and where a file is; empty where it has one width only.
pub(super) fn srcset(file: &str, sizes: &str, width: i32, address: impl Fn(&str) -> String) -> String {
    let smaller = widths(sizes).map(|width| format!("{} {width}w", address(&media::size_name(file, width))));
    let mut all: Vec<String> = smaller.collect();
    if !all.is_empty() {
        all.push(format!("{} {width}w", address(file)));
    }
    all.join(", ")
}

/// The file of its smallest width: for where it is shown small.
pub(super) fn smallest(file: &str, sizes: &str) -> String {
    widths(sizes).min().map_or_else(|| file.to_owned(), |width| media::size_name(file, width))
}

fn widths(sizes: &str) -> impl Iterator<Item = u32> {
    sizes.split(' ').filter_map(|width| width.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_offered_in_each_of_its_widths() {
        let address = |file: &str| format!("/media/{file}");
        assert_eq!(
            srcset("a.jpg", "480 960", 1600, address),
            "/media/aw480.jpg 480w, /media/aw960.jpg 960w, /media/a.jpg 1600w"
        );
        assert_eq!(srcset("a.jpg", "", 400, address), "");
        assert_eq!((smallest("a.jpg", "960 480"), smallest("a.jpg", "")), ("aw480.jpg".to_owned(), "a.jpg".to_owned()));
    }
}
