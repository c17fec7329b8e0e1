//! What anybody can have us keep: no more than so much, and no longer than it is of use.

use chrono::TimeDelta;
use picket::actors;
use picket::clock::Time;
use picket::delivery::MOST_WAITING_IN_PRIVATE;
use picket::moderation::review::{approve, reject};
use picket::posts::{self, LONGEST_HELD, MOST_HELD, MOST_HELD_OF_ONE, Review, SURPLUS};
use picket::transport::SignatureForm;
use serde_json::{Value, json};

use crate::harness::{PUBLIC, Person, Remote, TestNode, World, ally, execute, followed, id, on_both_databases, post};

async fn scene(world: &World) -> (TestNode, String, Remote, Person) {
    let (node, remote) = (world.node().await, world.remote().await);
    let statement = node.publish_at("# Strike").await;
    let stranger = remote.person("amal");
    (node, statement, remote, stranger)
}

async fn create(node: &TestNode, person: &Person, note: &Value) {
    person.says(node, &person.activity("Create", note.clone())).await;
}

fn naming_the_union(node: &TestNode, person: &Person, content: &str) -> Value {
    let mut note = person.note(content);
    note["tag"] = json!([{"type": "Mention", "href": node.union()}]);
    note
}

/// Has as many posts of somebody held as may be.
async fn fill(node: &TestNode, author: &Person, now: Time) {
    let uri = author.id.clone();
    node.write(move |conn| {
        let author = actors::find(conn, &uri)?.expect("known");
        for number in 0..MOST_HELD_OF_ONE {
            posts::insert(conn, &post(format!("{uri}/filler/{number}"), author.id, Review::Held, now))?;
        }
        Ok(())
    })
    .await;
}

/// Has the one post that is held stand there so many times more.
async fn copy_held_post(node: &TestNode, times: i64) {
    let columns = "author_id, kind, visibility, review, content, sensitive, pictures, published, received_at, held_at";
    let sql = format!(
        "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {times})
         INSERT INTO posts (uri, {columns}) SELECT uri || '/' || number, {columns} FROM posts, numbers"
    );
    node.write(move |conn| {
        execute(conn, &sql);
        Ok(())
    })
    .await;
}

