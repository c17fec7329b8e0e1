DROP INDEX lanes_untold;
CREATE INDEX lanes_told ON lanes (inbox) WHERE told;
DROP INDEX activities_by_worn_receipts;
ALTER TABLE activities DROP COLUMN receipts_worn;
