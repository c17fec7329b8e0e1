//! Requests whose signature is missing, too weak, or somebody else's.

use chrono::TimeDelta;
use picket::crypto::{PrivateKey, base64};
use picket::transport::SignatureForm;
use serde_json::json;

use super::{FORMS, assert_refused, scene};
use crate::harness::{Letter, Person, Reply, TestNode, on_both_databases};

fn follow_of(person: &Person, node: &TestNode) -> String {
    person.activity("Follow", node.union()).to_string()
}

/// A draft signature over just these parts, truly made with the person's key.
fn signed_over(covered: &str, node: &TestNode, person: &Person, body: &str) -> Letter {
    let mut letter = person.letter(SignatureForm::Cavage, node, body);
    let value = |name: &str| letter.headers[name].to_str().expect("text").to_owned();
    let lines: Vec<String> = covered
        .split(' ')
        .map(|name| match name {
            "(request-target)" => "(request-target): post /inbox".to_owned(),
            name => format!("{name}: {}", value(name)),
        })
        .collect();
    let signature = base64(&person.key.key.sign(lines.join("\n").as_bytes()).expect("signed"));
    let header =
        format!("keyId=\"{}\",algorithm=\"rsa-sha256\",headers=\"{covered}\",signature=\"{signature}\"", person.key.id);
    letter = letter.set("signature", &header);
    letter
}

