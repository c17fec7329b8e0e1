//! Documents in every shape that real servers send, through the real inbox and the real fetches.

use std::sync::Arc;

use picket::federation::remote::{Miss, Remote as Asking};
use picket::posts::Review;
use picket::transport::SigningKey;
use serde_json::{Value, json};

use crate::harness::{ACTIVITY_JSON, Person, Reply, TestNode, on_both_databases};

fn id(document: &Value) -> &str {
    document["id"].as_str().expect("an id")
}

/// The PEM of a person's key as old servers write it: without the algorithm around it (PKCS#1).
fn pkcs1(person: &Person) -> String {
    let spki = pem::parse(person.key.key.public_key().expect("its public half").to_pem()).expect("a PEM block");
    // SEQUENCE, algorithm and the head of a BIT STRING of a 2,048-bit key are 24 bytes.
    let key = pem::Pem::new("RSA PUBLIC KEY", &spki.contents()[24..]);
    pem::encode(&key)
}

/// Whether a Follow that is signed under this key id is believed.
async fn is_believed(node: &TestNode, person: &Person, key_id: &str) -> bool {
    let pkcs8 = person.key.key.to_pkcs8().expect("encoded");
    let key = picket::crypto::PrivateKey::from_pkcs8(picket::crypto::Algorithm::Rsa, &pkcs8).expect("decoded");
    let person = Person { key: Arc::new(SigningKey { id: key_id.to_owned(), key }), ..person.clone() };
    person.send(node, &person.activity("Follow", node.union())).await == 202
}

