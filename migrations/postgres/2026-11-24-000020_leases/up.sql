-- Whose lease a lane is, by the number of the process, and the how manieth of this lane: who lost it settles nothing any more.
ALTER TABLE lanes ADD COLUMN leased_by INTEGER;
ALTER TABLE lanes ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;
-- Whether the lane's server has failed since it last answered. Such lanes are a queue of their own, so that they are in nobody's way.
ALTER TABLE lanes ADD COLUMN away BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE lanes SET away = TRUE WHERE host IN (SELECT host FROM hosts WHERE failures > 0);

DROP INDEX lanes_by_next_try;
CREATE INDEX lanes_by_next_try ON lanes (away, next_try_at);
DROP INDEX lanes_by_host;
CREATE INDEX lanes_by_host ON lanes (host, leased_until);
CREATE INDEX lanes_by_lease ON lanes (leased_until, host) WHERE leased_until IS NOT NULL;
-- What is given up is looked for by its age.
DROP INDEX deliveries_by_host;
CREATE INDEX deliveries_by_host ON deliveries (host, state, created_at);
