//! Collections: what other servers count and page through, and what the union puts forward.

use chrono::TimeDelta;
use http::Method;
use picket::clock::rfc3339;
use picket::federation::{outbox, proof};
use serde_json::{Value, json};

use crate::harness::{ACTIVITY_JSON, PUBLIC, TestNode, all, on_both_databases};

/// The ids on all pages of a collection, following a link from page to page.
async fn through(node: &TestNode, collection: &str, first: &str, link: &str) -> Vec<Vec<String>> {
    let mut address = node.get(collection).await.json()[first].as_str().expect("a page").to_owned();
    let mut pages = Vec::new();
    loop {
        let answered = node.get(&address).await;
        assert_eq!((answered.status, answered.header("content-type")), (200, ACTIVITY_JSON), "{address}");
        let page = answered.json();
        assert_eq!(page["id"], address, "the id equals the address asked");
        assert_eq!((&page["type"], &page["partOf"]), (&json!("OrderedCollectionPage"), &json!(collection)));
        pages.push(all(&page["orderedItems"]).iter().map(id_of).collect());
        match page[link].as_str() {
            Some(further) => further.clone_into(&mut address),
            None => return pages,
        }
        assert!(pages.len() < 20, "no end");
    }
}

/// The id of a statement, by itself or in its Create.
fn id_of(item: &Value) -> String {
    let id = item.as_str().or(item["object"]["id"].as_str()).or(item["object"].as_str());
    id.unwrap_or_else(|| panic!("an id in {item}")).to_owned()
}

/// Publishes so many statements with a hashtag, three in each minute, and gives their ids, newest first.
async fn many(node: &TestNode, number: i32) -> Vec<String> {
    let mut ids = Vec::new();
    for count in 0..number {
        let at = rfc3339(node.node.now() - TimeDelta::minutes(1_000) + TimeDelta::minutes((count / 3).into()));
        ids.push(node.publish_at(&format!("+++\ndate = \"{at}\"\n+++\nNumber {count}, #Strike")).await);
    }
    ids.reverse();
    ids
}

