-- How often what the public pages show has changed. A page that was made at one number is good as long as that number stands, so every
-- transaction that changes something shown raises it, whichever process it runs in. What changes all the time and is shown nowhere
-- (deliveries, what was heard, keys, held posts) raises nothing.
CREATE TABLE site_version (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO site_version (id, version) VALUES (1, 0);

CREATE TRIGGER statements_shown_after_insert AFTER INSERT ON statements
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER statements_shown_after_update AFTER UPDATE ON statements
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER statements_shown_after_delete AFTER DELETE ON statements
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER posts_shown_after_insert AFTER INSERT ON posts
    WHEN NEW.review <> 'held'
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER posts_shown_after_update AFTER UPDATE OF review, title, summary, content, language, sensitive, url, in_reply_to, statement_id, pictures, published, updated ON posts
    WHEN OLD.review <> 'held' OR NEW.review <> 'held'
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER posts_shown_after_delete AFTER DELETE ON posts
    WHEN OLD.review <> 'held'
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER actors_shown_after_update AFTER UPDATE OF name, handle, url, summary, blocked ON actors
    WHEN OLD.name IS DISTINCT FROM NEW.name OR OLD.handle IS DISTINCT FROM NEW.handle OR OLD.url IS DISTINCT FROM NEW.url
    OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.blocked IS DISTINCT FROM NEW.blocked
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER boosts_shown_after_insert AFTER INSERT ON boosts
    WHEN NEW.post_id IS NOT NULL
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER boosts_shown_after_delete AFTER DELETE ON boosts
    WHEN OLD.post_id IS NOT NULL
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER pins_shown_after_insert AFTER INSERT ON pins
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER pins_shown_after_delete AFTER DELETE ON pins
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER hashtags_shown_after_update AFTER UPDATE OF featured_at, name ON hashtags
    WHEN OLD.featured_at IS DISTINCT FROM NEW.featured_at OR OLD.name IS DISTINCT FROM NEW.name
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER hashtags_shown_after_insert AFTER INSERT ON hashtags
    WHEN NEW.featured_at IS NOT NULL
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER profile_pictures_shown_after_insert AFTER INSERT ON profile_pictures
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER profile_pictures_shown_after_delete AFTER DELETE ON profile_pictures
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER profile_fields_shown_after_insert AFTER INSERT ON profile_fields
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER profile_fields_shown_after_update AFTER UPDATE ON profile_fields
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER profile_fields_shown_after_delete AFTER DELETE ON profile_fields
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER follows_shown_after_insert AFTER INSERT ON follows
    WHEN NEW.state = 'accepted'
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER follows_shown_after_update AFTER UPDATE ON follows
    WHEN OLD.state IS DISTINCT FROM NEW.state
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER follows_shown_after_delete AFTER DELETE ON follows
    WHEN OLD.state = 'accepted'
BEGIN UPDATE site_version SET version = version + 1; END;
