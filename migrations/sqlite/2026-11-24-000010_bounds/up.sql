-- Since when a post waits for an editor; null: it does not. Only so many wait, and not for ever.
ALTER TABLE posts ADD COLUMN held_at TIMESTAMP;
UPDATE posts SET held_at = CURRENT_TIMESTAMP WHERE review = 'held';
CREATE INDEX posts_by_holding ON posts (held_at, id) WHERE held_at IS NOT NULL;
CREATE INDEX posts_held_of_author ON posts (author_id, held_at, id) WHERE held_at IS NOT NULL;

-- What was said in private goes when it was heard.
CREATE INDEX activities_by_privacy ON activities (statement_id, public, created_at);

-- Who is looked for before an actor is forgotten.
CREATE INDEX activities_by_sender ON activities (sender_id);
CREATE INDEX statements_by_author ON statements (author_id);
CREATE INDEX statement_mentions_by_actor ON statement_mentions (actor_id);
CREATE INDEX actors_by_fetch ON actors (local, fetched_at);
