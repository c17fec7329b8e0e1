//! Media types as they stand in `Content-Type` (RFC 9110, section 8.3.1).

/// The profile that makes JSON-LD an ActivityStreams document (ActivityPub, section 3.2).
const PROFILE: &str = "https://www.w3.org/ns/activitystreams";

/// What we ask for when we want a document of the fediverse.
pub(super) const ACTIVITY_JSON: &str =
    r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

/// A media type: the name in lower case, and its parameters with their names in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MediaType {
    pub(super) name: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type; `None` where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = split_outside_quotes(text).into_iter();
        let name = parts.next()?.trim().to_ascii_lowercase();
        let (kind, subtype) = name.split_once('/')?;
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_ascii_lowercase(), unquoted(value.trim())))
        });
        Some(Self { parameters: parameters.collect(), name })
    }

    /// Whether it is one of the two names of an ActivityStreams document.
    pub(super) fn is_activity(&self) -> bool {
        let has_profile = || {
            let profiles = self.parameters.iter().filter(|(name, _)| name == "profile");
            profiles.flat_map(|(_, value)| value.split_ascii_whitespace()).any(|profile| profile == PROFILE)
        };
        self.name == "application/activity+json" || (self.name == "application/ld+json" && has_profile())
    }

    /// Whether it is what was asked for; parameters do not count, and `image/*` means every kind of image.
    pub(super) fn is(&self, wanted: &str) -> bool {
        let wanted = wanted.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match wanted.strip_suffix("/*") {
            Some(kind) => self.name.split_once('/').is_some_and(|(ours, _)| ours == kind),
            None => self.name == wanted,
        }
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// The parts between semicolons, where a semicolon in a quoted string parts nothing.
fn split_outside_quotes(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        if letter == ';' && !quoted {
            parts.push(String::new());
            continue;
        }
        match letter {
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && letter == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

fn unquoted(value: &str) -> String {
    let Some(inside) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return value.to_owned() };
    let mut letters = inside.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_activity(text: &str) -> bool {
        MediaType::parse(text).is_some_and(|media_type| media_type.is_activity())
    }

    #[test]
    fn both_names_of_an_activity_document_are_known_in_every_spelling() {
        for text in [
            "application/activity+json",
            "Application/Activity+JSON; charset=utf-8",
            "application/activity+json;charset=\"utf-8\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;charset=utf-8;PROFILE=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"https://other.example/;x https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
        ] {
            assert!(is_activity(text), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_activity_document() {
        for text in [
            "",
            "json",
            "application/json",
            "application/ld+json",
            "text/html; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams/evil\"",
            "text/plain, application/activity+json",
            "application/ld+json; x=\"profile=https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; x=\"; profile=https://www.w3.org/ns/activitystreams",
            "application/activity+json-patch",
            "\u{fc}/x",
            ";;;",
            "a/\"",
            "\\",
        ] {
            assert!(!is_activity(text), "{text}");
        }
    }

    #[test]
    fn a_wish_may_name_a_whole_family() {
        let png = MediaType::parse("image/PNG; q=1").expect("a media type");
        assert!(png.is("image/*") && png.is("image/png") && png.is("Image/Png;q=0.5"));
        assert!(!png.is("image/jpeg") && !png.is("images/*") && !png.is("text/*"));
    }
}
