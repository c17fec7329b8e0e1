//! Being found, and what is shown to whoever asks.

use picket::crypto::PublicKey;
use serde_json::{Value, json};

use crate::harness::{ACTIVITY_JSON, all, on_both_databases};

on_both_databases! {
    async fn the_actor_document_has_what_other_servers_look_for(world) {
        let node = world.node().await;
        let answered = node.get("/actor").await;
        assert_eq!((answered.status, answered.header("content-type")), (200, ACTIVITY_JSON));
        assert!(answered.header("vary").to_lowercase().contains("accept"), "{:?}", answered.headers);
        let actor = answered.json();
        assert_eq!(actor["type"], "Organization");
        assert_eq!(actor["id"], format!("{}/actor", node.base), "the id equals the address asked");
        assert!(all(&actor["@context"]).contains(&json!("https://www.w3.org/ns/activitystreams")));
        for property in ["inbox", "outbox", "followers", "following", "featured", "featuredTags", "url"] {
            let address = actor[property].as_str().unwrap_or_else(|| panic!("{property} in {actor}"));
            assert!(address.starts_with(&node.base), "{property} lies on the actor's own host: {address}");
        }
        for property in ["preferredUsername", "name", "published", "webfinger"] {
            assert!(actor[property].is_string(), "{property} in {actor}");
        }
        for property in ["discoverable", "indexable", "manuallyApprovesFollowers"] {
            assert!(actor[property].is_boolean(), "{property} in {actor}");
        }
        assert!(actor["preferredUsername"].as_str().is_some_and(str::is_ascii));
        assert_eq!(actor["endpoints"]["sharedInbox"], format!("{}/inbox", node.base));
        assert!(actor["attributionDomains"].is_array());
    }

    async fn the_actors_keys_are_the_ones_that_it_signs_with(world) {
        let node = world.node().await;
        for path in ["/actor", "/instance"] {
            let actor = node.get(path).await.json();
            let key = &actor["publicKey"];
            assert_eq!(key["owner"], actor["id"]);
            assert!(key["id"].as_str().expect("an id").starts_with(&format!("{}#", actor["id"].as_str().expect("an id"))));
            let pem = PublicKey::from_pem(key["publicKeyPem"].as_str().expect("a key")).expect("an RSA key in SPKI");
            let keys = node.keys().await;
            let signer = if path == "/actor" { &keys.union } else { &keys.instance };
            assert_eq!((key["id"].as_str(), pem), (Some(signer.id.as_str()), signer.key.public_key().expect("its public half")));
            let multikey = all(&actor["assertionMethod"]).first().cloned().expect("a Multikey");
            assert_eq!((&multikey["type"], &multikey["controller"]), (&json!("Multikey"), &actor["id"]));
            assert!(PublicKey::from_multibase(multikey["publicKeyMultibase"].as_str().expect("a key")).is_some());
        }
    }

    async fn the_instance_actor_is_an_application_with_an_inbox(world) {
        let node = world.node().await;
        let answered = node.get("/instance").await;
        let actor = answered.json();
        assert_eq!((answered.status, &actor["type"]), (200, &json!("Application")));
        assert_eq!(actor["id"], format!("{}/instance", node.base));
        assert!(actor["inbox"].is_string() && actor["outbox"].is_string());
    }

    async fn webfinger_answers_for_the_handle_the_id_and_the_profile_page(world) {
        let node = world.node().await;
        let handle = format!("acct:union@{}", node.node.config.domain);
        let actor = format!("{}/actor", node.base);
        let profile = node.get("/actor").await.json()["url"].as_str().expect("a profile page").to_owned();
        for resource in [handle.clone(), handle.to_uppercase().replace("ACCT", "acct"), actor.clone(), profile.clone(), node.base.clone()] {
            let answered = node.get_as(&format!("/.well-known/webfinger?resource={resource}"), "*/*").await;
            assert_eq!(answered.status, 200, "{resource}");
            assert_eq!(answered.header("content-type"), "application/jrd+json");
            assert_eq!(answered.header("access-control-allow-origin"), "*");
            let jrd = answered.json();
            assert_eq!(jrd["subject"], handle);
            assert!(all(&jrd["aliases"]).contains(&json!(actor)) && all(&jrd["aliases"]).contains(&json!(profile)));
            let link = |rel: &str| all(&jrd["links"]).into_iter().find(|link| link["rel"] == rel).unwrap_or_default();
            assert_eq!(link("self")["href"], actor);
            assert_eq!(link("self")["type"], ACTIVITY_JSON);
            assert_eq!(link("http://webfinger.net/rel/profile-page")["href"], profile);
            let template = link("http://ostatus.org/schema/1.0/subscribe")["template"].clone();
            assert!(template.as_str().is_some_and(|template| template.contains("{uri}")), "{jrd}");
        }
    }

    async fn webfinger_answers_for_the_instance_actor(world) {
        let node = world.node().await;
        let domain = &node.node.config.domain;
        for resource in [format!("{}/instance", node.base), format!("acct:{domain}@{domain}")] {
            let answered = node.get_as(&format!("/.well-known/webfinger?resource={resource}"), "*/*").await;
            assert_eq!(answered.status, 200, "{resource}");
            let own = all(&answered.json()["links"]).into_iter().find(|link| link["rel"] == "self").expect("a self link");
            assert_eq!(own["href"], format!("{}/instance", node.base));
        }
    }

    async fn webfinger_refuses_what_is_no_question_and_does_not_know_strangers(world) {
        let node = world.node().await;
        assert_eq!(node.get_as("/.well-known/webfinger", "*/*").await.status, 400);
        let domain = &node.node.config.domain;
        for resource in [
            format!("acct:nobody@{domain}"),
            "acct:union@elsewhere.example".to_owned(),
            format!("{}/nowhere", node.base),
            "https://elsewhere.example/actor".to_owned(),
            "nonsense".to_owned(),
            "acct:@".to_owned(),
        ] {
            let answered = node.get_as(&format!("/.well-known/webfinger?resource={resource}"), "*/*").await;
            assert_eq!(answered.status, 404, "{resource}");
        }
    }

    async fn the_handle_may_live_on_another_domain_than_the_node(world) {
        let node = world.node_with(&[("PICKET_ACCOUNT_DOMAIN", "union.test"), ("PICKET_HANDLE", "press")]).await;
        let domain = &node.node.config.domain;
        for resource in ["acct:press@union.test".to_owned(), format!("acct:press@{domain}"), format!("{}/actor", node.base)] {
            let answered = node.get_as(&format!("/.well-known/webfinger?resource={resource}"), "*/*").await;
            assert_eq!(answered.status, 200, "{resource}");
            assert_eq!(answered.json()["subject"], "acct:press@union.test", "subjects carry the account domain");
        }
        let actor = node.get("/actor").await.json();
        assert_eq!(actor["webfinger"], "press@union.test");
        assert_eq!(actor["preferredUsername"], "press");
        assert_eq!(actor["id"], format!("{}/actor", node.base));
    }

    async fn host_meta_leads_to_webfinger(world) {
        let node = world.node().await;
        let answered = node.get_as("/.well-known/host-meta", "*/*").await;
        assert_eq!(answered.status, 200);
        assert!(answered.header("content-type").starts_with("application/xrd+xml"));
        assert!(answered.body.contains(&format!("{}/.well-known/webfinger?resource={{uri}}", node.base)), "{}", answered.body);
    }

    async fn nodeinfo_tells_what_runs_here_in_both_versions(world) {
        let node = world.node().await;
        let links = node.get_as("/.well-known/nodeinfo", "application/json").await.json();
        let links = all(&links["links"]);
        let instance = links.iter().find(|link| link["rel"] == "https://www.w3.org/ns/activitystreams#Application");
        assert_eq!(instance.expect("the instance actor")["href"], format!("{}/instance", node.base));
        node.publish("# One\n\nStatement").await;
        for version in ["2.0", "2.1"] {
            let rel = format!("http://nodeinfo.diaspora.software/ns/schema/{version}");
            let link = links.iter().find(|link| link["rel"] == rel).expect("a link");
            let answered = node.get_as(link["href"].as_str().expect("an address"), "application/json").await;
            assert_eq!(answered.status, 200);
            let info = answered.json();
            assert_eq!((&info["version"], &info["software"]["name"]), (&json!(version), &json!("picket")));
            assert_eq!(info["protocols"], json!(["activitypub"]));
            assert_eq!(info["openRegistrations"], json!(false));
            assert_eq!(info["usage"]["localPosts"], 1);
            assert!(info["usage"]["users"]["total"].is_number() && info["services"].is_object() && info["metadata"].is_object());
        }
        assert_eq!(node.get_as("/nodeinfo/1.0", "*/*").await.status, 404);
    }

    async fn followers_and_following_tell_their_number_only(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        for name in ["amal", "bea"] {
            remote.person(name).follows(&node).await;
        }
        for (path, total) in [("/actor/followers", 2), ("/actor/following", 0)] {
            let answered = node.get(path).await;
            let collection = answered.json();
            assert_eq!(collection["totalItems"], total, "{path}");
            assert_eq!(collection["id"], format!("{}{path}", node.base));
            for property in ["first", "last", "items", "orderedItems", "current"] {
                assert_eq!(collection[property], Value::Null, "{path} tells {property}");
            }
            assert!(!answered.body.contains("/users/"), "{}", answered.body);
            let page = node.get(&format!("{path}?page=1")).await;
            assert!(!page.body.contains("/users/"), "{}", page.body);
        }
        node.deliver_all().await;
    }

    async fn every_collection_of_the_actor_is_there_and_has_a_total(world) {
        let node = world.node().await;
        let actor = node.get("/actor").await.json();
        for property in ["outbox", "followers", "following", "featured", "featuredTags"] {
            let address = actor[property].as_str().expect("an address");
            let answered = node.get(address).await;
            assert_eq!(answered.status, 200, "{property}");
            assert_eq!(answered.json()["id"], address);
            assert!(answered.json()["totalItems"].is_number(), "{property}");
            assert_eq!(answered.header("content-type"), ACTIVITY_JSON);
        }
        assert_eq!(node.get("/instance/outbox").await.status, 200);
    }

    async fn an_inbox_takes_post_only_and_nothing_unsigned(world) {
        let node = world.node().await;
        for path in ["/inbox", "/actor/inbox", "/instance/inbox"] {
            for accept in [ACTIVITY_JSON, "text/html"] {
                let answered = node.get_as(path, accept).await;
                assert_eq!((answered.status, answered.header("allow")), (405, "POST"), "{path}");
            }
            let body = json!({"id": "https://a.example/1", "type": "Follow", "actor": "https://a.example/", "object": node.union()});
            let answered = node.post(path, &http::HeaderMap::new(), body.to_string()).await;
            assert_eq!(answered.status, 401, "{path}");
        }
        assert_eq!(node.count("heard_activities").await, 0);
    }

    async fn a_program_gets_json_and_a_browser_a_page_at_the_same_address(world) {
        let node = world.node().await;
        let statement = node.publish_at("# Strike\n\nFrom Monday on.").await;
        let actor = format!("{}/actor", node.base);
        for address in [&actor, &statement] {
            for accept in [
                ACTIVITY_JSON,
                "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
                "application/activity+json, application/ld+json",
                "application/activity+json, text/html;q=0.1",
            ] {
                let answered = node.get_as(address, accept).await;
                assert_eq!(answered.status, 200);
                assert_eq!(answered.json()["id"], **address, "the id equals the address asked");
                let kind = answered.header("content-type");
                assert!(kind == ACTIVITY_JSON || kind.starts_with("application/ld+json; profile="), "{accept}: {kind}");
                assert!(answered.header("vary").to_lowercase().contains("accept"));
            }
            let page = node.page(address).await;
            assert_eq!(page.status, 200);
            assert!(!page.header("content-type").contains("json"), "{:?}", page.headers);
            assert!(page.header("vary").to_lowercase().contains("accept"));
        }
    }

    async fn a_program_that_asks_for_the_home_page_finds_the_union(world) {
        let node = world.node().await;
        let answered = node.get("/").await;
        assert_eq!((answered.status, answered.header("location")), (307, node.union()));
    }

    async fn what_does_not_exist_is_not_found(world) {
        let node = world.node().await;
        for path in ["/statements/none", "/statements/none/replies", "/statements/none/activity", "/activities/none", "/nowhere"] {
            assert_eq!(node.get(path).await.status, 404, "{path}");
        }
        assert_eq!(node.get("/actor/outbox?page=nonsense").await.status, 400);
    }
}

#[tokio::test]
async fn an_identity_is_kept_from_one_start_to_the_next_and_never_changed_in_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = |domain: &str, handle: &str| {
        let environment = [
            ("PICKET_DOMAIN", domain),
            ("PICKET_DATA_DIR", folder.path().to_str().expect("a plain path")),
            ("PICKET_HANDLE", handle),
        ];
        let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let config = picket::config::Config::from_sources(None, environment).expect("settings");
        picket::node::Node::open(config, picket::clock::Clock::default())
    };
    let first = open("union.example", "press").await.expect("a node");
    let again = open("union.example", "press").await.expect("the same node");
    assert_eq!(first.identity.union, again.identity.union);
    assert_eq!(
        first.keys().await.expect("keys").union.key.public_key().expect("a key"),
        again.keys().await.expect("keys").union.key.public_key().expect("a key")
    );
    let Err(refusal) = open("other.example", "press").await else { panic!("another domain was taken") };
    assert!(refusal.to_string().contains("PICKET_DOMAIN"), "{refusal}");
}
