use super::*;

fn show(text: &str) -> String {
    let show = |span: Span| match span {
        Span::Text(text) => text.to_owned(),
        Span::Url(url) => format!("[url {url}]"),
        Span::Email(email) => format!("[mail {email}]"),
        Span::Mention { user, host } => format!("[@ {user} {host}]"),
        Span::Hashtag { name, .. } => format!("[# {name}]"),
    };
    spans(text).into_iter().map(show).collect()
}

#[test]
fn hashtags_of_any_script_are_found_whole() {
    for name in [
        "Grève",
        "İşçiSınıfı",
        "همبستگی",
        "می\u{200C}خواهیم",
        "إضراب",
        "総・罷業",
        "파업",
        "Страйк",
        "huelga_general",
        "श्रमिक",
        "แรงงาน",
        "8mars",
        "gre\u{300}ve",
    ] {
        assert_eq!(show(&format!("a #{name}, b")), format!("a [# {name}], b"));
        assert_eq!(show(&format!("#{name}")), format!("[# {name}]"));
    }
    assert_eq!(show("＃連帯。(#団結)「#ストライキ」"), "[# 連帯]。([# 団結])「[# ストライキ]」");
    assert_eq!(show("#همبستگی\u{200C} و #اعتصاب؟"), "[# همبستگی]\u{200C} و [# اعتصاب]؟");
}

#[test]
fn what_only_looks_like_a_hashtag_is_text() {
    for text in ["#1", "No. #2024", "a#b", "x/#y", "##x y", "# x", "#", "#·", "&#x;", "労働者#団結"] {
        assert_eq!(show(text), text);
    }
}

#[test]
fn handles_end_where_the_sentence_goes_on() {
    for (text, shown) in [
        ("@press@Union.Example.", "[@ press union.example]."),
        ("(@a.b-c@x.example)", "([@ a.b-c x.example])"),
        ("از @kargar@sendika.example، و", "از [@ kargar sendika.example]، و"),
        ("連帯は@roso@union.exampleさんへ。", "連帯は[@ roso union.example]さんへ。"),
        ("@nojo@union.example에서", "[@ nojo union.example]에서"),
        ("@ev@örnek.example", "[@ ev xn--rnek-4qa.example]"),
        ("@u@localhost:8080: x", "[@ u localhost:8080]: x"),
        ("@u@127.0.0.1:4000/x", "[@ u 127.0.0.1:4000]/x"),
        ("@u@労働.example、", "[@ u xn--m1q29b.example]、"),
    ] {
        assert_eq!(show(text), shown);
    }
}

#[test]
fn what_only_looks_like_a_handle_is_text() {
    for text in ["@press", "a@b@c.example@d", "x/@a@b.example", "@@", "@a@b", "@a@", "@a@.example", "@é@x.example"] {
        assert!(!show(text).contains("[@ "), "{}", show(text));
    }
}

#[test]
fn addresses_end_where_the_sentence_goes_on() {
    for (text, shown) in [
        ("see https://u.example/a_b_(c)?d=1&e=#f.", "see [url https://u.example/a_b_(c)?d=1&e=#f]."),
        ("詳細はhttps://u.example/ストをご覧ください。", "詳細は[url https://u.example/]ストをご覧ください。"),
        ("https://u.exampleをご覧", "[url https://u.example]をご覧"),
        ("https://労働.example/スト", "[url https://労働.example/]スト"),
        ("소식은 https://u.example/a에서", "소식은 [url https://u.example/a]에서"),
        ("«https://u.example/اعتصاب»، و", "«[url https://u.example/اعتصاب]»، و"),
        ("“http://u.example/x”, y", "“[url http://u.example/x]”, y"),
        ("blackmailing.http://www.u.example/index", "blackmailing.[url http://www.u.example/index]"),
        ("HTTPS://U.EXAMPLE/İşçi\u{A0}x", "[url HTTPS://U.EXAMPLE/İşçi]\u{A0}x"),
        ("https://u.example/@press@x.example#y", "[url https://u.example/@press@x.example#y]"),
    ] {
        assert_eq!(show(text), shown);
    }
    for text in ["javascript:alert(1)", "ftp://u.example/x", "https://", "xhttps://u.example/", "http:/x", "https://。"]
    {
        assert_eq!(show(text), text);
    }
}

#[test]
fn mail_addresses_are_found_without_the_words_around_them() {
    assert_eq!(show("連絡先info@union.exampleまで"), "連絡先[mail info@union.example]まで");
    assert_eq!(show("Yazın: iletisim@sendika.example."), "Yazın: [mail iletisim@sendika.example].");
}
