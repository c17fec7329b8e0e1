//! Which language a reader gets.

use super::{Texts, all};

/// More preferences than a browser has are not read.
const MOST_PREFERENCES: usize = 20;

/// The interface in a language, given by any tag of it (`pt-BR`, `FA_ir`), if it speaks that.
#[must_use]
pub fn find(tag: &str) -> Option<Texts> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().trim();
    all().find(|texts| texts.tag().eq_ignore_ascii_case(primary))
}

/// Of several texts that say the same, the one in a language: in this very form of it, else in any; else likewise in another language, else the
/// first.
#[must_use]
pub fn best<'a, T>(texts: &'a [T], language: impl Fn(&T) -> &str, wanted: &str, otherwise: &str) -> Option<&'a T> {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let exactly = |tag: &str| texts.iter().find(|text| language(text).eq_ignore_ascii_case(tag));
    let nearly = |tag: &str| texts.iter().find(|text| primary(language(text)) == primary(tag));
    let found = exactly(wanted).or_else(|| nearly(wanted)).or_else(|| exactly(otherwise));
    found.or_else(|| nearly(otherwise)).or_else(|| texts.first())
}

/// The language that a browser wants most (`Accept-Language`, RFC 9110, section 12.5.4), else the node's, else English.
#[must_use]
pub fn negotiate(accepted: Option<&str>, node: &str) -> Texts {
    accepted.and_then(most_wanted).or_else(|| find(node)).unwrap_or_default()
}

fn most_wanted(accepted: &str) -> Option<Texts> {
    let mut wanted: Vec<(f32, Texts)> = accepted.split(',').take(MOST_PREFERENCES).filter_map(preference).collect();
    // A stable sort: of equals the first stays first.
    wanted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    wanted.first().map(|(_, texts)| *texts)
}

fn preference(item: &str) -> Option<(f32, Texts)> {
    let mut parts = item.split(';');
    let texts = find(parts.next()?)?;
    let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
    (quality > 0.0).then_some((quality, texts))
}
