//! What a statement must have, and how long its parts may be, before anybody publishes it.

use chrono::{Datelike, TimeDelta};
use url::Url;

use super::{Details, DocumentDraft, Draft, PictureDraft};
use crate::clock::{Time, rfc3339};
use crate::config;
use crate::error::{Error, Result};

const LONGEST_TITLE: usize = 300;
const LONGEST_LEAD: usize = 1000;
const LONGEST_LINE: usize = 500;
const LONGEST_TEXT_BYTES: usize = 200 * 1000;
/// Mastodon's own limit (`MediaAttachment::MAX_DESCRIPTION_LENGTH`).
const LONGEST_ALT: usize = 1500;
const MOST_PICTURES: usize = 20;
const MOST_DOCUMENTS: usize = 10;
const MOST_ADDRESSEES: usize = 100;
const MOST_HASHTAGS: usize = 50;
const LONGEST_HASHTAG: usize = 100;
const EARLIEST_YEAR: i32 = 1800;
const LONGEST_AHEAD: TimeDelta = TimeDelta::days(3653);

pub(super) fn check(draft: &Draft) -> Result<()> {
    if draft.markdown.trim().is_empty() && draft.title.is_none() {
        return Err(Error::invalid("text", "there is none; write a text or at least a title"));
    }
    if draft.markdown.len() > LONGEST_TEXT_BYTES {
        let why =
            format!("it has {} bytes; {LONGEST_TEXT_BYTES} is the most, so publish it in parts", draft.markdown.len());
        return Err(Error::invalid("text", why));
    }
    length("title", draft.title.as_ref(), LONGEST_TITLE)?;
    length("lead", draft.lead.as_ref(), LONGEST_LEAD)?;
    if let Some(language) = draft.language.as_ref().filter(|tag| config::language_tag(tag).is_none()) {
        return Err(Error::invalid(
            "language",
            format!("{language:?} does not work; write a language code such as en, tr, fa or pt-BR"),
        ));
    }
    address("in_reply_to", draft.in_reply_to.as_ref())?;
    address("translates", draft.translates.as_ref())?;
    details(&draft.details)?;
    addressees(&draft.to)?;
    hashtags(&draft.hashtags)?;
    pictures(draft.pictures.as_deref().unwrap_or_default())?;
    documents(draft.documents.as_deref().unwrap_or_default())
}

pub(super) fn date(time: Time, now: Time) -> Result<()> {
    let why = if time.year() < EARLIEST_YEAR {
        format!("it lies before {EARLIEST_YEAR}")
    } else if time > now + LONGEST_AHEAD {
        format!("it lies more than {} years ahead", LONGEST_AHEAD.num_days() / 365)
    } else {
        return Ok(());
    };
    Err(Error::invalid("date", format!("{} does not work, since {why}; look at its year", rfc3339(time))))
}

fn details(details: &Details) -> Result<()> {
    address("source", details.source_url.as_ref())?;
    for (field, text) in [
        ("byline person", &details.byline_person),
        ("byline function", &details.byline_function),
        ("byline body", &details.byline_body),
        ("on_behalf_of", &details.on_behalf_of),
        ("received_from", &details.received_from),
        ("addressee", &details.addressee),
        ("licence", &details.licence),
        ("content_warning", &details.content_warning),
    ] {
        length(field, text.as_ref(), LONGEST_LINE)?;
    }
    Ok(())
}

fn addressees(to: &[String]) -> Result<()> {
    if to.len() > MOST_ADDRESSEES {
        return Err(Error::invalid("to", format!("{} addressees; {MOST_ADDRESSEES} is the most", to.len())));
    }
    for addressee in to {
        let handle = addressee.trim_start_matches('@').split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !addressee.contains(|c: char| c.is_whitespace() || c == '/')
        });
        if !handle && !is_web_address(addressee) {
            let why = format!(
                "{addressee:?} does not work; write a handle such as @press@union.example, or the address of a profile"
            );
            return Err(Error::invalid("to", why));
        }
    }
    Ok(())
}

fn hashtags(hashtags: &[String]) -> Result<()> {
    if hashtags.len() > MOST_HASHTAGS {
        return Err(Error::invalid("hashtags", format!("{} hashtags; {MOST_HASHTAGS} is the most", hashtags.len())));
    }
    for hashtag in hashtags {
        if !crate::markup::is_hashtag(hashtag) {
            let why = format!(
                "{hashtag:?} does not work; write up to {LONGEST_HASHTAG} letters and digits without spaces, such as Grève"
            );
            return Err(Error::invalid("hashtags", why));
        }
    }
    Ok(())
}

fn pictures(pictures: &[PictureDraft]) -> Result<()> {
    if pictures.len() > MOST_PICTURES {
        return Err(Error::invalid("pictures", format!("{} pictures; {MOST_PICTURES} is the most", pictures.len())));
    }
    for picture in pictures {
        let file = picture.file.display();
        if picture.file.as_os_str().is_empty() {
            return Err(Error::invalid("pictures", "one has no file; write the name of the picture's file"));
        }
        if picture.alt.trim().is_empty() {
            let why =
                format!("{file} has none; describe in a sentence what is to be seen, for those who do not see it");
            return Err(Error::invalid("alt", why));
        }
        length(&format!("alt of {file}"), Some(&picture.alt), LONGEST_ALT)?;
        length(&format!("caption of {file}"), picture.caption.as_ref(), LONGEST_LINE)?;
        length(&format!("credit of {file}"), picture.credit.as_ref(), LONGEST_LINE)?;
    }
    Ok(())
}

fn documents(documents: &[DocumentDraft]) -> Result<()> {
    if documents.len() > MOST_DOCUMENTS {
        let why = format!("{} documents; {MOST_DOCUMENTS} is the most", documents.len());
        return Err(Error::invalid("documents", why));
    }
    for document in documents {
        let file = document.file.display();
        if document.file.as_os_str().is_empty() {
            return Err(Error::invalid("documents", "one has no file; write the name of the PDF"));
        }
        if document.title.trim().is_empty() {
            return Err(Error::invalid("title", format!("{file} has none; write what readers are to find in it")));
        }
        length(&format!("title of {file}"), Some(&document.title), LONGEST_TITLE)?;
    }
    Ok(())
}

fn length(field: &str, text: Option<&String>, most: usize) -> Result<()> {
    match text.map_or(0, |text| text.chars().count()) {
        count if count > most => {
            Err(Error::invalid(field, format!("it has {count} characters; {most} is the most, so shorten it")))
        }
        _ => Ok(()),
    }
}

fn address(field: &str, address: Option<&String>) -> Result<()> {
    match address {
        Some(address) if !is_web_address(address) => Err(Error::invalid(
            field,
            format!("{address:?} does not work; write an address that starts with https:// or http://"),
        )),
        _ => Ok(()),
    }
}

fn is_web_address(text: &str) -> bool {
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    plain && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