on_both_databases! {
    async fn a_key_is_found_however_its_actor_lists_it(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        node.expect_undelivered();
        // PKCS#1, in a list of keys, the first of which is none.
        let amal = remote.person("amal");
        let mut document = amal.document();
        document["publicKey"] = json!([{"id": "nonsense"}, {"id": amal.key.id, "owner": amal.id, "publicKeyPem": pkcs1(&amal)}]);
        remote.serve(&document);
        assert!(is_believed(&node, &amal, &amal.key.id).await, "PKCS#1 in a list");
        // A key id without a fragment, at which a part of the actor is shown (GoToSocial).
        let bo = remote.person("bo");
        let key_id = format!("{}/main-key", bo.id);
        let mut document = bo.document();
        document["publicKey"]["id"] = json!(key_id);
        remote.serve(&document);
        let part = json!({"id": bo.id, "type": "Person", "preferredUsername": "bo", "publicKey": document["publicKey"]});
        remote.reply("/users/bo/main-key", Reply::Json(part));
        assert!(is_believed(&node, &bo, &key_id).await, "a part of the actor");
        // A key that has the actor's own id (Hubzilla).
        let cem = remote.person("cem");
        let mut document = cem.document();
        document["publicKey"]["id"] = json!(cem.id);
        remote.serve(&document);
        assert!(is_believed(&node, &cem, &cem.id).await, "the actor's id");
        // A document of its own, which the actor lists by its id alone.
        let dana = remote.person("dana");
        let key_id = format!("{}/keys/dana", remote.base);
        let mut document = dana.document();
        let pem = document["publicKey"]["publicKeyPem"].clone();
        document["publicKey"] = json!(key_id);
        remote.serve(&document);
        remote.serve(&json!({"id": key_id, "type": "Key", "owner": dana.id, "publicKeyPem": pem}));
        assert!(is_believed(&node, &dana, &key_id).await, "a document of its own");
        assert_eq!(node.count("follows").await, 4);
    }

    async fn a_key_of_its_own_document_that_its_owner_does_not_list_is_refused(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let eve = remote.person("eve");
        let key_id = format!("{}/keys/eve", remote.base);
        let pem = eve.document()["publicKey"]["publicKeyPem"].clone();
        remote.serve(&json!({"id": key_id, "type": "Key", "owner": eve.id, "publicKeyPem": pem}));
        assert!(!is_believed(&node, &eve, &key_id).await);
        assert_eq!(node.count("follows").await, 0);
    }

    async fn an_activity_in_expanded_names_is_the_same_activity(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let (statement, amal) = (node.publish_at("Bread and roses").await, remote.person("amal"));
        let note = amal.answer(&statement, "<p>And peace</p>");
        let expanded = json!({
            "@context": {"as": "https://www.w3.org/ns/activitystreams#", "v": "https://www.w3.org/ns/activitystreams#"},
            "@id": format!("{}/activities/1", remote.base),
            "@type": "as:Create",
            "as:actor": {"@id": amal.id},
            "v:object": {
                "@id": id(&note), "@type": ["https://www.w3.org/ns/activitystreams#Note"],
                "https://www.w3.org/ns/activitystreams#attributedTo": [{"@id": amal.id}],
                "as:to": {"@set": ["as:Public", null]},
                "as:inReplyTo": {"@id": statement},
                "as:content": {"@value": "<p>And peace</p>", "@language": "en"},
            },
        });
        amal.says(&node, &expanded).await;
        assert_eq!(node.review_of(id(&note)).await, Some(Review::Held));
        assert_eq!(node.count("posts WHERE visibility = 'public' AND language = 'en'").await, 1);
    }

    async fn a_post_of_several_authors_is_its_speakers_where_she_is_one_of_them(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let (statement, amal) = (node.publish_at("Bread and roses").await, remote.person("amal"));
        let group = json!({"type": "Group", "id": format!("{}/channels/1", remote.base)});
        let mut number = 0;
        for (authors, status) in [
            (json!([group, {"type": "Person", "id": amal.id}]), 202),
            (json!(null), 202),
            (json!([group]), 403),
            (json!(format!("{}/users/bo", remote.base)), 403),
            (json!("https://else.example/users/amal"), 403),
        ] {
            number += 1;
            let mut note = amal.answer(&statement, "<p>And peace</p>");
            note["id"] = json!(format!("{}/notes/{number}", remote.base));
            note["attributedTo"] = authors.clone();
            assert_eq!(amal.send(&node, &amal.activity("Create", note)).await, status, "{authors}");
        }
        let mut without_id = amal.answer(&statement, "<p>And peace</p>");
        without_id["id"] = json!(null);
        assert_eq!(amal.send(&node, &amal.activity("Create", without_id)).await, 400);
        assert_eq!(node.count("posts").await, 2);
    }

    async fn what_is_withdrawn_is_gone_though_its_server_answers(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let address = format!("{}/notes/1", remote.base);
        remote.serve(&json!({"id": address, "type": "Tombstone", "formerType": "Note"}));
        let found = Asking::for_editor(&node.node).post(&address).await;
        assert!(matches!(found, Err(Miss::Gone(_))), "{found:?}");
    }

    async fn a_collection_is_read_page_by_page_on_its_own_server_and_ends(world) {
        let (node, remote, other) = (world.node().await, world.remote().await, world.remote().await);
        let at = |path: &str| format!("{}{path}", remote.base);
        let page = |path: &str, next: &str, items: &[&str]| {
            json!({"id": at(path), "type": "OrderedCollectionPage", "next": next, "orderedItems": items})
        };
        remote.serve(&json!({"id": at("/c"), "type": "OrderedCollection", "totalItems": 3,
            "first": {"type": "OrderedCollectionPage", "items": ["https://a.example/1"], "next": at("/c?page=2")}}));
        remote.serve(&page("/c?page=2", &at("/c?page=3"), &["https://a.example/2"]));
        remote.serve(&page("/c?page=3", &at("/c?page=3"), &["https://a.example/3"]));
        let asking = Asking::for_editor(&node.node);
        let items = asking.items(&json!(at("/c")), &remote.base, 2).await.expect("items");
        assert_eq!(items, [json!("https://a.example/1"), json!("https://a.example/2")]);
        // A page that calls itself its next one does not keep us.
        assert!(asking.items(&json!(at("/c")), &remote.base, 100).await.expect("items").len() < 10);
        // What lies elsewhere is not asked.
        other.reply("/c", Reply::Typed(ACTIVITY_JSON, "{}".to_owned()));
        assert!(asking.items(&json!(format!("{}/c", other.base)), &remote.base, 2).await.is_err());
        let leading_away = json!({"id": at("/d"), "type": "Collection", "items": ["https://a.example/1"], "first": format!("{}/c", other.base)});
        assert_eq!(asking.items(&leading_away, &remote.base, 9).await.expect("items").len(), 1);
        assert_eq!(other.asked().len(), 0);
    }

    async fn a_document_with_a_byte_order_mark_is_read(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let amal = remote.person("amal");
        remote.reply(&amal.path, Reply::Typed(ACTIVITY_JSON, format!("\u{feff}{}", amal.document())));
        assert_eq!(Asking::for_editor(&node.node).resolve(&amal.id).await.expect("the actor").uri, amal.id);
    }
}
