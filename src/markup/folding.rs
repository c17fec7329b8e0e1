//! When two hashtags are the same.

use icu_normalizer::ComposingNormalizerBorrowed;

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const COMBINING_DOT_ABOVE: char = '\u{307}';

/// The form under which a hashtag (without `#`) is kept and compared: `#Grève`, `#GRÈVE` and a decomposed `#Grève` are one.
///
/// Compatibility forms (full-width letters) and case fall together; so do the dotted and the dotless i, since nobody can know
/// whether `#ISCI` was typed on a Turkish keyboard; the Arabic and the Persian letters for y and k, which look alike and differ
/// by keyboard; and joiners, which many keyboards lack. Accents stay: in many languages they make another word.
#[must_use]
pub fn fold_hashtag(name: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(name);
    let folded: String = normal.chars().flat_map(char::to_lowercase).filter_map(fold).collect();
    ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
}

fn fold(c: char) -> Option<char> {
    match c {
        ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER | COMBINING_DOT_ABOVE => None,
        'ı' => Some('i'),
        'ي' | 'ى' => Some('ی'),
        'ك' => Some('ک'),
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_from_another_keyboard_is_the_same_hashtag() {
        for (one, other) in [
            ("Grève", "GRÈVE"),
            ("Gre\u{300}ve", "grève"),
            ("İŞÇİ", "işçi"),
            ("IŞÇI", "ışçı"),
            ("همبستگي", "همبستگی"),
            ("می\u{200C}خواهیم", "میخواهیم"),
            ("ｓｔｒｉｋｅ", "Strike"),
            ("СТРАЙК", "страйк"),
        ] {
            assert_eq!(fold_hashtag(one), fold_hashtag(other));
        }
        assert_ne!(fold_hashtag("peña"), fold_hashtag("pena"));
    }
}
