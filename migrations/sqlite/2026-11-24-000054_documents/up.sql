-- PDFs that a statement has attached, as they lie in the media folder.
CREATE TABLE statement_documents (
    id INTEGER PRIMARY KEY NOT NULL,
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    file TEXT NOT NULL,
    title TEXT NOT NULL,
    bytes BIGINT NOT NULL
);
CREATE INDEX statement_documents_by_statement ON statement_documents (statement_id, position);
CREATE INDEX statement_documents_by_file ON statement_documents (file);
