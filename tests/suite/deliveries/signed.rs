//! How deliveries are signed.

use picket::transport::SignatureForm;
use picket::transport::signature::{Request, read_claim};

use super::followed_on;
use crate::harness::{Asked, Reply, on_both_databases};

fn form_of(asked: &Asked, host: &str, now: picket::clock::Time) -> SignatureForm {
    let request = Request { method: "POST", path_and_query: &asked.target, headers: &asked.headers, body: &asked.body };
    read_claim(&request, host, "http", now).expect("a good signature").form
}

on_both_databases! {
    async fn every_delivery_is_signed_by_the_unions_key_and_says_what_it_is(world) {
        let (node, remotes) = followed_on(world, 1).await;
        node.publish("# One").await;
        node.deliver_all().await;
        let posted = remotes[0].posted();
        assert_eq!(posted.len(), 1);
        let request = Request { method: "POST", path_and_query: "/inbox", headers: &posted[0].headers, body: &posted[0].body };
        let claim = read_claim(&request, &remotes[0].host, "http", world.clock.now()).expect("a good signature");
        let actor = node.get("/actor").await.json();
        assert_eq!(claim.key_id, actor["publicKey"]["id"]);
        let key = picket::crypto::PublicKey::from_pem(actor["publicKey"]["publicKeyPem"].as_str().expect("a key")).expect("a key");
        assert!(claim.verify(&key));
        assert!(posted[0].headers["user-agent"].to_str().expect("text").contains(&node.base));
    }

    async fn a_server_that_knows_one_form_of_signature_gets_it_and_is_remembered(world) {
        for known in [SignatureForm::Cavage, SignatureForm::Rfc9421] {
            let (node, remotes) = followed_on(world, 1).await;
            let remote = &remotes[0];
            let (host, clock) = (remote.host.clone(), world.clock.clone());
            remote.inbox_replies(move |asked| Reply::Status(if form_of(asked, &host, clock.now()) == known { 202 } else { 401 }));
            node.publish("# One").await;
            node.deliver_all().await;
            let first = remote.posted().len();
            assert_eq!(first, if known == SignatureForm::Cavage { 1 } else { 2 }, "{known:?}");
            node.publish("# Two").await;
            node.deliver_all().await;
            assert_eq!(remote.posted().len(), first + 1, "{known:?} is remembered");
            // A server may change its mind.
            let (host, clock) = (remote.host.clone(), world.clock.clone());
            remote.inbox_replies(move |asked| Reply::Status(if form_of(asked, &host, clock.now()) == known { 401 } else { 202 }));
            node.publish("# Three").await;
            node.deliver_all().await;
            assert_eq!(node.waiting().await, 0, "{known:?}");
        }
    }
}
