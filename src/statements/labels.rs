//! The few words that stand inside a statement's own text where it leaves the house, in the statement's language.

/// Words beside the parts of a letter.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    /// Before the addressee.
    pub to: &'static str,
    /// Before those in whose name it speaks.
    pub on_behalf_of: &'static str,
    /// Before those from whom it came.
    pub received_from: &'static str,
    /// Before the address of the source.
    pub source: &'static str,
    /// Before the licence.
    pub licence: &'static str,
    /// Before the name of who made a picture.
    pub photo: &'static str,
    /// Between the parts of a byline.
    pub comma: &'static str,
}

/// The words of a language; English for one that is not in the table.
#[must_use]
pub fn labels(language: &str) -> Labels {
    let primary = language.split('-').next().unwrap_or_default();
    let [to, on_behalf_of, received_from, source, licence, photo] = match primary {
        "es" => ["Para", "En nombre de", "Recibido de", "Fuente", "Licencia", "Foto"],
        "fr" => ["À", "Au nom de", "Reçu de", "Source", "Licence", "Photo"],
        "de" => ["An", "Im Namen von", "Erhalten von", "Quelle", "Lizenz", "Foto"],
        "it" => ["A", "A nome di", "Ricevuto da", "Fonte", "Licenza", "Foto"],
        "pt" => ["Para", "Em nome de", "Recebido de", "Fonte", "Licença", "Foto"],
        "tr" => ["Kime", "Adına", "Gönderen", "Kaynak", "Lisans", "Fotoğraf"],
        "fa" => ["به", "از طرف", "دریافت از", "منبع", "مجوز", "عکس"],
        "ar" => ["إلى", "نيابة عن", "وردنا من", "المصدر", "الرخصة", "صورة"],
        "uk" => ["Кому", "Від імені", "Отримано від", "Джерело", "Ліцензія", "Фото"],
        "ru" => ["Кому", "От имени", "Получено от", "Источник", "Лицензия", "Фото"],
        "ja" => ["宛先", "代表", "提供", "出典", "ライセンス", "写真"],
        "ko" => ["수신", "명의", "제공", "출처", "라이선스", "사진"],
        _ => ["To", "On behalf of", "Received from", "Source", "Licence", "Photo"],
    };
    let comma = match primary {
        "ja" | "zh" => "、",
        "ar" | "fa" | "ur" => "، ",
        _ => ", ",
    };
    Labels { to, on_behalf_of, received_from, source, licence, photo, comma }
}
