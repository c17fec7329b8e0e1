//! The tables as diesel sees them; what each is for stands beside its columns in `migrations/`.

mod delivery;
mod profile;
mod search;
mod site;

pub use delivery::{activities, deliveries, departures, hosts, lanes};
pub use profile::{profile_fields, profile_pictures};
pub use search::search_entries;
pub use site::{campaigns, pages, site_settings, site_version};

diesel::table! {
    settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    actors (id) {
        id -> BigInt,
        uri -> Text,
        kind -> Text,
        local -> Bool,
        handle -> Text,
        host -> Text,
        name -> Text,
        summary -> Text,
        url -> Nullable<Text>,
        inbox -> Text,
        shared_inbox -> Nullable<Text>,
        outbox -> Nullable<Text>,
        followers -> Nullable<Text>,
        icon -> Nullable<Text>,
        created_at -> Timestamp,
        fetched_at -> Timestamp,
        keys_checked_at -> Timestamp,
        featured -> Nullable<Text>,
        blocked -> Bool,
        indexable -> Bool,
    }
}

diesel::table! {
    actor_keys (id) {
        id -> Text,
        actor_id -> BigInt,
        algorithm -> Text,
        public_key -> Binary,
        private_key -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    follows (id) {
        id -> BigInt,
        uri -> Text,
        follower_id -> BigInt,
        followee_id -> BigInt,
        state -> Text,
        created_at -> Timestamp,
        answer_uri -> Nullable<Text>,
    }
}

diesel::table! {
    statements (id) {
        id -> BigInt,
        uri -> Text,
        slug -> Text,
        author_id -> BigInt,
        state -> Text,
        title -> Nullable<Text>,
        lead -> Nullable<Text>,
        markdown -> Text,
        html -> Text,
        language -> Text,
        published -> Timestamp,
        day_only -> Bool,
        backdated -> Bool,
        updated -> Nullable<Timestamp>,
        details -> Text,
        in_reply_to -> Nullable<Text>,
        translates -> Nullable<Text>,
        created_at -> Timestamp,
        likes_count -> BigInt,
        boosts_count -> BigInt,
        replies_count -> BigInt,
        context -> Text,
    }
}

diesel::table! {
    statement_tags (tag, statement_id) {
        statement_id -> BigInt,
        tag -> Text,
        name -> Text,
        published -> Timestamp,
    }
}

diesel::table! {
    statement_mentions (statement_id, actor_id) {
        statement_id -> BigInt,
        actor_id -> BigInt,
    }
}

diesel::table! {
    statement_pictures (id) {
        id -> BigInt,
        statement_id -> BigInt,
        position -> Integer,
        file -> Text,
        media_type -> Text,
        width -> Integer,
        height -> Integer,
        blurhash -> Text,
        alt -> Text,
        caption -> Nullable<Text>,
        credit -> Nullable<Text>,
        sensitive -> Bool,
        sizes -> Text,
        focus_x -> Integer,
        focus_y -> Integer,
    }
}

diesel::table! {
    statement_documents (id) {
        id -> BigInt,
        statement_id -> BigInt,
        position -> Integer,
        file -> Text,
        title -> Text,
        bytes -> BigInt,
    }
}

diesel::table! {
    revisions (id) {
        id -> BigInt,
        statement_id -> BigInt,
        title -> Nullable<Text>,
        lead -> Nullable<Text>,
        markdown -> Text,
        details -> Text,
        replaced_at -> Timestamp,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        uri -> Text,
        author_id -> BigInt,
        kind -> Text,
        visibility -> Text,
        review -> Text,
        title -> Nullable<Text>,
        summary -> Nullable<Text>,
        content -> Text,
        language -> Nullable<Text>,
        sensitive -> Bool,
        url -> Nullable<Text>,
        in_reply_to -> Nullable<Text>,
        statement_id -> Nullable<BigInt>,
        pictures -> Text,
        published -> Timestamp,
        updated -> Nullable<Timestamp>,
        received_at -> Timestamp,
        context -> Nullable<Text>,
        next_look -> Nullable<Timestamp>,
        held_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    private_posts (id) {
        id -> BigInt,
        uri -> Text,
        author_id -> BigInt,
        from_ally -> Bool,
        title -> Nullable<Text>,
        summary -> Nullable<Text>,
        content -> Text,
        language -> Nullable<Text>,
        in_reply_to -> Nullable<Text>,
        published -> Timestamp,
        updated -> Nullable<Timestamp>,
        received_at -> Timestamp,
    }
}

diesel::table! {
    deleted_posts (uri, actor_uri) {
        uri -> Text,
        actor_uri -> Text,
        deleted_at -> Timestamp,
    }
}

diesel::table! {
    boosts (id) {
        id -> BigInt,
        uri -> Text,
        actor_id -> BigInt,
        statement_id -> Nullable<BigInt>,
        post_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        shown -> Bool,
    }
}

diesel::table! {
    likes (id) {
        id -> BigInt,
        uri -> Text,
        actor_id -> BigInt,
        statement_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    heard_activities (actor_uri, activity_uri) {
        actor_uri -> Text,
        activity_uri -> Text,
        heard_at -> Timestamp,
    }
}

diesel::table! {
    waiting_activities (id) {
        id -> BigInt,
        actor_id -> BigInt,
        uri -> Text,
        action -> Text,
        host -> Text,
        tries -> Integer,
        next_try_at -> Timestamp,
    }
}

diesel::table! {
    domain_blocks (domain) {
        domain -> Text,
        reason -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    featured_posts (actor_id, post_id) {
        actor_id -> BigInt,
        post_id -> BigInt,
        featured_at -> Timestamp,
    }
}

diesel::table! {
    moves (id) {
        id -> BigInt,
        old_actor_id -> BigInt,
        new_actor_id -> BigInt,
        state -> Text,
        heard_at -> Timestamp,
    }
}

diesel::table! {
    aliases (uri) {
        uri -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        host -> Text,
        comment -> Text,
        about -> Text,
        created_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    quotes (id) {
        id -> BigInt,
        uri -> Text,
        statement_id -> BigInt,
        actor_id -> BigInt,
        post_uri -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    pins (statement_id) {
        statement_id -> BigInt,
        pinned_at -> Timestamp,
    }
}

diesel::table! {
    hashtags (tag) {
        tag -> Text,
        name -> Text,
        statements_count -> BigInt,
        featured_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    domain_allows (domain) {
        domain -> Text,
        created_at -> Timestamp,
    }
}

diesel::joinable!(actor_keys -> actors (actor_id));
diesel::joinable!(statements -> actors (author_id));
diesel::joinable!(statement_tags -> statements (statement_id));
diesel::joinable!(statement_mentions -> statements (statement_id));
diesel::joinable!(statement_mentions -> actors (actor_id));
diesel::joinable!(statement_pictures -> statements (statement_id));
diesel::joinable!(statement_documents -> statements (statement_id));
diesel::joinable!(pins -> statements (statement_id));
diesel::joinable!(revisions -> statements (statement_id));
diesel::joinable!(posts -> actors (author_id));
diesel::joinable!(posts -> statements (statement_id));
diesel::joinable!(private_posts -> actors (author_id));
diesel::joinable!(boosts -> actors (actor_id));
diesel::joinable!(boosts -> statements (statement_id));
diesel::joinable!(boosts -> posts (post_id));
diesel::joinable!(likes -> actors (actor_id));
diesel::joinable!(likes -> statements (statement_id));
diesel::joinable!(activities -> actors (sender_id));
diesel::joinable!(activities -> statements (statement_id));
diesel::joinable!(deliveries -> activities (activity_id));
diesel::joinable!(featured_posts -> posts (post_id));
diesel::joinable!(quotes -> actors (actor_id));
diesel::joinable!(quotes -> statements (statement_id));
diesel::allow_tables_to_appear_in_same_query!(
    settings,
    actors,
    actor_keys,
    follows,
    statements,
    statement_tags,
    statement_mentions,
    statement_pictures,
    statement_documents,
    revisions,
    posts,
    private_posts,
    deleted_posts,
    boosts,
    likes,
    heard_activities,
    waiting_activities,
    activities,
    deliveries,
    lanes,
    hosts,
    departures,
    domain_blocks,
    featured_posts,
    moves,
    aliases,
    reports,
    quotes,
    pins,
    hashtags,
    domain_allows,
);
