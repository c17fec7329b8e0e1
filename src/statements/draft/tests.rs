use super::*;
use crate::clock::UTC;

const TOML: &str = r##"+++
title = "Grev sürüyor"
lead = "Iğdır'da işçiler direniyor"
lang = "tr"
date = 2026-05-01
byline = { person = "Ayşe Yılmaz", function = "Başkan", body = "Gebze Şubesi" }
on_behalf_of = "Tüm işçiler"
received_from = "Komite"
addressee = "Metal işçileri"
to = ["@press@union.example", "https://ally.example/actor"]
source = "https://sendika.example/grev"
license = "CC BY 4.0"
content_warning = "Ölüm"
sensitive = true
hashtags = ["#Grev", "İşçiSınıfı"]
in_reply_to = "https://ally.example/1"
translates = "https://ally.example/2"
kind = "appeal"

[[pictures]]
file = "a.jpg"
alt = "Yürüyüş"
caption = "Gebze"
credit = "Komite"
sensitive = true
+++

# İlk satır

Metin.
"##;

const YAML: &str = r##"---
title: Grev sürüyor
lead: Iğdır'da işçiler direniyor
language: tr
at: 2026-05-01
byline:
  person: Ayşe Yılmaz
  function: Başkan
  body: Gebze Şubesi
on_behalf_of: Tüm işçiler
received_from: Komite
addressee: Metal işçileri
to:
  - "@press@union.example"
  - https://ally.example/actor
source: https://sendika.example/grev
licence: CC BY 4.0
content_warning: Ölüm
sensitive: true
hashtags: ["#Grev", İşçiSınıfı]
in_reply_to: https://ally.example/1
translates: https://ally.example/2
kind: appeal
pictures:
  - file: a.jpg
    alt: Yürüyüş
    caption: Gebze
    credit: Komite
    sensitive: true
---

# İlk satır

Metin.
"##;

fn read(text: &str) -> Draft {
    Draft::from_file_text(text).expect("a draft")
}

fn refusal(text: &str) -> String {
    let said = Draft::from_file_text(text).and_then(|draft| draft.check()).expect_err("to be refused").to_string();
    assert!(!said.contains('\n'), "{said}");
    said
}

#[test]
fn toml_and_yaml_say_the_same() {
    let draft = read(TOML);
    assert_eq!(draft, read(YAML));
    draft.check().expect("to be complete");
    assert_eq!(draft.title.as_deref(), Some("Grev sürüyor"));
    assert_eq!(draft.markdown, "# İlk satır\n\nMetin.");
    assert_eq!(draft.language.as_deref(), Some("tr"));
    assert_eq!(draft.at, When::read("2026-05-01"));
    assert_eq!(draft.details.byline_function.as_deref(), Some("Başkan"));
    assert_eq!(draft.hashtags, ["Grev", "İşçiSınıfı"]);
    assert_eq!(draft.kind, Kind::Appeal);
    assert_eq!(draft.pictures.as_ref().expect("pictures")[0].credit.as_deref(), Some("Komite"));
    assert!(draft.pictures.as_ref().expect("pictures")[0].sensitive && draft.details.sensitive);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    for text in [TOML, YAML] {
        assert_eq!(read(&format!("\u{FEFF}{}", text.replace('\n', "\r\n"))), read(text));
    }
}

#[test]
fn a_first_line_with_a_hash_is_the_title_unless_another_was_given() {
    let draft = read("\n# اعتصاب **سراسری** در می\u{200C}ماه #\n\nکارگران ایستاده‌اند.\n");
    assert_eq!(draft.title.as_deref(), Some("اعتصاب سراسری در می\u{200C}ماه"));
    assert_eq!(draft.markdown, "کارگران ایستاده‌اند.");
    let draft = read("---\nlang: ja\n---\n# 春闘\n本文");
    assert_eq!((draft.title.as_deref(), draft.markdown.as_str()), (Some("春闘"), "本文"));
    let draft = Draft::from_file_text_titled("# 파업\n\n본문", Some("다른 제목")).expect("a draft");
    assert_eq!((draft.title.as_deref(), draft.markdown.as_str()), (Some("다른 제목"), "# 파업\n\n본문"));
    for text in ["#Grève générale", "## Kleiner", "Text\n# Nicht", ""] {
        assert_eq!(read(text).title, None, "{text}");
        assert_eq!(read(text).markdown, text);
    }
}

#[test]
fn simple_values_may_be_written_simply() {
    let draft = read(
        "---\ntitle: 1886\nlang: no\nbyline: Lucy Parsons\nto: '@a@b.example'\nhashtags: '#MaiTag'\ndate: 2026-05-01T09:30:00+03:00\nlead:\n---\nx",
    );
    assert_eq!(draft.title.as_deref(), Some("1886"));
    assert_eq!(draft.language.as_deref(), Some("no"));
    assert_eq!(draft.details.byline_person.as_deref(), Some("Lucy Parsons"));
    assert_eq!((draft.to.len(), draft.hashtags.len(), draft.lead), (1, 1, None));
    assert_eq!(draft.at, When::read("2026-05-01T06:30:00Z"));
    assert_eq!(
        read("+++\ntitle = \"a\\u0000 \\u0007b\"\nlead = \"c\\u0001\\nd\"\n+++\nx").title.as_deref(),
        Some("a b")
    );
    assert_eq!(read("---\n---\nx").markdown, "x");
    assert_eq!(read("+++\n+++\nx").markdown, "x");
    let native = read("+++\nat = 1979-05-27T07:32:00Z\n+++\nx");
    assert_eq!(native.at, When::read("1979-05-27T07:32:00Z"));
}

