//! JSON of others. A mebibyte of `[0,0,0,…` takes forty in memory once it is read, so its values are counted before.

use serde_json::Value;

/// More values than this has no honest document.
pub const MOST_VALUES: usize = 20_000;

/// Why a text was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It holds more values than are read.
    #[error("it holds more than {MOST_VALUES} values")]
    TooMany,
    /// It is no JSON, or nested too deeply.
    #[error("it is not JSON that we can read ({0})")]
    NotJson(String),
}

/// Reads a document of at most [`MOST_VALUES`] values, nested at most 128 deep (the bound of `serde_json`). A byte order mark in front of
/// it, which some write, is skipped (RFC 8259, section 8.1, allows that).
///
/// # Errors
/// Why not.
pub fn parse(text: &[u8]) -> Result<Value, Unreadable> {
    // In a short text there is no room for so many.
    if text.len() > MOST_VALUES && count_values(text) > MOST_VALUES {
        return Err(Unreadable::TooMany);
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice(text).map_err(|error| Unreadable::NotJson(error.to_string()))
}

/// How many values a text holds, at most: whatever follows a bracket, a comma or a colon outside of a string.
#[must_use]
pub fn count_values(text: &[u8]) -> usize {
    let (mut values, mut in_string, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' | b',' | b':' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_and_punctuation_in_texts_is_not() {
        assert_eq!(count_values(br#""a, [b], {c}: \", \\""#), 1);
        assert_eq!(count_values(br#"["a","b\\","c,"]"#), 4);
        assert_eq!(count_values(br#"{"a":1,"b":[2]}"#), 6);
    }

    #[test]
    fn what_would_fill_the_memory_is_not_read() {
        let zeros = |count: usize| format!("[{}0]", "0,".repeat(count)).into_bytes();
        assert!(parse(&zeros(1_000)).is_ok());
        assert_eq!(parse(&zeros(MOST_VALUES)), Err(Unreadable::TooMany));
        let text = format!("{:?}", ", ".repeat(2 * MOST_VALUES));
        assert!(parse(text.as_bytes()).is_ok(), "a long text is one value");
        assert!(matches!(parse(&b"[".repeat(200)), Err(Unreadable::NotJson(_))));
    }
}
