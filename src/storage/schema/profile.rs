//! The tables of the profile, which are read by themselves.

diesel::table! {
    profile_pictures (place) {
        place -> Text,
        file -> Text,
        media_type -> Text,
        width -> Integer,
        height -> Integer,
        blurhash -> Text,
        sizes -> Text,
    }
}

diesel::table! {
    profile_fields (id) {
        id -> BigInt,
        label -> Text,
        value -> Text,
        verified_at -> Nullable<Timestamp>,
        checked_at -> Nullable<Timestamp>,
    }
}
