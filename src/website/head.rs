//! What stands in the head of a page: its title and description, what other sites show of a link to it, where else it is, and the same for
//! programs (schema.org).

use serde_json::{Value, json};

use super::page::Site;
use super::paging::Place;
use super::reader::Reader;

/// Length of a description that is cut out of a text.
pub(super) const DESCRIPTION: usize = 200;

/// The head of a page.
#[derive(Default)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) description: String,
    /// Its one address, where it has one that lasts.
    pub(super) canonical: Option<String>,
    /// Whether search engines are to pass it by.
    pub(super) hidden: bool,
    /// The same for programs, where there is a document.
    pub(super) document: Option<String>,
    /// The same page in other languages: tag and address.
    pub(super) languages: Vec<(String, String)>,
    /// `website` or `article` (ogp.me).
    pub(super) kind: &'static str,
    /// Address and alternative text.
    pub(super) image: Option<(String, String)>,
    /// When it was published, for an article.
    pub(super) published: Option<String>,
    /// When it last changed, for an article.
    pub(super) changed: Option<String>,
    /// JSON-LD, ready to stand in a script element.
    pub(super) data: Option<String>,
}

impl Head {
    /// Of a page that says something went wrong: it is nowhere to be found again.
    pub(super) fn nameless(title: &str) -> Self {
        Self { title: title.to_owned(), hidden: true, kind: "website", ..Self::default() }
    }

    /// Of a page whose words are the interface's, given by its path: so it exists in each language.
    pub(super) fn in_all_languages(site: &Site, title: &str, path: &str) -> Self {
        let reader = site.reader();
        Self {
            title: title.to_owned(),
            description: site.t.say_with("home-description", "name", &site.name),
            canonical: Some(reader.canonical(path)),
            languages: reader.in_all_languages(path),
            kind: "website",
            ..Self::default()
        }
    }

    /// Of a page of a list: those behind the first have no address of their own that lasts, since each new entry moves the others.
    pub(super) fn of_list(site: &Site, title: &str, path: &str, before: Option<Place>) -> Self {
        let first = Self::in_all_languages(site, title, path);
        match before {
            None => first,
            Some(_) => Self { canonical: None, languages: Vec::new(), ..first },
        }
    }

    /// With data for programs.
    pub(super) fn with_data(mut self, data: &Value) -> Self {
        self.data = Some(script_safe(data));
        self
    }
}

/// The union as schema.org has it.
pub(super) fn organization(site: &Site, reader: &Reader) -> Value {
    let urls = reader.urls();
    let mut union = json!({"@type": "Organization", "@id": urls.actor(), "name": site.name, "url": urls.home()});
    if let Some(icon) = &site.icon_address {
        union["logo"] = json!(icon);
    }
    union
}

/// Something of schema.org's vocabulary.
pub(super) fn thing(kind: &str, mut properties: Value) -> Value {
    properties["@context"] = json!("https://schema.org");
    properties["@type"] = json!(kind);
    properties
}

/// JSON that ends no script element and begins no comment in it (HTML, section 4.12.1.3), and in which no e-mail address stands plain.
fn script_safe(data: &Value) -> String {
    let plain = data.to_string();
    plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('@', "\\u0040")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_script_that_carries_it() {
        let hostile = json!({"name": "</script><script>alert(1)</script><!-- & a@b.example"});
        let written = script_safe(&hostile);
        assert!(!written.contains(['<', '>', '&', '@']), "{written}");
        assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON"), hostile);
    }
}
