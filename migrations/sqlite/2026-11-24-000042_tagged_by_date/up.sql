-- When a statement was published stands beside each of its hashtags, so that the newest of one are found as fast among a million as among ten.
ALTER TABLE statement_tags ADD COLUMN published TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
UPDATE statement_tags SET published = (SELECT s.published FROM statements s WHERE s.id = statement_tags.statement_id);
CREATE INDEX statement_tags_by_date ON statement_tags (tag, published DESC, statement_id DESC);
