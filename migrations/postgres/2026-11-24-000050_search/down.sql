DROP TABLE search_entries;
ALTER TABLE actors DROP COLUMN indexable;
