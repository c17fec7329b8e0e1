//! Where the site leads, and what it shows.

use url::Url;

use crate::error::{Error, Result};

/// The settings of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where to donate.
    pub donate: Option<String>,
    /// Where to support the union's work otherwise.
    pub sponsor: Option<String>,
    /// Whether the page of allies is not shown: whom a union follows may endanger it or them.
    pub hides_allies: bool,
}

impl Settings {
    /// The names of all settings.
    const KEYS: [&'static str; 3] = ["donate", "sponsor", "allies"];

    /// A value as it is kept; empty, it takes the setting back.
    ///
    /// # Errors
    /// `Invalid`, naming the setting and the mend.
    pub fn checked(key: &str, value: &str) -> Result<String> {
        let value = value.trim();
        match key {
            _ if value.is_empty() => Ok(String::new()),
            "donate" | "sponsor" => checked_address(key, value),
            "allies" if matches!(value, "shown" | "hidden") => Ok(value.to_owned()),
            "allies" => Err(Error::invalid(key, format!("{value:?} does not work; write shown or hidden"))),
            _ => Err(Error::invalid(key, format!("there is no such setting; there are {}", Self::KEYS.join(", ")))),
        }
    }

    /// The settings out of what was kept.
    pub(super) fn of(kept: Vec<(String, String)>) -> Self {
        let mut settings = Self::default();
        for (key, value) in kept {
            match key.as_str() {
                "donate" => settings.donate = Some(value),
                "sponsor" => settings.sponsor = Some(value),
                "allies" => settings.hides_allies = value == "hidden",
                _ => {}
            }
        }
        settings
    }
}

fn checked_address(key: &str, value: &str) -> Result<String> {
    let url = Url::parse(value).ok().filter(|url| url.scheme() == "https" || url.scheme() == "http");
    let url = url.filter(Url::has_host).filter(|_| !value.contains(char::is_whitespace));
    url.map(|_| value.to_owned()).ok_or_else(|| {
        Error::invalid(key, format!("{value:?} does not work; write an address that starts with https://"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_kept_in_its_plain_form_or_refused_with_the_mend() {
        for (key, value, kept) in [
            ("donate", "https://union.example/donate", "https://union.example/donate"),
            ("allies", "hidden", "hidden"),
            ("sponsor", "", ""),
        ] {
            assert_eq!(Settings::checked(key, value).as_deref(), Ok(kept), "{key} {value}");
        }
        for (key, value) in
            [("donate", "javascript:alert(1)"), ("donate", "union.example"), ("allies", "yes"), ("font", "Comic Sans")]
        {
            let error = Settings::checked(key, value).expect_err(value).to_string();
            assert!(error.starts_with(key) && !error.contains('\n'), "{error}");
        }
    }
}
