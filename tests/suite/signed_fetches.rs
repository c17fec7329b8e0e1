//! Questions that are signed: ours to others, and others' to us.

use http::header::HeaderMap;
use picket::federation::{defederation, outbox};
use picket::transport::SignatureForm;
use serde_json::Value;

use crate::harness::{ACTIVITY_JSON, Answered, TestNode, World, on_both_databases};

const FORMS: [SignatureForm; 2] = [SignatureForm::Cavage, SignatureForm::Rfc9421];
const DEMANDING: [(&str, &str); 1] = [("PICKET_AUTHORIZED_FETCH", "true")];

/// Documents of a node with a statement and a withdrawn one, and one that never existed.
async fn paths(node: &TestNode) -> Vec<String> {
    let statement = node.publish_at("# Strike").await.trim_start_matches(&node.base).to_owned();
    let withdrawn = node.publish_at("# Mistake").await;
    outbox::withdraw(&node.node, &withdrawn).await.expect("withdrawn");
    let mut paths: Vec<String> = ["", "/activity", "/replies", "/replies?page=true", "/likes", "/shares"]
        .into_iter()
        .map(|below| format!("{statement}{below}"))
        .collect();
    paths.push(withdrawn.trim_start_matches(&node.base).to_owned());
    paths.extend(
        ["/", "/actor/outbox", "/actor/outbox?page=true", "/actor/followers", "/actor/featured"].map(str::to_owned),
    );
    paths
}

/// All that a reader learns from an answer; the time is no news.
fn told(answered: &Answered) -> (u16, HeaderMap, String) {
    let mut headers = answered.headers.clone();
    headers.remove("date");
    (answered.status, headers, answered.body.clone())
}

async fn block(node: &TestNode, host: &str) {
    defederation::block(&node.node, host, None).await.expect("blocked");
}

fn known_names(world: &World) -> Vec<String> {
    world.names.lock().expect("nobody panicked").clone()
}

