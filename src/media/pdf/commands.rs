//! The commands with which a page is drawn (7.8.2), without what programs write among them: comments (7.2.4), and what they note of the
//! things drawn (14.6).

use super::tokens::{has, is_delimiter, is_space, length, plain, space_length, text_length};
use super::{damaged, has_unclean_pictures};
use crate::error::Result;

/// What may be noted of a thing drawn: where it stands in the structure for screen readers, and in which language.
const NOTES: [&[u8]; 2] = [b"/MCID", b"/Lang"];
/// Pictures of these kinds carry notes of their own.
const UNCLEAN: [&[u8]; 3] = [b"DCT", b"JPX", b"JBIG2"];

/// The commands with spaces in the place of comments and notes; nothing where there are none.
///
/// # Errors
/// `Invalid` for a picture among the commands that cannot be cleaned, and for commands that end within something.
pub(super) fn without_notes(commands: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut kept = commands.to_vec();
    // Where the small picture began of which we read the properties.
    let mut picture = None;
    let mut at = 0;
    while let Some(&byte) = commands.get(at) {
        let rest = &commands[at..];
        at += match byte {
            b'%' => {
                let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
                kept[at..at + length].fill(b' ');
                length
            }
            b'(' => text_length(rest).unwrap_or(rest.len()),
            b'<' if picture.is_none() && rest.starts_with(b"<<") => {
                let length = length(rest).ok_or_else(damaged)?;
                blank_notes(&mut kept[at..at + length]);
                length
            }
            b'B' if is_word(commands, at, b"BI") => {
                picture = Some(at);
                2
            }
            b'I' if is_word(commands, at, b"ID") => {
                let begin = picture.take().ok_or_else(damaged)?;
                check_picture(&commands[begin..at])?;
                picture_length(commands, at)
            }
            _ => 1,
        };
    }
    // Its properties would go on in another stream.
    if picture.is_some() {
        return Err(damaged());
    }
    Ok((kept != commands).then_some(kept))
}

/// Puts spaces in the place of what a dictionary says beside what is needed.
fn blank_notes(dictionary: &mut [u8]) {
    let end = dictionary.len() - 2;
    let next = |dictionary: &[u8], from: usize| {
        let begin = from + space_length(&dictionary[from..end]);
        begin..begin + length(&dictionary[begin..end]).unwrap_or(end - begin)
    };
    let mut at = 2;
    while at < end {
        let key = next(dictionary, at);
        let value = next(dictionary, key.end);
        at = value.end;
        if !NOTES.contains(&&dictionary[key.clone()]) {
            dictionary[key.start..value.end].fill(b' ');
        }
    }
}

/// Refuses a small picture among the commands, by its properties, that we would have to clean.
fn check_picture(properties: &[u8]) -> Result<()> {
    let properties = plain(properties);
    let is_unclean = UNCLEAN.iter().any(|kind| has(&properties, kind));
    if is_unclean { Err(has_unclean_pictures()) } else { Ok(()) }
}

/// A small picture among the commands, whose data reach from `ID` to `EI`.
fn picture_length(bytes: &[u8], start: usize) -> usize {
    let end = (start + 2..bytes.len())
        .find(|at| bytes.get(at - 1).copied().is_some_and(is_space) && is_word(bytes, *at, b"EI"));
    end.unwrap_or(bytes.len()) - start
}

/// Whether a command stands at a place, by itself.
fn is_word(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
    let after = bytes.get(at + word.len()).copied();
    bytes[at..].starts_with(word)
        && before.is_none_or(|byte| is_space(byte) || is_delimiter(byte) && byte != b'/')
        && after.is_none_or(|byte| is_space(byte) || is_delimiter(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_spaces_and_nothing_else_changes() {
        for (given, kept) in [
            ("q 1 0 0 rg % by Ayse\nQ", "q 1 0 0 rg          \nQ"),
            ("% by Ayse", "         "),
            ("(50 % (of) \\) all) Tj %x\rET", "(50 % (of) \\) all) Tj   \rET"),
            ("BI /W 1 ID \x01%(\x02 EI %x\nQ", "BI /W 1 ID \x01%(\x02 EI   \nQ"),
            ("BI/D[0 1]ID \x01% EI %x\nQ", "BI/D[0 1]ID \x01% EI   \nQ"),
        ] {
            let found = without_notes(given.as_bytes()).expect("read");
            assert_eq!(found.as_deref(), Some(kept.as_bytes()), "{given}");
        }
        for plain in ["", "q (100 %) Tj Q", "(50 %", "(\\", "BI ID %", "/IDs 1 /ID", "<41> Tj", "BI/DP<</K -1>> ID EI"]
        {
            assert_eq!(without_notes(plain.as_bytes()).expect("read"), None, "{plain}");
        }
    }

    #[test]
    fn what_is_noted_of_a_thing_goes_but_its_number_and_language() {
        for (given, kept) in [
            ("/X <</Author (Ay\\)se)>> BDC", "/X <<                >> BDC"),
            ("/P<</MCID 3/K<</A[(b)]>>/Lang(tr)>>DP", "/P<</MCID 3             /Lang(tr)>>DP"),
            ("/P <</A 1 /B>> BDC /P <</MCID 1>> BDC", "/P <<       >> BDC /P <</MCID 1>> BDC"),
        ] {
            let found = without_notes(given.as_bytes()).expect("read");
            assert_eq!(found.map(String::from_utf8), Some(Ok(kept.to_owned())), "{given}");
        }
    }

    #[test]
    fn pictures_among_the_commands_that_carry_notes_and_halves_are_refused() {
        for filter in ["/F/DCT", "/F /DCTDecode", "/Filter [/A85 /DCT]", "/F/#44CT", "/F[/JPXDecode]"] {
            let said = without_notes(format!("q BI /W 8 /H 8 {filter} ID x EI Q").as_bytes()).expect_err(filter);
            assert!(said.to_string().contains("print it to a new PDF"), "{said}");
        }
        for half in ["q BI /W 8 /F /DCT", "ID x EI", "/P <</A (x)"] {
            assert!(without_notes(half.as_bytes()).is_err(), "{half}");
        }
    }
}
