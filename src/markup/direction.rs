//! The direction in which a language is written.

/// Scripts that run from right to left (ISO 15924).
const RTL_SCRIPTS: [&str; 12] =
    ["adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "syre", "syrj", "thaa"];

/// Languages that are written from right to left unless their tag names another script (the default scripts of CLDR).
const RTL_LANGUAGES: [&str; 30] = [
    "ar", "arc", "arz", "acm", "aeb", "apc", "ary", "bal", "bgn", "ckb", "dv", "fa", "glk", "haz", "he", "iw", "ks",
    "lrc", "luz", "mzn", "nqo", "ps", "pnb", "prs", "sd", "skr", "syr", "ug", "ur", "yi",
];

/// `"rtl"` or `"ltr"` for a language tag (BCP 47), for the `dir` attribute. The script decides where the tag names one
/// (`ku-Arab`, `az-Arab`, `pa-Arab`), else the language's usual script.
#[must_use]
pub fn direction(language: &str) -> &'static str {
    let tag = language.trim().to_ascii_lowercase();
    let mut parts = tag.split(['-', '_']);
    let primary = parts.next().unwrap_or_default();
    // A script is the only part of four letters; the parts behind a single letter (extensions) are none.
    let script = parts
        .take_while(|part| part.len() > 1)
        .find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let rtl = match script {
        Some(script) => RTL_SCRIPTS.contains(&script),
        None => RTL_LANGUAGES.contains(&primary),
    };
    if rtl { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_decides_where_it_is_named_and_the_language_otherwise() {
        for language in [
            "ar",
            "fa",
            "FA-ir",
            "he",
            "ur",
            "ps",
            "ckb",
            "yi",
            "dv",
            "sd",
            "ug",
            "ku-Arab",
            "az-arab-IR",
            "pa_Arab",
            "ar-EG",
        ] {
            assert_eq!(direction(language), "rtl", "{language}");
        }
        for language in [
            "en",
            "tr",
            "ku",
            "az",
            "ja",
            "ko",
            "uk",
            "es",
            "ks-Deva",
            "sd-Deva",
            "ar-Latn",
            "en-x-arab",
            "",
            "-",
            "zh-Hant",
        ] {
            assert_eq!(direction(language), "ltr", "{language}");
        }
    }
}
