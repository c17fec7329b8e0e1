-- Pages that the union writes itself: one row for each language of each.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY NOT NULL,
    slug TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    markdown TEXT NOT NULL,
    html TEXT NOT NULL,
    -- Its place in the menu; null: it is not there.
    menu_place INTEGER,
    changed_at TIMESTAMP NOT NULL,
    UNIQUE (slug, language)
);

-- What the union says about a hashtag that is a campaign, in each language: a readable name and an introduction.
CREATE TABLE campaigns (
    tag TEXT NOT NULL REFERENCES hashtags (tag),
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    markdown TEXT NOT NULL,
    html TEXT NOT NULL,
    PRIMARY KEY (tag, language)
);

-- Where the site leads, and what it shows.
CREATE TABLE site_settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TRIGGER pages_shown_after_insert AFTER INSERT ON pages
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER pages_shown_after_update AFTER UPDATE ON pages
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER pages_shown_after_delete AFTER DELETE ON pages
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER campaigns_shown_after_insert AFTER INSERT ON campaigns
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER campaigns_shown_after_update AFTER UPDATE ON campaigns
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER campaigns_shown_after_delete AFTER DELETE ON campaigns
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER site_settings_shown_after_insert AFTER INSERT ON site_settings
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER site_settings_shown_after_update AFTER UPDATE ON site_settings
BEGIN UPDATE site_version SET version = version + 1; END;
CREATE TRIGGER site_settings_shown_after_delete AFTER DELETE ON site_settings
BEGIN UPDATE site_version SET version = version + 1; END;
