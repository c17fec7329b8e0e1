//! A newer wording over an older one.

use super::draft::{Details, Draft};
use super::store::Statement;

impl Draft {
    /// This draft as a newer wording of a statement: what it does not mention stays as it was.
    #[must_use]
    pub fn over(self, older: &Statement) -> Self {
        Self {
            title: self.title.or_else(|| older.title.clone()),
            lead: self.lead.or_else(|| older.lead.clone()),
            language: self.language.or_else(|| Some(older.language.clone())),
            details: details_over(self.details, older.details()),
            in_reply_to: self.in_reply_to.or_else(|| older.in_reply_to.clone()),
            translates: self.translates.or_else(|| older.translates.clone()),
            ..self
        }
    }
}

fn details_over(newer: Details, older: Details) -> Details {
    Details {
        byline_person: newer.byline_person.or(older.byline_person),
        byline_function: newer.byline_function.or(older.byline_function),
        byline_body: newer.byline_body.or(older.byline_body),
        on_behalf_of: newer.on_behalf_of.or(older.on_behalf_of),
        received_from: newer.received_from.or(older.received_from),
        addressee: newer.addressee.or(older.addressee),
        source_url: newer.source_url.or(older.source_url),
        licence: newer.licence.or(older.licence),
        content_warning: newer.content_warning.or(older.content_warning),
        sensitive: newer.sensitive || older.sensitive,
    }
}
