-- The conversation that a post belongs to, as its author names it.
ALTER TABLE posts ADD COLUMN context TEXT;
-- When an answer that is shown is looked at again at its own server, and the answers to it with it; null: not any more.
ALTER TABLE posts ADD COLUMN next_look TIMESTAMP;
CREATE INDEX posts_by_answered ON posts (in_reply_to, statement_id);
CREATE INDEX posts_by_next_look ON posts (next_look) WHERE next_look IS NOT NULL;

-- The conversation that a statement belongs to. What was published keeps the name that it was published with.
ALTER TABLE statements ADD COLUMN context TEXT NOT NULL DEFAULT '';
UPDATE statements SET context = COALESCE(translates, uri) || '#conversation';
CREATE INDEX statements_by_context ON statements (context, published, id);

-- What came to us in private: a table of its own, so that nothing that lists, counts or shows posts can meet it.
CREATE TABLE private_posts (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    author_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    from_ally BOOLEAN NOT NULL,
    title TEXT,
    summary TEXT,
    content TEXT NOT NULL,
    language TEXT,
    in_reply_to TEXT,
    published TIMESTAMP NOT NULL,
    updated TIMESTAMP,
    received_at TIMESTAMP NOT NULL
);
CREATE INDEX private_posts_by_author ON private_posts (author_id, id);
CREATE INDEX private_posts_by_ally ON private_posts (from_ally, id);
CREATE INDEX private_posts_by_age ON private_posts (received_at);

INSERT INTO private_posts
    (uri, author_id, from_ally, title, summary, content, language, in_reply_to, published, updated, received_at)
SELECT uri, author_id,
    EXISTS (
        SELECT 1 FROM follows JOIN actors ON actors.id = follows.follower_id
        WHERE actors.local AND follows.followee_id = posts.author_id AND follows.state = 'accepted'
    ),
    title, summary, content, language, in_reply_to, published, updated, received_at
FROM posts WHERE visibility = 'private' ORDER BY id;
DELETE FROM posts WHERE visibility = 'private';
