-- How many followers read at the inbox: kept, so that nobody has to be counted for a receipt. Of what was delivered before this nothing is known.
ALTER TABLE deliveries ADD COLUMN followers INTEGER NOT NULL DEFAULT 0;
-- A receipt is counted in this index alone.
CREATE INDEX deliveries_by_activity ON deliveries (activity_id, host, state, followers);

-- Whether it is still known how the deliveries of an activity went; after a time they are forgotten …
ALTER TABLE activities ADD COLUMN receipts_kept BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX activities_by_receipts ON activities (receipts_kept, created_at);
-- … and a statement is then withdrawn at every inbox that ever got any.
ALTER TABLE lanes ADD COLUMN told BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE lanes SET told = TRUE WHERE EXISTS (
    SELECT 1 FROM deliveries JOIN activities ON activities.id = deliveries.activity_id
    WHERE deliveries.inbox = lanes.inbox AND activities.statement_id IS NOT NULL
);
CREATE INDEX lanes_told ON lanes (inbox) WHERE told;
