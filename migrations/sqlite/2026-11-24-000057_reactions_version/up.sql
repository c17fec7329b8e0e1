-- How often the likes and boosts of any statement have changed: as long as they have not, the page of a statement need not ask for its own.
ALTER TABLE site_version ADD COLUMN reactions BIGINT NOT NULL DEFAULT 0;
CREATE TRIGGER statements_liked_after_update AFTER UPDATE OF likes_count, boosts_count ON statements
    WHEN OLD.likes_count <> NEW.likes_count OR OLD.boosts_count <> NEW.boosts_count
BEGIN UPDATE site_version SET reactions = reactions + 1; END;
