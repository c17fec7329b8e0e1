DROP INDEX statements_by_language;
