//! Statements in the search: the public ones.

use diesel::prelude::*;

use super::{Document, Picture, State, Statement, documents, get, lock, pictures};
use crate::error::Result;
use crate::markup;
use crate::search::{self, Entry, Of};
use crate::storage::Conn;
use crate::storage::schema::{statement_tags, statements};

/// Lets a statement be found as it is now, or not any more.
pub(super) fn renew(conn: &mut Conn, id: i64) -> Result<()> {
    let statement = get(conn, id)?;
    if statement.state != State::Published {
        return search::remove(conn, Of::Statement(id));
    }
    let text = text(&statement, &pictures(conn, id)?, &documents(conn, id)?);
    let tags = statement_tags::table.filter(statement_tags::statement_id.eq(id)).select(statement_tags::name);
    let hashtags: Vec<String> = tags.load(conn)?;
    let entry = Entry {
        of: Of::Statement(id),
        text: &format!("{text}\n{}", hashtags.join("\n")),
        language: Some(&statement.language),
        hashtags,
        author_id: statement.author_id,
        published: statement.published,
    };
    search::put(conn, &entry)
}

/// All that a reader sees of a statement.
fn text(statement: &Statement, pictures: &[Picture], documents: &[Document]) -> String {
    let details = statement.details();
    let around = [
        &statement.title,
        &statement.lead,
        &details.content_warning,
        &details.byline_person,
        &details.byline_function,
        &details.byline_body,
        &details.on_behalf_of,
        &details.received_from,
        &details.addressee,
    ];
    let mut parts: Vec<String> = around.into_iter().flatten().cloned().collect();
    parts.push(markup::plain_text(&statement.html));
    for picture in pictures {
        parts.push(picture.alt.clone());
        parts.extend([&picture.caption, &picture.credit].into_iter().flatten().cloned());
    }
    parts.extend(documents.iter().map(|document| document.title.clone()));
    parts.join("\n")
}

/// Lets the statements after a row number be found, so many of them; gives the last number, if there is one.
pub fn index_part(conn: &mut Conn, after: i64, limit: i64) -> Result<Option<i64>> {
    let next = statements::table.filter(statements::id.gt(after)).order(statements::id).limit(limit);
    let ids: Vec<i64> = next.select(statements::id).load(conn)?;
    for &id in &ids {
        // Whoever changes it meanwhile comes before or after, and not between reading and writing.
        lock(conn, id)?;
        renew(conn, id)?;
    }
    Ok(ids.last().copied())
}
