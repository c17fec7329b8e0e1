//! The commands with which a page is drawn (7.8.2), without the comments that programs write among them (7.2.4).

/// The commands with spaces in the place of their comments; nothing where there are none.
pub(super) fn without_comments(commands: &[u8]) -> Option<Vec<u8>> {
    let mut kept = commands.to_vec();
    let (mut at, mut found) = (0, false);
    while let Some(&byte) = commands.get(at) {
        let rest = &commands[at..];
        let length = match byte {
            b'%' => {
                let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
                kept[at..at + length].fill(b' ');
                found = true;
                length
            }
            b'(' => text_length(rest),
            b'I' if is_word(commands, at, b"ID") => picture_length(commands, at),
            _ => 1,
        };
        at += length;
    }
    found.then_some(kept)
}

/// A text in brackets, which may hold brackets, and any sign behind a backslash.
fn text_length(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// A small picture among the commands, whose data reach from `ID` to `EI`.
fn picture_length(bytes: &[u8], start: usize) -> usize {
    let end = (start + 2..bytes.len()).find(|at| is_word(bytes, *at, b"EI"));
    end.unwrap_or(bytes.len()) - start
}

/// Whether a word stands at a place, by itself.
fn is_word(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let after = bytes.get(at + word.len());
    bytes[at..].starts_with(word) && before.is_none_or(is_space) && after.is_none_or(is_space)
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
        ] {
            assert_eq!(without_comments(given.as_bytes()).as_deref(), Some(kept.as_bytes()), "{given}");
        }
        for plain in ["", "q (100 %) Tj Q", "(50 %", "(\\", "BI ID %", "/IDs 1 ID"] {
            assert_eq!(without_comments(plain.as_bytes()), None, "{plain}");
        }
    }
}
