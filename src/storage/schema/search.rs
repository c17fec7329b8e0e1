//! The table of the search. Under it lies an index of each database's own kind, which only `storage::full_text` names.

diesel::table! {
    search_entries (place) {
        place -> BigInt,
        statement_id -> Nullable<BigInt>,
        post_id -> Nullable<BigInt>,
        words -> Text,
    }
}