on_both_databases! {
    async fn the_outbox_and_a_hashtag_are_read_page_by_page_from_either_end(world) {
        let node = world.node().await;
        let ids = many(&node, 45).await;
        for collection in [format!("{}/actor/outbox", node.base), format!("{}/tags/strike", node.base)] {
            let by_itself = node.get(&collection).await;
            assert_eq!((by_itself.status, by_itself.header("content-type")), (200, ACTIVITY_JSON));
            let by_itself = by_itself.json();
            assert_eq!((&by_itself["id"], &by_itself["type"]), (&json!(collection), &json!("OrderedCollection")));
            assert_eq!(by_itself["totalItems"], 45);
            let pages = through(&node, &collection, "first", "next").await;
            assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5], "{collection}");
            assert_eq!(pages.concat(), ids, "newest first, each once");
            let backwards = through(&node, &collection, "last", "prev").await;
            assert_eq!(backwards.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5], "{collection}");
            assert_eq!(backwards.into_iter().rev().collect::<Vec<_>>().concat(), ids, "the same from the other end");
        }
    }

    async fn a_page_stays_where_it_is_whatever_comes_or_goes(world) {
        let node = world.node().await;
        let ids = many(&node, 25).await;
        let outbox = format!("{}/actor/outbox", node.base);
        let second = node.get(&format!("{outbox}?page=true")).await.json()["next"].as_str().expect("a page").to_owned();
        let before: Vec<String> = all(&node.get(&second).await.json()["orderedItems"]).iter().map(id_of).collect();
        node.publish("Something new").await;
        outbox::withdraw(&node.node, &ids[3]).await.expect("withdrawn");
        let after: Vec<String> = all(&node.get(&second).await.json()["orderedItems"]).iter().map(id_of).collect();
        assert_eq!((before.len(), before), (5, after));
    }

    async fn statements_from_before_1970_are_paged_like_all_others(world) {
        let node = world.node().await;
        for count in 0..21 {
            node.publish(&format!("+++\ndate = \"19{:02}-05-01\"\n+++\nMay Day", 20 + count)).await;
        }
        let pages = through(&node, &format!("{}/actor/outbox", node.base), "first", "next").await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 1]);
    }

    async fn what_is_no_page_is_refused(world) {
        let node = world.node().await;
        let statement = node.publish_at("On strike. #strike").await;
        for collection in [format!("{}/actor/outbox", node.base), format!("{}/tags/strike", node.base), format!("{statement}/replies")] {
            for page in ["", "nonsense", "1", "-", "9999999999999999-1", "-9999999999999999-1", "1-99999999999999999999", "%00", "1-1%00", "'; DROP TABLE statements"] {
                let answered = node.get(&format!("{collection}?page={page}")).await;
                assert_eq!(answered.status, 400, "{collection}?page={page}: {}", answered.body);
            }
        }
    }

    async fn every_collection_answers_head_and_says_that_it_depends_on_what_is_accepted(world) {
        let node = world.node().await;
        let statement = node.publish_at("On strike. #strike").await;
        let path = statement.strip_prefix(&node.base).expect("ours").to_owned();
        let mut paths = vec!["/actor".to_owned(), "/instance".to_owned(), "/tags/strike".to_owned(), "/tags/strike?page=true".to_owned(), path.clone()];
        paths.extend(["outbox", "outbox?page=true", "followers", "following", "featured", "tags"].map(|name| format!("/actor/{name}")));
        paths.extend(["replies", "likes", "shares", "activity"].map(|name| format!("{path}/{name}")));
        for path in paths {
            let got = node.get(&path).await;
            let asked = node.ask(Method::HEAD, &path, ACTIVITY_JSON).await;
            for answered in [&got, &asked] {
                assert_eq!((answered.status, answered.header("content-type")), (200, ACTIVITY_JSON), "{path}");
                assert!(answered.header("vary").to_lowercase().contains("accept"), "{path}");
            }
            assert_eq!((asked.body.as_str(), got.json()["id"].as_str()), ("", Some(format!("{}{path}", node.base).as_str())));
        }
    }

    async fn a_pinned_statement_stands_in_featured_and_followers_are_told(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        let (one, other) = (node.publish_at("# One").await, node.publish_at("# Other").await);
        node.deliver_all().await;
        remote.forget();
        for statement in [&one, &other] {
            assert_eq!(outbox::pin(&node.node, statement).await.expect("pinned").1, 1);
            world.pass(TimeDelta::seconds(1));
        }
        node.deliver_all().await;
        let featured = format!("{}/actor/featured", node.base);
        let collection = node.get(&featured).await.json();
        assert_eq!((&collection["type"], &collection["totalItems"]), (&json!("OrderedCollection"), &json!(2)));
        assert_eq!(collection["orderedItems"], json!([other, one]), "the last pinned first");

        let key = node.keys().await.proof.key.public_key().expect("a key");
        let added = remote.heard_of("Add");
        assert_eq!(added.iter().map(|add| &add["object"]).collect::<Vec<_>>(), [&json!(one), &json!(other)]);
        for add in &added {
            assert_eq!((&add["target"], &add["actor"]), (&json!(featured), &json!(node.union())));
            assert!(all(&add["to"]).contains(&json!(PUBLIC)) && proof::verify(add, &key), "{add}");
        }

        outbox::unpin(&node.node, &one).await.expect("unpinned");
        node.deliver_all().await;
        let removed = remote.heard_of("Remove").remove(0);
        assert_eq!((&removed["object"], &removed["target"]), (&json!(one), &json!(featured)));
        assert!(proof::verify(&removed, &key));
        assert_ne!(removed["id"], added[0]["id"]);
        assert_eq!(node.get(&featured).await.json()["orderedItems"], json!([other]));
        assert!(outbox::unpin(&node.node, &one).await.is_err(), "it is not pinned any more");
    }

    async fn the_home_page_shows_what_is_pinned_first_and_once(world) {
        let node = world.node().await;
        let old = node.publish_at("+++\ndate = \"2019-05-01\"\n+++\n# The old one").await;
        node.publish("# The new one").await;
        outbox::pin(&node.node, &old).await.expect("pinned");
        let page = node.page("/").await.body;
        let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what} in {page}"));
        assert!(at("Pinned") < at("The old one") && at("The old one") < at("The new one"), "{page}");
        assert_eq!(page.matches("The old one").count(), 1);
        outbox::unpin(&node.node, &old).await.expect("unpinned");
        let page = node.page("/").await.body;
        assert!(!page.contains("Pinned") && page.find("The new one") < page.find("The old one"));
    }

    async fn only_public_statements_are_pinned_and_five_at_most(world) {
        let node = world.node().await;
        let scheduled = node.publish_at("+++\ndate = \"2031-05-01\"\n+++\nLater").await;
        assert!(outbox::pin(&node.node, &scheduled).await.is_err());
        assert!(outbox::pin(&node.node, "https://elsewhere.example/1").await.is_err());
        let mut pinned = Vec::new();
        for number in 0..5 {
            let statement = node.publish_at(&format!("Number {number}")).await;
            outbox::pin(&node.node, &statement).await.expect("pinned");
            pinned.push(statement);
        }
        assert!(outbox::pin(&node.node, &pinned[0]).await.is_err(), "it is pinned already");
        let sixth = node.publish_at("One too many").await;
        let refused = outbox::pin(&node.node, &sixth).await.expect_err("five are enough").to_string();
        assert!(refused.contains("unpin one first"), "{refused}");
        outbox::withdraw(&node.node, &pinned[2]).await.expect("withdrawn");
        assert_eq!(node.get("/actor/featured").await.json()["totalItems"], 4, "what is withdrawn drops out");
        assert!(outbox::pin(&node.node, &pinned[2]).await.is_err());
        outbox::pin(&node.node, &sixth).await.expect("pinned");
    }

    async fn hashtags_of_campaigns_stand_in_featured_tags_as_mastodon_reads_them(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        node.deliver_all().await;
        remote.forget();
        node.publish("We stay. #lockout").await;
        outbox::feature_tag(&node.node, "#Lockout").await.expect("featured");
        world.pass(TimeDelta::seconds(1));
        outbox::feature_tag(&node.node, "همبستگی").await.expect("featured");
        node.deliver_all().await;
        let collection = node.get("/actor/tags").await.json();
        assert_eq!((&collection["type"], &collection["totalItems"]), (&json!("Collection"), &json!(2)));
        let items = all(&collection["items"]);
        assert_eq!(items[0], json!({"type": "Hashtag", "name": "#Lockout", "href": format!("{}/tags/lockout", node.base)}));
        assert_eq!((&items[1]["type"], &items[1]["name"]), (&json!("Hashtag"), &json!("#همبستگی")));
        for item in &items {
            let address = item["href"].as_str().expect("an address");
            assert_eq!((node.get(address).await.status, node.page(address).await.status), (200, 200), "{address}");
        }
        assert!(node.page("/").await.body.contains("#Lockout"));

        let added = remote.heard_of("Add");
        let featured = format!("{}/actor/featured", node.base);
        assert_eq!(added.iter().map(|add| (&add["object"], &add["target"])).collect::<Vec<_>>(), [(&items[0], &json!(featured)), (&items[1], &json!(featured))], "the only target that Mastodon knows");
        assert!(outbox::feature_tag(&node.node, "LOCKOUT").await.is_err(), "it is put forward already");
        outbox::unfeature_tag(&node.node, "lockout").await.expect("taken back");
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Remove")[0]["object"], items[0]);
        assert_eq!(node.get("/actor/tags").await.json()["items"], json!([items[1]]));
        assert!(outbox::unfeature_tag(&node.node, "lockout").await.is_err());
        for nonsense in ["", "#", "two words", "1886", "<b>"] {
            assert!(outbox::feature_tag(&node.node, nonsense).await.is_err(), "{nonsense}");
        }
        for number in 0..9 {
            outbox::feature_tag(&node.node, &format!("more{number}")).await.expect("featured");
        }
        assert!(outbox::feature_tag(&node.node, "toomany").await.is_err(), "ten at most");
        node.deliver_all().await;
    }

    async fn a_hashtag_is_one_collection_however_it_is_spelt(world) {
        let node = world.node().await;
        node.publish("#Grève today").await;
        node.publish("#GRÈVE tomorrow").await;
        let canonical = node.get("/tags/gr%C3%A8ve").await;
        assert_eq!((canonical.status, &canonical.json()["totalItems"]), (200, &json!(2)));
        let other = node.get("/tags/Gr%C3%A8ve").await;
        assert_eq!((other.status, other.header("location")), (308, canonical.json()["id"].as_str().expect("an id")));
        let page = node.page("/tags/GR%C3%88VE").await;
        assert!(page.status == 200 && page.body.contains("application/activity+json"), "{}", page.body);
        for nothing in ["/tags/other", "/tags/%00", "/tags/%FF", "/tags/%20"] {
            assert_eq!((node.get(nothing).await.status, node.page(nothing).await.status), (404, 404), "{nothing}");
        }
    }

    async fn counts_of_hashtags_follow_every_change(world) {
        let node = world.node().await;
        let statement = node.publish_at("#bread and #roses").await;
        let scheduled = node.publish_at("+++\ndate = \"2031-05-01\"\n+++\n#bread later").await;
        let count = async |tag: &str| {
            let answered = node.get(&format!("/tags/{tag}")).await;
            if answered.status == 200 { answered.json()["totalItems"].as_i64() } else { None }
        };
        assert_eq!((count("bread").await, count("roses").await), (Some(1), Some(1)));
        node.edit(&statement, "#bread and #peace").await;
        node.edit(&scheduled, "#bread and #roses later").await;
        assert_eq!((count("bread").await, count("roses").await, count("peace").await), (Some(1), None, Some(1)));
        world.pass(TimeDelta::days(365 * 80));
        outbox::publish_due(&node.node).await.expect("published");
        assert_eq!((count("bread").await, count("roses").await, count("peace").await), (Some(2), Some(1), Some(1)));
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        assert_eq!((count("bread").await, count("peace").await), (Some(1), None));
        let wrong = "hashtags WHERE statements_count <> (SELECT COUNT(*) FROM statement_tags JOIN statements ON statements.id = statement_id WHERE statement_tags.tag = hashtags.tag AND state = 'published')";
        assert_eq!(node.count(wrong).await, 0);
    }

    async fn the_interaction_policy_is_what_mastodon_and_gotosocial_read(world) {
        let node = world.node().await;
        let statement = node.publish_at("Pass it on.").await;
        let policy = node.get(&statement).await.json()["interactionPolicy"].clone();
        for who in ["canLike", "canReply", "canQuote", "canAnnounce"] {
            for (everybody, nobody) in [("automaticApproval", "manualApproval"), ("always", "approvalRequired")] {
                assert_eq!((&policy[who][everybody], &policy[who][nobody]), (&json!([PUBLIC]), &json!([])), "{who}");
            }
        }
    }

    async fn what_is_not_public_yet_or_not_any_more_is_in_no_collection(world) {
        let node = world.node().await;
        node.publish("Public. #open").await;
        let scheduled = node.publish_at("+++\ndate = \"2031-05-01\"\n+++\nSecret plan #secret #open").await;
        let withdrawn = node.publish_at("Taken back #gone #open").await;
        outbox::pin(&node.node, &withdrawn).await.expect("pinned");
        outbox::withdraw(&node.node, &withdrawn).await.expect("withdrawn");
        for address in ["/actor/outbox", "/actor/outbox?page=true", "/actor/outbox?page=last", "/actor/featured", "/actor/tags", "/tags/open", "/tags/open?page=true", "/tags/open?page=last", "/", "/feed.atom", "/nodeinfo/2.1"] {
            for answered in [node.get(address).await, node.page(address).await] {
                for hidden in [&scheduled, &withdrawn, "Secret plan", "Taken back", "#secret", "#gone"] {
                    assert!(!answered.body.contains(hidden), "{hidden} in {address}: {}", answered.body);
                }
            }
        }
        for (address, total) in [("/actor/outbox", 1), ("/tags/open", 1), ("/actor/featured", 0)] {
            assert_eq!(node.get(address).await.json()["totalItems"], total, "{address}");
        }
        for tag in ["/tags/secret", "/tags/gone"] {
            let (here, nowhere) = (node.get(tag).await, node.get("/tags/nothing").await);
            assert_eq!((here.status, here.body), (404, nowhere.body), "{tag}, exactly like a missing one");
            assert_eq!(node.page(tag).await.status, 404);
        }
    }
}
