//! What a PDF is written with (7.2, 7.3): how far a thing reaches that stands at the beginning of bytes.

/// How long a thing is: a name, a word, a number, a text, a list or a dictionary with all that is in it. Nothing where it is not whole, or has a
/// comment in it, or a backslash outside of a text: what is read from the middle of a text or a comment never looks whole.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut open) = (0, Vec::new());
    loop {
        let rest = bytes.get(at..)?;
        at += match rest {
            [b'<', b'<', ..] => {
                open.push(b'<');
                2
            }
            [b'>', b'>', ..] if open.pop() == Some(b'<') => 2,
            [b'[', ..] => {
                open.push(b'[');
                1
            }
            [b']', ..] if open.pop() == Some(b'[') => 1,
            [b'(', ..] => text_length(rest)?,
            [b'<', digits @ ..] => hexadecimal_length(digits)?,
            [b'/', name @ ..] => 1 + word_length(name),
            [byte, ..] if is_space(*byte) && !open.is_empty() => 1,
            [byte, ..] if is_regular(*byte) => word_length(rest),
            _ => return None,
        };
        if open.is_empty() {
            return Some(at);
        }
    }
}

/// A text in brackets, which may hold brackets, and any sign behind a backslash.
pub(super) fn text_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// A text in hexadecimal digits, behind its first bracket.
fn hexadecimal_length(digits: &[u8]) -> Option<usize> {
    let end = digits.iter().position(|byte| !byte.is_ascii_hexdigit() && !is_space(*byte))?;
    (digits[end] == b'>').then_some(end + 2)
}

fn word_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !is_regular(*byte)).unwrap_or(bytes.len())
}

/// How much space stands at the beginning.
pub(super) fn space_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len())
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

/// What parts a thing from the next one, beside space.
pub(super) fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte) && byte != b'\\'
}

/// What stands there without the other way of writing names (`#53` for `S`, 7.3.5).
pub(super) fn plain(written: &[u8]) -> Vec<u8> {
    let mut rest = written;
    let mut plain = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'#', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
            plain.extend(u8::try_from(high * 16 + low));
            rest = &after[2..];
        } else {
            plain.push(byte);
            rest = after;
        }
    }
    plain
}

pub(super) fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_reaches_to_its_end() {
        for (whole, after) in [
            ("<</A[1 2]/B(a \\) (b))/C<41 4>/D<</E/F>>>>", " stream"),
            ("(a)", "b)"),
            ("/Name", "/Other"),
            ("-1.5", " 2"),
            ("[<</A 1>>]", "]"),
        ] {
            assert_eq!(length(format!("{whole}{after}").as_bytes()), Some(whole.len()), "{whole}");
        }
        for broken in
            ["", " 1", "<<", "<</A", "<</A]>>", "(a", "(a\\", "<4", "<4g>", "<</A %x\n>>", "<</A\\(>>", ")", "<</A) >>"]
        {
            assert_eq!(length(broken.as_bytes()), None, "{broken}");
        }
    }
}
