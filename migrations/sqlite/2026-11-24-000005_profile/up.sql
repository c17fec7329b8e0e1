-- How the union shows itself, beside the name and the summary in its actor's row: its picture (icon) and its banner (image) …
CREATE TABLE profile_pictures (
    place TEXT PRIMARY KEY NOT NULL,
    file TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    blurhash TEXT NOT NULL
);

-- … and its fields: a label with a text or a link. A linked page is looked at once a day for a link back.
CREATE TABLE profile_fields (
    id INTEGER PRIMARY KEY NOT NULL,
    label TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL,
    verified_at TIMESTAMP,
    checked_at TIMESTAMP
);

-- Statements that stand first.
CREATE TABLE pins (
    statement_id BIGINT PRIMARY KEY NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    pinned_at TIMESTAMP NOT NULL
);

-- Every hashtag of our statements, with how many public ones have it; the union may put some forward.
CREATE TABLE hashtags (
    tag TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    statements_count BIGINT NOT NULL DEFAULT 0,
    featured_at TIMESTAMP
);
CREATE INDEX hashtags_by_featured ON hashtags (featured_at);

INSERT INTO hashtags (tag, name, statements_count)
SELECT statement_tags.tag, MIN(statement_tags.name), SUM(CASE statements.state WHEN 'published' THEN 1 ELSE 0 END)
FROM statement_tags JOIN statements ON statements.id = statement_tags.statement_id
GROUP BY statement_tags.tag;
