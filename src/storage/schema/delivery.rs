//! The tables of the delivery.

diesel::table! {
    activities (id) {
        id -> BigInt,
        uri -> Text,
        sender_id -> BigInt,
        statement_id -> Nullable<BigInt>,
        public -> Bool,
        body -> Text,
        created_at -> Timestamp,
        receipts_kept -> Bool,
        receipts_worn -> Bool,
    }
}

diesel::table! {
    deliveries (id) {
        id -> BigInt,
        activity_id -> BigInt,
        inbox -> Text,
        host -> Text,
        state -> Text,
        attempts -> Integer,
        next_try_at -> Timestamp,
        last_tried_at -> Nullable<Timestamp>,
        lets_pass -> Bool,
        answer -> Nullable<Text>,
        settled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        followers -> Integer,
        not_before -> Nullable<Timestamp>,
    }
}

diesel::table! {
    lanes (inbox) {
        inbox -> Text,
        host -> Text,
        next_try_at -> Nullable<Timestamp>,
        leased_until -> Nullable<Timestamp>,
        leased_by -> Nullable<Integer>,
        lease -> BigInt,
        away -> Bool,
        told -> Bool,
    }
}

diesel::table! {
    hosts (host) {
        host -> Text,
        signature_form -> Nullable<Text>,
        failures -> Integer,
        next_probe_at -> Nullable<Timestamp>,
        last_success_at -> Nullable<Timestamp>,
        last_failure_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    departures (inbox) {
        inbox -> Text,
        said_at -> Timestamp,
    }
}
