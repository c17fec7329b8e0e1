//! The tables of the public site.

diesel::table! {
    pages (id) {
        id -> BigInt,
        slug -> Text,
        language -> Text,
        title -> Text,
        markdown -> Text,
        html -> Text,
        menu_place -> Nullable<Integer>,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    campaigns (tag, language) {
        tag -> Text,
        language -> Text,
        name -> Text,
        markdown -> Text,
        html -> Text,
    }
}

diesel::table! {
    site_settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    site_version (id) {
        id -> Integer,
        version -> BigInt,
        reactions -> BigInt,
    }
}
