-- How many like or boost a statement stands on its own page alone, which asks for those numbers itself. So a change of them leaves the pages of
-- everything else as they are; answers, which are counted and shown, still change what is shown.
DROP TRIGGER statements_shown_after_update;
CREATE TRIGGER statements_shown_after_update AFTER UPDATE ON statements
    WHEN (OLD.likes_count = NEW.likes_count AND OLD.boosts_count = NEW.boosts_count) OR OLD.replies_count <> NEW.replies_count
BEGIN UPDATE site_version SET version = version + 1; END;
