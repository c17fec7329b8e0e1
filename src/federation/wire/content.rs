//! A statement as one readable text, for servers that know nothing of bylines and addressees.
//!
//! The title is the first line: Mastodon never shows the `name` of a Note. What a letter has at its head and foot stands there in words,
//! in the statement's own language.

use crate::markup::{escape_html, fold_hashtag};
use crate::media::PDF;
use crate::statements::{Document, Picture, Reading, Statement, labels};
use crate::urls::Urls;

/// The whole text of a statement as HTML, with its hashtags, what stands beside its pictures, and links to its documents, which not every
/// server shows as attachments.
#[must_use]
pub fn of_reading(reading: &Reading, urls: &Urls) -> String {
    let mut parts = vec![of_statement(&reading.statement)];
    for picture in &reading.pictures {
        parts.push(beside_picture(picture, &reading.statement.language));
    }
    parts.extend(reading.documents.iter().map(|document| link(document, urls)));
    let tags: Vec<String> = missing_tags(reading).map(|tag| hashtag(tag, urls)).collect();
    if !tags.is_empty() {
        parts.push(format!("<p>{}</p>", tags.join(" ")));
    }
    parts.concat()
}

/// The text of a statement alone: head, text, foot.
#[must_use]
pub fn of_statement(statement: &Statement) -> String {
    let words = labels(&statement.language);
    let details = statement.details();
    let mut parts = Vec::new();
    if let Some(title) = &statement.title {
        parts.push(format!("<p><strong>{}</strong></p>", escape_html(title)));
    }
    let head = [
        (words.to, &details.addressee),
        (words.on_behalf_of, &details.on_behalf_of),
        (words.received_from, &details.received_from),
    ];
    parts.push(lines(&head));
    if let Some(lead) = &statement.lead {
        parts.push(format!("<p><em>{}</em></p>", escape_html(lead)));
    }
    parts.push(statement.html.clone());
    let byline: Vec<&str> = [&details.byline_person, &details.byline_function, &details.byline_body]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if !byline.is_empty() {
        parts.push(format!("<p>— {}</p>", escape_html(&byline.join(words.comma))));
    }
    if let Some(source) = &details.source_url {
        let address = escape_html(source);
        parts.push(format!(
            "<p>{}: <a href=\"{address}\" rel=\"nofollow noopener noreferrer\">{address}</a></p>",
            words.source
        ));
    }
    parts.push(lines(&[(words.licence, &details.licence)]));
    parts.concat()
}

fn lines(named: &[(&str, &Option<String>)]) -> String {
    let lines: Vec<String> =
        named.iter().filter_map(|(name, value)| Some(format!("{name}: {}", escape_html(value.as_deref()?)))).collect();
    if lines.is_empty() { String::new() } else { format!("<p>{}</p>", lines.join("<br>")) }
}

fn beside_picture(picture: &Picture, language: &str) -> String {
    let credit = picture.credit.as_ref().map(|credit| format!("{}: {credit}", labels(language).photo));
    let parts: Vec<String> = [picture.caption.clone(), credit].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("<p>{}</p>", escape_html(&parts.join(" · "))) }
}

fn link(document: &Document, urls: &Urls) -> String {
    let (address, title) = (urls.media(&document.file), escape_html(&document.title));
    format!("<p><a href=\"{address}\" type=\"{PDF}\">{title} (PDF)</a></p>")
}

/// The hashtags that do not stand in the text already.
fn missing_tags(reading: &Reading) -> impl Iterator<Item = &String> {
    let text = reading.statement.html.to_lowercase();
    reading.tags.iter().filter(move |tag| !text.contains(&format!("#<span>{}</span>", tag.to_lowercase())))
}

fn hashtag(tag: &str, urls: &Urls) -> String {
    format!(
        "<a href=\"{}\" class=\"mention hashtag\" rel=\"tag\">#<span>{}</span></a>",
        urls.tag(&fold_hashtag(tag)),
        escape_html(tag)
    )
}
