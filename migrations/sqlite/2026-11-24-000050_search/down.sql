DROP TABLE search_words;
DROP TABLE search_entries;
ALTER TABLE actors DROP COLUMN indexable;
