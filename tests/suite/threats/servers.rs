//! Servers that are not welcome, and addresses that nobody may be made to ask.

use picket::federation::{defederation, outbox};
use picket::moderation::blocks;
use picket::moderation::domains::Domain;
use picket::storage;
use serde_json::json;

use super::{FORMS, assert_refused, scene};
use crate::harness::{
    Database, Letter, Person, Remote, Reply, TestNode, World, ally, execute, on_both_databases, other_connection,
};

async fn block(node: &TestNode, domain: &str) {
    defederation::block(&node.node, domain, None).await.unwrap_or_else(|error| panic!("{domain}: {error}"));
}

/// A good server redirects whoever asks for its person, and for what leads to her, to a server that is not spoken with: nothing arrives there.
async fn assert_no_redirect_leads_there(node: &TestNode, good: &Remote, bad: &Remote, why: &str) {
    let (eve, lure) = (bad.person("eve"), good.person("lure"));
    let redirect = |to: &str| Reply::Header(302, "location", to.to_owned());
    // The second hop is judged like the first.
    good.reply("/further", redirect(&eve.id));
    good.reply(&lure.path, redirect("/further"));
    let handle = format!("acct:lure@{}", good.host);
    let handle = percent_encoding::utf8_percent_encode(&handle, percent_encoding::NON_ALPHANUMERIC);
    let webfinger = format!("/.well-known/webfinger?resource={handle}");
    good.reply(&webfinger, redirect(&format!("{}{webfinger}", bad.base)));

    let follow = lure.activity("Follow", node.union()).to_string();
    assert_refused(node, lure.letter(FORMS[0], node, follow), 403, "a key").await;
    for named in [lure.id.clone(), format!("@lure@{}", good.host)] {
        let said = outbox::follow(&node.node, &named).await.expect_err("refused").to_string();
        assert!(said.contains(why), "{named}: {said}");
    }
    // A host may say elsewhere where its WebFinger is.
    good.reply(&webfinger, Reply::Status(404));
    good.reply("/.well-known/host-meta", redirect(&format!("{}/.well-known/host-meta", bad.base)));
    assert!(outbox::follow(&node.node, &format!("@lure@{}", good.host)).await.is_err());
    for path in ["/further", &webfinger, "/.well-known/host-meta"] {
        assert!(good.fetches_of(path) > 0, "{path} was asked, and its redirect not followed");
    }
    assert_eq!(bad.asked().len(), 0);
    assert_eq!(node.count("actors WHERE NOT local").await, 0);
}

