-- How many like or boost a statement stands on its own page alone, which asks for those numbers itself. So a change of them leaves the pages of
-- everything else as they are; answers, which are counted and shown, still change what is shown.
DROP TRIGGER statements_shown_after_update ON statements;
CREATE CONSTRAINT TRIGGER statements_shown_after_update AFTER UPDATE ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.likes_count = NEW.likes_count AND OLD.boosts_count = NEW.boosts_count) OR OLD.replies_count <> NEW.replies_count)
    EXECUTE FUNCTION raise_site_version();
