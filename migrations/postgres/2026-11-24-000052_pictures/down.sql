ALTER TABLE statement_pictures DROP COLUMN sizes;
ALTER TABLE profile_pictures DROP COLUMN sizes;
ALTER TABLE statement_pictures DROP COLUMN focus_x;
ALTER TABLE statement_pictures DROP COLUMN focus_y;
