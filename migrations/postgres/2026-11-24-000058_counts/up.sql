-- How many there are, kept beside what is counted: whoever asks need not count a million. The database keeps it itself, so nothing that writes can
-- forget to.
-- Nobody writes between what is counted here and the triggers.
LOCK TABLE statements, follows IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE counts (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counts (name, value)
SELECT 'statements', COUNT(*) FROM statements WHERE state = 'published';
INSERT INTO counts (name, value)
SELECT 'followers', COUNT(*) FROM follows JOIN actors ON actors.id = follows.followee_id
WHERE follows.state = 'accepted' AND actors.local;

-- A transaction notes what it changes where only it sees it …
CREATE FUNCTION note_change(counted text, change bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    noted bigint := COALESCE(NULLIF(current_setting('picket.' || counted, true), ''), '0');
BEGIN
    PERFORM set_config('picket.' || counted, (noted + change)::text, true);
END
$$;

CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change('statements', (TG_OP <> 'DELETE' AND NEW.state = 'published')::integer
        - (TG_OP <> 'INSERT' AND OLD.state = 'published')::integer);
    RETURN NULL;
END
$$;

CREATE FUNCTION count_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    followee bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.followee_id ELSE NEW.followee_id END;
BEGIN
    IF EXISTS (SELECT FROM actors WHERE id = followee AND local) THEN
        PERFORM note_change('followers', (TG_OP <> 'DELETE' AND NEW.state = 'accepted')::integer
            - (TG_OP <> 'INSERT' AND OLD.state = 'accepted')::integer);
    END IF;
    RETURN NULL;
END
$$;

-- … and writes it down as the last thing before its commit, so that no transaction waits for another in the middle of its work. The number of
-- the site's version is taken first by all, so that no two wait for each other.
CREATE FUNCTION write_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted text;
    change bigint;
BEGIN
    FOREACH counted IN ARRAY ARRAY['followers', 'statements'] LOOP
        change := COALESCE(NULLIF(current_setting('picket.' || counted, true), ''), '0');
        IF change <> 0 THEN
            PERFORM FROM site_version FOR UPDATE;
            UPDATE counts SET value = value + change WHERE name = counted;
            PERFORM set_config('picket.' || counted, '0', true);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER statements_counted AFTER INSERT OR DELETE ON statements
    FOR EACH ROW EXECUTE FUNCTION count_statement();
CREATE TRIGGER statements_counted_after_update AFTER UPDATE OF state ON statements
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION count_statement();
CREATE CONSTRAINT TRIGGER statements_written AFTER INSERT OR DELETE ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION write_counts();
CREATE CONSTRAINT TRIGGER statements_written_after_update AFTER UPDATE OF state ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION write_counts();

CREATE TRIGGER follows_counted AFTER INSERT OR DELETE ON follows
    FOR EACH ROW EXECUTE FUNCTION count_follow();
CREATE TRIGGER follows_counted_after_update AFTER UPDATE OF state ON follows
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION count_follow();
CREATE CONSTRAINT TRIGGER follows_written AFTER INSERT OR DELETE ON follows
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION write_counts();
CREATE CONSTRAINT TRIGGER follows_written_after_update AFTER UPDATE OF state ON follows
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION write_counts();

-- Statements of every state, newest first: for editors.
CREATE INDEX statements_of_every_state_by_date ON statements (published DESC, id DESC);