on_both_databases! {
    async fn no_redirect_leads_to_a_blocked_server(world) {
        let node = world.node().await;
        let (good, bad) = (world.remote_named("good.example").await, world.remote_named("bad.example").await);
        block(&node, "bad.example").await;
        assert_no_redirect_leads_there(&node, &good, &bad, "is blocked here").await;
    }

    async fn no_redirect_leads_off_the_allow_list(world) {
        let node = world.node_with(&[("PICKET_ALLOW_LIST", "true")]).await;
        let (good, stranger) = (world.remote_named("good.example").await, world.remote_named("stranger.example").await);
        defederation::allow(&node.node, "good.example").await.expect("allowed");
        assert_no_redirect_leads_there(&node, &good, &stranger, "not on the allow list").await;
    }

    async fn a_blocked_domain_is_refused_in_every_spelling_and_with_its_subdomains(world) {
        for spelling in ["bad.example", "BAD.Example", "bad.example.", "https://bad.example:8443/@x", "@bad.example"] {
            let node = world.node().await;
            block(&node, spelling).await;
            for name in ["bad.example", "deep.under.bad.example", "x*.bad.example"] {
                let remote = world.remote_named(name).await;
                let person = remote.person("eve");
                let letter = person.letter(FORMS[0], &node, person.activity("Follow", node.union()).to_string());
                assert_refused(&node, letter, 403, spelling).await;
                assert_eq!(remote.asked().len(), 0, "no key is fetched there");
            }
            for name in ["notbad.example", "example", "bad.example.org"] {
                let remote = world.remote_named(name).await;
                remote.person("amal").follows(&node).await;
                node.deliver_all().await;
            }
        }
    }

    async fn a_blocked_server_gets_in_under_no_spelling_of_its_own_name(world) {
        let node = world.node().await;
        block(&node, "bücher.example").await;
        let remote = world.remote_named("xn--bcher-kva.example").await;
        let person = remote.person("eve");
        let port = remote.host.rsplit(':').next().expect("a port").to_owned();
        for host in ["xn--bcher-kva.example", "XN--BCHER-KVA.EXAMPLE", "xn--bcher-kva.example.", "bücher.example", "a.bücher.example"] {
            let id = format!("http://{host}:{port}/users/eve");
            let forged = Person { id: id.clone(), ..person.naming_key(&format!("{id}#main-key")) };
            let key_id_fits_a_header = forged.key.id.is_ascii();
            let signer = if key_id_fits_a_header { &forged } else { &person };
            let mut follow = forged.activity("Follow", node.union());
            follow["actor"] = json!(id);
            assert_refused(&node, signer.letter(FORMS[0], &node, follow.to_string()), 403, host).await;
        }
        assert_eq!(remote.asked().len(), 0);
    }

    async fn signer_author_and_boosted_author_may_not_be_blocked(world) {
        let node = world.node().await;
        let (bad, good) = (world.remote_named("bad.example").await, world.remote_named("good.example").await);
        let ally = ally(&node, &good).await;
        let author = bad.person("author");
        let known = author.note("<p>KNOWN</p>");
        bad.serve(&known);
        outbox::boost(&node.node, known["id"].as_str().expect("an id")).await.expect("boosted before the block");
        node.deliver_all().await;
        block(&node, "bad.example").await;
        bad.forget();
        // A good server forwards what a blocked one said; a good server's key signs for a blocked actor and the other way round.
        let statement = node.publish_at("# Strike").await;
        let create = author.activity("Create", author.answer(&statement, "<p>BAD</p>"));
        assert_refused(&node, ally.letter(FORMS[0], &node, create.to_string()), 403, "a blocked author").await;
        let follow = ally.activity("Follow", node.union());
        assert_refused(&node, author.letter(FORMS[0], &node, follow.to_string()), 403, "a blocked signer").await;
        // An ally boosts a post of a blocked server: one that is new to us, and one that we know.
        let unknown = author.note("<p>UNKNOWN</p>");
        bad.serve(&unknown);
        for note in [&unknown, &known] {
            ally.says(&node, &ally.activity("Announce", note["id"].as_str().expect("an id"))).await;
        }
        let ally_boosts = format!("boosts JOIN actors ON actors.id = boosts.actor_id WHERE actors.uri = '{}'", ally.id);
        assert_eq!(node.count(&ally_boosts).await, 0);
        assert_eq!(node.count("posts").await, 1);
        assert_eq!(bad.asked().len(), 0, "nothing is asked of a blocked server");
        node.deliver_all().await;
    }

    async fn nothing_is_delivered_to_a_blocked_server(world) {
        let node = world.node().await;
        let bad = world.remote_named("sub.bad.example").await;
        bad.person("eve").follows(&node).await;
        node.deliver_all().await;
        bad.forget();
        block(&node, "bad.example").await;
        node.publish("# Strike").await;
        node.deliver_all().await;
        assert_eq!(bad.posted().len(), 0);
        assert!(outbox::follow(&node.node, &bad.person("other").id).await.is_err());
        assert_eq!(bad.asked().len(), 0);
    }

    async fn a_key_at_an_address_that_may_not_be_asked_is_refused_without_a_request(world) {
        // A node as in the world outside, with all address rules.
        let node = world.node_with(&[("PICKET_DOMAIN", "union.example"), ("PICKET_INSECURE", "false")]).await;
        let remote = world.remote().await;
        let person = remote.person("eve");
        for host in [
            "127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0",
            "100.64.0.1", "[64:ff9b::7f00:1]", "rebinding.example", "union.example:22", "union.example:8443", "any.localhost", "user@a.example",
            &remote.host,
        ] {
            for scheme in ["https", "http"] {
                let id = format!("{scheme}://{host}/users/eve");
                let forged = Person { id: id.clone(), ..person.naming_key(&format!("{id}#main-key")) };
                let mut follow = forged.activity("Follow", node.union());
                follow["actor"] = json!(id);
                let letter = forged.letter(FORMS[0], &node, follow.to_string());
                assert_refused(&node, Letter { path: "/inbox".to_owned(), ..letter }, 403, &id).await;
            }
        }
        assert_eq!(remote.asked().len(), 0);
    }

    async fn our_own_address_is_never_asked(world) {
        let (node, _remote, person) = scene(world).await;
        let key_id = format!("{}/actor/nonsense#main-key", node.base);
        let forged = person.naming_key(&key_id);
        assert_refused(&node, forged.letter(FORMS[0], &node, forged.activity("Follow", node.union()).to_string()), 403, "ours").await;
        assert!(outbox::boost(&node.node, &format!("{}/statements/x", node.base)).await.is_err());
        // Nor by a redirect.
        let (elsewhere, statement) = (world.remote().await, node.publish_at("# Strike").await);
        elsewhere.reply("/ours", Reply::Header(302, "location", statement));
        let said = outbox::boost(&node.node, &format!("{}/ours", elsewhere.base)).await.expect_err("refused").to_string();
        assert!(said.contains("our own"), "{said}");
    }

    async fn only_documents_of_the_fediverse_are_read(world) {
        let (node, remote, eve) = scene(world).await;
        let document = eve.document().to_string();
        for media_type in ["text/html", "application/json", "application/ld+json", "text/plain", "application/activity+json+x", "image/png"] {
            remote.reply(&eve.path, Reply::Typed(media_type, document.clone()));
            assert!(outbox::follow(&node.node, &eve.id).await.is_err(), "{media_type}");
        }
        assert_eq!(node.count("actors WHERE NOT local").await, 0);
        let with_profile = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
        remote.reply(&eve.path, Reply::Typed(with_profile, document));
        outbox::follow(&node.node, &eve.id).await.expect("asked");
        node.deliver_all().await;
    }

    async fn a_redirect_does_not_make_somebody_elses_document_ones_own(world) {
        let (node, remote, _) = scene(world).await;
        let elsewhere = world.remote().await;
        let victim = elsewhere.person("victim");
        // A redirect alone is followed: what is kept is what the end calls itself.
        remote.reply("/users/alias", Reply::Header(302, "location", victim.id.clone()));
        let followed = outbox::follow(&node.node, &format!("{}/users/alias", remote.base)).await.expect("asked");
        assert_eq!(followed.actor.uri, victim.id);
        node.deliver_all().await;
        assert_eq!(elsewhere.heard_of("Follow").len(), 1);
        // A loop ends.
        remote.reply("/users/loop", Reply::Header(302, "location", format!("{}/users/loop", remote.base)));
        assert!(outbox::follow(&node.node, &format!("{}/users/loop", remote.base)).await.is_err());
        assert!(remote.fetches_of("/users/loop") <= 5);
        // A key that redirects to another server's actor is not that actor's.
        let eve = remote.person("eve");
        let key_id = format!("{}/users/alias#main-key", remote.base);
        let forged = Person { id: victim.id.clone(), ..eve.naming_key(&key_id) };
        let status = forged.send(&node, &forged.activity("Undo", json!({"type": "Follow"}))).await;
        assert!(matches!(status, 401 | 403), "{status}");
    }
}

