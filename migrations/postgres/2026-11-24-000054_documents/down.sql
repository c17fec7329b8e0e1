DROP TABLE statement_documents;
