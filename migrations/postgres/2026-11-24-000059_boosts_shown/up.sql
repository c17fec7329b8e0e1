-- Whether everybody may see what the union passed on: the post waits for no editor and was not rejected, and its author is not blocked. Such boosts
-- are counted in an index alone. The database keeps the mark itself.
-- Nobody writes between what is looked at here and the triggers.
LOCK TABLE actors, posts, boosts IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE boosts ADD COLUMN shown BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE boosts SET shown = TRUE
WHERE actor_id IN (SELECT id FROM actors WHERE local) AND post_id IN (
    SELECT posts.id FROM posts JOIN actors ON actors.id = posts.author_id
    WHERE posts.review IN ('none', 'approved') AND NOT actors.blocked
);
CREATE INDEX boosts_shown ON boosts (actor_id, shown) WHERE shown;

CREATE FUNCTION mark_new_boost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM actors WHERE id = NEW.actor_id AND local) THEN
        -- Whoever changes the post or its author meanwhile comes before or after, and sees this boost then.
        PERFORM FROM posts JOIN actors ON actors.id = posts.author_id WHERE posts.id = NEW.post_id FOR SHARE;
        NEW.shown := EXISTS (
            SELECT FROM posts JOIN actors ON actors.id = posts.author_id
            WHERE posts.id = NEW.post_id AND posts.review IN ('none', 'approved') AND NOT actors.blocked
        );
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION mark_boosts_after_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE boosts
    SET shown = NEW.review IN ('none', 'approved') AND NOT (SELECT blocked FROM actors WHERE id = NEW.author_id)
    WHERE post_id = NEW.id AND actor_id IN (SELECT id FROM actors WHERE local);
    RETURN NULL;
END
$$;
CREATE FUNCTION mark_boosts_after_block() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE boosts
    SET shown = NOT NEW.blocked AND (SELECT review IN ('none', 'approved') FROM posts WHERE id = boosts.post_id)
    WHERE post_id IN (SELECT id FROM posts WHERE author_id = NEW.id) AND actor_id IN (SELECT id FROM actors WHERE local);
    RETURN NULL;
END
$$;
CREATE TRIGGER boosts_marked BEFORE INSERT ON boosts
    FOR EACH ROW WHEN (NEW.post_id IS NOT NULL) EXECUTE FUNCTION mark_new_boost();
CREATE TRIGGER boosts_marked_after_review AFTER UPDATE OF review ON posts
    FOR EACH ROW WHEN (OLD.review <> NEW.review) EXECUTE FUNCTION mark_boosts_after_review();
CREATE TRIGGER boosts_marked_after_block AFTER UPDATE OF blocked ON actors
    FOR EACH ROW WHEN (OLD.blocked <> NEW.blocked) EXECUTE FUNCTION mark_boosts_after_block();

-- Answers that an editor decided on or will, newest first: what followed unions published is not walked along.
CREATE INDEX posts_reviewed ON posts (id) WHERE review <> 'none';
