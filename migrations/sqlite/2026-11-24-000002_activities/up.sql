-- Where an actor keeps its pinned posts: an Add or Remove speaks of that collection.
ALTER TABLE actors ADD COLUMN featured TEXT;

-- The id of the Accept or Reject that answered our Follow, so that its Undo may name nothing else.
ALTER TABLE follows ADD COLUMN answer_uri TEXT;

-- Posts that followed unions pinned to their profiles.
CREATE TABLE featured_posts (
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    featured_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_id, post_id)
);
CREATE INDEX featured_posts_by_post ON featured_posts (post_id);

-- Followed unions that say that they moved: a person decides whether ours follows them there.
CREATE TABLE moves (
    id INTEGER PRIMARY KEY NOT NULL,
    old_actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    new_actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    heard_at TIMESTAMP NOT NULL,
    UNIQUE (old_actor_id, new_actor_id)
);
CREATE INDEX moves_by_state ON moves (state, id DESC);
CREATE INDEX moves_by_new_actor ON moves (new_actor_id);

-- Former or other addresses of the union, which may move to this one.
CREATE TABLE aliases (
    uri TEXT PRIMARY KEY NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- What other servers report to us (Flag). Of who reported, only the server is kept.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY NOT NULL,
    host TEXT NOT NULL,
    comment TEXT NOT NULL,
    about TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP
);
CREATE INDEX reports_by_host ON reports (host, closed_at);
CREATE INDEX reports_by_closing ON reports (closed_at, id DESC);

-- Quotes of our statements that we allowed: each is a stamp at an address of its own (FEP-044f).
CREATE TABLE quotes (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    post_uri TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (statement_id, actor_id, post_uri)
);
CREATE INDEX quotes_by_actor ON quotes (actor_id, statement_id);
