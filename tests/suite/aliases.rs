//! Other addresses of the union, from which it can move here.

use picket::alliances;
use picket::federation::outbox;
use picket::profile;
use serde_json::{Value, json};

use crate::harness::{Reply, followed, on_both_databases};

on_both_databases! {
    async fn an_alias_stands_in_the_actor_and_those_who_know_the_union_are_told(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let (old, follower) = (remote.person("old"), remote.person("follower"));
        follower.follows(&node).await;
        node.deliver_all().await;
        assert_eq!(node.get("/actor").await.json()["alsoKnownAs"], Value::Null);
        outbox::add_alias(&node.node, &old.id).await.expect("added");
        node.deliver_all().await;
        assert_eq!(node.get("/actor").await.json()["alsoKnownAs"], json!([old.id]));
        let update = remote.heard_of("Update").remove(0);
        assert_eq!((&update["actor"], &update["object"]["alsoKnownAs"]), (&json!(node.union()), &json!([old.id])));
        assert!(outbox::add_alias(&node.node, &old.id).await.is_err(), "once");
        // Its server may be gone when it is taken off.
        remote.reply(&old.path, Reply::Status(410));
        outbox::remove_alias(&node.node, &old.id).await.expect("removed");
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Update")[1]["object"]["alsoKnownAs"], Value::Null);
        assert!(outbox::remove_alias(&node.node, &old.id).await.is_err());
        assert!(node.read(profile::aliases).await.is_empty());
    }

    async fn only_an_account_that_exists_elsewhere_can_be_an_alias(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        for nobody in [node.union(), "nonsense", &*format!("{}/users/nobody", remote.base)] {
            assert!(outbox::add_alias(&node.node, nobody).await.is_err(), "{nobody}");
        }
        assert_eq!((node.count("aliases").await, node.waiting().await), (0, 0));
    }

    async fn a_union_moves_from_another_server_to_ours_and_its_allies_are_asked(world) {
        let (new_home, ally, remote) = (world.node().await, world.node().await, world.remote().await);
        let old = remote.person("union");
        followed(&ally, &remote, &old).await;
        outbox::add_alias(&new_home.node, &old.id).await.expect("added");
        let mut document = old.document();
        document["movedTo"] = json!(new_home.union());
        remote.reply(&old.path, Reply::Json(document));
        let mut activity = old.activity("Move", old.id.as_str());
        activity["target"] = json!(new_home.union());
        old.says(&ally, &activity).await;
        let question = ally.read(|conn| alliances::moves(conn, false, 10)).await.remove(0);
        assert_eq!((&question.from.uri, question.to.uri.as_str()), (&old.id, new_home.union()));
        outbox::accept_move(&ally.node, question.id).await.expect("accepted");
        ally.deliver_all().await;
        new_home.deliver_all().await;
        assert_eq!(new_home.get("/actor/followers").await.json()["totalItems"], 1);
        assert_eq!(ally.get("/actor/following").await.json()["totalItems"], 1);
    }
}