on_both_databases! {
    async fn a_blocked_server_is_told_what_a_missing_page_tells(world) {
        for settings in [&[][..], &DEMANDING[..]] {
            let node = world.node_with(settings).await;
            let friend = world.remote_named("good.example").await;
            let good = friend.person("good");
            let bad = world.remote_named("sub.bad.example").await;
            let reader = bad.person("reader");
            block(&node, "bad.example").await;
            for form in FORMS {
                // In a demanding node even the missing page is for signed readers only.
                let missing = good.asks(form, &node, "/statements/none").await;
                for path in paths(&node).await.iter().chain([&"/actor".to_owned(), &"/activities/none".to_owned()]) {
                    let answered = reader.asks(form, &node, path).await;
                    assert_eq!(told(&answered), told(&missing), "{path}");
                    assert_eq!(answered.status, 404);
                }
            }
            assert_eq!(bad.asked().len(), 0, "nobody asks a blocked server for its key");
            assert!(known_names(world).iter().all(|name| !name.contains("bad.example")));
        }
    }

    async fn a_signed_reader_is_shown_everything_and_no_cache_gives_it_to_others(world) {
        let node = world.node_with(&DEMANDING).await;
        let remote = world.remote().await;
        let reader = remote.person("reader");
        for form in FORMS {
            for path in paths(&node).await {
                let answered = reader.asks(form, &node, &path).await;
                assert!(matches!(answered.status, 200 | 307 | 410), "{path}: {} {}", answered.status, answered.body);
                assert_eq!(answered.header("cache-control"), "private, no-store", "{path}");
                assert_eq!(answered.header("vary"), "Accept, Signature, Signature-Input", "{path}");
            }
            let actor = reader.asks(form, &node, "/actor").await.json();
            assert!(actor["followers"].is_string() && actor["publicKey"].is_object());
        }
        assert!(remote.fetches_of(&reader.path) <= 2, "its key is kept");
    }

    async fn whoever_does_not_sign_or_signs_wrongly_is_told_how_and_nothing_else(world) {
        let node = world.node_with(&DEMANDING).await;
        let remote = world.remote().await;
        let reader = remote.person("reader");
        let mut answers = Vec::new();
        for path in paths(&node).await.iter().chain([&"/statements/none".to_owned()]) {
            let answered = node.get(path).await;
            assert_eq!(answered.status, 401, "{path}");
            assert!(answered.header("www-authenticate").starts_with("Signature"), "{path}");
            assert!(answered.body.contains("sign the request"), "{}", answered.body);
            answers.push(told(&answered));
            for form in FORMS {
                assert_eq!(reader.with_new_key().asks(form, &node, path).await.status, 401, "{path}");
            }
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "what exists and what does not look the same");
        assert_eq!(node.get_with("/actor/outbox", &HeaderMap::from_iter([(http::HeaderName::from_static("signature"), "nonsense".parse().expect("a value"))])).await.status, 401);
    }

    async fn what_verifies_our_word_and_what_is_for_people_stays_open(world) {
        let node = world.node_with(&DEMANDING).await;
        let statement = node.publish_at("# Strike").await;
        let whole = node.get("/instance").await;
        assert!(whole.status == 200 && whole.json()["publicKey"].is_object());
        let actor = node.get("/actor").await;
        assert_eq!((actor.status, actor.header("content-type")), (200, ACTIVITY_JSON));
        let actor = actor.json();
        for shown in ["id", "type", "preferredUsername", "inbox", "publicKey", "assertionMethod"] {
            assert_ne!(actor[shown], Value::Null, "{shown}");
        }
        for hidden in ["followers", "outbox", "summary", "name", "attachment"] {
            assert_eq!(actor[hidden], Value::Null, "{hidden}");
        }
        let finger = format!("/.well-known/webfinger?resource={}/actor", node.base);
        for path in ["/.well-known/nodeinfo", "/nodeinfo/2.1", "/.well-known/host-meta", &finger, "/feed.atom", "/healthz"] {
            assert_eq!(node.get_as(path, "*/*").await.status, 200, "{path}");
        }
        for page in [format!("{}/", node.base), statement] {
            assert_eq!(node.page(&page).await.status, 200, "{page}");
        }
    }

    async fn two_servers_that_both_demand_signatures_do_not_wait_for_each_other(world) {
        let (union, ally) = (world.node_with(&DEMANDING).await, world.node_with(&DEMANDING).await);
        outbox::follow(&ally.node, union.union()).await.expect("asked");
        for node in [&ally, &union, &ally] {
            node.deliver_all().await;
        }
        let statement = union.publish_at("# Strike").await;
        union.deliver_all().await;
        assert_eq!(ally.count(&format!("posts WHERE uri = '{statement}'")).await, 1);
        outbox::boost(&ally.node, &statement).await.expect("read at its origin");
        ally.deliver_all().await;
    }

    async fn everybody_reads_unsigned_unless_signatures_are_demanded(world) {
        let node = world.node().await;
        for path in paths(&node).await {
            let answered = node.get(&path).await;
            assert!(matches!(answered.status, 200 | 307 | 410), "{path}: {}", answered.status);
            assert_eq!(answered.header("vary"), "Accept, Signature, Signature-Input", "{path}");
            assert_eq!(answered.header("cache-control"), "", "{path}");
        }
        // A signature that cannot be read does no harm where none is needed.
        let nonsense = HeaderMap::from_iter([(http::HeaderName::from_static("signature"), "nonsense".parse().expect("a value"))]);
        assert_eq!(node.get_with("/actor/outbox", &nonsense).await.status, 200);
    }

    async fn the_form_that_a_server_takes_is_tried_first_from_then_on(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let mut last = SignatureForm::Cavage;
        for (round, refused) in [None, Some(SignatureForm::Cavage), None, Some(SignatureForm::Rfc9421)].into_iter().enumerate() {
            if let Some(form) = refused {
                remote.refuses(form);
            }
            for name in [format!("first-{round}"), format!("second-{round}")] {
                let person = remote.person(&name);
                remote.forget();
                outbox::follow(&node.node, &person.id).await.expect("asked");
                let knocks: Vec<SignatureForm> = remote.asked().iter().filter(|asked| asked.target == person.path).map(crate::harness::Asked::form).collect();
                let expected = if refused == Some(last) { vec![last, last.other()] } else { vec![last] };
                assert_eq!(knocks, expected, "{name}");
                last = *knocks.last().expect("a question");
            }
        }
        node.deliver_all().await;
    }
}
