-- The widths in which a picture lies in the media folder besides its own, with a space between.
ALTER TABLE statement_pictures ADD COLUMN sizes TEXT NOT NULL DEFAULT '';
ALTER TABLE profile_pictures ADD COLUMN sizes TEXT NOT NULL DEFAULT '';

-- What must stay in sight where a picture is cut: from -100 (left, bottom) to 100 (right, top), 0 is the middle.
ALTER TABLE statement_pictures ADD COLUMN focus_x INTEGER NOT NULL DEFAULT 0;
ALTER TABLE statement_pictures ADD COLUMN focus_y INTEGER NOT NULL DEFAULT 0;
