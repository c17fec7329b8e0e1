-- There is no way back: private posts have left the table that older versions read. Restore a copy of the data folder instead.
SELECT 1;
