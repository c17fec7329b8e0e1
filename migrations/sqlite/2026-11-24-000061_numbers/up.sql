-- The number of a row that went is never given to another, as on PostgreSQL: whoever waits for another server, or reads a list, may still have it.
-- SQLite counts so only where a table says AUTOINCREMENT. A table that is made anew to say so would take along all that refers to it, so the words
-- alone are changed, of which nothing in the table depends (https://www.sqlite.org/lang_altertable.html#otheralter).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ' id INTEGER PRIMARY KEY NOT NULL,', ' id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,')
WHERE type = 'table';
PRAGMA writable_schema = RESET;
-- SQLite makes its own table of numbers with the first that is made with the word.
CREATE TABLE numbered (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
DROP TABLE numbered;

-- How often its author changed what is seen of a post, with the first time: whoever read one version approves no other.
ALTER TABLE posts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
