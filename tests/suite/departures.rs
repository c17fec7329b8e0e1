//! What a 410 ends, and what it does not; and what an editor can start again.

use chrono::TimeDelta;
use picket::delivery;
use picket::federation::remote::Remote as Asking;
use picket::federation::{departures, outbox};
use serde_json::json;

use crate::harness::{Person, Remote, Reply, TestNode, World, given_up, on_both_databases};

/// A node that publishes to a follower whose server answers 410.
async fn refused_with_410(world: &World) -> (TestNode, Remote, Person, i64) {
    let (node, remote) = (world.node().await, world.remote().await);
    let follower = remote.person("amal");
    follower.follows(&node).await;
    node.deliver_all().await;
    remote.inbox_status(410);
    let statement = node.publish("# One").await.statement.id;
    node.deliver_all().await;
    (node, remote, follower, statement)
}

async fn confirm(node: &TestNode) {
    departures::confirm(&node.node).await.expect("a readable database");
}

on_both_databases! {
    async fn a_410_that_the_actors_own_document_confirms_ends_its_deliveries_and_drops_the_follower(world) {
        let (node, remote, follower, statement) = refused_with_410(world).await;
        remote.reply(&follower.path, Reply::Status(410));
        confirm(&node).await;
        assert_eq!((node.count("follows").await, node.waiting().await), (0, 0));
        let receipts = node.receipts_of(statement).await;
        assert_eq!((receipts.total, receipts.gone, receipts.failed), (1, 1, 0));
        assert_eq!(node.publish("# Two").await.deliveries, 0);
        assert_eq!(node.count("departures").await, 0);
    }

    async fn a_410_alone_ends_nothing(world) {
        let (node, remote, follower, _) = refused_with_410(world).await;
        for reply in [Reply::Json(follower.document()), Reply::Status(404), Reply::Status(500), Reply::Hangup] {
            remote.reply(&follower.path, reply);
            confirm(&node).await;
            assert_eq!((node.count("follows").await, node.waiting().await), (1, 1));
            world.pass(TimeDelta::hours(1));
            node.deliver_all().await;
        }
        remote.inbox_status(202);
        world.pass(TimeDelta::hours(1));
        node.deliver_all().await;
        assert_eq!((node.waiting().await, remote.heard_of("Create").len()), (0, 6), "five refusals, then it is taken");
    }

    async fn whoever_cannot_be_asked_now_keeps_nothing_from_being_forgotten(world) {
        let (node, remote) = (world.node_with(&[("PICKET_FETCH_RATE", "1")]).await, world.remote().await);
        let follower = remote.person("amal");
        follower.follows(&node).await;
        let mut letter = follower.note("<p>Between us</p>");
        letter["to"] = json!([node.union()]);
        follower.says(&node, &follower.activity("Create", letter)).await;
        node.deliver_all().await;
        assert_eq!(node.count("private_posts").await, 1);
        world.pass(TimeDelta::days(31));
        remote.inbox_status(410);
        node.publish("# One").await;
        node.deliver_all().await;
        // Her server is asked so often that it is asked no more.
        while Asking::for_inbound(&node.node).fetch_actor(&follower.id).await.is_ok() {}
        node.forget().await;
        assert_eq!(node.count("private_posts").await, 0);
        assert_eq!((node.count("follows").await, node.waiting().await), (1, 1), "and nothing is believed of her");
        node.expect_undelivered();
    }

    async fn where_nobody_is_known_any_more_a_410_ends_nothing(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let follower = remote.person("amal");
        let follow = follower.follows(&node).await;
        let statement = node.publish_at("# One").await;
        node.deliver_all().await;
        follower.says(&node, &follower.activity("Undo", follow)).await;
        world.pass(TimeDelta::days(2));
        node.forget().await;
        assert_eq!(node.count("actors WHERE NOT local").await, 0);
        remote.inbox_status(410);
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        confirm(&node).await;
        assert_eq!((node.waiting().await, node.count("departures").await), (1, 0));
        remote.forget();
        remote.inbox_status(202);
        world.pass(TimeDelta::hours(1));
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Delete").len(), 1);
    }

    async fn an_inbox_of_many_ends_when_the_last_of_them_is_gone(world) {
        let (node, remote, first, _) = refused_with_410(world).await;
        let mut others = Vec::new();
        for number in 0..6 {
            let id = format!("{}/users/{number}", remote.base);
            let person = Person { id: id.clone(), path: format!("/users/{number}"), ..first.naming_key(&format!("{id}#main-key")) };
            remote.serve(&serde_json::from_str(&first.document().to_string().replace(&first.id, &id)).expect("JSON"));
            person.follows(&node).await;
            others.push(person);
        }
        for person in others.iter().chain([&first]) {
            remote.reply(&person.path, Reply::Status(410));
        }
        confirm(&node).await;
        assert!(node.count("follows").await > 0, "no more are asked for at once than the budget allows");
        confirm(&node).await;
        assert_eq!(node.count("follows").await, 0);
        let left = format!("deliveries WHERE state = 'pending' AND inbox = '{}/inbox'", remote.base);
        assert_eq!(node.count(&left).await, 0);
        node.expect_undelivered();
    }

    async fn an_editor_starts_again_what_was_given_up(world) {
        let (node, remote, statement) = given_up(world).await;
        assert_eq!(node.receipts_of(statement).await.failed, 1);
        remote.come_back().await;
        let now = world.clock.now();
        assert_eq!(node.write(move |conn| delivery::start_again(conn, statement, now)).await, 1);
        node.deliver_all().await;
        let receipts = node.receipts_of(statement).await;
        assert_eq!((receipts.delivered, receipts.failed), (1, 0));
        assert_eq!(remote.heard_of("Create")[0]["object"]["name"], json!("One"));
        assert_eq!(node.write(move |conn| delivery::start_again(conn, statement, now)).await, 0);
    }
}