/// Blocks a server, and commits that only once something waits for it, or rows are there that should have waited.
async fn block_meanwhile(node: &TestNode, domain: &str, rows: &str) {
    let mut rules = other_connection(&node.node.config.database);
    execute(&mut rules, "BEGIN");
    storage::change_rules(&mut rules).expect("a lock");
    let domain = Domain::parse(domain).expect("a domain");
    blocks::block(&mut rules, &domain, None, node.node.now()).expect("a rule");
    blocks::enforce(&mut rules, node.node.identity.union.id).expect("all marked");
    let waits = "pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = \
                 (SELECT oid FROM pg_database WHERE datname = current_database())";
    while node.count(rows).await == 0 && node.count(waits).await == 0 {
        tokio::task::yield_now().await;
    }
    execute(&mut rules, "COMMIT");
}

#[tokio::test]
async fn an_actor_who_is_met_while_its_server_is_blocked_is_blocked() {
    let Some(database) = Database::postgres() else { return };
    let world = World::on(database);
    let (node, bad) = (world.node().await, world.remote_named("bad.example").await);
    let eve = bad.person("eve");
    let follow = eve.activity("Follow", node.union());
    let (status, ()) =
        tokio::join!(eve.send(&node, &follow), block_meanwhile(&node, "bad.example", "actors WHERE NOT local"));
    assert_eq!(status, 403);
    assert_eq!(node.count("actors WHERE NOT local AND NOT blocked").await, 0);
    world.finish().await;
}

#[tokio::test]
async fn what_is_said_while_its_server_is_blocked_is_not_heard() {
    let Some(database) = Database::postgres() else { return };
    let world = World::on(database);
    let (node, bad) = (world.node().await, world.remote_named("bad.example").await);
    let eve = bad.person("eve");
    eve.says(&node, &eve.activity("Like", "http://127.0.0.1:1/x")).await;
    let follow = eve.activity("Follow", node.union());
    let (status, ()) = tokio::join!(eve.send(&node, &follow), block_meanwhile(&node, "bad.example", "follows"));
    assert_eq!(status, 202, "it was welcome when it came");
    assert_eq!(node.count("follows").await, 0);
    world.finish().await;
}
