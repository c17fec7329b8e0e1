//! The peer that we did not write: a small server made with Fedify (`tests/peer`), beside a real node of ours. What it thinks of our
//! documents and signatures stands in its journal, and what we made of its own is seen by our command line.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::processes::database::Database;
use crate::processes::ended::{PATIENCE, eventually};
use crate::processes::union::Union;
use crate::processes::{variable, web};

/// The other server. Dropped, it goes; in a failed test, it first prints why Fedify did what it did.
struct Peer {
    origin: String,
    child: Child,
}

impl Peer {
    /// A fresh one that tries this signature first. Nothing, said aloud, where it is not installed; in CI that is a failure.
    fn start(first_knock: &str, secure: bool) -> Option<Self> {
        let (Some(node), Some(folder)) = (variable("TEST_PEER_NODE"), variable("TEST_PEER")) else {
            println!("skipped: TEST_PEER is not set");
            return None;
        };
        let mut command = Command::new(node);
        command.arg("peer.mjs").current_dir(folder).env_clear();
        command.env("PEER_FIRST_KNOCK", first_knock).env("PEER_LEAVE_WITH_STDIN", "1");
        command.env("PEER_SECURE", if secure { "1" } else { "0" });
        // Its standard input stays open in `child`: when this process ends, however it ends, the peer goes as well.
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the peer");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Some(Self { origin: ready["origin"].as_str().expect("an address").to_owned(), child })
    }

    fn actor(&self) -> String {
        format!("{}/users/ally", self.origin)
    }

    fn handle(&self) -> String {
        format!("@ally@{}", self.origin.trim_start_matches("http://"))
    }

    /// Tells it to do something, and waits until all that it sent was answered.
    fn does(&self, what: &str, with: &Value) -> Value {
        let answer = web::try_post(&format!("{}/control/{what}", self.origin), with).expect("the peer answers");
        assert_eq!(answer.status, 200, "{what} {with}: {}", answer.text());
        let settled = self.ask("settled?timeout=30000");
        assert_eq!(settled["settled"], true, "{what}");
        answer.json()
    }

    /// Asks it something.
    fn ask(&self, what: &str) -> Value {
        let answer = web::get(&format!("{}/control/{what}", self.origin), "application/json");
        assert_eq!(answer.status, 200, "{what}: {}", answer.text());
        answer.json()
    }

    /// Asks it what it makes of an address or a handle.
    fn makes_of(&self, question: &str, address: &str) -> Value {
        let escaped = percent_encoding::utf8_percent_encode(address, percent_encoding::NON_ALPHANUMERIC);
        self.ask(&format!("{question}={escaped}"))
    }

    fn received(&self) -> Vec<Value> {
        match self.ask("received") {
            Value::Array(entries) => entries,
            other => panic!("no journal: {other}"),
        }
    }

    /// Waits for the last activity of a type that fits, and checks that our signature was believed.
    fn hears(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let entry = eventually(&format!("the peer hears {kind}"), PATIENCE, || {
            self.received().into_iter().rev().find(|entry| entry["type"] == kind && fits(&entry["json"]))
        });
        assert_eq!(entry["signature"]["verified"], true, "{entry}");
        entry
    }

    /// The same of something public: with a proof of its own, and one of the Note in it.
    fn hears_proven(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let entry = self.hears(kind, fits);
        assert_eq!(entry["proof"]["verified"], true, "{entry}");
        if entry["json"]["object"]["type"] == "Note" {
            assert_eq!(entry["objectProof"]["verified"], true, "{entry}");
        }
        entry
    }

