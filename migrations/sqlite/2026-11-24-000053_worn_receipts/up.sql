-- Which activities still have deliveries that are to be forgotten: found by an index, instead of asking each that was ever forgotten.
ALTER TABLE activities ADD COLUMN receipts_worn BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE activities SET receipts_worn = TRUE
WHERE NOT receipts_kept AND EXISTS (SELECT 1 FROM deliveries WHERE deliveries.activity_id = activities.id);
CREATE INDEX activities_by_worn_receipts ON activities (id) WHERE receipts_worn;

-- Nearly every lane was told of a statement: what is looked for are the few others.
DROP INDEX lanes_told;
CREATE INDEX lanes_untold ON lanes (inbox) WHERE NOT told;
