//! What a node keeps of others goes when nothing refers to it any more, and not before.

use std::time::SystemTime;

use chrono::TimeDelta;
use picket::actors;
use picket::clock::Time;
use picket::federation::outbox;
use picket::moderation::review::{approve, reject};
use picket::posts::{self, Review};
use serde_json::{Value, json};

use crate::harness::{Person, TestNode, World, ally, followed, id, on_both_databases, post};

/// The ids of all posts that are kept.
async fn kept(node: &TestNode) -> Vec<String> {
    node.texts("uri", "posts ORDER BY id").await.into_iter().flatten().collect()
}

async fn publishes(node: &TestNode, person: &Person, content: &str) -> Value {
    let note = person.note(content);
    person.says(node, &person.activity("Create", note.clone())).await;
    note
}

async fn scene(world: &World, settings: &[(&str, &str)]) -> (TestNode, crate::harness::Remote, Person) {
    let (node, remote) = (world.node_with(settings).await, world.remote().await);
    let ally = ally(&node, &remote).await;
    (node, remote, ally)
}

/// The machine's way to say a time.
fn moment(time: Time) -> SystemTime {
    SystemTime::from(time.and_utc())
}

on_both_databases! {
    async fn what_allies_published_long_ago_goes_and_what_something_refers_to_stays(world) {
        let (node, remote, ally) = scene(world, &[]).await;
        let statement = node.publish_at("# Strike").await;
        let forgotten = publishes(&node, &ally, "<p>Forgotten</p>").await;
        let boosted = publishes(&node, &ally, "<p>Passed on by us</p>").await;
        let answered = publishes(&node, &ally, "<p>Answered by us</p>").await;
        let translated = publishes(&node, &ally, "<p>Translated by us</p>").await;
        let pinned = publishes(&node, &ally, "<p>Pinned</p>").await;
        for post in [&boosted, &answered, &translated, &pinned] {
            remote.serve(post);
        }
        outbox::boost(&node.node, id(&boosted)).await.expect("passed on");
        node.publish(&format!("---\nin_reply_to: {}\n---\nYes.", id(&answered))).await;
        node.publish(&format!("---\ntranslates: {}\nlanguage: tr\n---\nEvet.", id(&translated))).await;
        let pinned_id = id(&pinned).to_owned();
        node.write(move |conn| {
            let post = posts::find(conn, &pinned_id)?.expect("kept");
            posts::feature(conn, post.author_id, post.id, post.received_at)
        }).await;
        let stranger = remote.person("amal");
        let (approved, rejected) = (stranger.answer(&statement, "<p>One</p>"), stranger.answer(&statement, "<p>Two</p>"));
        for (answer, decide) in [(&approved, approve as fn(&mut _, _) -> _), (&rejected, reject)] {
            stranger.says(&node, &stranger.activity("Create", answer.clone())).await;
            node.review(id(answer), decide).await.expect("decided");
        }
        node.deliver_all().await;
        assert_eq!(kept(&node).await.len(), 7);

        world.pass(TimeDelta::days(179));
        node.forget().await;
        assert_eq!(kept(&node).await.len(), 7, "not before its time");
        let fresh = publishes(&node, &ally, "<p>Fresh</p>").await;
        world.pass(TimeDelta::days(2));
        node.forget().await;
        let stays = [&boosted, &answered, &translated, &pinned, &approved, &rejected, &fresh].map(|post| id(post).to_owned());
        assert_eq!(kept(&node).await, stays, "{} went", id(&forgotten));
        assert_eq!(node.get(&statement).await.json()["replies"]["totalItems"], 1);

        // What referred to it is gone, and so is it.
        outbox::unboost(&node.node, id(&boosted)).await.expect("taken back");
        node.deliver_all().await;
        node.forget().await;
        assert!(!kept(&node).await.contains(&id(&boosted).to_owned()));
        // Its author may correct it still: it is then as new.
        let mut corrected = forgotten.clone();
        corrected["updated"] = json!(picket::clock::rfc3339(world.clock.now()));
        ally.says(&node, &ally.activity("Update", corrected)).await;
        assert!(kept(&node).await.contains(&id(&forgotten).to_owned()));
    }

    async fn what_an_ally_passed_on_stays_while_that_is_new(world) {
        let (node, remote, ally) = scene(world, &[("PICKET_KEEP_REMOTE_DAYS", "10")]).await;
        let other = remote.person("other");
        followed(&node, &remote, &other).await;
        let post = publishes(&node, &other, "<p>One</p>").await;
        remote.serve(&post);
        world.pass(TimeDelta::days(9));
        ally.says(&node, &ally.activity("Announce", id(&post))).await;
        world.pass(TimeDelta::days(9));
        node.forget().await;
        assert_eq!(kept(&node).await, [id(&post)], "it came up anew nine days ago");
        world.pass(TimeDelta::days(2));
        node.forget().await;
        assert_eq!((kept(&node).await.len(), node.count("boosts").await), (0, 0));
    }

    async fn nothing_goes_where_the_operator_keeps_all(world) {
        let (node, _remote, ally) = scene(world, &[("PICKET_KEEP_REMOTE_DAYS", "0")]).await;
        publishes(&node, &ally, "<p>One</p>").await;
        world.pass(TimeDelta::days(4_000));
        node.forget().await;
        assert_eq!(kept(&node).await.len(), 1);
    }

    async fn very_many_old_posts_go_in_batches(world) {
        let (node, _remote, ally) = scene(world, &[]).await;
        let (uri, now) = (ally.id.clone(), world.clock.now());
        node.write(move |conn| {
            let author = actors::find(conn, &uri)?.expect("known");
            for number in 0..1_200 {
                posts::insert(conn, &post(format!("{uri}/{number}"), author.id, Review::NotNeeded, now))?;
            }
            Ok(())
        }).await;
        world.pass(TimeDelta::days(181));
        let fresh = publishes(&node, &ally, "<p>Fresh</p>").await;
        node.forget().await;
        assert_eq!(kept(&node).await, [id(&fresh)]);
    }

    async fn pictures_that_nothing_shows_go_and_all_others_stay(world) {
        let node = world.node().await;
        let (folder, picture) = (node.node.config.media_dir(), node.data_dir().join("march.png"));
        image::RgbImage::new(8, 8).save(&picture).expect("a picture");
        node.publish(&format!("---\npictures: [{{file: {}, alt: A march}}]\n---\nA text.", picture.display())).await;
        let shown: Vec<String> = node.texts("file", "statement_pictures").await.into_iter().flatten().collect();
        let write = |name: &str, written: Time| {
            let file = std::fs::File::create(folder.join(name)).expect("a file");
            file.set_modified(moment(written)).expect("its time");
        };
        let now = world.clock.now();
        for name in ["left.png", ".cutoff.jpg", "README", "notes.of.somebody"] {
            write(name, now - TimeDelta::days(31));
        }
        write("new.png", now - TimeDelta::days(1));
        node.forget().await;
        let names = || {
            let entries = std::fs::read_dir(&folder).expect("the folder").flatten();
            let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        let mut stays = [&shown[..], &["README", "new.png", "notes.of.somebody"].map(str::to_owned)].concat();
        stays.sort();
        assert_eq!(names(), stays);
        world.pass(TimeDelta::days(60));
        node.forget().await;
        stays.retain(|name| name != "new.png");
        assert_eq!(names(), stays, "what is shown stays, however old");
    }
}
