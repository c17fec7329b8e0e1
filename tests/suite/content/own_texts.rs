//! Texts in other scripts and directions, published live, delivered to a second real node and read from its timeline.

use super::plain::{normalised, words_of};
use crate::processes::database::{Database, on_both};
use crate::processes::union::Union;

struct Text {
    language: &'static str,
    direction: &'static str,
    title: &'static str,
    paragraphs: &'static [&'static str],
}

const TEXTS: [Text; 8] = [
    Text {
        language: "tr",
        direction: "ltr",
        title: "Gebze’de 1 Mayıs: İşçiler alandaydı",
        paragraphs: &[
            "Sabahın erken saatlerinde IŞIK Tekstil işçileri “Yaşasın iş, ekmek, özgürlük!” diyerek yürüyüşe geçti. Öğle olduğunda meydan \
             dolmuştu; ğ’si, ı’sı, ş’siyle bütün pankartlar okunuyordu.",
            "Sendikamızın çağrısı açıktır: ücretler %40 artırılsın, 12 saatlik vardiya kalksın — hiçbir arkadaşımız işten atılmasın.",
        ],
    },
    Text {
        language: "fa",
        direction: "rtl",
        title: "پیام همبستگی با کارگران نیشکر هفت‌تپه",
        paragraphs: &[
            "رفقای گرامی، ما خبر اعتصاب شما را شنیده‌ایم و می‌خواهیم بدانید که تنها نیستید. کارگران بندر ما نیز هفتهٔ گذشته دست از کار \
             کشیدند؛ دستمزد معوقهٔ سه‌ماهه باید بی‌درنگ پرداخت شود.",
            "خواسته‌های ما روشن است: آزادی فعالان زندانی، حق تشکل مستقل، و افزایش دستمزد به ۲۰٬۰۰۰٬۰۰۰ تومان. «چارهٔ رنجبران وحدت و تشکیلات \
             است.»",
        ],
    },
    Text {
        language: "ar",
        direction: "rtl",
        title: "بيان تضامن مع عمّال النسيج",
        paragraphs: &[
            "نقف اليوم إلى جانب العاملات والعمّال المضربين في المحلّة الكبرى، ونطالب بصرف الأجور المتأخّرة وبإعادة المفصولين إلى عملهم فورًا.",
            "قال أحد العمّال: «لن نعود إلا معًا». وتقول نقابتنا ITF-النقل إنّ باب المفاوضات ما زال مفتوحًا حتى ١٥ أيّار.",
        ],
    },
    Text {
        language: "ja",
        direction: "ltr",
        title: "港湾労働者の皆さんへ:連帯のメッセージ",
        paragraphs: &[
            "私たち鉄道労働者は、五月二十四日からのストライキを全面的に支持します。「外注化は命にかかわる」という皆さんの声は、海をこえて\
             届いています。",
            "千葉でも、カンパは一口500円から集めています。ガンバロー!",
        ],
    },
    Text {
        language: "ko",
        direction: "ltr",
        title: "금속노조 동지들께 드리는 연대의 말씀",
        paragraphs: &[
            "우리는 11월 14일 총파업을 결의한 동지들의 투쟁을 뜨겁게 지지합니다. “해고는 살인이다”라는 외침은 우리의 외침이기도 합니다.",
            "탄압에 맞서 함께 싸웁시다 — 노동자는 하나다!",
        ],
    },
    Text {
        language: "uk",
        direction: "ltr",
        title: "Звернення гірничої профспілки до колег у Європі",
        paragraphs: &[
            "Об’єднані профспілки шахти «Надія» п’ятий місяць не отримують заробітної плати. Ґрунтовна перевірка, про яку нам обіцяли ще влітку, \
             так і не відбулася.",
            "Просимо надсилати листи підтримки: їхня сила — в нашій єдності.",
        ],
    },
    Text {
        language: "es",
        direction: "ltr",
        title: "¡Ni una despedida más! Carta desde El Cerrejón",
        paragraphs: &[
            "Compañeras y compañeros: la huelga continúa. Beatriz Luján, del Frente Auténtico del Trabajo, nos acompañó en la asamblea del día 12 y \
             trajo el apoyo de México.",
            "¿Qué pedimos? Jornada de 8 horas, agua potable y el reintegro de los señalados.",
        ],
    },
    Text {
        language: "fr",
        direction: "ltr",
        title: "Grève à l’hôpital : l’appel de l’intersyndicale",
        paragraphs: &[
            "Depuis le 1er octobre, les soignantes exigent 300 € par mois « tout de suite » ; la direction n’a proposé que 23 €.",
            "Où en est-on ? L’œuvre commencée à Noël se poursuit : 87 % de grévistes, et une caisse de solidarité ouverte à toutes et à tous.",
        ],
    },
];

impl Text {
    fn markdown(&self) -> String {
        format!("# {}\n\n{}\n", self.title, self.paragraphs.join("\n\n"))
    }

    fn words(&self) -> String {
        normalised(&format!("{} {}", self.title, self.paragraphs.join(" ")))
    }
}

on_both! {
    fn texts_of_many_scripts_reach_a_second_node_as_they_were_written(on) {
        let press = Union::start(on, "press");
        let ally = Union::start(on, "ally");
        ally.follow(&press);
        let ids = TEXTS.each_ref().map(|text| press.publish(&text.markdown(), &["--lang", text.language]));
        for (id, text) in ids.iter().zip(&TEXTS) {
            let note = press.document(id).json();
            assert_eq!(words_of(note["content"].as_str().expect("a text")), text.words());
            assert_eq!(note["contentMap"][text.language], note["content"]);
            assert_eq!(note["name"], text.title);
            let entry = ally.receives(id);
            assert_eq!(words_of(entry["content"].as_str().expect("a text")), text.words());
            assert_eq!(entry["language"], text.language);
            assert_eq!(entry["title"], text.title);
        }
    }
}

#[test]
fn the_pages_of_texts_in_many_scripts_have_the_right_language_and_direction() {
    let press = Union::start(&Database::Sqlite, "press");
    for text in &TEXTS {
        let id = press.publish(&text.markdown(), &["--lang", text.language]);
        let page = press.page(&id);
        assert_eq!(page.status, 200);
        let html = page.text();
        assert!(words_of(html).contains(&normalised(text.paragraphs[0])), "{}", text.title);
        // Somewhere around the text, one element says both.
        let said = html.split('<').map(|tag| tag.split('>').next().unwrap_or_default()).any(|tag| {
            tag.contains(&format!("lang=\"{}\"", text.language)) && tag.contains(&format!("dir=\"{}\"", text.direction))
        });
        assert!(said, "no element has lang {} and dir {}: {html}", text.language, text.direction);
    }
}
