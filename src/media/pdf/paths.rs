//! Whether a text that describes something is the name of a file instead: programs put the path of a picture there, with who has it.

/// How the names of pictures and documents end.
const ENDINGS: [&str; 16] = [
    ".jpg", ".jpeg", ".jpe", ".png", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".avif", ".svg", ".emf",
    ".wmf", ".eps", ".pdf",
];

/// Whether a text string of a PDF (7.9.2.2) is a path or the name of a file.
pub(super) fn names_file(text: &[u8]) -> bool {
    let text = decoded(text).to_lowercase();
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let has_drive = text.as_bytes().windows(3).any(|place| place[0].is_ascii_alphabetic() && place[1..] == *b":\\");
    has_drive
        || text.starts_with("file:")
        || ["file:/", "/home/", "/users/", "\\\\"].iter().any(|sign| text.contains(sign))
        || ENDINGS.iter().any(|ending| text.ends_with(ending))
}

fn decoded(text: &[u8]) -> String {
    let utf16 = |bytes: &[u8], from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match text {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        text => String::from_utf8_lossy(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
    }

    #[test]
    fn paths_and_names_of_files_are_told_from_descriptions() {
        for path in [
            "C:\\Users\\Ayse\\gate.jpg",
            "D:\\Gate",
            "file:///a",
            "See /home/ayse/gate",
            "/Users/ayse",
            "gate.PNG ",
            "Ayşe.jpeg\0",
            "\\\\server\\union\\gate",
        ] {
            assert!(names_file(path.as_bytes()) && names_file(&utf16(path)), "{path}");
        }
        for text in [
            "Forty drivers before a closed gate.",
            "Our profile: union.example",
            "Plan A:B",
            "3:1",
            "",
            "A .png of the gate",
        ] {
            assert!(!names_file(text.as_bytes()) && !names_file(&utf16(text)), "{text}");
        }
    }
}
