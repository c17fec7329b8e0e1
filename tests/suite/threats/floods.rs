//! Floods: whoever sends too much waits, whoever is named by somebody else does not, and nobody makes us a tool against a third.

use chrono::TimeDelta;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use picket::federation::outbox;
use picket::transport::SignatureForm::Cavage;
use serde_json::json;

use super::rows;
use crate::harness::{Person, Remote, Reply, TestNode, World, on_both_databases};

/// A node that takes one activity a second of a server, ten at once, and asks five questions a minute, ten at once.
async fn strict_node(world: &World) -> TestNode {
    world.node_with(&[("PICKET_ACTIVITY_RATE", "1"), ("PICKET_FETCH_RATE", "5")]).await
}

/// Likes until it has enough, and gives the answers.
async fn statuses(node: &TestNode, person: &Person, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(person.send(node, &person.activity("Like", node.union())).await);
    }
    statuses
}

/// Signs with a key that its server does not show, under many names.
async fn claim_keys(node: &TestNode, person: &Person, base: &str, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in 0..count {
        let liar = Person { id: format!("{base}/users/nobody-{number}"), ..person.clone() };
        let liar = liar.naming_key(&format!("{base}/users/nobody-{number}#main-key"));
        statuses.push(liar.send(node, &liar.activity("Like", node.union())).await);
    }
    statuses
}

async fn visit(node: &TestNode, handle: &str) -> crate::harness::Answered {
    let headers =
        HeaderMap::from_iter([(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().expect("a header"))]);
    node.post("/follow", &headers, format!("handle={}", handle.replace('@', "%40"))).await
}

/// A server that sends all its visitors on to another.
fn redirect_all(remote: &Remote, count: usize, to: &str) {
    for number in 0..count {
        let path = format!("/users/nobody-{number}");
        remote.reply(&path, Reply::Header(302, "location", format!("{to}{path}")));
    }
}

on_both_databases! {
    async fn whoever_sends_too_much_is_asked_to_wait_and_others_are_served(world) {
        let node = strict_node(world).await;
        let (remote, elsewhere) = (world.remote().await, world.remote().await);
        let (loud, friend) = (remote.person("loud"), elsewhere.person("friend"));
        let answers = statuses(&node, &loud, 12).await;
        assert_eq!(answers, [[202; 10].as_slice(), &[429; 2]].concat());
        let letter = loud.letter(Cavage, &node, loud.activity("Like", node.union()).to_string());
        let before = rows(&node).await;
        let answered = letter.clone().post(&node).await;
        let seconds: i64 = answered.header("retry-after").parse().expect("seconds");
        assert!(answered.status == 429 && (1..=10).contains(&seconds), "{answered:?}");
        assert_eq!(rows(&node).await, before);
        friend.says(&node, &friend.activity("Like", node.union())).await;
        world.pass(TimeDelta::seconds(seconds));
        assert_eq!(letter.post(&node).await.status, 202, "the same again, later");
    }

    async fn many_actors_of_one_server_share_its_rate(world) {
        let node = strict_node(world).await;
        let (remote, elsewhere) = (world.remote().await, world.remote().await);
        let (one, other, friend) = (remote.person("one"), remote.person("other"), elsewhere.person("friend"));
        assert_eq!(statuses(&node, &one, 6).await, [202; 6]);
        assert_eq!(statuses(&node, &other, 6).await, [202, 202, 202, 202, 429, 429]);
        friend.says(&node, &friend.activity("Like", node.union())).await;
    }

    async fn a_forged_signature_uses_up_nothing_of_the_one_whom_it_names(world) {
        let node = strict_node(world).await;
        let remote = world.remote().await;
        let friend = remote.person("friend");
        friend.says(&node, &friend.activity("Like", node.union())).await;
        let forger = friend.with_new_key();
        assert!(statuses(&node, &forger, 20).await.iter().all(|status| *status == 401));
        assert_eq!(statuses(&node, &friend, 5).await, [202; 5]);
    }

    async fn claimed_keys_make_us_ask_so_often_only_and_known_actors_are_served(world) {
        let node = strict_node(world).await;
        let (good, elsewhere) = (world.remote().await, world.remote().await);
        let (friend, stranger) = (good.person("friend"), good.person("stranger"));
        friend.says(&node, &friend.activity("Like", node.union())).await;
        good.forget();
        let answers = claim_keys(&node, &elsewhere.person("eve"), &good.base, 30).await;
        assert!(answers.contains(&401) && answers.ends_with(&[503; 20]), "{answers:?}");
        assert!(good.fetches() <= 10, "{} questions", good.fetches());
        friend.says(&node, &friend.activity("Like", node.union())).await;
        let letter = stranger.letter(Cavage, &node, stranger.activity("Like", node.union()).to_string());
        let answered = letter.clone().post(&node).await;
        assert!(answered.status == 503 && !answered.header("retry-after").is_empty(), "{answered:?}");
        world.pass(TimeDelta::minutes(1));
        assert_eq!(letter.post(&node).await.status, 202, "the same again, later");
    }

    async fn nobody_makes_us_ask_a_third_server_without_end_by_redirects(world) {
        let node = strict_node(world).await;
        let victim = world.remote().await;
        for _ in 0..4 {
            let evil = world.remote().await;
            redirect_all(&evil, 8, &victim.base);
            claim_keys(&node, &evil.person("eve"), &evil.base, 8).await;
        }
        assert!((1..=10).contains(&victim.fetches()), "{} questions", victim.fetches());
    }

    async fn what_brought_nothing_is_not_asked_for_again_at_once(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = remote.person("ally");
        outbox::follow(&node.node, &ally.id).await.expect("asked");
        node.deliver_all().await;
        ally.says(&node, &ally.activity("Accept", remote.heard_of("Follow").remove(0))).await;
        for _ in 0..5 {
            ally.says(&node, &ally.activity("Announce", format!("{}/notes/missing", remote.base))).await;
        }
        assert_eq!(remote.fetches_of("/notes/missing"), 1);
        world.pass(TimeDelta::minutes(1));
        ally.says(&node, &ally.activity("Announce", format!("{}/notes/missing", remote.base))).await;
        assert_eq!(remote.fetches_of("/notes/missing"), 2, "later");
        for _ in 0..5 {
            assert_eq!(visit(&node, &format!("nobody@{}", remote.host)).await.status, 422);
        }
        let fingers = remote.asked().into_iter().filter(|asked| asked.target.contains("webfinger?resource=acct%3Anobody")).count();
        assert_eq!(fingers, 1);
    }

    async fn visitors_make_us_ask_so_often_only(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let link = json!({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": format!("{}/follow?uri={{uri}}", remote.base)});
        let finger = Reply::Typed("application/jrd+json", json!({"subject": "acct:x", "links": [link]}).to_string());
        remote.reply(&format!("/.well-known/webfinger?resource=acct%3Amaria%40127%2E0%2E0%2E1%3A{}", &remote.host[10..]), finger);
        let mut answers = Vec::new();
        for _ in 0..70 {
            answers.push(visit(&node, &format!("maria@{}", remote.host)).await);
        }
        assert_eq!(answers[0].status, 303, "{:?}", answers[0]);
        assert!(remote.fetches() <= 20, "{} questions", remote.fetches());
        let last = answers.last().expect("an answer");
        assert_eq!(last.status, 429);
        assert!(!last.header("retry-after").is_empty() && last.body.contains("try again"), "{last:?}");
        world.pass(TimeDelta::minutes(5));
        assert_eq!(visit(&node, &format!("maria@{}", remote.host)).await.status, 303, "later");
    }
}
