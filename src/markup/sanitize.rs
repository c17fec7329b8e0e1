//! HTML that may stand on a page: an allow-list, enforced by ammonia on what [`tidy`] left.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::shortened::hiding_no_words;
use super::tidy::{BLOCKS, CLASSES, INLINE, LINK_REL, SHORTENING, tidy};

const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

static REMOTE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = rules();
    builder.link_rel(Some(LINK_REL));
    builder
});

static OWN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = rules();
    // `tidy` writes every `rel` itself, whatever the author wrote.
    builder.link_rel(None).add_tag_attributes("a", ["rel"]);
    builder
});

/// HTML of another server, safe to show: readable text, lists, quotes and links stay; scripts, styles, pictures, forms, foreign
/// markup and every other attribute go. The alternative text of a picture stays as text. Callers bound the length.
#[must_use]
pub fn remote_html(html: &str) -> String {
    clean(&REMOTE, html)
}

/// The same for HTML that we wrote or that an editor put into Markdown: links of mentions and hashtags keep their `rel`.
#[must_use]
pub fn own_html(html: &str) -> String {
    clean(&OWN, html)
}

/// Text as HTML that shows just this text, inside an element or a quoted attribute.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Whether a character may stand in a text. Control characters may not (an Atom feed cannot even carry them, XML 1.0 section 2.2);
/// tab and line ends may.
pub(super) fn is_text(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}

fn clean(rules: &Builder<'static>, html: &str) -> String {
    let mut clean = rules.clean(&tidy(html)).to_string();
    // After, not before: an entity can stand for a control character.
    clean.retain(is_text);
    // An entity can stand for a carriage return as well, which is a line break like any other.
    let clean = without_breaks_at_start_of_pre(clean.replace("\r\n", "\n").replace('\r', "\n"));
    hiding_no_words(clean)
}

/// A browser leaves out a line break that stands right behind `<pre>`, and so does whoever cleans the text once more.
fn without_breaks_at_start_of_pre(html: String) -> String {
    if !html.contains("<pre") {
        return html;
    }
    let (mut out, mut rest) = (String::with_capacity(html.len()), html.as_str());
    while let Some(end) = rest.find("<pre").and_then(|at| Some(at + rest[at..].find('>')? + 1)) {
        out.push_str(&rest[..end]);
        rest = rest[end..].trim_start_matches('\n');
    }
    out.push_str(rest);
    out
}

