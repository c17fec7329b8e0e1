-- Whether an actor lets others find what it wrote (FEP-5feb); whoever does not say so does not.
ALTER TABLE actors ADD COLUMN indexable BOOLEAN NOT NULL DEFAULT FALSE;

-- The words of every statement and post that may be found. What is not public any more has no row here.
CREATE TABLE search_entries (
    -- When it was published, and a number that tells apart what was published in the same second: the order of places is the order of time.
    place BIGINT PRIMARY KEY NOT NULL,
    statement_id BIGINT UNIQUE REFERENCES statements (id) ON DELETE CASCADE,
    post_id BIGINT UNIQUE REFERENCES posts (id) ON DELETE CASCADE,
    -- Folded words with a space between, each once; and marks (§) for what a search can be narrowed to.
    words TEXT NOT NULL,
    lexemes TSVECTOR NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
);
CREATE INDEX search_entries_by_word ON search_entries USING GIN (lexemes);
