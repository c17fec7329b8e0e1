//! When two words are the same to somebody who searches, whatever keyboard either was typed on.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::markup::is_mark;

const COMBINING_BREVE: char = '\u{306}';
const COMBINING_DIAERESIS: char = '\u{308}';
const KASHIDA: char = '\u{640}';

/// The digits zero whose nine neighbours are the other digits: Arabic, Persian, Devanagari, Bengali, Thai. Full-width digits fall to the
/// usual ones by themselves.
const ZEROS: [char; 5] = ['\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{E50}'];

/// A word as it is compared: without case, compatibility forms, accents where readers leave them out, Arabic vowel signs and kashidas;
/// letters that differ by keyboard only are one; digits are 0 to 9. What is neither letter, digit nor mark is left out.
#[must_use]
pub fn fold(word: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(word);
    let folded = CaseMapper::new().fold_string(&decomposed);
    let (mut kept, mut base) = (String::with_capacity(folded.len()), ' ');
    for c in folded.chars() {
        if is_mark(c) {
            if is_needed(c, base) {
                kept.push(c);
            }
        } else if c.is_alphanumeric() && c != KASHIDA {
            base = c;
            write(c, &mut kept);
        }
    }
    // Hangul and kana were taken apart too.
    ComposingNormalizerBorrowed::new_nfc().normalize(&kept).into_owned()
}

/// Whether a mark makes another letter. In Latin and Greek it is an accent, which many leave out; й and ї are letters of their own, ё is
/// often written е; Arabic and Hebrew vowel signs are rarely written. In other scripts marks are vowels.
fn is_needed(mark: char, base: char) -> bool {
    match mark {
        COMBINING_BREVE | COMBINING_DIAERESIS => is_cyrillic(base) && base != 'е',
        '\u{300}'..='\u{36F}'
        | '\u{591}'..='\u{5C7}'
        | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6ED}' => false,
        _ => true,
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

/// Letters that differ by keyboard or custom only: the dotless i; y, k and h in Arabic, Persian, Kurdish and Urdu; letters that are no
/// base with an accent to Unicode, but are to readers.
fn write(c: char, to: &mut String) {
    let one = match c {
        'ı' => 'i',
        'ø' => 'o',
        'ł' => 'l',
        'đ' => 'd',
        'æ' => return to.push_str("ae"),
        'œ' => return to.push_str("oe"),
        'ى' | 'ی' | 'ې' => 'ي',
        'ک' | 'ڪ' => 'ك',
        'ة' | 'ە' | 'ہ' | 'ھ' | 'ۃ' => 'ه',
        'ٱ' => 'ا',
        c => digit(c).unwrap_or(c),
    };
    to.push(one);
}

fn digit(c: char) -> Option<char> {
    let value =
        ZEROS.into_iter().find_map(|zero| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_that_readers_take_for_one_are_one() {
        for (one, other) in [
            ("GRÈVE", "greve"),
            ("Gre\u{300}ve", "grève"),
            ("Straße", "STRASSE"),
            ("huelga", "HUELGA"),
            ("señal", "senal"),
            ("İŞÇİ", "işçi"),
            ("ISCI", "ışçı"),
            ("IRMAK", "ırmak"),
            ("irmak", "IRMAK"),
            ("Łódź", "lodz"),
            ("ΑΠΕΡΓΊΑ", "απεργια"),
            ("Ёлка", "елка"),
            ("за\u{301}мок", "замок"),
            ("كارگران", "کارگران"),
            ("يکی", "یکي"),
            ("إضراب", "اضراب"),
            ("أُجُور", "اجور"),
            ("آزادی", "ازادی"),
            ("نقابة", "نقابه"),
            ("مسؤول", "مسوول"),
            ("تضـــامن", "تضامن"),
            ("۱۴۰۳", "1403"),
            ("٢٠٢٦", "2026"),
            ("ｓｔｒｉｋｅ２０２６", "strike2026"),
            ("ｽﾄﾗｲｷ", "ストライキ"),
            ("\u{1111}\u{1161}\u{110B}\u{1165}\u{11B8}", "파업"),
            ("œuvre", "oeuvre"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn other_letters_stay_other_words() {
        for (one, other) in
            [("мой", "мои"), ("їх", "іх"), ("が", "か"), ("ปา", "ป่า"), ("कि", "की"), ("strike", "strikes")]
        {
            assert_ne!(fold(one), fold(other));
        }
    }
}