fn rules() -> Builder<'static> {
    let mut builder = Builder::empty();
    let tags: HashSet<&str> = INLINE.into_iter().chain(BLOCKS).chain(["li", "br", "wbr", "hr"]).collect();
    let classes: HashSet<&str> = CLASSES.into_iter().collect();
    builder
        .tags(tags)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::from(["lang", "dir", "translate"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start", "reversed"])),
            ("li", HashSet::from(["value"])),
        ]))
        .allowed_classes(HashMap::from([
            ("a", classes.clone()),
            ("span", classes.into_iter().chain(SHORTENING).collect()),
        ]))
        .url_schemes(SCHEMES.into_iter().collect())
        .url_relative(UrlRelative::Deny)
        .strip_comments(true);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn what_mastodon_sends_stays_as_it_is() {
        let html = r#"<p>Merhaba <span class="h-card" translate="no"><a href="https://union.example/@press" class="u-url mention" rel="nofollow noopener noreferrer">@<span>press</span></a></span>, <strong>hep</strong> <em>birlikte</em><br>Grev sürüyor: <a href="https://union.example/a/b" rel="nofollow noopener noreferrer"><span class="invisible">https://</span><span class="ellipsis">union.example/a</span><span class="invisible">/b</span></a></p><ol start="3"><li value="5">bir</li></ol><blockquote><p>söz</p></blockquote><pre><code>x &lt; y</code></pre>"#;
        assert_eq!(remote_html(html), html);
    }

    #[test]
    fn language_and_direction_stay_and_unknown_attributes_go() {
        let html = r#"<p lang="fa" dir="rtl" style="color:red" id="x" data-x="y" onclick="z()">اعتصاب ادامه دارد</p>"#;
        assert_eq!(remote_html(html), r#"<p lang="fa" dir="rtl">اعتصاب ادامه دارد</p>"#);
        assert_eq!(remote_html(r#"<p lang="javascript:x" dir="up" class="admin">파업</p>"#), "<p>파업</p>");
        assert_eq!(
            remote_html(r#"<a class="mention evil" href="https://a.example/">x</a>"#),
            format!(r#"<a class="mention" href="https://a.example/" rel="{LINK_REL}">x</a>"#)
        );
    }

    #[test]
    fn nothing_that_runs_survives() {
        for hostile in [
            "<script>alert(1)</script>",
            "<ScRiPt src=//evil.example/x.js></sCrIpT>",
            "<img src=x onerror=alert(1)>",
            "<img src=x:x onerror=&#97;lert(1)//",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\" java\tscr\nipt:alert(1)\">x</a>",
            "<a href=\"&#106;avascript&colon;alert(1)\">x</a>",
            "<a href=\"&#x01;javascript:alert(1)\">x</a>",
            "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
            "<a href=\"vbscript:x\">x</a>",
            "<p style=\"background:url(javascript:alert(1))\">x</p>",
            "<style>@import 'https://evil.example/';</style>",
            "<svg onload=alert(1)><script>alert(1)</script></svg>",
            "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
            "<math href=\"javascript:alert(1)\">x</math>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<iframe src=\"https://evil.example/\"></iframe>",
            "<iframe srcdoc=\"<script>alert(1)</script>\">",
            "<form action=\"https://evil.example/\"><input name=password><button formaction=\"javascript:alert(1)\">x</button></form>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
            "<template><p title=\"</template><img src=x onerror=alert(1)>\"></template>",
            "<textarea><p title=\"</textarea><script>alert(1)</script>\"></textarea>",
            "<xmp><p title=\"</xmp><svg/onload=alert(1)>\">",
            "<select><template><style><!--</style><a rel=\"--></style></template></select><img id=x src onerror=alert(1)>\">",
            "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
            "<!--><img src=x onerror=alert(1)>--><p>y</p>",
            "<![CDATA[<script>alert(1)</script>]]>",
            "<base href=\"https://evil.example/\"><link rel=stylesheet href=x><meta http-equiv=refresh content=\"0;url=javascript:x\">",
            "<object data=x><embed src=x></object><video src=x onerror=alert(1)><audio src=x>",
            "<a href='https://a.example/\" onmouseover=\"alert(1)'>x</a>",
            "<p lang='x\" onclick=\"alert(1)'>x</p>",
            "<<script>script>alert(1)<</script>/script>",
            "<p/onclick=alert(1)/x>x</p>",
        ] {
            for html in [remote_html(hostile), own_html(hostile), remote_html(&remote_html(hostile))] {
                assert_harmless(&html, hostile);
            }
        }
    }

    /// Only tags that we know, and in them only attributes that we know with values that do nothing.
    fn assert_harmless(html: &str, hostile: &str) {
        for piece in html.split('<').skip(1) {
            let (tag, _) = piece.split_once('>').expect("a closed tag");
            let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
            assert!(
                INLINE.contains(&name) || BLOCKS.contains(&name) || ["li", "br", "wbr", "hr"].contains(&name),
                "{hostile} became {html}"
            );
            let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
            while let Some((key, after)) = rest.split_once("=\"") {
                let (value, after) = after.split_once('"').expect("a quoted value");
                assert!(
                    ["href", "class", "rel", "lang", "dir", "translate", "start", "value", "reversed"]
                        .contains(&key.trim()),
                    "{hostile} became {html}"
                );
                assert!(key.trim() != "href" || value.starts_with("http"), "{hostile} became {html}");
                rest = after;
            }
        }
    }

    #[test]
    fn words_that_unknown_tags_kept_apart_stay_apart() {
        assert_eq!(remote_html("<div>Streik</div><div>heute</div>"), "<p>Streik</p><p>heute</p>");
        assert_eq!(
            remote_html("<table><tr><th>Місто</th><th>Люди</th></tr><tr><td>Львів</td><td>40</td></tr></table>"),
            "<p>Місто · Люди</p><p>Львів · 40</p>"
        );
        assert_eq!(remote_html("<h1>파업</h1><p>내일<img src=x alt=\"현수막\"></p>"), "<h2>파업</h2><p>내일현수막</p>");
        assert_eq!(remote_html("<p>eins<div>zwei</div>drei"), "<p>eins</p><p>zwei</p><p>drei</p>");
    }

    #[test]
    fn broken_nesting_is_mended() {
        assert_eq!(remote_html("<b><p>a</b> b</p><li>c</ul>d"), "<b><p>a</p></b> b<p>cd</p>");
        assert_eq!(remote_html("<ul><li>a<li>b<p>c</ul>d"), "<ul><li>a</li><li>b<p>c</p></li></ul>d");
    }

    #[test]
    fn control_characters_go_even_as_entities() {
        assert_eq!(remote_html("a\u{0}b&#1;c\u{7f}d\u{9b}e\tf"), "abcde\tf");
    }

    fn numbered(count: usize, before: &str, after: &str) -> String {
        (0..count).flat_map(|n| [before.to_owned(), n.to_string(), after.to_owned()]).collect()
    }

    #[test]
    fn hostile_structures_take_no_more_than_their_length() {
        let many_attributes = format!("<a {}>x</a>", numbered(100_000, "a", " "));
        let formatting = numbered(20_000, "<b lang=x", ">");
        for html in [
            "<div>".repeat(100_000),
            "<blockquote>".repeat(100_000),
            "<p><b>".repeat(80_000),
            "<ul><li>".repeat(60_000),
            "<a href=https://a.example/>".repeat(20_000),
            "<table><tr><td>".repeat(30_000),
            "<svg><math>".repeat(40_000),
            "<!--".repeat(100_000),
            "</p>".repeat(100_000),
            "<".repeat(400_000),
            "&#".repeat(200_000),
            format!("<p>{formatting}{}", "<p>x".repeat(50_000)),
            format!("<div><table></div></table>{}", "<div><table></div></table>".repeat(20_000)),
            many_attributes,
        ] {
            let start = Instant::now();
            let clean = remote_html(&html);
            assert!(clean.len() < html.len() * 6 + 1000, "{} bytes of {:.40}", clean.len(), html);
            assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {:.40}", start.elapsed(), html);
        }
    }
}
