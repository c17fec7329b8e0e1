DROP INDEX lanes_told;
ALTER TABLE lanes DROP COLUMN told;
DROP INDEX activities_by_receipts;
ALTER TABLE activities DROP COLUMN receipts_kept;
DROP INDEX deliveries_by_activity;
ALTER TABLE deliveries DROP COLUMN followers;
