-- The statements of one language, newest first.
CREATE INDEX statements_by_language ON statements (state, language, published DESC, id DESC);
