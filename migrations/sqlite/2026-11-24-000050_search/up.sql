-- Whether an actor lets others find what it wrote (FEP-5feb); whoever does not say so does not.
ALTER TABLE actors ADD COLUMN indexable BOOLEAN NOT NULL DEFAULT FALSE;

-- The words of every statement and post that may be found. What is not public any more has no row here.
CREATE TABLE search_entries (
    -- When it was published, and a number that tells apart what was published in the same second: the order of places is the order of time.
    place INTEGER PRIMARY KEY NOT NULL,
    statement_id INTEGER UNIQUE REFERENCES statements (id) ON DELETE CASCADE,
    post_id INTEGER UNIQUE REFERENCES posts (id) ON DELETE CASCADE,
    -- Folded words with a space between, each once; and marks (§) for what a search can be narrowed to.
    words TEXT NOT NULL
);

-- Only a space ends a word here: words are made in Rust. The beginnings that a search may ask for are kept as words are: putting them
-- together at each search takes longer the more statements there are.
CREATE VIRTUAL TABLE search_words USING fts5 (
    words, content = 'search_entries', content_rowid = 'place', tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0,
    prefix = '4 5 6 7 8'
);
-- What is withdrawn leaves the index at once, not with its next merge.
INSERT INTO search_words (search_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER search_entries_insert AFTER INSERT ON search_entries BEGIN
    INSERT INTO search_words (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER search_entries_delete AFTER DELETE ON search_entries BEGIN
    INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.place, old.words);
END;
CREATE TRIGGER search_entries_update AFTER UPDATE ON search_entries BEGIN
    INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.place, old.words);
    INSERT INTO search_words (rowid, words) VALUES (new.place, new.words);
END;
