//! Which characters belong to scripts that are written without spaces between a Latin address and the words after it.

/// Han, kana, Hangul, and the punctuation and full-width forms that go with them. In these scripts a particle or a full stop
/// follows an address without a space, so that an address ends where they begin.
pub(super) fn is_cjk(c: char) -> bool {
    is_written_without_spaces(c)
        || matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}')
}

/// The same without Hangul, which has spaces between its words: a line break in such a text stands for no space.
pub(super) fn is_written_without_spaces(c: char) -> bool {
    matches!(
        c,
        '\u{2E80}'..='\u{2FDF}'
            | '\u{3000}'..='\u{312F}'
            | '\u{31A0}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE4F}'
            | '\u{FF00}'..='\u{FF9F}'
            | '\u{FFE0}'..='\u{FFEF}'
            | '\u{20000}'..='\u{323AF}'
    )
}
