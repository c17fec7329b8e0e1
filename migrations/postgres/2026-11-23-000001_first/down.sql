-- There is no way back before the first version: restore a copy of the data folder instead.
SELECT 1;
