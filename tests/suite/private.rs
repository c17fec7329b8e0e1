//! What was not meant for everybody: it lies in the private box, and nowhere else.

use chrono::TimeDelta;
use picket::federation::outbox;
use picket::moderation::review::approve;
use picket::posts::{self, Review};
use picket::private_box::{self, LONGEST_OF_STRANGERS, MOST_OF_ONE, MOST_OF_STRANGERS, NewPrivatePost};
use picket::storage::Conn;
use serde_json::{Value, json};

use crate::harness::{PUBLIC, Person, Remote, TestNode, World, ally, execute, id, on_both_databases, texts};

/// A private post: to the union, or to the author's followers.
fn private(person: &Person, to: &str, content: &str) -> Value {
    let mut note = person.note(content);
    note["to"] = json!([to]);
    note
}

fn followers_of(person: &Person) -> String {
    format!("{}/followers", person.id)
}

/// Says a private post as servers do: the activity is addressed as the post is.
async fn whisper(node: &TestNode, person: &Person, kind: &str, note: &Value) {
    let mut activity = person.activity(kind, note.clone());
    activity["to"] = note["to"].clone();
    person.says(node, &activity).await;
}

async fn in_box(node: &TestNode) -> Vec<String> {
    let listed = node.read(|conn| private_box::list(conn, 1_000)).await;
    listed.into_iter().map(|(post, _)| post.uri).collect()
}

/// Asserts that nothing public knows of a text or an id.
async fn assert_seen_nowhere(node: &TestNode, statement: &str, secret: &str) {
    let union = node.node.identity.union.id;
    assert_eq!(node.count("posts").await, 0, "it is no post");
    let timeline = node.read(move |conn| posts::timeline(conn, union, 100)).await;
    let answers = node.read(|conn| posts::list_answers(conn, None, None, 100)).await;
    assert!(timeline.is_empty() && answers.is_empty());
    let note = node.get(statement).await;
    assert_eq!((&note.json()["replies"]["totalItems"], note.body.contains(secret)), (&json!(0), false));
    for path in ["/replies", "/replies?page=true", "/activity"] {
        assert!(!node.get(&format!("{statement}{path}")).await.body.contains(secret), "{path}");
    }
    for body in [
        node.page(statement).await.body,
        node.page("/").await.body,
        node.page("/feed.atom").await.body,
        node.get("/actor/outbox?page=true").await.body,
    ] {
        assert!(!body.contains(secret), "{body}");
    }
}

async fn scene(world: &World) -> (TestNode, String, Remote, Person, Person) {
    let (node, remote) = (world.node().await, world.remote().await);
    let statement = node.publish_at("# Strike\n\nFrom Monday on.").await;
    let (stranger, ally) = (remote.person("amal"), ally(&node, &remote).await);
    (node, statement, remote, stranger, ally)
}

