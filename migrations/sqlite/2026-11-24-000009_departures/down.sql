DROP INDEX actors_by_shared_inbox;
DROP INDEX actors_by_inbox;
DROP TABLE departures;