on_both_databases! {
    async fn an_honest_request_is_taken_in_both_forms_at_every_inbox(world) {
        let (node, remote, person) = scene(world).await;
        for form in FORMS {
            for path in ["/inbox", "/actor/inbox", "/instance/inbox"] {
                let answered = person.letter_to(path, form, &node, follow_of(&person, &node)).post(&node).await;
                assert_eq!(answered.status, 202, "{form:?} {path}: {}", answered.body);
                // Before the next, which would be answered in its place.
                node.deliver_all().await;
            }
        }
        assert_eq!(remote.heard_of("Accept").len(), 6);
    }

    async fn an_unsigned_request_is_refused_and_nobody_is_asked(world) {
        let (node, remote, person) = scene(world).await;
        for form in FORMS {
            let letter = person.letter(form, &node, follow_of(&person, &node));
            assert_refused(&node, letter.without("signature").without("signature-input"), 401, "unsigned").await;
        }
        assert_eq!(remote.asked().len(), 0);
    }

    async fn a_body_must_be_the_one_that_was_signed(world) {
        let (node, remote, person) = scene(world).await;
        let other = follow_of(&person, &node);
        for form in FORMS {
            let name = if form == SignatureForm::Cavage { "digest" } else { "content-digest" };
            let honest = || person.letter(form, &node, follow_of(&person, &node));
            let mut swapped = honest();
            swapped.body = other.clone().into_bytes();
            assert_refused(&node, swapped, 401, "another body").await;
            assert_refused(&node, honest().without(name), 401, "no digest").await;
            let of_other = person.letter(form, &node, other.clone()).headers[name].to_str().expect("text").to_owned();
            assert_refused(&node, honest().add(name, &of_other), 400, "two digests").await;
            let mut both = honest().set(name, &of_other);
            both.body = other.clone().into_bytes();
            assert_refused(&node, both, 401, "a digest that fits the body and not the signature").await;
        }
        assert_eq!(remote.posted().len(), 0);
        assert_eq!(node.count("follows").await, 0);
    }

    async fn a_signature_that_covers_too_little_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        let body = follow_of(&person, &node);
        for covered in [
            "host date digest",
            "(request-target) date digest",
            "(request-target) host digest",
            "(request-target) host date",
            "digest",
            "date",
        ] {
            assert_refused(&node, signed_over(covered, &node, &person, &body), 401, covered).await;
        }
        assert_eq!(remote.asked().len(), 0, "refused before any key is fetched");
        let answered = signed_over("(request-target) host date digest", &node, &person, &body).post(&node).await;
        assert_eq!(answered.status, 202, "the same made whole is taken: {}", answered.body);
        for covered in ["@method", "@target-uri", "content-digest"] {
            let letter = person.letter(SignatureForm::Rfc9421, &node, follow_of(&person, &node));
            let letter = letter.replace("signature-input", &format!("\"{covered}\""), "\"content-type\"");
            assert_refused(&node, letter, 401, covered).await;
        }
        node.deliver_all().await;
    }

    async fn a_header_that_matters_may_come_only_once(world) {
        let (node, _remote, person) = scene(world).await;
        for form in FORMS {
            let names: &[&str] = if form == SignatureForm::Cavage { &["signature", "digest", "date"] } else { &["signature", "signature-input", "content-digest"] };
            for &name in names {
                let letter = person.letter(form, &node, follow_of(&person, &node));
                let value = letter.headers[name].to_str().expect("text").to_owned();
                let mut headers = letter.headers.clone();
                headers.append(http::HeaderName::from_bytes(name.as_bytes()).expect("a name"), value.parse().expect("a value"));
                assert_refused(&node, Letter { headers, ..letter }, 400, name).await;
            }
        }
    }

    async fn a_request_made_for_another_host_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        let other = world.node().await;
        for form in FORMS {
            let body = follow_of(&person, &node);
            let letter = person.letter(form, &other, body.clone());
            assert_refused(&node, letter.clone(), 401, "signed for another node").await;
            let ours = node.node.config.domain.clone();
            assert_refused(&node, letter.set("host", &ours), 401, "the same with our name outside").await;
            for host in ["elsewhere.example", "127.0.0.1", &format!("{ours}.elsewhere.example"), &format!("x@{ours}")] {
                assert_refused(&node, person.letter(form, &node, body.clone()).set("host", host), 401, host).await;
            }
        }
        assert_eq!(node.count("follows").await, 0);
        drop(remote);
    }

    async fn a_request_for_one_inbox_is_no_request_for_another(world) {
        let (node, _remote, person) = scene(world).await;
        for form in FORMS {
            let mut letter = person.letter_to("/actor/inbox", form, &node, follow_of(&person, &node));
            "/inbox".clone_into(&mut letter.path);
            assert_refused(&node, letter, 401, "moved").await;
            let mut letter = person.letter(form, &node, follow_of(&person, &node));
            "/inbox?x=1".clone_into(&mut letter.path);
            assert_refused(&node, letter, 401, "with a query").await;
        }
    }

    async fn a_request_is_good_for_an_hour_and_not_before_its_time(world) {
        let (node, _remote, person) = scene(world).await;
        for form in FORMS {
            let old = person.letter(form, &node, follow_of(&person, &node));
            world.pass(TimeDelta::minutes(61));
            assert_refused(&node, old, 401, "older than an hour").await;
            let early = person.letter(form, &node, follow_of(&person, &node));
            world.pass(TimeDelta::minutes(-6));
            assert_refused(&node, early, 401, "six minutes ahead").await;
            let late = person.letter(form, &node, follow_of(&person, &node));
            world.pass(TimeDelta::minutes(59));
            assert_eq!(late.post(&node).await.status, 202, "59 minutes old");
            let ahead = person.letter(form, &node, follow_of(&person, &node));
            world.pass(TimeDelta::minutes(-4));
            assert_eq!(ahead.post(&node).await.status, 202, "four minutes ahead");
        }
        world.pass(TimeDelta::hours(1));
        node.deliver_all().await;
    }

    async fn a_request_without_a_readable_time_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        let honest = || person.letter(SignatureForm::Cavage, &node, follow_of(&person, &node));
        assert_refused(&node, honest().without("date"), 401, "no Date").await;
        for date in ["yesterday", "2026-05-01", "Fri, 99 May 2026 09:30:00 GMT", ""] {
            assert_refused(&node, honest().set("date", date), 401, date).await;
        }
        let letter = person.letter(SignatureForm::Rfc9421, &node, follow_of(&person, &node));
        let input = letter.headers["signature-input"].to_str().expect("text").to_owned();
        let start = input.find(";created=").expect("a time");
        let end = start + 1 + input[start + 1..].find(';').expect("more");
        assert_refused(&node, letter.set("signature-input", &format!("{}{}", &input[..start], &input[end..])), 401, "no created").await;
        assert_eq!(remote.asked().len(), 0);
    }

    async fn nonsense_in_the_signature_is_refused_without_a_panic(world) {
        let (node, remote, person) = scene(world).await;
        for value in ["", "x", "keyId", "keyId=\"\"", "keyId=\"a\",signature=\"~\"", "keyId=\"a\",keyId=\"b\",signature=\"AAAA\"", &"a".repeat(9000)] {
            for form in FORMS {
                let letter = person.letter(form, &node, follow_of(&person, &node)).set("signature", value);
                let status = letter.post(&node).await.status;
                assert!(matches!(status, 400 | 401), "{value}: {status}");
            }
        }
        for value in ["", "sig1", "sig1=()", "sig1=(\"@method\" \"@target-uri\");created=x;keyid=\"a\"", "%", &"(".repeat(5000)] {
            let letter = person.letter(SignatureForm::Rfc9421, &node, follow_of(&person, &node)).set("signature-input", value);
            let status = letter.post(&node).await.status;
            assert!(matches!(status, 400 | 401), "{value}: {status}");
        }
        assert_eq!(remote.asked().len(), 0);
    }

    async fn a_key_that_does_not_fit_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        for form in FORMS {
            let letter = person.with_new_key().letter(form, &node, follow_of(&person, &node));
            let answered = letter.post(&node).await;
            assert_eq!(answered.status, 401, "{}", answered.body);
        }
        assert_eq!((node.count("follows").await, node.count("heard_activities").await), (0, 0));
        assert_eq!(remote.posted().len(), 0);
    }

    async fn the_same_activity_again_has_no_effect_and_a_forged_one_takes_its_place_from_no_true_one(world) {
        let (node, remote, person) = scene(world).await;
        let statement = node.publish_at("# Strike").await;
        let like = person.activity("Like", statement.as_str());
        assert_eq!(person.with_new_key().send(&node, &like).await, 401);
        for form in FORMS {
            let letter = person.letter(form, &node, like.to_string());
            for _ in 0..2 {
                assert_eq!(letter.clone().post(&node).await.status, 202);
            }
        }
        let heard = format!("heard_activities WHERE activity_uri = {}", like["id"].to_string().replace('"', "'"));
        assert_eq!((node.count("likes").await, node.count(&heard).await), (1, 1));
        person.says(&node, &person.activity("Undo", like.clone())).await;
        person.says(&node, &like).await;
        assert_eq!(node.count("likes").await, 0, "a replay brings nothing back");
        drop(remote);
    }

    async fn a_key_that_the_owner_does_not_list_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        let victim = remote.person("victim");
        // The document at the key's address is a key of the attacker's that calls the victim its owner.
        let key_id = format!("{}/keys/1", remote.base);
        let pem = person.key.key.public_key().expect("its public half").to_pem();
        remote.serve(&json!({"id": key_id, "type": "Key", "owner": victim.id, "publicKeyPem": pem}));
        let forged = Person { id: victim.id.clone(), ..person.naming_key(&key_id) };
        assert_refused(&node, forged.letter(FORMS[0], &node, follow_of(&forged, &node)), 401, "a key that calls another its owner").await;
        // The attacker's own document lists a key whose owner is the victim.
        let mut document = person.document();
        document["publicKey"]["owner"] = json!(victim.id);
        remote.reply(&person.path, Reply::Json(document));
        let letter = person.letter(FORMS[0], &node, follow_of(&person, &node));
        assert_eq!(letter.post(&node).await.status, 401);
        assert_eq!(node.count("follows").await, 0);
    }

    async fn a_key_on_another_server_than_its_actor_is_refused(world) {
        let (node, remote, person) = scene(world).await;
        let elsewhere = world.remote().await;
        let victim = elsewhere.person("victim");
        // The key's server shows the victim's document with the attacker's key in it.
        let key_id = format!("{}/users/victim#main-key", remote.base);
        let mut document = victim.document();
        document["publicKey"] = json!({
            "id": key_id,
            "owner": victim.id,
            "publicKeyPem": person.key.key.public_key().expect("its public half").to_pem(),
        });
        remote.reply("/users/victim", Reply::Json(document));
        let forged = Person { id: victim.id.clone(), ..person.naming_key(&key_id) };
        for form in FORMS {
            assert_refused(&node, forged.letter(form, &node, follow_of(&forged, &node)), 401, "a key elsewhere").await;
        }
        assert_eq!(elsewhere.asked().len(), 0);
    }

    async fn nobody_else_signs_with_our_keys(world) {
        let (node, _remote, person) = scene(world).await;
        let keys = node.keys().await;
        for key_id in [&keys.union.id, &keys.instance.id] {
            let forged = Person { id: node.union().to_owned(), ..person.naming_key(key_id) };
            let letter = forged.letter(FORMS[0], &node, forged.activity("Delete", "http://127.0.0.1:1/x").to_string());
            assert_refused(&node, letter, 401, key_id).await;
        }
        // Not even when the signature is true: whoever has stolen the key speaks as us elsewhere, not to us.
        let key = picket::transport::SigningKey {
            id: keys.union.id.clone(),
            key: PrivateKey::from_pkcs8(picket::crypto::Algorithm::Rsa, &keys.union.key.to_pkcs8().expect("encoded")).expect("decoded"),
        };
        let ours = Person { id: node.union().to_owned(), key: std::sync::Arc::new(key), ..person.clone() };
        let mut activity = ours.activity("Follow", node.union());
        activity["id"] = json!(format!("{}/activities/forged", node.base));
        assert_refused(&node, ours.letter(FORMS[0], &node, activity.to_string()), 401, "our own key").await;
    }

    async fn a_rotated_key_is_asked_for_again_once_in_five_minutes(world) {
        let (node, remote, person) = scene(world).await;
        person.follows(&node).await;
        node.deliver_all().await;
        remote.forget();
        world.pass(TimeDelta::minutes(6));
        let renewed = person.with_new_key();
        remote.reply(&person.path, Reply::Json(renewed.document()));
        renewed.says(&node, &renewed.activity("Undo", person.activity("Follow", node.union()))).await;
        assert_eq!(remote.fetches(), 1, "one look finds the new key");
        remote.forget();
        // The old one is no longer good, and trying it makes us ask no more than once in a while.
        for minutes in [0, 1, 2, 5, 1] {
            world.pass(TimeDelta::minutes(minutes));
            for _ in 0..3 {
                assert_eq!(person.send(&node, &person.activity("Follow", node.union())).await, 401);
            }
        }
        assert!(remote.fetches() <= 2, "{} fetches", remote.fetches());
        assert_eq!(node.count("follows").await, 0);
    }

    async fn a_key_under_a_new_name_is_found_and_the_one_that_disappeared_is_good_no_more(world) {
        let (node, remote, person) = scene(world).await;
        person.follows(&node).await;
        node.deliver_all().await;
        remote.forget();
        let renewed = person.with_new_key().naming_key(&format!("{}#key-2", person.id));
        remote.reply(&person.path, Reply::Json(renewed.document()));
        renewed.says(&node, &renewed.activity("Undo", person.activity("Follow", node.union()))).await;
        assert_eq!(remote.fetches(), 1, "one look finds the new key");
        assert_eq!(person.send(&node, &person.activity("Follow", node.union())).await, 401);
        assert_eq!(node.count("follows").await, 0);
    }

    async fn whoever_thinks_of_key_ids_makes_us_ask_once_in_five_minutes(world) {
        let (node, remote, person) = scene(world).await;
        person.says(&node, &person.activity("Like", "http://127.0.0.1:1/x")).await;
        world.pass(TimeDelta::minutes(6));
        remote.forget();
        let eve = world.remote().await.person("eve");
        for number in 0..5 {
            let forged = Person { id: person.id.clone(), ..eve.naming_key(&format!("{}#key-{number}", person.id)) };
            assert_eq!(forged.send(&node, &forged.activity("Follow", node.union())).await, 401);
            world.pass(TimeDelta::minutes(1));
        }
        assert_eq!(remote.fetches(), 1);
        // The same of somebody whom we do not know yet.
        let stranger = remote.person("stranger");
        for number in 0..5 {
            let forged = Person { id: stranger.id.clone(), ..eve.naming_key(&format!("{}#key-{number}", stranger.id)) };
            assert_eq!(forged.send(&node, &forged.activity("Follow", node.union())).await, 401);
        }
        assert!(remote.fetches_of(&stranger.path) <= 2, "{}", remote.fetches_of(&stranger.path));
        assert_eq!(node.count("follows").await, 0);
    }

    async fn a_key_is_known_since_it_was_first_named(world) {
        let (node, remote, person) = scene(world).await;
        person.says(&node, &person.activity("Like", "http://127.0.0.1:1/x")).await;
        let since = "actor_keys WHERE private_key IS NULL ORDER BY id";
        let before = node.texts("created_at", since).await;
        world.pass(TimeDelta::hours(1));
        person.says(&node, &person.activity("Update", person.document())).await;
        assert_eq!(node.texts("created_at", since).await, before);
        assert!(remote.fetches_of(&person.path) >= 2, "it was read anew");
    }

    async fn a_key_that_brought_nothing_is_not_asked_for_again_at_once(world) {
        let (node, remote, person) = scene(world).await;
        remote.reply(&person.path, Reply::Status(404));
        for _ in 0..5 {
            assert_eq!(person.send(&node, &person.activity("Follow", node.union())).await, 401);
        }
        assert!(remote.fetches() <= 2, "{} fetches", remote.fetches());
    }

    async fn a_server_that_cannot_show_its_key_now_is_told_to_try_again(world) {
        let (node, remote, person) = scene(world).await;
        remote.reply(&person.path, Reply::Status(500));
        for _ in 0..3 {
            assert_eq!(person.send(&node, &person.activity("Follow", node.union())).await, 503);
        }
        assert_eq!(remote.fetches(), 1, "and does not make us ask again and again");
        assert_eq!(node.count("heard_activities").await, 0);
    }
}
