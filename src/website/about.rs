//! Who the union is, in its own words: the profile as the first page shows it.

use super::page::{local, web_address};
use super::words::Date;
use crate::profile::{Field, Profile};
use crate::urls::Urls;

/// The profile, ready to be shown.
pub(super) struct About {
    /// The picture, for our own pages.
    pub(super) icon: Option<String>,
    /// The same as a whole address, for others' previews.
    pub(super) icon_address: Option<String>,
    pub(super) banner: Option<Banner>,
    /// Safe HTML.
    pub(super) summary: String,
    pub(super) fields: Vec<Line>,
}

/// The picture above everything.
pub(super) struct Banner {
    pub(super) src: String,
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
    pub(super) fn of(profile: &Profile, urls: &Urls) -> Self {
        let icon_address = profile.icon.as_ref().map(|icon| urls.media(&icon.file));
        Self {
            icon: icon_address.as_ref().map(|address| local(urls, address)),
            icon_address,
            banner: profile.image.as_ref().map(|image| Banner {
                src: local(urls, &urls.media(&image.file)),
                width: image.width,
                height: image.height,
            }),
            summary: profile.union.summary.clone(),
            fields: profile.fields.iter().map(Line::of).collect(),
        }
    }

    /// Whether there is nothing to say beside the name.
    pub(super) fn is_empty(&self) -> bool {
        self.banner.is_none() && self.summary.is_empty() && self.fields.is_empty()
    }
}

impl Line {
    fn of(field: &Field) -> Self {
        Self {
            label: field.label.clone(),
            value: field.value.clone(),
            href: field.link().and_then(web_address),
            verified: field.verified_at.map(|time| Date::of(time, false)),
        }
    }
}