async fn edit(world: &World, node: &TestNode, person: &Person, note: &mut Value, content: &str) {
    world.pass(TimeDelta::minutes(1));
    note["content"] = json!(content);
    note["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
    person.says(node, &person.activity("Update", note.clone())).await;
}

async fn remote_actors(node: &TestNode) -> i64 {
    node.count("actors WHERE NOT local").await
}

on_both_databases! {
    async fn held_posts_push_out_older_ones_of_their_author_and_nothing_that_was_decided_on(world) {
        let (node, statement, _remote, stranger) = scene(world).await;
        let answers: Vec<Value> = (0..3).map(|_| stranger.answer(&statement, "<p>First</p>")).collect();
        for answer in &answers {
            create(&node, &stranger, answer).await;
        }
        node.review(id(&answers[0]), approve).await.expect("approved");
        node.review(id(&answers[1]), reject).await.expect("rejected");
        world.pass(TimeDelta::seconds(1));
        fill(&node, &stranger, world.clock.now()).await;
        let last = naming_the_union(&node, &stranger, "<p>Last</p>");
        create(&node, &stranger, &last).await;
        assert_eq!(node.count("posts WHERE review = 'held'").await, MOST_HELD_OF_ONE);
        let mut kept = Vec::new();
        for post in answers.iter().chain([&last]) {
            kept.push(node.review_of(id(post)).await);
        }
        assert_eq!(kept, [Some(Review::Approved), Some(Review::Rejected), None, Some(Review::Held)]);
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1);
    }

    async fn many_strangers_together_have_only_so_much_held(world) {
        let (node, statement, remote, stranger) = scene(world).await;
        let answer = stranger.answer(&statement, "<p>First</p>");
        create(&node, &stranger, &answer).await;
        copy_held_post(&node, MOST_HELD - 1).await;
        let other = remote.person("eve");
        let mut last = Value::Null;
        for _ in 0..SURPLUS {
            last = naming_the_union(&node, &other, "<p>Last</p>");
            create(&node, &other, &last).await;
        }
        let held = node.count("posts WHERE review = 'held'").await;
        assert!((MOST_HELD..MOST_HELD + SURPLUS).contains(&held), "{held}");
        assert_eq!((node.review_of(id(&answer)).await, node.review_of(id(&last)).await), (None, Some(Review::Held)));
    }

    async fn what_we_learnt_of_servers_goes_where_nobody_there_is_known_and_nothing_is_delivered(world) {
        let (node, statement, _remote, stranger) = scene(world).await;
        create(&node, &stranger, &stranger.answer(&statement, "<p>Hello</p>")).await;
        let known = stranger.base.trim_start_matches("http://").to_owned();
        for host in [known, "nowhere.example".to_owned()] {
            node.write(move |conn| picket::delivery::remember_form(conn, &host, SignatureForm::Rfc9421)).await;
        }
        node.forget().await;
        assert_eq!((node.count("hosts").await, node.count("hosts WHERE host = 'nowhere.example'").await), (1, 0));
    }

    async fn what_a_union_of_ours_passed_on_is_not_pushed_out(world) {
        let (node, statement, _remote, stranger) = scene(world).await;
        let mut answer = stranger.answer(&statement, "<p>First</p>");
        create(&node, &stranger, &answer).await;
        node.review(id(&answer), approve).await.expect("approved");
        picket::federation::outbox::boost(&node.node, id(&answer)).await.expect("passed on");
        node.deliver_all().await;
        edit(world, &node, &stranger, &mut answer, "<p>Second</p>").await;
        assert_eq!(node.review_of(id(&answer)).await, Some(Review::Held));
        world.pass(TimeDelta::seconds(1));
        fill(&node, &stranger, world.clock.now()).await;
        create(&node, &stranger, &naming_the_union(&node, &stranger, "<p>Last</p>")).await;
        world.pass(TimeDelta::days(100));
        node.forget().await;
        assert_eq!((node.review_of(id(&answer)).await, node.count("posts").await), (Some(Review::Held), 1));
    }

    async fn very_long_posts_of_strangers_are_not_held(world) {
        let (node, statement, remote, stranger) = scene(world).await;
        let ally = ally(&node, &remote).await;
        let long = format!("<p>{}</p>", "a".repeat(LONGEST_HELD));
        create(&node, &stranger, &stranger.answer(&statement, &long)).await;
        create(&node, &stranger, &naming_the_union(&node, &stranger, &long)).await;
        assert_eq!(node.count("posts").await, 0);
        create(&node, &ally, &ally.answer(&statement, &long)).await;
        assert_eq!(node.count("posts").await, 1);
        // Nor are those that grow.
        for (decision, becomes) in [(Review::Held, None), (Review::Approved, None), (Review::Rejected, Some(Review::Rejected))] {
            let mut answer = stranger.answer(&statement, "<p>Short</p>");
            create(&node, &stranger, &answer).await;
            match decision {
                Review::Approved => node.review(id(&answer), approve).await.expect("approved"),
                Review::Rejected => node.review(id(&answer), reject).await.expect("rejected"),
                _ => {}
            }
            edit(world, &node, &stranger, &mut answer, &long).await;
            assert_eq!(node.review_of(id(&answer)).await, becomes);
        }
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1, "the ally's");
        assert_eq!(node.count(&format!("posts WHERE length(content) > {LONGEST_HELD}")).await, 1);
    }

    async fn what_nobody_decided_on_for_ninety_days_goes(world) {
        let (node, statement, _remote, stranger) = scene(world).await;
        let (waits, mut shown) = (stranger.answer(&statement, "<p>One</p>"), stranger.answer(&statement, "<p>Two</p>"));
        create(&node, &stranger, &waits).await;
        create(&node, &stranger, &shown).await;
        node.review(id(&shown), approve).await.expect("approved");
        world.pass(TimeDelta::days(89));
        node.forget().await;
        assert_eq!(node.count("posts").await, 2);
        world.pass(TimeDelta::days(2));
        // What was shown until now waits from now on, however old it is.
        edit(world, &node, &stranger, &mut shown, "<p>Three</p>").await;
        node.forget().await;
        assert_eq!((node.review_of(id(&waits)).await, node.review_of(id(&shown)).await), (None, Some(Review::Held)));
        world.pass(TimeDelta::days(91));
        node.forget().await;
        assert_eq!(node.count("posts").await, 0);
    }

    async fn a_public_version_takes_the_place_of_the_private_one_and_its_delete_leaves_nothing(world) {
        let (node, _, remote, stranger) = scene(world).await;
        let group = remote.person("dockers");
        let mut document = group.document();
        document["type"] = json!("Group");
        remote.serve(&document);
        followed(&node, &remote, &group).await;
        let mut note = stranger.note("<p>UNSEEN</p>");
        note["to"] = json!([node.union()]);
        let mut whispered = stranger.activity("Create", note.clone());
        whispered["to"] = note["to"].clone();
        stranger.says(&node, &whispered).await;
        // A followed Group passes on a public version, which its author's server shows.
        note["to"] = json!([PUBLIC]);
        remote.serve(&note);
        group.says(&node, &group.activity("Announce", stranger.activity("Create", note.clone()))).await;
        assert_eq!((node.count("posts").await, node.count("private_posts").await), (1, 0));
        stranger.says(&node, &stranger.activity("Delete", id(&note))).await;
        assert_eq!((node.count("posts").await, node.count("private_posts").await), (0, 0));
    }

    async fn what_was_said_in_private_goes_a_day_after_it_was_heard(world) {
        let (node, _, remote, stranger) = scene(world).await;
        stranger.follows(&node).await;
        node.deliver_all().await;
        node.publish("# Two").await;
        node.deliver_all().await;
        let silent = world.remote().await;
        silent.person("bea").follows(&node).await;
        silent.inbox_status(503);
        node.deliver_all().await;
        node.forget().await;
        assert_eq!(node.count("activities WHERE NOT public").await, 2);
        world.pass(TimeDelta::hours(25));
        node.forget().await;
        assert_eq!(node.count("activities WHERE NOT public").await, 1, "what waits is kept");
        assert_eq!(node.count(&format!("lanes WHERE inbox = '{}/inbox'", stranger.id)).await, 0);
        assert_eq!((node.count("activities WHERE statement_id IS NOT NULL").await, node.count("deliveries").await), (2, 2));
        silent.inbox_status(202);
        node.deliver_all().await;
        assert_eq!((silent.heard_of("Accept").is_empty(), remote.heard_of("Create").len()), (false, 1));
    }

    async fn with_a_follower_goes_what_she_was_told_as_one(world) {
        let (node, statement, _remote, stranger) = scene(world).await;
        for is_delivered in [true, false] {
            for ends in ["Undo", "Block"] {
                let follow = stranger.follows(&node).await;
                if is_delivered {
                    node.deliver_all().await;
                }
                let object = if ends == "Undo" { follow } else { json!(node.union()) };
                stranger.says(&node, &stranger.activity(ends, object)).await;
                assert_eq!((node.count("activities WHERE NOT public").await, node.waiting().await), (0, 0), "{ends}");
                assert_eq!(node.count(&format!("deliveries WHERE inbox = '{}/inbox'", stranger.id)).await, 0);
            }
        }
        assert_eq!(node.count("lanes").await, 0);
        assert_eq!(node.get(&statement).await.status, 200);
    }

    async fn with_an_actor_goes_all_that_was_said_to_it_alone(world) {
        let (node, _, remote, stranger) = scene(world).await;
        let other = remote.person("bea");
        for person in [&stranger, &other] {
            person.follows(&node).await;
        }
        stranger.says(&node, &stranger.activity("Delete", stranger.id.as_str())).await;
        assert_eq!(node.count(&format!("deliveries WHERE inbox = '{}/inbox'", stranger.id)).await, 0);
        assert_eq!((node.count("activities WHERE NOT public").await, node.count("lanes").await), (1, 1));
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Accept").len(), 1);
    }

    async fn what_waits_at_an_inbox_of_several_stays_when_one_of_them_goes(world) {
        let (node, _, remote, stranger) = scene(world).await;
        let other = remote.person("bea");
        for person in [&stranger, &other] {
            let mut document = person.document();
            document["inbox"] = json!(format!("{}/inbox", remote.base));
            remote.serve(&document);
            person.follows(&node).await;
        }
        stranger.says(&node, &stranger.activity("Delete", stranger.id.as_str())).await;
        node.deliver_all().await;
        assert!(remote.heard_of("Accept").iter().any(|accept| accept["object"]["actor"] == json!(other.id)));
    }

    async fn whoever_takes_no_answers_gets_no_more_of_them(world) {
        let (node, statement, remote, stranger) = scene(world).await;
        remote.inbox_status(503);
        let ask = |_| {
            let mut request = stranger.activity("QuoteRequest", statement.as_str());
            request["instrument"] = json!({"type": "Note", "id": format!("{}/notes/1", stranger.base)});
            request
        };
        let requests: Vec<Value> = (0..=MOST_WAITING_IN_PRIVATE).map(ask).collect();
        let (last, first) = requests.split_last().expect("some");
        for request in first {
            stranger.says(&node, request).await;
        }
        assert_eq!(stranger.send(&node, last).await, 503);
        assert_eq!(node.waiting().await, MOST_WAITING_IN_PRIVATE);
        remote.inbox_status(202);
        node.deliver_all().await;
        stranger.says(&node, last).await;
        node.deliver_all().await;
    }

    async fn actors_of_whom_nothing_is_kept_go_after_a_day(world) {
        let (node, statement, remote, stranger) = scene(world).await;
        let people: Vec<Person> = (0..5).map(|number| remote.person(&format!("eve{number}"))).collect();
        people[0].follows(&node).await;
        people[1].says(&node, &people[1].activity("Like", statement.as_str())).await;
        create(&node, &people[2], &people[2].answer(&statement, "<p>Yes</p>")).await;
        stranger.says(&node, &stranger.activity("Nonsense", statement.as_str())).await;
        people[3].says(&node, &people[3].activity("Nonsense", statement.as_str())).await;
        // A table that the program learns of some day.
        let newer = people[3].id.clone();
        node.write(move |conn| {
            execute(conn, "CREATE TABLE newer (who BIGINT NOT NULL REFERENCES actors (id))");
            execute(conn, &format!("INSERT INTO newer (who) SELECT id FROM actors WHERE uri = '{newer}'"));
            Ok(())
        }).await;
        node.deliver_all().await;
        node.forget().await;
        assert_eq!(remote_actors(&node).await, 5);
        world.pass(TimeDelta::hours(25));
        people[4].says(&node, &people[4].activity("Nonsense", statement.as_str())).await;
        node.forget().await;
        let gone = node.count(&format!("actors WHERE uri = '{}'", stranger.id)).await;
        assert_eq!((remote_actors(&node).await, gone), (5, 0), "all but the one of whom nothing is kept");
        // It is met anew.
        create(&node, &stranger, &stranger.answer(&statement, "<p>Me too</p>")).await;
        assert_eq!(remote_actors(&node).await, 6);
    }

    async fn a_very_long_biography_is_left_out(world) {
        let (node, statement, remote, _) = scene(world).await;
        for (length, kept) in [(16_000, 1), (17_000, 0), (400_000, 0)] {
            let person = remote.person(&format!("eve{length}"));
            let mut document = person.document();
            document["summary"] = json!(format!("<p>{}</p>", "a".repeat(length)));
            remote.serve(&document);
            person.says(&node, &person.activity("Like", statement.as_str())).await;
            assert_eq!(node.count(&format!("actors WHERE length(summary) >= {length}")).await, kept, "{length}");
            assert_eq!(node.count(&format!("actors WHERE uri = '{}'", person.id)).await, 1);
        }
    }
}
