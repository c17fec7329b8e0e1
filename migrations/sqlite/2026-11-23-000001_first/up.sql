-- What is true of this node for ever: its domain above all, since every id carries it.
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Unions and people, here (local) and elsewhere, as ActivityPub actors.
CREATE TABLE actors (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    local BOOLEAN NOT NULL,
    handle TEXT NOT NULL,
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    url TEXT,
    inbox TEXT NOT NULL,
    shared_inbox TEXT,
    outbox TEXT,
    followers TEXT,
    icon TEXT,
    created_at TIMESTAMP NOT NULL,
    fetched_at TIMESTAMP NOT NULL,
    keys_checked_at TIMESTAMP NOT NULL
);
CREATE INDEX actors_by_handle ON actors (handle);
CREATE INDEX actors_by_host ON actors (host);

-- Public keys of all actors; private ones of the local actors only.
CREATE TABLE actor_keys (
    id TEXT PRIMARY KEY NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    algorithm TEXT NOT NULL,
    public_key BLOB NOT NULL,
    private_key BLOB,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX actor_keys_by_actor ON actor_keys (actor_id);

-- Who follows whom, where one of the two is ours.
CREATE TABLE follows (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL,
    follower_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    followee_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (follower_id, followee_id)
);
CREATE INDEX follows_by_followee ON follows (followee_id, state, id);
CREATE INDEX follows_by_follower ON follows (follower_id, state, id);

-- Our own statements. A withdrawn one keeps its row, so that its id is never used again, and loses its text.
CREATE TABLE statements (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL UNIQUE,
    author_id BIGINT NOT NULL REFERENCES actors (id),
    state TEXT NOT NULL,
    title TEXT,
    lead TEXT,
    markdown TEXT NOT NULL,
    html TEXT NOT NULL,
    language TEXT NOT NULL,
    published TIMESTAMP NOT NULL,
    day_only BOOLEAN NOT NULL,
    backdated BOOLEAN NOT NULL,
    updated TIMESTAMP,
    details TEXT NOT NULL,
    in_reply_to TEXT,
    translates TEXT,
    created_at TIMESTAMP NOT NULL,
    likes_count BIGINT NOT NULL DEFAULT 0,
    boosts_count BIGINT NOT NULL DEFAULT 0,
    replies_count BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX statements_by_date ON statements (state, published DESC, id DESC);
CREATE INDEX statements_by_original ON statements (translates);

CREATE TABLE statement_tags (
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tag, statement_id)
);
CREATE INDEX statement_tags_by_statement ON statement_tags (statement_id);

CREATE TABLE statement_mentions (
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    PRIMARY KEY (statement_id, actor_id)
);

CREATE TABLE statement_pictures (
    id INTEGER PRIMARY KEY NOT NULL,
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    file TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    blurhash TEXT NOT NULL,
    alt TEXT NOT NULL,
    caption TEXT,
    credit TEXT,
    sensitive BOOLEAN NOT NULL
);
CREATE INDEX statement_pictures_by_statement ON statement_pictures (statement_id, position);
CREATE INDEX statement_pictures_by_file ON statement_pictures (file);

-- What a statement said before each edit.
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY NOT NULL,
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    title TEXT,
    lead TEXT,
    markdown TEXT NOT NULL,
    details TEXT NOT NULL,
    replaced_at TIMESTAMP NOT NULL
);
CREATE INDEX revisions_by_statement ON revisions (statement_id, id);

-- What others wrote: allies' statements, answers, posts that we boosted.
CREATE TABLE posts (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    author_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    visibility TEXT NOT NULL,
    review TEXT NOT NULL,
    title TEXT,
    summary TEXT,
    content TEXT NOT NULL,
    language TEXT,
    sensitive BOOLEAN NOT NULL,
    url TEXT,
    in_reply_to TEXT,
    statement_id BIGINT REFERENCES statements (id),
    pictures TEXT NOT NULL,
    published TIMESTAMP NOT NULL,
    updated TIMESTAMP,
    received_at TIMESTAMP NOT NULL
);
CREATE INDEX posts_by_author ON posts (author_id, published DESC, id DESC);
CREATE INDEX posts_by_url ON posts (url);
CREATE INDEX posts_by_date ON posts (published DESC, id DESC);
CREATE INDEX posts_by_review ON posts (review, id DESC);
CREATE INDEX posts_by_statement ON posts (statement_id, review, published, id);

-- Posts that were deleted, by whom: a copy that arrives late from that author is not kept again.
CREATE TABLE deleted_posts (
    uri TEXT NOT NULL,
    actor_uri TEXT NOT NULL,
    deleted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (uri, actor_uri)
);

-- Announces: others' of our statements, ours of others' posts.
CREATE TABLE boosts (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    statement_id BIGINT REFERENCES statements (id) ON DELETE CASCADE,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (actor_id, statement_id),
    UNIQUE (actor_id, post_id)
);
CREATE INDEX boosts_by_statement ON boosts (statement_id, id);
CREATE INDEX boosts_by_post ON boosts (post_id);
CREATE INDEX boosts_by_actor ON boosts (actor_id, created_at DESC, id DESC);

CREATE TABLE likes (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    statement_id BIGINT NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (actor_id, statement_id)
);
CREATE INDEX likes_by_statement ON likes (statement_id, id);

-- Activities that were heard, so that a second copy has no effect.
CREATE TABLE heard_activities (
    actor_uri TEXT NOT NULL,
    activity_uri TEXT NOT NULL,
    heard_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_uri, activity_uri)
);
CREATE INDEX heard_activities_by_age ON heard_activities (heard_at);

-- Activities that we say: the bytes, built once.
CREATE TABLE activities (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    sender_id BIGINT NOT NULL REFERENCES actors (id),
    statement_id BIGINT REFERENCES statements (id),
    public BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX activities_by_statement ON activities (statement_id, id);

-- One row for each activity and inbox.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY NOT NULL,
    activity_id BIGINT NOT NULL REFERENCES activities (id),
    inbox TEXT NOT NULL,
    host TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try_at TIMESTAMP NOT NULL,
    last_tried_at TIMESTAMP,
    lets_pass BOOLEAN NOT NULL,
    answer TEXT,
    settled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (activity_id, inbox)
);
CREATE INDEX deliveries_by_host ON deliveries (host, state);
CREATE INDEX deliveries_by_lane ON deliveries (inbox, state, id);

-- One row for each inbox that ever got something: deliveries to it leave in order, by one worker at a time.
CREATE TABLE lanes (
    inbox TEXT PRIMARY KEY NOT NULL,
    host TEXT NOT NULL,
    next_try_at TIMESTAMP,
    leased_until TIMESTAMP
);
CREATE INDEX lanes_by_next_try ON lanes (next_try_at);
CREATE INDEX lanes_by_host ON lanes (host);

-- What we learnt about the servers that we deliver to.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY NOT NULL,
    signature_form TEXT,
    failures INTEGER NOT NULL,
    next_probe_at TIMESTAMP,
    last_success_at TIMESTAMP,
    last_failure_at TIMESTAMP
);

CREATE TABLE domain_blocks (
    domain TEXT PRIMARY KEY NOT NULL,
    reason TEXT,
    created_at TIMESTAMP NOT NULL
);
