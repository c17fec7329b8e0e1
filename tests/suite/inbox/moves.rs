//! Unions that move.

use chrono::TimeDelta;
use picket::alliances::{self, MoveState};
use picket::error::Error;
use picket::federation::inbox::waiting::hear_again;
use picket::federation::{defederation, outbox};
use serde_json::{Value, json};

use super::with_statement;
use crate::harness::{Person, Remote, Reply, TestNode, World, followed, on_both_databases};

/// A node that follows a union at its old address.
async fn with_mover(world: &World) -> (TestNode, Remote, Person, Remote, Person) {
    let (node, _, remote, _) = with_statement(world).await;
    let old = remote.person("ally");
    followed(&node, &remote, &old).await;
    let elsewhere = world.remote().await;
    let new = elsewhere.person("union");
    (node, remote, old, elsewhere, new)
}

/// What both say of each other.
fn confirm(remote: &Remote, old: &Person, elsewhere: &Remote, new: &Person) {
    let (mut before, mut after) = (old.document(), new.document());
    before["movedTo"] = json!(new.id);
    after["alsoKnownAs"] = json!([old.id]);
    remote.reply(&old.path, Reply::Json(before));
    elsewhere.reply(&new.path, Reply::Json(after));
}

fn moving(old: &Person, new: &Person) -> Value {
    let mut activity = old.activity("Move", old.id.as_str());
    activity["target"] = json!(new.id);
    activity
}

async fn asked(node: &TestNode) -> Vec<alliances::Move> {
    node.read(|conn| alliances::moves(conn, true, 100)).await
}

on_both_databases! {
    async fn a_followed_union_that_moves_is_followed_there_once_a_person_says_so(world) {
        let (node, remote, old, elsewhere, new) = with_mover(world).await;
        confirm(&remote, &old, &elsewhere, &new);
        remote.forget();
        old.says(&node, &moving(&old, &new)).await;
        old.says(&node, &moving(&old, &new)).await;
        let questions = asked(&node).await;
        assert_eq!(questions.len(), 1, "asked once");
        assert_eq!((&questions[0].from.uri, &questions[0].to.uri, questions[0].state), (&old.id, &new.id, MoveState::Asked));
        assert_eq!(node.waiting().await, 0, "nothing happens before a person's yes");
        outbox::accept_move(&node.node, questions[0].id).await.expect("accepted");
        node.deliver_all().await;
        assert_eq!(elsewhere.heard_of("Follow")[0]["object"], json!(new.id));
        assert_eq!(remote.heard_of("Undo")[0]["object"]["object"], json!(old.id));
        assert_eq!(node.count("follows").await, 1);
        assert_eq!(asked(&node).await[0].state, MoveState::Accepted);
        assert!(outbox::accept_move(&node.node, questions[0].id).await.is_err(), "decided once");
    }

    async fn a_move_that_a_person_rejects_changes_nothing(world) {
        let (node, remote, old, elsewhere, new) = with_mover(world).await;
        confirm(&remote, &old, &elsewhere, &new);
        old.says(&node, &moving(&old, &new)).await;
        let question = asked(&node).await[0].id;
        outbox::reject_move(&node.node, question).await.expect("rejected");
        assert!(outbox::accept_move(&node.node, question).await.is_err());
        old.says(&node, &moving(&old, &new)).await;
        assert_eq!(asked(&node).await[0].state, MoveState::Rejected, "it is not asked again");
        assert_eq!((node.waiting().await, node.count("follows WHERE state = 'accepted'").await), (0, 1));
    }

    async fn both_places_must_say_so(world) {
        let (node, remote, old, elsewhere, new) = with_mover(world).await;
        old.says(&node, &moving(&old, &new)).await;
        confirm(&remote, &old, &elsewhere, &new);
        elsewhere.reply(&new.path, Reply::Json(new.document()));
        old.says(&node, &moving(&old, &new)).await;
        confirm(&remote, &old, &elsewhere, &new);
        remote.reply(&old.path, Reply::Json(old.document()));
        old.says(&node, &moving(&old, &new)).await;
        assert!(asked(&node).await.is_empty());
    }

    async fn a_follower_who_moves_follows_anew_by_herself(world) {
        let (node, _, remote, follower) = with_statement(world).await;
        follower.follows(&node).await;
        node.deliver_all().await;
        let elsewhere = world.remote().await;
        let new = elsewhere.person("union");
        confirm(&remote, &follower, &elsewhere, &new);
        follower.says(&node, &moving(&follower, &new)).await;
        assert!(asked(&node).await.is_empty());
        assert_eq!((node.count("follows").await, elsewhere.asked().len()), (1, 0));
    }


    async fn a_move_to_a_server_that_was_blocked_since_is_refused_and_the_old_place_stays_followed(world) {
        let (node, remote, old, _, _) = with_mover(world).await;
        let elsewhere = world.remote_named("new.example").await;
        let new = elsewhere.person("union");
        confirm(&remote, &old, &elsewhere, &new);
        old.says(&node, &moving(&old, &new)).await;
        let question = asked(&node).await[0].id;
        defederation::block(&node.node, "new.example", None).await.expect("blocked");
        let refused = outbox::accept_move(&node.node, question).await.expect_err("refused");
        assert!(matches!(&refused, Error::Forbidden(why) if why.contains("blocked")), "{refused}");
        assert_eq!(node.count("follows WHERE state = 'accepted'").await, 1);
        assert_eq!(asked(&node).await[0].state, MoveState::Asked, "it can still be rejected");
        outbox::reject_move(&node.node, question).await.expect("rejected");
    }

    async fn a_move_to_a_server_that_does_not_answer_yet_is_looked_at_again(world) {
        let (node, remote, old, elsewhere, new) = with_mover(world).await;
        confirm(&remote, &old, &elsewhere, &new);
        elsewhere.reply(&new.path, Reply::Typed("text/html", "<p>Soon</p>".to_owned()));
        old.says(&node, &moving(&old, &new)).await;
        confirm(&remote, &old, &elsewhere, &new);
        world.pass(TimeDelta::minutes(5));
        hear_again(&node.node).await.expect("heard");
        assert_eq!(asked(&node).await.len(), 1);
    }
}
