-- A post that becomes a film, and an author who gains or drops a picture, change the pages that show them.
DROP TRIGGER posts_shown_after_update;
CREATE TRIGGER posts_shown_after_update AFTER UPDATE OF review, kind, title, summary, content, language, sensitive, url, in_reply_to, statement_id, pictures, published, updated ON posts
    WHEN OLD.review <> 'held' OR NEW.review <> 'held'
BEGIN UPDATE site_version SET version = version + 1; END;
DROP TRIGGER actors_shown_after_update;
CREATE TRIGGER actors_shown_after_update AFTER UPDATE OF name, handle, url, summary, icon, blocked ON actors
    WHEN OLD.name IS DISTINCT FROM NEW.name OR OLD.handle IS DISTINCT FROM NEW.handle OR OLD.url IS DISTINCT FROM NEW.url
    OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.icon IS DISTINCT FROM NEW.icon
    OR OLD.blocked IS DISTINCT FROM NEW.blocked
BEGIN UPDATE site_version SET version = version + 1; END;
