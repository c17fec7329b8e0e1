DROP TABLE domain_allows;
ALTER TABLE actors DROP COLUMN blocked;