    /// The same of something between two: without a proof.
    fn hears_unproven(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let entry = self.hears(kind, fits);
        assert_eq!(entry["proof"]["present"], false, "{entry}");
        assert_eq!(entry["objectProof"]["present"], false, "{entry}");
        entry
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(log) = web::try_get(&format!("{}/control/log", self.origin), "application/json")
        {
            eprintln!("--- what the peer said:\n{}", log.text().replace("},{", "},\n{"));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_peer_that_knocks_with_the_draft_first_federates_both_ways() {
    if let Some(peer) = Peer::start("cavage", false) {
        federates(&peer);
    }
}

#[test]
fn a_peer_that_knocks_with_rfc_9421_first_and_shows_notes_to_signed_readers_only_federates_both_ways() {
    if let Some(peer) = Peer::start("rfc9421", true) {
        federates(&peer);
    }
}

/// The author's server is gone when another passes on what it said: the proof that Fedify made is all that vouches for it.
#[test]
fn what_one_peer_said_and_another_passes_on_is_believed_by_its_proof() {
    let (Some(author), Some(forwarder)) = (Peer::start("cavage", false), Peer::start("rfc9421", false)) else { return };
    let union = Union::start(&Database::Sqlite, "press");
    forwarder.does("follow", &json!({"handle": author.handle()}));
    eventually("they know each other", PATIENCE, || {
        (forwarder.ask("following")[0]["state"] == "accepted").then_some(())
    });
    let published = author.does("publish", &json!({"content": "<p>They cut our line.</p>", "language": "en"}));
    let id = published["id"].as_str().expect("an id").to_owned();
    let create = forwarder.hears("Create", |create| create["object"]["id"] == id);
    assert_eq!(create["proof"]["verified"], true, "{create}");
    let create = create["json"].clone();
    union.json(&["follow", &author.handle()]);
    eventually("we are accepted", PATIENCE, || (union.list(&["following"])[0]["state"] == "accepted").then_some(()));
    drop(author);
    let passes_on = |document: &Value, form: &str| {
        let sent = forwarder.does("send", &json!({"inbox": union.at("/inbox"), "json": document, "form": form}));
        assert_eq!(sent["status"], 202, "{sent}");
    };
    let mut lie = create.clone();
    lie["object"]["content"] = json!("<p>LIE</p>");
    passes_on(&lie, "cavage");
    assert!(union.timeline_entry(&id).is_none(), "nobody vouches for this");
    passes_on(&create, "rfc9421");
    assert_eq!(union.receives(&id)["content"], "<p>They cut our line.</p>");
}

fn federates(peer: &Peer) {
    let union = Union::start(&Database::Sqlite, "press");
    is_found(peer, &union);
    they_follow_each_other(peer, &union);
    let ours = our_statement_reaches_it(peer, &union);
    its_statement_reaches_us(peer, &union);
    it_answers(peer, &union, &ours);
    we_answer_and_boost(peer, &union);
    it_likes_and_boosts(peer, &union, &ours);
    our_profile_changes(peer, &union, &ours);
    our_keys_are_renewed(peer, &union);
    we_withdraw(peer, &union, &ours);
    they_part(peer, &union);
    nothing_went_wrong(peer);
}

fn is_found(peer: &Peer, union: &Union) {
    for address in [union.actor(), union.address()] {
        let actor = peer.makes_of("lookup?resource", &address);
        assert_eq!(
            (actor["type"].as_str(), actor["id"].as_str()),
            (Some("Organization"), Some(union.actor().as_str()))
        );
        assert_eq!(actor["json"]["preferredUsername"], "press");
    }
    let resource = format!("acct:press@{}", union.domain);
    let jrd = peer.makes_of("webfinger?resource", &resource);
    assert_eq!(jrd["jrd"]["subject"], resource);
}

fn they_follow_each_other(peer: &Peer, union: &Union) {
    peer.does("follow", &json!({"handle": union.address()}));
    peer.hears_unproven("Accept", |accept| accept["object"]["type"] == "Follow");
    eventually("the peer is accepted", PATIENCE, || (peer.ask("following")[0]["state"] == "accepted").then_some(()));
    let followers = union.list(&["followers"]);
    assert_eq!(followers[0]["actor"], peer.actor());
    assert_eq!(followers[0]["handle"], peer.handle());

    let asked = union.json(&["follow", &peer.handle()]);
    assert_eq!(asked["actor"], peer.actor());
    let follow = peer.hears_unproven("Follow", |_| true);
    assert_eq!(follow["actor"], union.actor());
    eventually("we are accepted", PATIENCE, || (union.list(&["following"])[0]["state"] == "accepted").then_some(()));
    assert_eq!(peer.ask("followers")[0]["actor"], union.actor());
    for name in ["followers", "following"] {
        let collection = union.document(&union.at(&format!("/actor/{name}"))).json();
        assert_eq!(collection["totalItems"], 1, "{name}");
        assert!(!collection.to_string().contains(&peer.actor()), "{name} are counted, not named");
    }
}

fn our_statement_reaches_it(peer: &Peer, union: &Union) -> String {
    let id = union.publish("# Grev\n\nYaşasın *dayanışma*! #grev\n", &["--lang", "tr"]);
    let create = peer.hears_proven("Create", |create| create["object"]["id"] == id);
    let note = &create["json"]["object"];
    assert_eq!(note["type"], "Note");
    assert!(note["content"].as_str().expect("a text").contains("Yaşasın <em>dayanışma</em>!"));

    // Read back by its id and by the address of its page, Fedify understands it, and the proof of what is served holds as well.
    for address in [&id, note["url"].as_str().expect("a page")] {
        let read = peer.makes_of("fetch?url", address);
        assert_eq!((read["type"].as_str(), read["id"].as_str()), (Some("Note"), Some(id.as_str())), "{read}");
        assert_eq!(read["proof"]["verified"], true, "{read}");
        assert_eq!(read["json"]["contentMap"]["tr"], read["raw"]["content"]);
    }
    let outbox = peer.makes_of("collection?url", &union.at("/actor/outbox"));
    assert_eq!(outbox["totalItems"], 1);
    assert_eq!(outbox["items"][0]["type"], "Create", "{outbox}");

    union.edit(&id, "# Grev\n\nYarın *sabah* başlıyor! #grev\n");
    let update = peer.hears_proven("Update", |update| update["object"]["id"] == id);
    assert!(update["json"]["object"]["content"].as_str().expect("a text").contains("sabah"));
    assert!(update["json"]["object"]["updated"].is_string());
    id
}

fn its_statement_reaches_us(peer: &Peer, union: &Union) {
    let content = "<p>We strike on Monday &amp; Tuesday.</p>";
    let published = peer.does("publish", &json!({"content": content, "language": "en"}));
    let id = published["id"].as_str().expect("an id");
    let entry = union.receives(id);
    assert_eq!(entry["author"], peer.actor());
    assert_eq!(entry["language"], "en");
    assert_eq!(entry["content"], content);

    peer.does("edit", &json!({"id": id, "content": "<p>We strike on Wednesday.</p>"}));
    eventually("its edit arrives", PATIENCE, || {
        union.timeline_entry(id)?["content"].as_str()?.contains("Wednesday").then_some(())
    });
    peer.does("withdraw", &json!({"id": id}));
    eventually("it goes", PATIENCE, || union.timeline_entry(id).is_none().then_some(()));
}

fn it_answers(peer: &Peer, union: &Union, ours: &str) {
    let answer = peer.does("reply", &json!({"inReplyTo": ours, "content": "<p>With you!</p>", "language": "en"}));
    let known = || union.list(&["replies", ours]);
    let kept = eventually("its answer arrives", PATIENCE, || known().pop());
    assert_eq!((kept["id"].as_str(), kept["state"].as_str()), (answer["id"].as_str(), Some("approved")), "an ally's");
    assert_eq!(peer.makes_of("collection?url", &format!("{ours}/replies"))["totalItems"], 1);

    // What it says to us alone is nobody else's affair: it is not listed and not counted.
    let direct = json!({"inReplyTo": ours, "content": "<p>Between us</p>", "to": "direct"});
    let whispered = peer.does("reply", &direct)["id"].as_str().expect("an id").to_owned();
    // What it sends afterwards arrives afterwards.
    let second = peer.does("reply", &json!({"inReplyTo": ours, "content": "<p>And again!</p>"}));
    let second = second["id"].as_str().expect("an id").to_owned();
    eventually("a later answer arrives", PATIENCE, || known().iter().any(|one| one["id"] == second).then_some(()));
    assert!(known().iter().all(|one| one["id"] != whispered));
    assert!(union.timeline_entry(&whispered).is_none());
    let in_box = union.list(&["box"]);
    assert_eq!((&in_box[0]["id"], &in_box[0]["encrypted"]), (&json!(whispered), &json!(false)));
    let told = union.run(&["box"]).stdout;
    assert!(told.contains("not encrypted") && told.contains("Between us"), "{told}");
    assert!(union.run(&["approve", &whispered]).code == Some(1), "what is private cannot be shown");
    let (page, replies) = (union.page(ours), union.document(&format!("{ours}/replies?page=true")));
    assert!(!page.text().contains("Between us") && !replies.text().contains(&whispered));
    assert_eq!(peer.makes_of("collection?url", &format!("{ours}/replies"))["totalItems"], 2);
    peer.does("withdraw", &json!({"id": second}));
    eventually("the answer goes", PATIENCE, || (known().len() == 1).then_some(()));
}

fn we_answer_and_boost(peer: &Peer, union: &Union) {
    let published = peer.does("publish", &json!({"content": "<p>Who is with us?</p>", "language": "en"}));
    let id = published["id"].as_str().expect("an id");
    let ours = union.publish("We are.", &["--in-reply-to", id]);
    let create = peer.hears_proven("Create", |create| create["object"]["id"] == ours);
    assert_eq!(create["json"]["object"]["inReplyTo"], id);
    let mention = &create["json"]["object"]["tag"][0];
    assert_eq!((mention["type"].as_str(), mention["href"].as_str()), (Some("Mention"), Some(peer.actor().as_str())));

    union.json(&["boost", id]);
    let announce = peer.hears_proven("Announce", |_| true);
    assert_eq!(announce["object"], id);
    union.json(&["unboost", id]);
    let undo = peer.hears("Undo", |undo| undo["object"]["type"] == "Announce");
    assert_eq!(undo["json"]["object"]["id"], announce["id"]);
}

fn it_likes_and_boosts(peer: &Peer, union: &Union, ours: &str) {
    for (todo, undo, collection) in [("like", "unlike", "likes"), ("boost", "unboost", "shares")] {
        let counted = || union.document(ours).json()[collection]["totalItems"].as_i64();
        peer.does(todo, &json!({"id": ours}));
        eventually(&format!("its {todo} is counted"), PATIENCE, || (counted() == Some(1)).then_some(()));
        assert_eq!(peer.makes_of("collection?url", &format!("{ours}/{collection}"))["totalItems"], 1);
        peer.does(undo, &json!({"id": ours}));
        eventually(&format!("its {undo} is counted"), PATIENCE, || (counted() == Some(0)).then_some(()));
    }
}

fn our_profile_changes(peer: &Peer, union: &Union, ours: &str) {
    union.json(&["profile", "field", "set", "Website", "https://union.example/"]);
    union.json(&["profile", "set", "--name", "Dockers"]);
    peer.hears_proven("Update", |update| update["object"]["name"] == "Dockers");
    let actor = peer.makes_of("lookup?resource", &union.actor());
    assert!(actor["json"]["attachment"].to_string().contains("Website"), "{actor}");
    union.json(&["statement", "pin", ours]);
    let add = peer.hears_proven("Add", |add| add["object"] == *ours);
    let featured = add["json"]["target"].as_str().expect("a collection").to_owned();
    assert_eq!(peer.makes_of("collection?url", &featured)["totalItems"], 1);
    union.json(&["statement", "unpin", ours]);
    peer.hears_proven("Remove", |remove| remove["target"] == featured);
}

fn our_keys_are_renewed(peer: &Peer, union: &Union) {
    let told = union.json(&["keys", "rotate"]);
    assert_eq!(told["deliveries"], 1, "{told}");
    let is_new = |id: &Value| id.as_str().is_some_and(|id| id.ends_with("#main-key-2"));
    let update = peer.hears("Update", |update| is_new(&update["object"]["publicKey"]["id"]));
    assert_eq!(update["proof"]["verified"], true, "{update}");
    let new_key = update["json"]["object"]["publicKey"]["id"].as_str().expect("an id");
    assert!(update["signature"]["keyId"] == new_key, "{update}");
    let id = union.publish("# With new keys", &[]);
    let create = peer.hears_proven("Create", |create| create["object"]["id"] == id);
    assert_eq!(create["signature"]["keyId"], new_key);
    let listed = union.list(&["keys"]);
    assert_eq!(listed.iter().filter(|key| key["in_use"] == true).count(), 4, "{listed:?}");
    assert_eq!(listed.len(), 8);
    union.json(&["statement", "withdraw", &id]);
    peer.hears("Delete", |delete| delete["object"]["id"] == id);
}

fn we_withdraw(peer: &Peer, union: &Union, ours: &str) {
    union.json(&["statement", "withdraw", ours]);
    let delete = peer.hears("Delete", |delete| delete["object"]["id"] == *ours);
    assert_eq!(delete["json"]["object"]["type"], "Tombstone");
    assert_eq!(delete["json"]["object"]["id"], ours);
    let gone = union.document(ours);
    assert_eq!((gone.status, gone.json()["type"].as_str()), (410, Some("Tombstone")));
}

fn they_part(peer: &Peer, union: &Union) {
    union.json(&["unfollow", &peer.handle()]);
    peer.hears_unproven("Undo", |undo| undo["object"]["type"] == "Follow");
    eventually("it knows", PATIENCE, || peer.ask("followers").as_array().is_some_and(Vec::is_empty).then_some(()));
    peer.does("unfollow", &json!({"handle": union.address()}));
    eventually("we know", PATIENCE, || union.list(&["followers"]).is_empty().then_some(()));

    peer.does("policy", &json!({"follow": "reject"}));
    union.json(&["follow", &peer.handle()]);
    eventually("we are refused", PATIENCE, || (union.list(&["following"])[0]["state"] == "rejected").then_some(()));
}

/// Whatever it sent was taken at once or after its second knock, and nothing of ours was refused by it for good.
fn nothing_went_wrong(peer: &Peer) {
    let sent = peer.ask("sent");
    let refused: Vec<&Value> = sent
        .as_array()
        .expect("a journal")
        .iter()
        .filter(|entry| entry["method"] == "POST" && entry["status"] != 202)
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
    let ours: Vec<Value> = peer.received();
    assert!(ours.iter().all(|entry| entry["signature"]["verified"] == true));
}
