use super::*;
use crate::markup::{plain_text, remote_html};

fn resolve(link: &Link<'_>) -> Option<String> {
    match link {
        Link::Hashtag(name) => Some(format!("/tags/{name}")),
        Link::Mention { user, host } => {
            (*host == "known.example").then(|| format!("https://known.example/users/{user}"))
        }
    }
}

fn html(markdown: &str) -> String {
    render(markdown, &resolve).html
}

#[test]
fn markdown_becomes_the_html_that_mastodon_shows() {
    assert_eq!(
        html("# Страйк\n\nМи **разом** і *надовго*, ~~ні~~.\n\n> слово\n\n1. a\n2. b\n\n---\n\n```rust\na < b\n```"),
        "<h2>Страйк</h2>\n<p>Ми <strong>разом</strong> і <em>надовго</em>, <del>ні</del>.</p>\n<blockquote>\n<p>слово</p>\n</blockquote>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<hr>\n<pre><code>a &lt; b\n</code></pre>"
    );
    assert_eq!(html("#### eins\n\n###### tief\n\n#### zwei"), "<h2>eins</h2>\n<h3>tief</h3>\n<h2>zwei</h2>");
    assert_eq!(
        html("[sitio](https://u.example/a \"t\")"),
        format!("<p><a href=\"https://u.example/a\" rel=\"{LINK_REL}\">sitio</a></p>")
    );
    assert_eq!(html("eine Zeile  \nnoch eine"), "<p>eine Zeile<br>\nnoch eine</p>");
}

#[test]
fn a_table_becomes_a_list_of_its_rows() {
    let table = "| Ciudad | Huelguistas |\n|---|---|\n| Quito | **40** |\n| Lima | #uno |";
    assert_eq!(
        html(table),
        "<ul><li><strong><bdi>Ciudad</bdi> · <bdi>Huelguistas</bdi></strong></li><li><bdi>Quito</bdi> · <bdi><strong>40</strong></bdi></li><li><bdi>Lima</bdi> · <bdi><a href=\"/tags/uno\" class=\"mention hashtag\" rel=\"tag\">#<span>uno</span></a></bdi></li></ul>"
    );
}

#[test]
fn of_a_picture_its_description_stays() {
    assert_eq!(html("![노동자들의 행진](https://u.example/a.jpg)"), "<p>노동자들의 행진</p>");
}

#[test]
fn handles_and_hashtags_become_what_mastodon_writes() {
    let rendered = render(
        "Selam @press@Known.example ve @ev@other.example: #Grev #GREV #می\u{200C}خواهیم @PRESS@known.example!",
        &resolve,
    );
    assert_eq!(rendered.hashtags, ["Grev", "می\u{200C}خواهیم"]);
    assert_eq!(rendered.mentions, ["press@known.example", "ev@other.example"]);
    assert!(rendered.html.starts_with("<p>Selam <span class=\"h-card\" translate=\"no\"><a href=\"https://known.example/users/press\" class=\"u-url mention\">@<span>press</span></a></span> ve <span"), "{}", rendered.html);
    assert!(rendered.html.contains("href=\"https://other.example/@ev\""));
    assert!(
        rendered.html.contains("<a href=\"/tags/GREV\" class=\"mention hashtag\" rel=\"tag\">#<span>GREV</span></a>")
    );
    assert_eq!(
        own_html(&rendered.html).replace("href=\"/tags", ""),
        own_html(&own_html(&rendered.html)).replace("href=\"/tags", "")
    );
}

#[test]
fn nothing_becomes_a_link_inside_code_or_links() {
    for markdown in [
        "`#a @b@c.example https://d.example/`",
        "```\n#a @b@c.example https://d.example/e_f_g\n```",
        "<code>#a @b@c.example</code> <pre>#a https://d.example/</pre>",
    ] {
        let rendered = render(markdown, &resolve);
        assert!(!rendered.html.contains("<a"), "{}", rendered.html);
        assert!(rendered.hashtags.is_empty() && rendered.mentions.is_empty());
    }
    for markdown in [
        "[#a @b@c.example https://d.example/](https://e.example/)",
        "<a href=\"https://e.example/\">#a @b@c.example</a>",
    ] {
        let rendered = render(markdown, &resolve);
        assert_eq!(rendered.html.matches("<a").count(), 1, "{}", rendered.html);
        assert!(rendered.hashtags.is_empty() && rendered.mentions.is_empty());
    }
}

