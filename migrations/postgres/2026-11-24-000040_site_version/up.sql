-- How often what the public pages show has changed. A page that was made at one number is good as long as that number stands, so every
-- transaction that changes something shown raises it, whichever process it runs in. What changes all the time and is shown nowhere
-- (deliveries, what was heard, keys, held posts) raises nothing.
CREATE TABLE site_version (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO site_version (id, version) VALUES (1, 0);

-- Once a transaction, and only as it commits: so that no transaction waits for another with this row in its hand.
CREATE FUNCTION raise_site_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('picket.raised', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        UPDATE site_version SET version = version + 1;
        PERFORM set_config('picket.raised', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER statements_shown_after_insert AFTER INSERT ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER statements_shown_after_update AFTER UPDATE ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER statements_shown_after_delete AFTER DELETE ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER posts_shown_after_insert AFTER INSERT ON posts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.review <> 'held')
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER posts_shown_after_update AFTER UPDATE OF review, title, summary, content, language, sensitive, url, in_reply_to, statement_id, pictures, published, updated ON posts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.review <> 'held' OR NEW.review <> 'held')
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER posts_shown_after_delete AFTER DELETE ON posts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.review <> 'held')
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER actors_shown_after_update AFTER UPDATE OF name, handle, url, summary, blocked ON actors
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.handle IS DISTINCT FROM NEW.handle OR OLD.url IS DISTINCT FROM NEW.url
    OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.blocked IS DISTINCT FROM NEW.blocked)
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER boosts_shown_after_insert AFTER INSERT ON boosts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.post_id IS NOT NULL)
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER boosts_shown_after_delete AFTER DELETE ON boosts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.post_id IS NOT NULL)
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER pins_shown_after_insert AFTER INSERT ON pins
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER pins_shown_after_delete AFTER DELETE ON pins
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER hashtags_shown_after_update AFTER UPDATE OF featured_at, name ON hashtags
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.featured_at IS DISTINCT FROM NEW.featured_at OR OLD.name IS DISTINCT FROM NEW.name)
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER hashtags_shown_after_insert AFTER INSERT ON hashtags
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.featured_at IS NOT NULL)
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER profile_pictures_shown_after_insert AFTER INSERT ON profile_pictures
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER profile_pictures_shown_after_delete AFTER DELETE ON profile_pictures
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER profile_fields_shown_after_insert AFTER INSERT ON profile_fields
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER profile_fields_shown_after_update AFTER UPDATE ON profile_fields
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER profile_fields_shown_after_delete AFTER DELETE ON profile_fields
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER follows_shown_after_insert AFTER INSERT ON follows
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'accepted')
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER follows_shown_after_update AFTER UPDATE ON follows
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION raise_site_version();
CREATE CONSTRAINT TRIGGER follows_shown_after_delete AFTER DELETE ON follows
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state = 'accepted')
    EXECUTE FUNCTION raise_site_version();
