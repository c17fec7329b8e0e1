//! The documents of statements.

use diesel::prelude::*;

use super::State;
use crate::error::Result;
use crate::storage::Conn;
use crate::storage::schema::{statement_documents, statements};

/// A PDF that a statement has attached.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = statement_documents)]
pub struct Document {
    /// Name of the file in the media folder.
    pub file: String,
    /// What it is called: text.
    pub title: String,
    /// Length of the file.
    pub bytes: i64,
}

/// The documents of a statement in their order.
pub fn documents(conn: &mut Conn, id: i64) -> Result<Vec<Document>> {
    Ok(statement_documents::table
        .filter(statement_documents::statement_id.eq(id))
        .order(statement_documents::position)
        .select(Document::as_select())
        .load(conn)?)
}

/// A document that the public may read, by the name of its file.
pub fn published_document(conn: &mut Conn, file: &str) -> Result<Option<Document>> {
    Ok(statement_documents::table
        .inner_join(statements::table)
        .filter(statement_documents::file.eq(file).and(statements::state.eq(State::Published)))
        .select(Document::as_select())
        .first(conn)
        .optional()?)
}

pub(super) fn insert(conn: &mut Conn, id: i64, documents: &[Document]) -> Result<()> {
    for (position, document) in (0_i32..).zip(documents) {
        diesel::insert_into(statement_documents::table)
            .values((
                statement_documents::statement_id.eq(id),
                statement_documents::position.eq(position),
                statement_documents::file.eq(&document.file),
                statement_documents::title.eq(&document.title),
                statement_documents::bytes.eq(document.bytes),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(statement_documents::table.filter(statement_documents::statement_id.eq(id))).execute(conn)?;
    Ok(())
}
