-- What followed unions passed on, or said of a move, while the server of somebody else did not answer on which it lies: it is asked again for a
-- day, so that its sender need not wait.
CREATE TABLE waiting_activities (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    -- The activity's id, and what was said, as JSON.
    uri TEXT NOT NULL,
    action TEXT NOT NULL,
    -- Whose answer is missing.
    host TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_try_at TIMESTAMP NOT NULL,
    UNIQUE (actor_id, uri)
);
CREATE INDEX waiting_activities_by_next_try ON waiting_activities (next_try_at);
CREATE INDEX waiting_activities_by_host ON waiting_activities (host);