#[test]
fn what_cannot_be_understood_is_refused_in_one_line_that_helps() {
    for (text, words) in [
        ("---\nauthor: x\n---\ny", "author"),
        ("---\nauthor: x\n---\ny", "the keys are title, lead"),
        ("+++\nbyline = { name = \"x\" }\n+++\ny", "person, function, body"),
        ("---\npictures:\n  - {file: a.jpg, alt: x, titel: y}\n---\ny", "picture 1"),
        ("---\npictures:\n  - alt: x\n---\ny", "file"),
        ("---\npictures: a.jpg\n---\ny", "pictures"),
        ("---\ntitle: [a, b]\n---\ny", "title"),
        ("---\ndate: yesterday\n---\ny", "2026-05-01"),
        ("---\ndate: 2026-05-01T9\n---\ny", "2026-05-01T09:30"),
        ("---\nlang: english\n---\ny", "pt-BR"),
        ("---\nlang: en\nlanguage: de\n---\ny", "the same"),
        ("---\nsensitive: maybe\n---\ny", "true or false"),
        ("---\nkind: letter\n---\ny", "statement, appeal or message"),
        ("---\nsource: www.union.example\n---\ny", "https://"),
        ("---\nin_reply_to: 'javascript:alert(1)'\n---\ny", "in_reply_to"),
        ("---\nto: union\n---\ny", "@press@union.example"),
        ("---\nhashtags: [a b]\n---\ny", "hashtags"),
        ("---\ntitle: x\n", "never ends"),
        ("---\ntitle: x\n title: : y\n---\nz", "YAML"),
        ("---\n- x\n---\nz", "key: value"),
        ("---\ntitle: Locked out: a day\n---\nz", "line 2 is"),
        ("---\nlang: en\ntitle: Locked out: a day\n---\nz", "in quotes: title: \"Locked out: a day\""),
        ("---\ntitle: x\ntitle: y\n---\nz", "title"),
        ("+++\ntitle: x\n+++\nz", "line 2"),
        ("---\na: &a [x]\nb: *a\n---\nz", "YAML"),
        ("---\npictures:\n  - file: a.jpg\n---\ny", "describe"),
        ("", "write a text"),
        ("---\nlead: x\n---\n  \n", "write a text"),
    ] {
        let said = refusal(text);
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
}

#[test]
fn a_few_lines_cannot_grow_or_nest_without_end() {
    let laughs: Vec<String> = (1..20).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    let laughs = laughs.concat();
    refusal(&format!("---\na0: &a0 [x, x]\n{laughs}---\nx"));
    refusal(&format!("---\ntitle: {}\n---\nx", "[".repeat(30_000)));
    refusal(&format!("+++\ntitle = {}\n+++\nx", "[".repeat(30_000)));
    refusal(&format!("---\ntitle: {}\n---\nx", "a".repeat(70_000)));
}

#[test]
fn what_is_too_long_is_refused_with_its_limit() {
    let with = |change: &dyn Fn(&mut Draft)| {
        let mut draft = read("text");
        change(&mut draft);
        draft.check().expect_err("to be refused").to_string()
    };
    assert!(with(&|draft| draft.title = Some("ş".repeat(301))).contains("300"));
    assert!(with(&|draft| draft.lead = Some("ş".repeat(1001))).contains("1000"));
    assert!(with(&|draft| draft.markdown = "ş".repeat(100_001)).contains("200000"));
    let picture = |alt: String| PictureDraft { file: "a.jpg".into(), alt, ..PictureDraft::default() };
    assert!(with(&|draft| draft.pictures = Some(vec![picture("ş".repeat(1501))])).contains("1500"));
    assert!(with(&|draft| draft.pictures = Some(vec![picture("x".to_owned()); 21])).contains("20"));
    let mut draft = read("text");
    draft.title = Some("ş".repeat(300));
    draft.pictures = Some(vec![picture("ş".repeat(1500)); 20]);
    draft.check().expect("to be within its limits");
}

#[test]
fn a_date_from_before_there_were_unions_or_far_ahead_is_a_slip_of_the_keyboard() {
    let now = crate::clock::parse_time("2026-05-01").expect("a day").0;
    let checked = |date: &str| read(&format!("---\ndate: {date}\n---\ntext")).check_date(now, UTC);
    for (date, words) in
        [("0206-05-01", "before 1800"), ("1799-12-31", "before 1800"), ("2062-05-01", "10 years ahead")]
    {
        let said = checked(date).expect_err("to be refused").to_string();
        assert!(said.starts_with("date: ") && said.contains(date) && said.contains(words), "{said}");
    }
    for date in ["1800-01-01", "1886-05-01", "2026-05-01", "2036-04-30"] {
        checked(date).unwrap_or_else(|error| panic!("{error}"));
    }
    read("text").check_date(now, UTC).expect("no date at all");
}

#[test]
fn a_draft_and_its_details_survive_json_and_empty_fields_are_left_out() {
    let draft = read(TOML);
    let json = serde_json::to_string(&draft).expect("JSON");
    assert_eq!(serde_json::from_str::<Draft>(&json).expect("a draft"), draft);
    assert_eq!(serde_json::to_string(&Details::default()).expect("JSON"), "{}");
    assert_eq!(serde_json::from_str::<Details>("{}").expect("details"), Details::default());
}
