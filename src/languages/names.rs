//! Languages of texts: their tags, directions and own names.

use crate::markup;

/// The language of a text: for `lang`, for `dir`, and by its own name.
#[derive(Debug, Clone)]
pub struct Language {
    /// The tag; empty where nobody said, which HTML reads as "unknown".
    pub tag: String,
    /// `ltr`, `rtl`, or `auto` where the language is unknown.
    pub dir: &'static str,
    /// Its own name, or the tag where we do not know that.
    pub name: String,
}

impl Language {
    /// By its tag.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        Self { tag: tag.to_owned(), dir: markup::direction(tag), name: own_name(tag) }
    }

    /// By its tag, where there is one.
    #[must_use]
    pub fn maybe(tag: Option<&str>) -> Self {
        tag.map_or_else(|| Self { tag: String::new(), dir: "auto", name: String::new() }, Self::of)
    }
}

/// Languages by their own names (CLDR), those first that unions on the fediverse write most.
const OWN_NAMES: [(&str, &str); 56] = [
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("pt", "Português"),
    ("it", "Italiano"),
    ("tr", "Türkçe"),
    ("fa", "فارسی"),
    ("ar", "العربية"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("zh", "中文"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("uk", "Українська"),
    ("ru", "Русский"),
    ("be", "Беларуская"),
    ("ku", "Kurdî"),
    ("ku-arab", "کوردی"),
    ("kmr", "Kurmancî"),
    ("ckb", "کوردیی ناوەندی"),
    ("az", "Azərbaycan"),
    ("pl", "Polski"),
    ("nl", "Nederlands"),
    ("sv", "Svenska"),
    ("da", "Dansk"),
    ("nb", "Norsk bokmål"),
    ("nn", "Norsk nynorsk"),
    ("no", "Norsk"),
    ("fi", "Suomi"),
    ("is", "Íslenska"),
    ("cs", "Čeština"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("hr", "Hrvatski"),
    ("sr", "Српски"),
    ("bs", "Bosanski"),
    ("bg", "Български"),
    ("ro", "Română"),
    ("hu", "Magyar"),
    ("el", "Ελληνικά"),
    ("he", "עברית"),
    ("ur", "اردو"),
    ("hi", "हिन्दी"),
    ("bn", "বাংলা"),
    ("ta", "தமிழ்"),
    ("id", "Bahasa Indonesia"),
    ("ms", "Bahasa Melayu"),
    ("vi", "Tiếng Việt"),
    ("th", "ไทย"),
    ("tl", "Tagalog"),
    ("ca", "Català"),
    ("eu", "Euskara"),
    ("gl", "Galego"),
    ("sw", "Kiswahili"),
    ("eo", "Esperanto"),
];

fn own_name(tag: &str) -> String {
    let lower = tag.to_ascii_lowercase();
    let mut known = lower.as_str();
    loop {
        if let Some((_, name)) = OWN_NAMES.iter().find(|(language, _)| *language == known) {
            return (*name).to_owned();
        }
        // `pt-br` is a kind of `pt`.
        match known.rsplit_once('-') {
            Some((shorter, _)) => known = shorter,
            None => return tag.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_their_own_names_and_directions() {
        for (tag, name, dir) in [
            ("fa", "فارسی", "rtl"),
            ("pt-BR", "Português", "ltr"),
            ("zh-Hant-TW", "繁體中文", "ltr"),
            ("ku-Arab", "کوردی", "rtl"),
            ("xx", "xx", "ltr"),
        ] {
            let language = Language::of(tag);
            assert_eq!((language.name.as_str(), language.dir), (name, dir));
        }
        assert_eq!(Language::maybe(None).dir, "auto");
    }
}