on_both_databases! {
    async fn what_names_the_union_or_comes_from_allies_lies_in_the_box_and_nowhere_else(world) {
        let (node, statement, _remote, stranger, ally) = scene(world).await;
        let mut expected = Vec::new();
        for (person, to, is_kept) in [
            (&stranger, node.union().to_owned(), true),
            (&stranger, followers_of(&stranger), false),
            (&stranger, "https://elsewhere.example/users/bea".to_owned(), false),
            (&ally, node.union().to_owned(), true),
            (&ally, followers_of(&ally), true),
        ] {
            for answers in [false, true] {
                let mut note = private(person, &to, "<p>UNSEEN</p>");
                if answers {
                    note["inReplyTo"] = json!(statement);
                }
                whisper(&node, person, "Create", &note).await;
                if is_kept {
                    expected.insert(0, id(&note).to_owned());
                }
            }
        }
        assert_eq!(in_box(&node).await, expected, "newest first");
        assert_seen_nowhere(&node, &statement, "UNSEEN").await;
    }

    async fn a_mention_without_any_address_is_private_and_names_the_union(world) {
        let (node, statement, _remote, stranger, _) = scene(world).await;
        for to in [json!([]), Value::Null, json!(["https://elsewhere.example/users/bea"])] {
            let mut note = stranger.note("<p>UNSEEN</p>");
            note["to"] = to;
            note["tag"] = json!([{"type": "Mention", "href": node.union()}]);
            whisper(&node, &stranger, "Create", &note).await;
            assert_eq!(in_box(&node).await[0], id(&note));
        }
        assert_seen_nowhere(&node, &statement, "UNSEEN").await;
    }

    async fn the_box_is_emptied_after_thirty_days(world) {
        let (node, _, _remote, stranger, _) = scene(world).await;
        let old = private(&stranger, node.union(), "<p>Old</p>");
        whisper(&node, &stranger, "Create", &old).await;
        world.pass(TimeDelta::days(20));
        let young = private(&stranger, node.union(), "<p>Young</p>");
        whisper(&node, &stranger, "Create", &young).await;
        world.pass(TimeDelta::days(10) + TimeDelta::minutes(1));
        node.forget().await;
        assert_eq!(in_box(&node).await, [id(&young)]);
    }

    async fn its_author_deletes_it_at_once_and_nobody_else_does(world) {
        let (node, statement, remote, stranger, ally) = scene(world).await;
        let note = private(&stranger, node.union(), "<p>UNSEEN</p>");
        whisper(&node, &stranger, "Create", &note).await;
        for other in [&ally, &remote.person("eve")] {
            other.says(&node, &other.activity("Delete", id(&note))).await;
            whisper(&node, other, "Update", &{ let mut lie = note.clone(); lie["attributedTo"] = json!(other.id); lie }).await;
        }
        assert_eq!((in_box(&node).await, node.texts("content", "private_posts").await), (vec![id(&note).to_owned()], vec![Some("<p>UNSEEN</p>".to_owned())]));
        let delete = stranger.activity("Delete", json!({"id": id(&note), "type": "Tombstone"}));
        stranger.says(&node, &delete).await;
        assert!(in_box(&node).await.is_empty());
        whisper(&node, &stranger, "Create", &note).await;
        assert!(in_box(&node).await.is_empty(), "a copy that arrives late is not kept");
        assert_seen_nowhere(&node, &statement, "UNSEEN").await;
    }

    async fn an_actor_that_deletes_itself_takes_its_private_posts_along(world) {
        let (node, _, _remote, stranger, _) = scene(world).await;
        whisper(&node, &stranger, "Create", &private(&stranger, node.union(), "<p>x</p>")).await;
        stranger.says(&node, &stranger.activity("Delete", stranger.id.as_str())).await;
        assert_eq!(node.count("private_posts").await, 0);
    }

    async fn an_update_replaces_it_unless_it_is_older(world) {
        let (node, _, _remote, stranger, _) = scene(world).await;
        let mut note = private(&stranger, node.union(), "<p>First</p>");
        whisper(&node, &stranger, "Create", &note).await;
        let (older, newer) = (world.clock.now() + TimeDelta::seconds(1), world.clock.now() + TimeDelta::seconds(2));
        for (at, said) in [(newer, "<p>Third</p>"), (older, "<p>Second</p>")] {
            note["content"] = json!(said);
            note["updated"] = json!(picket::clock::rfc3339(at));
            whisper(&node, &stranger, "Update", &note).await;
        }
        assert_eq!(node.texts("content", "private_posts").await, [Some("<p>Third</p>".to_owned())]);
    }

    async fn a_public_answer_that_becomes_private_leaves_every_public_place_for_the_box(world) {
        let (node, statement, _remote, stranger, ally) = scene(world).await;
        for (person, to) in [(&stranger, node.union().to_owned()), (&stranger, followers_of(&stranger)), (&ally, followers_of(&ally))] {
            let mut answer = person.answer(&statement, "<p>UNSEEN</p>");
            person.says(&node, &person.activity("Create", answer.clone())).await;
            node.review(id(&answer), approve).await.expect("approved");
            assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1);
            outbox::boost(&node.node, id(&answer)).await.expect("passed on");
            assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 2);
            world.pass(TimeDelta::minutes(1));
            answer["to"] = json!([to]);
            answer["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
            whisper(&node, person, "Update", &answer).await;
            assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 1);
            assert_seen_nowhere(&node, &statement, "UNSEEN").await;
            let is_kept = to == node.union() || person.id == ally.id;
            assert_eq!(in_box(&node).await.contains(&id(&answer).to_owned()), is_kept, "{to}");
        }
        node.deliver_all().await;
    }

    async fn a_private_post_that_becomes_public_is_treated_as_new(world) {
        let (node, statement, _remote, stranger, _) = scene(world).await;
        let mut answer = private(&stranger, node.union(), "<p>UNSEEN</p>");
        answer["inReplyTo"] = json!(statement);
        answer["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
        whisper(&node, &stranger, "Create", &answer).await;
        let mut public = answer.clone();
        public["to"] = json!([PUBLIC, node.union()]);
        // An older public version, or one that does not say how old it is, may only have arrived late.
        for updated in [json!(picket::clock::rfc3339(world.clock.now() - TimeDelta::minutes(1))), Value::Null] {
            public["updated"] = updated;
            for kind in ["Create", "Update"] {
                stranger.says(&node, &stranger.activity(kind, public.clone())).await;
                assert_seen_nowhere(&node, &statement, "UNSEEN").await;
            }
        }
        world.pass(TimeDelta::minutes(1));
        public["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
        stranger.says(&node, &stranger.activity("Update", public.clone())).await;
        assert!(in_box(&node).await.is_empty());
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
    }

    async fn nothing_public_is_made_of_it(world) {
        let (node, statement, remote, stranger, ally) = scene(world).await;
        let note = private(&stranger, node.union(), "<p>UNSEEN</p>");
        whisper(&node, &stranger, "Create", &note).await;
        // Even where its own server shows it to us.
        remote.serve(&note);
        remote.forget();
        let refused = outbox::boost(&node.node, id(&note)).await.expect_err("refused").to_string();
        assert!(refused.contains("in private"), "{refused}");
        let draft = picket::statements::draft::Draft::from_file_text(&format!("---\nin_reply_to: {}\n---\nWe know.", id(&note)));
        assert!(outbox::publish(&node.node, draft.expect("a draft")).await.is_err());
        ally.says(&node, &ally.activity("Announce", id(&note))).await;
        ally.says(&node, &ally.activity("Like", id(&note))).await;
        assert_eq!((node.count("boosts").await, remote.fetches()), (0, 0));
        assert_eq!(node.waiting().await, 0);
        assert_seen_nowhere(&node, &statement, "UNSEEN").await;
    }

    async fn a_public_answer_to_a_private_post_is_held_without_it(world) {
        let (node, statement, remote, stranger, _) = scene(world).await;
        let mut note = private(&stranger, node.union(), "<p>UNSEEN</p>");
        note["inReplyTo"] = json!(statement);
        whisper(&node, &stranger, "Create", &note).await;
        remote.serve(&note);
        remote.forget();
        let other = remote.person("bea");
        let mut answer = other.answer(id(&note), "<p>Indeed</p>");
        answer["tag"] = json!([{"type": "Mention", "href": node.union()}]);
        other.says(&node, &other.activity("Create", answer.clone())).await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
        assert_eq!(remote.fetches_of(id(&note).trim_start_matches(&remote.base)), 0, "it is not asked for again");
        node.review(id(&answer), approve).await.expect("approved");
        assert!(!node.page(&statement).await.body.contains("UNSEEN"));
        assert!(!node.get(&format!("{statement}/replies?page=true")).await.body.contains(id(&note)));
    }

    async fn a_flood_pushes_out_its_own_kind_only(world) {
        let (node, _, remote, stranger, ally) = scene(world).await;
        let from_ally = private(&ally, &followers_of(&ally), "<p>Ally</p>");
        whisper(&node, &ally, "Create", &from_ally).await;
        whisper(&node, &stranger, "Create", &private(&stranger, node.union(), "<p>Stranger</p>")).await;
        let (known, ally_id) = (stranger.id.clone(), ally.id.clone());
        let now = world.clock.now();
        let flood = move |conn: &mut Conn| {
            let (flooder, ally) = (picket::actors::find(conn, &known)?.expect("known"), picket::actors::find(conn, &ally_id)?.expect("known"));
            for number in 0..MOST_OF_ONE + 20 {
                private_box::keep(conn, &made(number, flooder.id, false, now))?;
                private_box::keep(conn, &made(100_000 + number, ally.id, true, now))?;
            }
            Ok((flooder.id, ally.id))
        };
        let (flooder, ally_id) = node.write(flood).await;
        for author in [flooder, ally_id] {
            assert_eq!(node.count(&format!("private_posts WHERE author_id = {author}")).await, MOST_OF_ONE);
        }
        assert_eq!(node.count("private_posts WHERE content = '<p>Stranger</p>'").await, 0, "her oldest went first");
        // Many strangers together: the oldest of theirs goes, an ally's stays.
        let people: Vec<Person> = (0..12).map(|number| remote.person(&format!("eve{number}"))).collect();
        for person in &people {
            whisper(&node, person, "Create", &private(person, node.union(), "<p>x</p>")).await;
        }
        let ids: Vec<String> = people.iter().map(|person| person.id.clone()).collect();
        node.write(move |conn| {
            for (position, uri) in ids.iter().enumerate() {
                let author = picket::actors::find(conn, uri)?.expect("known");
                for number in 0..MOST_OF_ONE {
                    private_box::keep(conn, &made(1_000_000 * (i64::try_from(position).expect("small") + 1) + number, author.id, false, now))?;
                }
            }
            Ok(())
        }).await;
        assert_eq!(node.read(private_box::taken_by_strangers).await, MOST_OF_STRANGERS);
        assert_eq!(node.count(&format!("private_posts WHERE author_id = {flooder}")).await, 0);
        assert_eq!(node.count(&format!("private_posts WHERE author_id = {ally_id}")).await, MOST_OF_ONE);
    }

    async fn a_very_long_private_post_of_a_stranger_is_not_kept(world) {
        let (node, _, _remote, stranger, ally) = scene(world).await;
        let long = format!("<p>{}</p>", "a".repeat(LONGEST_OF_STRANGERS));
        for (person, kept) in [(&stranger, 0), (&ally, 1)] {
            whisper(&node, person, "Create", &private(person, node.union(), &long)).await;
            assert_eq!(node.count("private_posts").await, kept);
        }
        let mut note = private(&stranger, node.union(), "<p>Short</p>");
        whisper(&node, &stranger, "Create", &note).await;
        note["content"] = json!(long);
        note["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
        whisper(&node, &stranger, "Update", &note).await;
        assert_eq!(node.count("private_posts").await, 1);
    }
}

fn made(number: i64, author_id: i64, from_ally: bool, now: picket::clock::Time) -> NewPrivatePost {
    NewPrivatePost {
        uri: format!("https://made.example/{number}"),
        author_id,
        from_ally,
        title: None,
        summary: None,
        content: String::new(),
        language: None,
        in_reply_to: None,
        published: now,
        updated: None,
        received_at: now,
    }
}

/// Both migrations for one database: the first, and the one that moves private posts.
const MIGRATIONS: [[&str; 2]; 2] = [
    [
        include_str!("../../migrations/sqlite/2026-11-23-000001_first/up.sql"),
        include_str!("../../migrations/sqlite/2026-11-24-000003_threads/up.sql"),
    ],
    [
        include_str!("../../migrations/postgres/2026-11-23-000001_first/up.sql"),
        include_str!("../../migrations/postgres/2026-11-24-000003_threads/up.sql"),
    ],
];

const OLD_ROWS: &str = "
    INSERT INTO actors (id, uri, kind, local, handle, host, name, summary, inbox, created_at, fetched_at, keys_checked_at) VALUES
        (1, 'us', 'Organization', TRUE, 'us', 'us', '', '', 'inbox', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00'),
        (2, 'ally', 'Organization', FALSE, 'ally', 'ally', '', '', 'inbox', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00'),
        (3, 'amal', 'Person', FALSE, 'amal', 'amal', '', '', 'inbox', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
    INSERT INTO follows (uri, follower_id, followee_id, state, created_at) VALUES
        ('f1', 1, 2, 'accepted', '2026-01-01 00:00:00'), ('f2', 3, 1, 'accepted', '2026-01-01 00:00:00');
    INSERT INTO statements (uri, slug, author_id, state, markdown, html, language, published, day_only, backdated, details, translates, created_at) VALUES
        ('s1', 's1', 1, 'published', '', '', 'en', '2026-01-01 00:00:00', FALSE, FALSE, '{}', NULL, '2026-01-01 00:00:00'),
        ('s2', 's2', 1, 'published', '', '', 'tr', '2026-01-01 00:00:00', FALSE, FALSE, '{}', 's1', '2026-01-01 00:00:00');
    INSERT INTO posts (uri, author_id, kind, visibility, review, content, sensitive, pictures, published, received_at) VALUES
        ('p1', 2, 'Note', 'private', 'none', 'one', FALSE, '[]', '2026-01-01 00:00:00', '2026-01-02 00:00:00'),
        ('p2', 3, 'Note', 'private', 'held', 'two', FALSE, '[]', '2026-01-01 00:00:00', '2026-01-03 00:00:00'),
        ('p3', 3, 'Note', 'public', 'held', 'three', FALSE, '[]', '2026-01-01 00:00:00', '2026-01-04 00:00:00');";

#[tokio::test]
async fn what_lay_among_the_posts_moves_to_the_box_and_published_conversations_keep_their_names() {
    use diesel::Connection;
    let folder = tempfile::tempdir().expect("a folder");
    let mut conns = vec![Conn::Sqlite(diesel::SqliteConnection::establish(":memory:").expect("a database"))];
    let created = crate::harness::Database::postgres().map(|cluster| cluster.create(folder.path()));
    if let Some(created) = &created {
        conns.push(Conn::Postgres(diesel::PgConnection::establish(&created.url).expect("a database")));
    }
    for (mut conn, [first, ours]) in conns.into_iter().zip(MIGRATIONS) {
        for sql in [first, OLD_ROWS, ours] {
            execute(&mut conn, sql);
        }
        let some = |texts: &[&str]| texts.iter().map(|text| Some((*text).to_owned())).collect::<Vec<_>>();
        assert_eq!(texts(&mut conn, "uri", "posts"), some(&["p3"]));
        assert_eq!(texts(&mut conn, "uri || content", "private_posts ORDER BY id"), some(&["p1one", "p2two"]));
        assert_eq!(texts(&mut conn, "uri", "private_posts WHERE from_ally"), some(&["p1"]));
        assert_eq!(
            texts(&mut conn, "context", "statements ORDER BY id"),
            some(&["s1#conversation", "s1#conversation"])
        );
    }
}
