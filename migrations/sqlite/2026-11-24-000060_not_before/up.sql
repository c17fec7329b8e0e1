-- Until when a server asked us to wait (`Retry-After`): no news that it is back makes that shorter.
ALTER TABLE deliveries ADD COLUMN not_before TIMESTAMP;
