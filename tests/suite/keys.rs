//! Our own keys, and what happens when they are renewed.

use http::header::HeaderMap;
use picket::crypto::PublicKey;
use picket::federation::{outbox, proof};
use picket::node::Node;
use picket::transport::signature::{Request, read_claim};
use serde_json::Value;

use crate::harness::{Asked, TestNode, all, on_both_databases};

/// The keys that an actor's document lists: the one for requests, and those for proofs.
async fn listed(node: &TestNode, path: &str) -> (String, PublicKey, Vec<(String, PublicKey)>) {
    let actor = node.get(path).await.json();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let pem = PublicKey::from_pem(&text(&actor["publicKey"]["publicKeyPem"])).expect("a key");
    let multikeys = all(&actor["assertionMethod"]);
    let multikeys = multikeys
        .iter()
        .map(|key| (text(&key["id"]), PublicKey::from_multibase(&text(&key["publicKeyMultibase"])).expect("a key")));
    (text(&actor["publicKey"]["id"]), pem, multikeys.collect())
}

/// Whether a request of ours was signed with this key under this id.
fn is_signed_with(asked: &Asked, host: &str, id: &str, key: &PublicKey, node: &TestNode) -> bool {
    let request = Request {
        method: asked.method.as_str(),
        path_and_query: &asked.target,
        headers: &asked.headers,
        body: &asked.body,
    };
    let claim = read_claim(&request, host, "http", node.node.now()).expect("a signature");
    claim.key_id == id && claim.verify(key)
}

/// What `picket keys rotate` does, in a process of its own beside the running node.
async fn rotate_beside(node: &TestNode) -> i64 {
    let beside = Node::open((*node.node.config).clone(), node.node.clock.clone()).await.expect("a second process");
    outbox::rotate_keys(&beside).await.expect("new keys")
}

on_both_databases! {
    async fn new_keys_have_new_ids_and_old_proof_keys_stay_listed(world) {
        let node = world.node().await;
        let before = [listed(&node, "/actor").await, listed(&node, "/instance").await];
        rotate_beside(&node).await;
        for (path, (old_id, old_key, old_proofs)) in ["/actor", "/instance"].into_iter().zip(before) {
            let (id, key, proofs) = listed(&node, path).await;
            assert!(id != old_id && key != old_key);
            assert!(id.starts_with(&format!("{}{path}#", node.base)), "{id}");
            assert_eq!(proofs.len(), 2, "{path}");
            assert_eq!(proofs[1..], old_proofs, "the newest is first");
        }
    }

    async fn the_private_halves_of_old_keys_are_destroyed(world) {
        let node = world.node().await;
        for _ in 0..2 {
            rotate_beside(&node).await;
        }
        assert_eq!(node.count("actor_keys").await, 12);
        let private = node.texts("id", "actor_keys WHERE private_key IS NOT NULL ORDER BY id").await;
        let private: Vec<String> = private.into_iter().flatten().collect();
        assert!(private.len() == 4 && private.iter().all(|id| id.ends_with("-3")), "{private:?}");
    }

    async fn what_waits_is_signed_with_the_new_key_and_all_who_know_the_union_hear_of_it(world) {
        let node = world.node().await;
        let (follower, ally) = (world.remote().await, world.remote().await);
        follower.person("amal").follows(&node).await;
        node.deliver_all().await;
        outbox::follow(&node.node, &ally.person("ally").id).await.expect("asked");
        node.deliver_all().await;
        // A fetch and a delivery with the old keys, so that they are at hand.
        assert!(ally.fetches() > 0 && ally.posted().len() == 1);
        node.publish("# Written before").await;
        follower.forget();
        ally.forget();
        assert_eq!(rotate_beside(&node).await, 2);
        node.deliver_all().await;
        let (id, key, proofs) = listed(&node, "/actor").await;
        for (remote, expected) in [(&follower, 2), (&ally, 1)] {
            let posted = remote.posted();
            assert_eq!(posted.len(), expected);
            assert!(posted.iter().all(|asked| is_signed_with(asked, &remote.host, &id, &key, &node)));
            let update = remote.heard_of("Update").remove(0);
            assert_eq!((update["object"]["id"].as_str(), update["object"]["publicKey"]["id"].as_str()), (Some(node.union()), Some(id.as_str())));
            assert_eq!(update["proof"]["verificationMethod"], proofs[0].0);
            assert!(proof::verify(&update, &proofs[0].1));
        }
        // Fetches as well.
        ally.forget();
        let (id, key, _) = listed(&node, "/instance").await;
        assert!(outbox::follow(&node.node, &format!("{}/users/nobody", ally.base)).await.is_err());
        assert!(ally.asked().iter().all(|asked| is_signed_with(asked, &ally.host, &id, &key, &node)) && ally.fetches() > 0);
    }

    async fn what_was_said_before_stays_proven(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        remote.person("amal").follows(&node).await;
        let statement = node.publish_at("# Strike").await;
        node.deliver_all().await;
        let create = remote.heard_of("Create").remove(0);
        rotate_beside(&node).await;
        node.deliver_all().await;
        let (_, _, proofs) = listed(&node, "/actor").await;
        for kept in [&create, &create["object"]] {
            let method = kept["proof"]["verificationMethod"].as_str().expect("a method");
            let (_, key) = proofs.iter().find(|(id, _)| id == method).expect("still listed");
            assert!(proof::verify(kept, key));
        }
        // What is served from now on is proven by the new key.
        let note = node.get(&statement).await.json();
        assert_eq!(note["proof"]["verificationMethod"], proofs[0].0);
        assert!(proof::verify(&note, &proofs[0].1));
    }

    async fn another_node_that_remembers_the_old_key_takes_what_the_new_one_signs(world) {
        let (union, ally) = (world.node().await, world.node().await);
        outbox::follow(&ally.node, union.union()).await.expect("asked");
        for node in [&ally, &union, &ally] {
            node.deliver_all().await;
        }
        rotate_beside(&union).await;
        let statement = union.publish_at("# With new keys").await;
        union.deliver_all().await;
        assert_eq!(ally.count(&format!("posts WHERE uri = '{statement}'")).await, 1);
        let known = ally.texts("id", &format!("actor_keys WHERE id LIKE '{}#%' ORDER BY id", union.union())).await;
        let known: Vec<String> = known.into_iter().flatten().collect();
        let old = format!("{}#ed25519-key", union.union());
        assert!(known.contains(&old) && known.contains(&format!("{}#main-key-2", union.union())), "{known:?}");
        assert!(!known.contains(&format!("{}#main-key", union.union())), "{known:?}");
    }

    async fn nobody_signs_to_us_with_a_key_that_was_ours(world) {
        let node = world.node().await;
        let person = world.remote().await.person("eve");
        let stolen = node.keys().await.union.id.clone();
        rotate_beside(&node).await;
        let forged = crate::harness::Person { id: node.union().to_owned(), ..person.naming_key(&stolen) };
        let letter = forged.letter(picket::transport::SignatureForm::Cavage, &node, forged.activity("Delete", "http://127.0.0.1:1/x").to_string());
        assert_eq!(letter.post(&node).await.status, 401);
        let unsigned = node.post("/inbox", &HeaderMap::new(), "{}").await;
        assert_eq!(unsigned.status, 401);
    }
}
