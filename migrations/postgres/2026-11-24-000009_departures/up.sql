-- Inboxes that answered 410, until their actors' own server has been asked whether that is true.
CREATE TABLE departures (
    inbox TEXT PRIMARY KEY NOT NULL,
    said_at TIMESTAMP NOT NULL
);
CREATE INDEX departures_by_age ON departures (said_at);
CREATE INDEX actors_by_inbox ON actors (inbox);
CREATE INDEX actors_by_shared_inbox ON actors (shared_inbox);
