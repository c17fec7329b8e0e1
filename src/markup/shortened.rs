//! Links whose address is shown shortened, as Mastodon writes them, and no other text that pages hide: what an editor read in a text
//! that she approved is what stands on the page.

/// How Mastodon marks what is not shown, and what an ellipsis follows
/// (<https://github.com/mastodon/mastodon/blob/main/app/lib/text_formatter.rb>).
const HIDDEN: &str = "<span class=\"invisible\">";
const CUT: &str = "<span class=\"ellipsis\">";
/// What a shortened link hides at its beginning.
const SCHEMES: [&str; 4] = ["https://", "https://www.", "http://", "http://www."];

/// HTML that the sanitiser wrote, in which nothing is hidden but what a shortened link leaves out of its address.
pub(super) fn hiding_no_words(html: String) -> String {
    if !html.contains(HIDDEN) && !html.contains(CUT) {
        return html;
    }
    let mut links = html.split("<a ");
    let mut out = shown(links.next().unwrap_or_default());
    for link in links {
        out.push_str("<a ");
        match link.split_once("</a>") {
            Some((link, after)) if is_shortened(link) => out.extend([link, "</a>", &shown(after)]),
            _ => out.push_str(&shown(link)),
        }
    }
    out
}

/// Texts and values of the sanitiser hold neither `<` nor `"`, so these can only be tags.
fn shown(html: &str) -> String {
    html.replace(HIDDEN, "<span>").replace(CUT, "<span>")
}

/// Whether a link says its address: the scheme hidden, the rest shown as far as an ellipsis says that it goes on.
fn is_shortened(link: &str) -> bool {
    parts(link).is_some_and(|(address, [scheme, shown, rest])| {
        SCHEMES.contains(&scheme) && address == [scheme, shown, rest].concat()
    })
}

/// The address of a link, and the three parts of its text, if it has just these.
fn parts(link: &str) -> Option<(&str, [&str; 3])> {
    let (attributes, text) = link.split_once('>')?;
    let (_, address) = attributes.split_once("href=\"")?;
    let (address, _) = address.split_once('"')?;
    let [scheme, shown, rest, ""] = text.split("</span>").collect::<Vec<_>>()[..] else { return None };
    let rest = rest.strip_prefix(HIDDEN)?;
    let shown = shown.strip_prefix(CUT).or_else(|| shown.strip_prefix("<span>").filter(|_| rest.is_empty()))?;
    Some((address, [scheme.strip_prefix(HIDDEN)?, shown, rest]))
}

#[cfg(test)]
mod tests {
    use super::super::sanitize::{own_html, remote_html};

    const HREF: &str = "https://www.union.example/statements?a=1&amp;b=2";

    fn link(text: &str) -> String {
        format!("<a href=\"{HREF}\" rel=\"nofollow noopener noreferrer\">{text}</a>")
    }

    #[test]
    fn a_link_is_shortened_as_mastodon_shortens_it() {
        for text in [
            "<span class=\"invisible\">https://www.</span><span class=\"ellipsis\">union.example/state</span>\
             <span class=\"invisible\">ments?a=1&amp;b=2</span>",
            "<span class=\"invisible\">https://www.</span><span>union.example/statements?a=1&amp;b=2</span>\
             <span class=\"invisible\"></span>",
        ] {
            let html = format!("<p>{} {}</p>", link(text), link(text));
            assert_eq!(remote_html(&html), html);
        }
    }

    #[test]
    fn no_other_text_is_hidden() {
        for text in [
            "The union is <span class=\"invisible\">not</span> corrupt",
            "The union is <span class=\"ellipsis\">not</span> corrupt",
            "<span class='h-card invisible'>not</span><a class=invisible href=https://a.example/>x</a><p class=invisible>y</p>",
            &link("Corrupt<span class=\"invisible\">b=2</span>"),
            &link(
                "<span class=\"invisible\">https://www.union.example/</span><span>statements?a=1&amp;b=2</span>\
                   <span class=\"invisible\"></span>",
            ),
            &link(
                "<span class=\"invisible\">https://www.</span><span>union.example/statements</span>\
                   <span class=\"invisible\">?a=1&amp;b=2</span>",
            ),
            &link(
                "<span class=\"invisible\">https://www.</span><span class=\"ellipsis\">union.example/</span>\
                   <span class=\"invisible\">elsewhere</span>",
            ),
            &link("<span class=\"invisible\">not</span><ul><li><a href=\"https://a.example/\">x</a></ul>"),
            "<a href=\"not\"><span class=\"invisible\">not</span></a>",
            "<a><span class=\"invisible\">https://</span><span class=\"ellipsis\">a</span><span class=\"invisible\">b</span></a>",
        ] {
            for html in [remote_html(text), own_html(text)] {
                assert!(!html.contains("invisible") && !html.contains("ellipsis"), "{html}");
                assert_eq!(remote_html(&html), html.replace(" rel=\"tag\"", ""), "cleaning twice is cleaning once");
            }
        }
    }
}
