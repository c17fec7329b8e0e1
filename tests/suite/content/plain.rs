//! The words of an HTML text, read with other eyes than the project's own reader: a few lines that know tags and five entities.

/// Tags that stand between words without parting them.
const INLINE: [&str; 9] = ["a", "strong", "em", "span", "code", "del", "b", "i", "u"];

/// Text without tags; what is a line or paragraph of its own is apart from the rest by one space.
pub fn words_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, from_tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = from_tag.split_once('>').expect("a tag ends");
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if !INLINE.contains(&name.as_str()) {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}")] {
        text = text.replace(entity, character);
    }
    normalised(&text.replace("&amp;", "&"))
}

/// One space wherever there is space of the common kind. Special spaces, which somebody chose, stay.
pub fn normalised(text: &str) -> String {
    text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn words_are_read_as_a_person_reads_them() {
    assert_eq!(words_of("<p>A <em>b</em>c<br>d</p><p>e&amp;lt;\u{a0}f</p>"), "A bc d e&lt;\u{a0}f");
}
