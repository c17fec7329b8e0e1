-- How many there are, kept beside what is counted: whoever asks need not count a million. The database keeps it itself, so nothing that writes can
-- forget to.
CREATE TABLE counts (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counts (name, value)
SELECT 'statements', COUNT(*) FROM statements WHERE state = 'published';
INSERT INTO counts (name, value)
SELECT 'followers', COUNT(*) FROM follows JOIN actors ON actors.id = follows.followee_id
WHERE follows.state = 'accepted' AND actors.local;

CREATE TRIGGER statements_counted_after_insert AFTER INSERT ON statements
    WHEN NEW.state = 'published'
BEGIN UPDATE counts SET value = value + 1 WHERE name = 'statements'; END;
CREATE TRIGGER statements_counted_after_update AFTER UPDATE OF state ON statements
    WHEN (OLD.state = 'published') <> (NEW.state = 'published')
BEGIN UPDATE counts SET value = value + (NEW.state = 'published') - (OLD.state = 'published') WHERE name = 'statements'; END;
CREATE TRIGGER statements_counted_after_delete AFTER DELETE ON statements
    WHEN OLD.state = 'published'
BEGIN UPDATE counts SET value = value - 1 WHERE name = 'statements'; END;

CREATE TRIGGER follows_counted_after_insert AFTER INSERT ON follows
    WHEN NEW.state = 'accepted' AND (SELECT local FROM actors WHERE id = NEW.followee_id)
BEGIN UPDATE counts SET value = value + 1 WHERE name = 'followers'; END;
CREATE TRIGGER follows_counted_after_update AFTER UPDATE OF state ON follows
    WHEN (OLD.state = 'accepted') <> (NEW.state = 'accepted') AND (SELECT local FROM actors WHERE id = NEW.followee_id)
BEGIN UPDATE counts SET value = value + (NEW.state = 'accepted') - (OLD.state = 'accepted') WHERE name = 'followers'; END;
CREATE TRIGGER follows_counted_after_delete AFTER DELETE ON follows
    WHEN OLD.state = 'accepted' AND (SELECT local FROM actors WHERE id = OLD.followee_id)
BEGIN UPDATE counts SET value = value - 1 WHERE name = 'followers'; END;

-- Statements of every state, newest first: for editors.
CREATE INDEX statements_of_every_state_by_date ON statements (published DESC, id DESC);
