-- Whether everybody may see what the union passed on: the post waits for no editor and was not rejected, and its author is not blocked. Such boosts
-- are counted in an index alone. The database keeps the mark itself.
ALTER TABLE boosts ADD COLUMN shown BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE boosts SET shown = TRUE
WHERE actor_id IN (SELECT id FROM actors WHERE local) AND post_id IN (
    SELECT posts.id FROM posts JOIN actors ON actors.id = posts.author_id
    WHERE posts.review IN ('none', 'approved') AND NOT actors.blocked
);
CREATE INDEX boosts_shown ON boosts (actor_id, shown) WHERE shown;

CREATE TRIGGER boosts_marked_after_insert AFTER INSERT ON boosts
    WHEN NEW.post_id IS NOT NULL AND (SELECT local FROM actors WHERE id = NEW.actor_id)
BEGIN
    UPDATE boosts SET shown = EXISTS (
        SELECT 1 FROM posts JOIN actors ON actors.id = posts.author_id
        WHERE posts.id = NEW.post_id AND posts.review IN ('none', 'approved') AND NOT actors.blocked
    ) WHERE id = NEW.id;
END;
CREATE TRIGGER boosts_marked_after_review AFTER UPDATE OF review ON posts
    WHEN OLD.review <> NEW.review
BEGIN
    UPDATE boosts
    SET shown = NEW.review IN ('none', 'approved') AND NOT (SELECT blocked FROM actors WHERE id = NEW.author_id)
    WHERE post_id = NEW.id AND EXISTS (SELECT 1 FROM actors WHERE id = boosts.actor_id AND local);
END;
CREATE TRIGGER boosts_marked_after_block AFTER UPDATE OF blocked ON actors
    WHEN OLD.blocked <> NEW.blocked
BEGIN
    UPDATE boosts
    SET shown = NOT NEW.blocked AND (SELECT review IN ('none', 'approved') FROM posts WHERE id = boosts.post_id)
    WHERE post_id IN (SELECT id FROM posts WHERE author_id = NEW.id) AND EXISTS (SELECT 1 FROM actors WHERE id = boosts.actor_id AND local);
END;

-- Answers that an editor decided on or will, newest first: what followed unions published is not walked along.
CREATE INDEX posts_reviewed ON posts (id) WHERE review <> 'none';
