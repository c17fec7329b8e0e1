//! Who the union is, in its own words: the profile as the first page shows it.

use super::page::web_address;
use super::reader::Reader;
use super::sizes::srcset;
use crate::languages::{Date, Texts};
use crate::profile::{Field, Profile};

/// The profile, ready to be shown.
pub(super) struct About {
    pub(super) banner: Option<Banner>,
    /// Safe HTML.
    pub(super) summary: String,
    pub(super) fields: Vec<Line>,
}

/// The picture above everything.
pub(super) struct Banner {
    pub(super) src: String,
    /// The same in each of its widths, for `srcset`; empty where it has one only.
    pub(super) srcset: String,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A field.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) href: Option<String>,
    /// When the page behind the link was last seen to link back.
    pub(super) verified: Option<Date>,
}

impl About {
    pub(super) fn of(profile: &Profile, reader: &Reader) -> Self {
        Self {
            banner: profile.image.as_ref().map(|image| Banner {
                src: reader.file(&image.file),
                srcset: srcset(&image.file, &image.sizes, image.width, |file| reader.file(file)),
                width: image.width,
                height: image.height,
            }),
            summary: profile.union.summary.clone(),
            fields: profile.fields.iter().map(|field| Line::of(field, reader.t)).collect(),
        }
    }

    /// Whether there is nothing to say beside the name.
    pub(super) fn is_empty(&self) -> bool {
        self.banner.is_none() && self.summary.is_empty() && self.fields.is_empty()
    }
}

impl Line {
    fn of(field: &Field, t: Texts) -> Self {
        Self {
            label: field.label.clone(),
            value: field.value.clone(),
            href: field.link().and_then(web_address),
            verified: field.verified_at.map(|time| t.date(time, false)),
        }
    }
}
