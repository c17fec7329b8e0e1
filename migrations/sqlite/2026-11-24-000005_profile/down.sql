DROP TABLE hashtags;
DROP TABLE pins;
DROP TABLE profile_fields;
DROP TABLE profile_pictures;
