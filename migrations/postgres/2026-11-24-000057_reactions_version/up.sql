-- How often the likes and boosts of any statement have changed: as long as they have not, the page of a statement need not ask for its own.
ALTER TABLE site_version ADD COLUMN reactions BIGINT NOT NULL DEFAULT 0;

-- Once a transaction, and only as it commits, like `raise_site_version`.
CREATE FUNCTION raise_reactions_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('picket.reacted', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        UPDATE site_version SET reactions = reactions + 1;
        PERFORM set_config('picket.reacted', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER statements_liked_after_update AFTER UPDATE ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.likes_count <> NEW.likes_count OR OLD.boosts_count <> NEW.boosts_count)
    EXECUTE FUNCTION raise_reactions_version();
