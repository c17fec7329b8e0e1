-- How often its author changed what is seen of a post, with the first time: whoever read one version approves no other.
ALTER TABLE posts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
