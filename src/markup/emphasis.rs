//! Emphasis in scripts that are written without spaces.
//!
//! `CommonMark` sees by the spaces and punctuation around `**` whether it opens or closes (section 6.2), and so leaves `**「休息」**を` and
//! `**"휴식"**을` as they are: between a bracket and a letter, nothing can close. Authors of these languages expect what the proposal
//! <https://github.com/tats-u/markdown-cjk-friendly> says: beside such a letter, punctuation counts for nothing.

use std::borrow::Cow;
use std::ops::Range;

use super::cjk::is_cjk;

/// Put between `**` and punctuation, it hides the punctuation (U+2060, which shows nothing); taken out again from what was read.
pub(super) const JOINT: char = '\u{2060}';

/// The text with a joint wherever emphasis would not begin or end; `left_alone` finds what is no text, such as code.
pub(super) fn with_joints(markdown: &str, left_alone: impl Fn(&str) -> Vec<Range<usize>>) -> Cow<'_, str> {
    let joints = joints(markdown);
    if joints.is_empty() {
        return Cow::Borrowed(markdown);
    }
    let left_alone = left_alone(markdown);
    let mut joined = String::with_capacity(markdown.len() + joints.len() * JOINT.len_utf8());
    let mut from = 0;
    for at in joints {
        // Ranges are sorted and apart.
        let next = left_alone.partition_point(|range| range.end <= at);
        if left_alone.get(next).is_some_and(|range| range.start < at) {
            continue;
        }
        joined.push_str(&markdown[from..at]);
        joined.push(JOINT);
        from = at;
    }
    joined.push_str(&markdown[from..]);
    Cow::Owned(joined)
}

/// Places between a run of `*` and punctuation, where a letter stands on the other side of the run.
fn joints(markdown: &str) -> Vec<usize> {
    let mut joints = Vec::new();
    let mut at = 0;
    while let Some(start) = markdown[at..].find('*').map(|found| at + found) {
        let end = markdown.len() - markdown[start..].trim_start_matches('*').len();
        at = end;
        let (Some(before), Some(after)) = (markdown[..start].chars().next_back(), markdown[end..].chars().next())
        else {
            continue;
        };
        if is_letter(before) && is_punctuation(after) {
            joints.push(end);
        } else if is_punctuation(before) && before != '\\' && is_letter(after) {
            joints.push(start);
        }
    }
    joints
}

fn is_letter(c: char) -> bool {
    is_cjk(c) && c.is_alphanumeric()
}

fn is_punctuation(c: char) -> bool {
    !(c.is_alphanumeric() || c.is_whitespace() || c.is_control() || c == '*' || c == JOINT)
}

#[cfg(test)]
mod tests {
    use crate::markup::{inline_text, render};

    fn html(markdown: &str) -> String {
        render(markdown, &|_| None).html
    }

    #[test]
    fn emphasis_ends_between_a_bracket_and_a_letter_of_a_script_without_spaces() {
        for (markdown, shown) in [
            ("会社は**「八時間の休息」**を求める", "<p>会社は<strong>「八時間の休息」</strong>を求める</p>"),
            ("**休息。**求める", "<p><strong>休息。</strong>求める</p>"),
            ("**\"휴식\"**을 요구한다", "<p><strong>\"휴식\"</strong>을 요구한다</p>"),
            ("이는 **연대(連帶)**이다", "<p>이는 <strong>연대(連帶)</strong>이다</p>"),
            ("我们要求*（立即）*复工", "<p>我们要求<em>（立即）</em>复工</p>"),
            ("***「休息」***を", "<p><em><strong>「休息」</strong></em>を</p>"),
        ] {
            assert_eq!(html(markdown), shown, "{markdown}");
        }
        assert_eq!(inline_text("**「休息」**を求める"), "「休息」を求める");
    }

    #[test]
    fn what_is_no_emphasis_stays_as_it_is() {
        for (markdown, shown) in [
            ("`は**「x」**を`", "<p><code>は**「x」**を</code></p>"),
            ("は\\*「x」\\*を", "<p>は*「x」*を</p>"),
            ("は**「x」", "<p>は**「x」</p>"),
            ("3 * (4 * 5)", "<p>3 * (4 * 5)</p>"),
            ("a*\"b\"*c", "<p>a*\"b\"*c</p>"),
            ("    は**「x」**を", "<pre><code>は**「x」**を</code></pre>"),
        ] {
            assert_eq!(html(markdown), shown, "{markdown}");
        }
        assert!(!html("は**「x」**を").contains(super::JOINT), "nothing of it stays");
    }
}