#[test]
fn a_bare_address_stays_whole_whatever_markdown_sees_in_it() {
    for (markdown, url) in [
        ("bak: https://u.example/_grev_/a*b*c", "https://u.example/_grev_/a*b*c"),
        ("**https://u.example/a_b_**", "https://u.example/a_b"),
        ("https://u.example/?a=1&copy=2&b=\"", "https://u.example/?a=1&amp;copy=2&amp;b="),
        ("<https://u.example/a_b_c>", "https://u.example/a_b_c"),
        ("[x]\n\n[x]: https://u.example/_a_", "https://u.example/_a_"),
        ("<p>https://u.example/x_y_z</p>", "https://u.example/x_y_z"),
    ] {
        let html = html(markdown);
        assert!(html.contains(&format!("<a href=\"{url}\" rel=\"{LINK_REL}\">")), "{html}");
    }
    assert!(html("yaz: sendika@u.example").contains("<a href=\"mailto:sendika@u.example\""));
}

#[test]
fn raw_tags_go_through_the_sanitiser() {
    assert_eq!(html("a <b onclick=x>b</b> <script>alert(1)</script>c"), "<p>a <b>b</b> c</p>");
    assert_eq!(html("<div dir=\"rtl\"><p lang=fa>اعتصاب</p></div>"), "<p lang=\"fa\">اعتصاب</p>");
    assert_eq!(
        html("[x](javascript:alert(1)) [y](data:text/html,z)"),
        format!("<p><a rel=\"{LINK_REL}\">x</a> <a rel=\"{LINK_REL}\">y</a></p>")
    );
    assert_eq!(html("<p title='</p><img src=x onerror=alert(1)>'>z"), "<p>z</p>");
}

#[test]
fn lines_of_japanese_join_without_a_space_and_others_with_one() {
    assert_eq!(plain_text(&html("私たちは今日も\n工場の前に立つ。")), "私たちは今日も工場の前に立つ。");
    assert_eq!(plain_text(&html("오늘도\n공장 앞에 선다.")), "오늘도 공장 앞에 선다.");
    assert_eq!(plain_text(&html("bugün\nburadayız")), "bugün buradayız");
}

#[test]
fn texts_in_many_scripts_come_out_as_they_went_in() {
    for text in [
        "İşçiler ılık bir sabahta Iğdır'da iş bıraktı; “Artık yeter!” dediler.",
        "کارگران می\u{200C}گویند: دستمزد‌ها را بپردازید! (۱۲ اردیبهشت)",
        "العمّالُ يطالبون بأجورهم، والإضراب مستمرّ.",
        "労働者は「賃金を払え」と訴え、ストライキを続けています。",
        "노동자들은 임금을 지급하라고 요구하며 파업을 이어 간다.",
        "Шахтарі не виходять з-під землі, бо їм не платять п'ятий місяць.",
        "¡La huelga sigue! ¿Hasta cuándo? Hasta que paguen los salarios de mayo & junio.",
        "श्रमिक एकता 👷🏽‍♀️🏳️‍🌈 — ¾ <3 a > b",
    ] {
        let rendered = html(text);
        assert_eq!(plain_text(&rendered), text);
        assert_eq!(plain_text(&remote_html(&rendered)), text);
    }
}

#[test]
fn strange_markdown_does_no_harm() {
    for markdown in [
        ">".repeat(50_000),
        "[".repeat(50_000),
        "- ".repeat(20_000),
        "*_~".repeat(20_000),
        "@a@b.example#c https://d.example/_e_ ".repeat(3_000),
        "|a|b|\n|-|-|\n".repeat(5_000),
        "\u{0}\u{FEFF}\u{202E}\r\n\r".repeat(5_000),
        "@".repeat(30_000),
        "#".repeat(50_000),
    ] {
        let _ = render(&markdown, &resolve);
    }
    assert_eq!(render("", &resolve), Rendered::default());
}

#[test]
fn the_text_of_a_title_has_no_marks() {
    assert_eq!(inline_text("# Stop **low** `wages` [now](https://x.example/) #Grève #"), "Stop low wages now #Grève");
}
