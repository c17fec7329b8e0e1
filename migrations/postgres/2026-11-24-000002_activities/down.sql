DROP TABLE quotes;
DROP TABLE reports;
DROP TABLE aliases;
DROP TABLE moves;
DROP TABLE featured_posts;
ALTER TABLE follows DROP COLUMN answer_uri;
ALTER TABLE actors DROP COLUMN featured;
