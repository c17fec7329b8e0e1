//! What is said: delivered, fetched, corrected, translated, published later.

use chrono::TimeDelta;
use picket::clock::rfc3339;
use picket::federation::{outbox, proof};
use picket::statements::State;
use picket::statements::draft::{Draft, PictureDraft};
use serde_json::{Value, json};

use super::{followed, text};
use crate::harness::{PUBLIC, Reply, all, on_both_databases};

on_both_databases! {
    async fn a_statement_is_delivered_once_to_each_shared_inbox(world) {
        let node = world.node().await;
        let (one, other) = (world.remote().await, world.remote().await);
        for (remote, name) in [(&one, "amal"), (&one, "bea"), (&one, "cem"), (&other, "amal"), (&other, "bea")] {
            remote.person(name).follows(&node).await;
        }
        node.deliver_all().await;
        let published = node.publish("# Strike\n\nFrom Monday on.").await;
        assert_eq!(published.deliveries, 2);
        node.deliver_all().await;
        for remote in [&one, &other] {
            let created = remote.heard_of("Create");
            assert_eq!(created.len(), 1);
            let posted = remote.posted().into_iter().next_back().expect("a delivery");
            assert_eq!((posted.target.as_str(), posted.headers["content-type"].to_str().expect("text")), ("/inbox", "application/activity+json"));
            assert_eq!(created[0]["actor"], node.union());
            assert_eq!(created[0]["object"]["id"], published.statement.uri);
            assert_eq!(created[0]["to"], json!([PUBLIC]));
        }
    }

    async fn who_follows_and_is_mentioned_gets_it_once(world) {
        let (node, remote, follower) = followed(world).await;
        let published = node.publish(&format!("+++\nto = [\"{}\"]\n+++\n# Thanks\n\nFor everything.", follower.id)).await;
        assert_eq!(published.deliveries, 1);
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Create").len(), 1);
    }

    async fn what_is_delivered_is_what_is_fetched_and_both_are_signed(world) {
        let (node, remote, _) = followed(world).await;
        let statement = node.publish_at("# Strike\n\nFrom Monday on. #strike").await;
        node.deliver_all().await;
        let create = remote.heard_of("Create").remove(0);
        let fetched = node.get(&statement).await.json();
        for property in ["id", "type", "attributedTo", "content", "contentMap", "to", "cc", "published", "url", "name", "tag", "context"] {
            assert_eq!(create["object"][property], fetched[property], "{property}");
        }
        for counted in ["replies", "likes", "shares"] {
            assert!(create["object"][counted].is_string(), "delivered as a plain address");
            assert_eq!(fetched[counted]["totalItems"], 0, "fetched with its count");
            let address = text(&create["object"], counted);
            assert_eq!(node.get(address).await.json()["totalItems"], 0, "{address}");
        }
        let key = node.keys().await.proof.key.public_key().expect("a key");
        for document in [&create, &create["object"], &fetched, &node.get(text(&create, "id")).await.json()] {
            assert!(proof::verify(document, &key), "{document}");
        }
        let listed = node.get("/actor/outbox?page=true").await.json();
        assert_eq!(listed["orderedItems"][0]["object"]["id"], statement);
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 1);
    }

    async fn the_title_is_the_first_line_and_the_original_language_comes_first(world) {
        let node = world.node().await;
        let statement = node.publish_at("+++\nlanguage = \"tr\"\nlead = \"Kısaca\"\n+++\n# İş, ekmek & özgürlük\n\nPazartesiden itibaren **grevdeyiz**.").await;
        let note = node.get(&statement).await.json();
        assert_eq!(note["type"], "Note");
        assert_eq!(note["name"], "İş, ekmek & özgürlük");
        assert!(text(&note, "content").starts_with("<p><strong>İş, ekmek &amp; özgürlük</strong></p>"), "{note}");
        assert!(text(&note, "content").contains("Kısaca") && text(&note, "content").contains("<strong>grevdeyiz</strong>"));
        assert_eq!(note["summary"], Value::Null, "an excerpt there would be a content warning");
        let raw = node.get(&statement).await.body;
        let (language, said) = note["contentMap"].as_object().expect("a map").iter().next().expect("a language");
        assert_eq!((language.as_str(), said), ("tr", &note["content"]));
        assert!(raw.contains("\"contentMap\":{\"tr\":"), "the first key as it is sent");
    }

    async fn everything_around_a_statement_stands_in_its_federated_text(world) {
        let (node, remote, follower) = followed(world).await;
        let statement = node
            .publish_at(&format!(
                "+++\ntitle = \"Open letter\"\nlead = \"In short\"\nlanguage = \"en\"\naddressee = \"the ministry of labour\"\n\
                 on_behalf_of = \"all branches\"\nreceived_from = \"the port committee\"\nsource = \"https://press.example/letter\"\n\
                 licence = \"CC BY-SA 4.0\"\ncontent_warning = \"Police violence\"\nhashtags = [\"Ports\"]\nto = [\"{}\"]\n\
                 [byline]\nperson = \"A. Yılmaz\"\nfunction = \"president\"\nbody = \"Branch 4\"\n+++\n\
                 We ask for an answer. See https://union.example/more and #strike.\n",
                follower.id
            ))
            .await;
        node.deliver_all().await;
        let note = remote.heard_of("Create").remove(0)["object"].clone();
        let content = text(&note, "content");
        for part in [
            "Open letter", "In short", "the ministry of labour", "all branches", "the port committee", "https://press.example/letter",
            "CC BY-SA 4.0", "A. Yılmaz", "president", "Branch 4", "We ask for an answer.", "https://union.example/more",
        ] {
            assert!(content.contains(part), "{part} in {content}");
        }
        assert!(content.contains("href=\"https://union.example/more\""), "{content}");
        assert_eq!((&note["summary"], &note["sensitive"]), (&json!("Police violence"), &json!(true)));
        let tags = all(&note["tag"]);
        let mut names: Vec<&str> = tags.iter().filter(|tag| tag["type"] == "Hashtag").map(|tag| text(tag, "name")).collect();
        names.sort_unstable();
        assert_eq!(names, ["#Ports", "#strike"]);
        assert!(tags.iter().filter(|tag| tag["type"] == "Hashtag").all(|tag| tag["href"].is_string()));
        assert!(content.to_lowercase().contains("#<span>ports</span>") && content.contains("#<span>strike</span>"), "{content}");
        let mention = tags.iter().find(|tag| tag["type"] == "Mention").expect("a mention");
        assert_eq!(mention["href"], follower.id);
        assert!(all(&note["cc"]).contains(&json!(follower.id)));
        assert!(statement.starts_with(&node.base));
    }

    async fn an_actor_that_is_named_in_the_text_is_mentioned_and_told(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let person = remote.person("deniz");
        let finger = json!({"subject": format!("acct:deniz@{}", remote.host), "links": [
            {"rel": "self", "type": "application/activity+json", "href": person.id}
        ]});
        let resource = format!("acct:deniz@{}", remote.host);
        let encoded = percent_encoding::utf8_percent_encode(&resource, percent_encoding::NON_ALPHANUMERIC);
        let path = format!("/.well-known/webfinger?resource={encoded}");
        remote.reply(&path, Reply::Typed("application/jrd+json", finger.to_string()));
        let published = node.publish(&format!("+++\nto = [\"@deniz@{}\"]\n+++\nThank you!", remote.host)).await;
        assert_eq!(published.deliveries, 1);
        node.deliver_all().await;
        let note = remote.heard_of("Create").remove(0)["object"].clone();
        let mention = all(&note["tag"]).into_iter().find(|tag| tag["type"] == "Mention").expect("a mention");
        assert_eq!((text(&mention, "href"), text(&mention, "name")), (person.id.as_str(), format!("@deniz@{}", remote.host).as_str()));
    }

    async fn an_edit_is_an_update_with_a_newer_time(world) {
        let (node, remote, _) = followed(world).await;
        let statement = node.publish_at("# Strike\n\nFrom Monday on.").await;
        assert_eq!(node.get(&statement).await.json()["updated"], Value::Null);
        world.pass(TimeDelta::minutes(1));
        node.edit(&statement, "# Strike\n\nFrom Tuesday on.").await;
        node.deliver_all().await;
        world.pass(TimeDelta::minutes(1));
        node.edit(&statement, "# Strike\n\nFrom Wednesday on.").await;
        node.deliver_all().await;
        let updates = remote.heard_of("Update");
        assert_eq!(updates.len(), 2);
        assert_ne!(updates[0]["id"], updates[1]["id"], "each change has an id of its own");
        for update in &updates {
            assert_eq!(update["object"]["id"], statement);
            assert!(text(&update["object"], "updated") > text(&update["object"], "published"));
        }
        assert!(text(&updates[1]["object"], "updated") > text(&updates[0]["object"], "updated"));
        assert!(text(&updates[1]["object"], "content").contains("Wednesday"));
        assert_eq!(updates[0]["object"]["published"], updates[1]["object"]["published"]);
        assert!(text(&node.get(&statement).await.json(), "content").contains("Wednesday"));
        assert_eq!(remote.heard_of("Create").len(), 1);
    }

    async fn an_edit_keeps_what_it_does_not_mention(world) {
        let node = world.node().await;
        let statement = node.publish_at("+++\naddressee = \"the ministry\"\nlanguage = \"tr\"\n+++\n# Grev\n\nPazartesi.").await;
        node.edit(&statement, "Salı.").await;
        let note = node.get(&statement).await.json();
        for part in ["Grev", "the ministry", "Salı"] {
            assert!(text(&note, "content").contains(part), "{note}");
        }
        assert!(!text(&note, "content").contains("Pazartesi"));
        assert!(note["contentMap"]["tr"].is_string());
    }

    async fn a_backdated_statement_is_listed_and_never_delivered(world) {
        let (node, remote, _) = followed(world).await;
        let statement = node.publish_at("+++\ndate = 1986-11-10\n+++\n# The NETAS strike\n\nIt begins.").await;
        let note = node.get(&statement).await.json();
        assert_eq!(note["published"], "1986-11-10T12:00:00Z");
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 1);
        assert!(node.get("/actor/outbox?page=true").await.body.contains(&statement));
        node.edit(&statement, "# The NETAS strike\n\nIt began.").await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        assert!(remote.posted().is_empty(), "{:?}", remote.heard());
    }

    async fn a_scheduled_statement_appears_when_its_time_has_come(world) {
        let (node, remote, _) = followed(world).await;
        let at = world.clock.now() + TimeDelta::hours(2);
        let published = node.publish(&format!("+++\ndate = {}\n+++\n# Strike\n\nSecret until then", rfc3339(at))).await;
        let statement = published.statement.uri;
        assert_eq!((published.statement.state, published.deliveries), (State::Scheduled, 0));
        world.pass(TimeDelta::minutes(119));
        outbox::publish_due(&node.node).await.expect("looked");
        node.deliver_all().await;
        let missing = format!("{}/statements/none", node.base);
        let (asked, unknown) = (node.get(&statement).await, node.get(&missing).await);
        assert_eq!((asked.status, asked.body), (404, unknown.body), "exactly like one that does not exist");
        // The links to other languages repeat the address that was asked for.
        let slug = statement.rsplit('/').next().expect("a slug");
        let (asked, unknown) = (node.page(&statement).await, node.page(&missing).await);
        assert_eq!((asked.status, asked.body.replace(slug, "none")), (404, unknown.body), "like one that does not exist");
        for path in ["/", "/feed.atom"] {
            assert!(!node.page(path).await.body.contains("Secret"), "{path}");
        }
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 0);
        for path in ["replies", "likes", "shares", "activity"] {
            assert_eq!(node.get(&format!("{statement}/{path}")).await.status, 404, "{path}");
        }
        assert!(!node.get("/actor/outbox?page=true").await.body.contains("Secret"));
        assert!(remote.posted().is_empty());
        world.pass(TimeDelta::minutes(2));
        outbox::publish_due(&node.node).await.expect("looked");
        outbox::publish_due(&node.node).await.expect("looked");
        node.deliver_all().await;
        assert_eq!(node.get(&statement).await.json()["published"], rfc3339(at));
        assert!(node.page("/").await.body.contains(statement.trim_start_matches(&node.base)), "and on the home page");
        assert_eq!(remote.heard_of("Create").len(), 1);
    }

    async fn two_translations_may_be_due_in_the_same_moment(world) {
        let (node, remote, _) = followed(world).await;
        let original = node.publish_at("# Strike\n\nFrom Monday on.").await;
        let at = rfc3339(world.clock.now() + TimeDelta::hours(1));
        for (language, said) in [("tr", "Grev"), ("es", "Huelga")] {
            node.publish(&format!("+++\ndate = {at}\nlanguage = \"{language}\"\ntranslates = \"{original}\"\n+++\n# {said}")).await;
        }
        world.pass(TimeDelta::hours(2));
        outbox::publish_due(&node.node).await.expect("both published");
        node.deliver_all().await;
        assert_eq!(remote.heard_of("Create").len(), 3);
        let last = remote.heard_of("Update").pop().expect("an Update of the original");
        assert_eq!(last["object"]["contentMap"].as_object().expect("a map").len(), 3);
    }

    async fn nothing_published_before_it_names_a_statement_that_waits_for_its_time(world) {
        let (node, remote, _) = followed(world).await;
        let in_hours = |hours| rfc3339(world.clock.now() + TimeDelta::hours(hours));
        let (sooner, at) = (in_hours(1), in_hours(2));
        let original = node.publish_at(&format!("+++\ndate = {at}\n+++\n# Strike")).await;
        for field in ["translates", "in_reply_to"] {
            for date in [String::new(), format!("date = {sooner}\n"), "date = 2020-05-01\n".to_owned()] {
                let text = format!("+++\n{date}language = \"tr\"\n{field} = \"{original}\"\n+++\n# Grev");
                let error = outbox::publish(&node.node, Draft::from_file_text(&text).expect("a draft")).await.expect_err("too early");
                assert!(error.to_string().starts_with(&format!("{field}: ")) && error.to_string().contains(&at), "{error}");
            }
        }
        let translation = node.publish_at(&format!("+++\ndate = {at}\nlanguage = \"tr\"\ntranslates = \"{original}\"\n+++\n# Grev")).await;
        world.pass(TimeDelta::hours(3));
        outbox::publish_due(&node.node).await.expect("both published");
        node.deliver_all().await;
        let created: Vec<String> = remote.heard_of("Create").iter().map(|create| text(&create["object"], "id").to_owned()).collect();
        assert_eq!(created, [original, translation]);
    }

    async fn a_translation_is_a_note_of_its_own_and_stands_in_the_original(world) {
        let (node, remote, _) = followed(world).await;
        let original = node.publish_at("+++\nlanguage = \"tr\"\n+++\n# Grev\n\nPazartesi.").await;
        world.pass(TimeDelta::minutes(1));
        let translation = node.publish_at(&format!("+++\nlanguage = \"en\"\ntranslates = \"{original}\"\n+++\n# Strike\n\nMonday.")).await;
        node.deliver_all().await;
        let created = remote.heard_of("Create");
        assert_eq!(created.len(), 2);
        let note = &created[1]["object"];
        assert_eq!((text(note, "id"), text(note, "inReplyTo")), (translation.as_str(), original.as_str()));
        assert_eq!(note["contentMap"].as_object().expect("a map").keys().collect::<Vec<_>>(), ["en"]);
        let updates = remote.heard_of("Update");
        assert_eq!(updates.len(), 1, "the original is updated");
        let changed = &updates[0]["object"];
        assert_eq!(text(changed, "id"), original);
        assert_eq!(changed["contentMap"].as_object().expect("a map").keys().collect::<Vec<_>>(), ["tr", "en"], "the original stays first");
        assert_eq!(changed["contentMap"]["tr"], changed["content"]);
        assert!(text(&changed["contentMap"], "en").contains("Monday."));
        assert!(text(changed, "updated") > text(changed, "published"));
        // And it leaves the original when it is withdrawn.
        world.pass(TimeDelta::minutes(1));
        outbox::withdraw(&node.node, &translation).await.expect("withdrawn");
        node.deliver_all().await;
        let last = remote.heard_of("Update").pop().expect("an Update");
        assert_eq!(last["object"]["contentMap"].as_object().expect("a map").keys().collect::<Vec<_>>(), ["tr"]);
    }

    async fn pictures_travel_as_attachments_with_their_descriptions(world) {
        let (node, remote, _) = followed(world).await;
        let file = node.data_dir().join("march.png");
        image::RgbImage::from_fn(8, 4, |x, _| image::Rgb([if x < 4 { 200 } else { 20 }, 0, 0])).save(&file).expect("a picture");
        let mut draft = Draft::from_file_text("# March\n\nWe were many.").expect("a draft");
        draft.pictures.get_or_insert_default().push(PictureDraft {
            file,
            alt: "Workers carry a banner".to_owned(),
            caption: Some("Ankara".to_owned()),
            credit: Some("A. Usta".to_owned()),
            focus: (50, -25),
            sensitive: false,
        });
        let published = outbox::publish(&node.node, draft).await.expect("published");
        node.deliver_all().await;
        let note = remote.heard_of("Create").remove(0)["object"].clone();
        let attachments = all(&note["attachment"]);
        assert_eq!(attachments.len(), 1);
        let picture = &attachments[0];
        assert_eq!((&picture["type"], &picture["width"], &picture["height"]), (&json!("Image"), &json!(8), &json!(4)));
        assert_eq!(picture["name"], "Workers carry a banner");
        assert_eq!(picture["focalPoint"], json!([0.5, -0.25]));
        assert!(text(picture, "mediaType").starts_with("image/") && !text(picture, "blurhash").is_empty());
        assert!(text(picture, "url").starts_with(&format!("{}/media/", node.base)) && !text(picture, "url").contains("march"));
        assert!(text(&note, "content").contains("Ankara") && text(&note, "content").contains("A. Usta"));
        // An edit that names no pictures keeps them; a withdrawal removes the file.
        node.edit(&published.statement.uri, "We were very many.").await;
        assert_eq!(all(&node.get(&published.statement.uri).await.json()["attachment"]).len(), 1);
        let kept = || std::fs::read_dir(node.node.config.media_dir()).expect("a folder").count();
        assert_eq!(kept(), 1);
        outbox::withdraw(&node.node, &published.statement.uri).await.expect("withdrawn");
        assert_eq!(kept(), 0);
        node.deliver_all().await;
    }

    async fn a_statement_without_any_text_is_refused_and_nothing_is_kept(world) {
        let node = world.node().await;
        for text in ["", "   \n\n", "+++\nlanguage = \"en\"\n+++\n"] {
            let refused = outbox::publish(&node.node, Draft::from_file_text(text).expect("a draft")).await;
            assert!(refused.is_err(), "{text:?}");
        }
        assert_eq!((node.count("statements").await, node.count("activities").await), (0, 0));
    }

    async fn an_answer_of_the_union_reaches_the_author_of_the_post(world) {
        let node = world.node().await;
        let remote = world.remote().await;
        let post = remote.person("bea").note("<p>Will you come?</p>");
        remote.serve(&post);
        node.publish(&format!("+++\nin_reply_to = \"{}\"\n+++\nYes!", text(&post, "id"))).await;
        node.deliver_all().await;
        let note = remote.heard_of("Create").remove(0)["object"].clone();
        assert_eq!(note["inReplyTo"], post["id"]);
        assert!(all(&note["cc"]).contains(&post["attributedTo"]));
        assert!(all(&note["tag"]).iter().any(|tag| tag["type"] == "Mention" && tag["href"] == post["attributedTo"]));
    }
}
