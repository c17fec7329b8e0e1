//! A statement as an editor hands it in: a Markdown file whose fields may stand in a front matter.

mod check;
mod front_matter;

use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::{self, Time, When, Zone};
use crate::error::{Error, Result};
use crate::markup;

/// A statement before it is published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The title: plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The lead: plain text that stands before the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// The text in Markdown.
    pub markdown: String,
    /// The language (BCP 47); the union's own where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// When it was or will be published; now where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<When>,
    /// Who speaks, for whom, from where, under which terms.
    pub details: Details,
    /// The post that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// The statement of which it is a translation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translates: Option<String>,
    /// Actors to whom it is addressed: handles or addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Hashtags beside those in the text, without `#`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<String>,
    /// The pictures, in their order; none where they are not mentioned, which an edit leaves as they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pictures: Option<Vec<PictureDraft>>,
    /// The documents, in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Vec<DocumentDraft>>,
    /// What kind of statement it is.
    pub kind: Kind,
}

/// What stands around a text; kept as JSON beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The person who signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline_person: Option<String>,
    /// What this person is: president, shop steward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline_function: Option<String>,
    /// The body for which the person signs: branch, committee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline_body: Option<String>,
    /// On whose behalf it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// From whom it was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_from: Option<String>,
    /// To whom it speaks, as text: "the metal workers of Turkey".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// Where it was first published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// The terms under which others may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// A warning behind which readers find the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_warning: Option<String>,
    /// Whether its pictures are shown only on demand.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
}

/// A picture of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PictureDraft {
    /// The file, as it was written: relative to the Markdown file.
    pub file: PathBuf,
    /// What is to be seen, for those who do not see it.
    pub alt: String,
    /// A line under the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Whether it is shown only on demand.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// What must stay in sight where it is cut, in hundredths: from -100 (left, bottom) to 100 (right, top).
    pub focus: (i32, i32),
}

/// A PDF of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentDraft {
    /// The file, as it was written: relative to the Markdown file.
    pub file: PathBuf,
    /// What it is called.
    pub title: String,
}

/// What kind of statement it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A union says something.
    #[default]
    Statement,
    /// A union asks for solidarity.
    Appeal,
    /// A union answers in solidarity.
    Message,
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.trim() {
            "statement" => Ok(Self::Statement),
            "appeal" => Ok(Self::Appeal),
            "message" => Ok(Self::Message),
            other => {
                Err(Error::invalid("kind", format!("{other:?} does not work; write statement, appeal or message")))
            }
        }
    }
}

impl Draft {
    /// Reads a Markdown file with or without a front matter. Where this gives no title, a first line `# …` becomes the title and
    /// leaves the text.
    ///
    /// # Errors
    /// `Invalid`, naming the key, when the front matter cannot be understood.
    pub fn from_file_text(text: &str) -> Result<Self> {
        Self::from_file_text_titled(text, None)
    }

    /// The same with a title that was given otherwise (`--title`): it wins over the file's, and a first line `# …` stays in the text.
    ///
    /// # Errors
    /// As for [`Draft::from_file_text`].
    pub fn from_file_text_titled(text: &str, title: Option<&str>) -> Result<Self> {
        let text = plain_line_ends(text);
        let (mut draft, body) = front_matter::read(&text)?;
        body.trim_end().clone_into(&mut draft.markdown);
        if let Some(title) = title {
            draft.title = Some(one_line(title));
        }
        if draft.title.is_none() {
            draft.lift_title();
        }
        let blank_lines = draft.markdown.len() - draft.markdown.trim_start_matches(['\n']).len();
        draft.markdown.drain(..blank_lines);
        Ok(draft)
    }

    /// Whether it can be published.
    ///
    /// # Errors
    /// `Invalid`, naming the field and what to do.
    pub fn check(&self) -> Result<()> {
        check::check(self)
    }

    /// Whether it can have its date: a slip of the keyboard would stay for ever, or be published when nobody remembers.
    ///
    /// # Errors
    /// `Invalid` for a date from before there were unions, or many years ahead.
    pub fn check_date(&self, now: Time, zone: Zone) -> Result<()> {
        check::date(self.appears(now, zone), now)
    }

    /// When it appears, if it is published now by a union there: for the day of today that is now.
    #[must_use]
    pub fn appears(&self, now: Time, zone: Zone) -> Time {
        match self.at {
            Some(When::Day(day)) if day == clock::local(now, zone).date() => now,
            Some(when) => when.in_zone(zone),
            None => now,
        }
    }

    fn lift_title(&mut self) {
        let text = self.markdown.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        if !line.starts_with("# ") {
            return;
        }
        let title = one_line(&markup::inline_text(line));
        if !title.is_empty() {
            self.markdown = rest.to_owned();
            self.title = Some(title);
        }
    }
}

/// The text without a byte order mark and with Unix line ends, as Windows editors leave both.
fn plain_line_ends(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

/// Text without control characters, which no feed can carry; line ends and tabs stay.
fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Text on one line, as titles are.
fn one_line(text: &str) -> String {
    readable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
