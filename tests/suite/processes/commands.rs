//! What scripts rely on: help, JSON, exit codes, and the commands that need no second server.

use serde_json::Value;

use super::database::Database;
use super::ended::argument;
use super::union::Union;

const COMMANDS: [&str; 56] = [
    "serve",
    "demo",
    "statement publish",
    "statement list",
    "statement show",
    "statement edit",
    "statement withdraw",
    "statement deliveries",
    "statement pin",
    "statement unpin",
    "profile",
    "profile set",
    "profile field set",
    "profile field remove",
    "profile check",
    "tag",
    "tag feature",
    "tag unfeature",
    "tag list",
    "statement",
    "boost",
    "unboost",
    "follow",
    "unfollow",
    "following",
    "followers",
    "timeline",
    "replies",
    "approve",
    "reject",
    "box",
    "box delete",
    "block",
    "unblock",
    "blocks",
    "blocks export",
    "blocks import",
    "allow",
    "disallow",
    "allowed",
    "allowed export",
    "allowed import",
    "reports",
    "report",
    "report close",
    "alias",
    "alias add",
    "alias remove",
    "alias list",
    "moves",
    "move",
    "move accept",
    "move reject",
    "inspect",
    "doctor",
    "migrate",
];

#[test]
fn every_command_has_help_that_tells_what_it_does() {
    let union = Union::without_server(&Database::Sqlite, "press");
    let overview = union.run(&["--help"]);
    assert_eq!(overview.code, Some(0));
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').collect();
        let help = union.run(&[&words[..], &["--help"]].concat());
        assert_eq!(help.code, Some(0), "{command}: {help:?}");
        assert!(help.stdout.contains("Usage: picket") && help.stdout.contains("--json"), "{command}: {}", help.stdout);
        let first = help.stdout.lines().next().unwrap_or_default();
        assert!(first.split(' ').count() > 2, "{command} says too little: {first}");
        if words.len() == 1 {
            assert!(overview.stdout.contains(&format!("  {command} ")), "{command} is not in the overview");
        }
    }
    assert!(union.run(&["--version"]).stdout.starts_with("picket 0."));
    assert!(!union.data().exists(), "help makes nothing");
}

#[test]
fn json_is_one_document_on_standard_output_and_nothing_else() {
    let press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    let text = press.file("text.md", "# Title\n\nText.\n");
    let told = press.json(&["statement", "publish", argument(&text)]);
    assert_eq!(keys(&told), ["id", "url", "deliveries"]);
    assert!(told["deliveries"].is_number());
    let id = told["id"].as_str().expect("an id");
    for shown in [press.json(&["statement", "show", id]), press.list(&["statement", "list"])[0].clone()] {
        for key in ["id", "url", "title", "language", "published", "updated", "state"] {
            assert!(shown.get(key).is_some(), "{key} is missing in {shown}");
        }
    }
    let receipts = press.json(&["statement", "deliveries", id]);
    assert_eq!(keys(&receipts), ["total", "delivered", "pending", "failed", "gone", "forgotten", "hosts"]);
    let follow = press.json(&["follow", &ally.address()]);
    assert_eq!(keys(&follow), ["actor", "handle", "state"]);
    assert_eq!(follow["handle"], ally.address());
    assert!(["requested", "accepted"].contains(&follow["state"].as_str().expect("a state")));
    let following = press.list(&["following"]);
    assert_eq!(keys(&following[0]), ["actor", "handle", "state"]);
    for empty in [
        &["timeline"][..],
        &["replies"],
        &["replies", "--held"],
        &["box"],
        &["blocks"],
        &["followers"],
        &["reports"],
        &["moves"],
        &["timeline", "--pinned"],
    ] {
        assert!(press.list(empty).is_empty(), "{empty:?}");
    }
    assert_eq!(press.json(&["migrate"])["up_to_date"], true);
    // A refusal prints nothing there, with --json as well.
    let ended = press.run(&["statement", "show", "http://nowhere.test/1", "--json"]);
    assert!(ended.refusal(1).contains("was not found"));
}

#[test]
fn a_running_server_shows_at_once_what_a_command_changes() {
    let press = Union::start(&Database::Sqlite, "press");
    let summary = press.file("about.md", "We load **ships**.");
    let told = press.json(&["profile", "set", "--name", "Dockers", "--summary-file", argument(&summary)]);
    assert_eq!((told["name"].as_str(), told["deliveries"].as_i64()), (Some("Dockers"), Some(0)));
    let told = press.json(&["profile", "field", "set", "Office", "Quay 4"]);
    assert_eq!(
        told["fields"][0],
        serde_json::json!({"label": "Office", "value": "Quay 4", "verified": null, "checked": null})
    );
    let statement = press.publish("Locked out. #Lockout", &[]);
    assert_eq!(press.json(&["statement", "pin", &statement])["url"], statement);
    assert_eq!(press.json(&["tag", "feature", "#Lockout"])["name"], "Lockout");
    let actor = press.document("/actor").json();
    assert_eq!((actor["name"].as_str(), actor["attachment"][0]["value"].as_str()), (Some("Dockers"), Some("Quay 4")));
    let home = press.page("/");
    for part in ["Dockers", "<strong>ships</strong>", "Quay 4", "Pinned", "#Lockout"] {
        assert!(home.text().contains(part), "{part} in {}", home.text());
    }
    assert_eq!(press.document("/actor/featured").json()["orderedItems"][0], statement);
    assert_eq!(press.list(&["tag", "list"])[0]["statements"], 1);

    assert!(press.run(&["profile"]).stdout.contains("Office: Quay 4"));
    assert!(press.run(&["profile", "field", "remove", "Nothing"]).refusal(1).contains("picket profile"));
    assert!(press.run(&["statement", "pin", &statement]).refusal(1).contains("pinned already"));
    assert_eq!(press.run(&["profile", "set"]).code, Some(2), "what is to change?");
    press.json(&["profile", "set", "--summary", ""]);
    assert_eq!(press.json(&["profile"])["summary"], "");
}

fn keys(document: &Value) -> Vec<&str> {
    document.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn without_json_a_person_reads_sentences() {
    let press = Union::start(&Database::Sqlite, "press");
    assert!(press.run(&["statement", "list"]).stdout.contains("No statements yet"));
    let published = press.run_with_input(&["statement", "publish", "-", "--title", "On strike"], "Text.");
    assert_eq!(published.code, Some(0), "{published:?}");
    assert!(published.stdout.starts_with("Published: http://"), "{published:?}");
    assert!(press.run(&["statement", "list"]).stdout.contains("On strike"));
    for (arguments, words) in [
        (&["following"][..], "picket follow"),
        (&["followers"], "Nobody follows"),
        (&["timeline"], "Nothing yet"),
        (&["replies"], "No answers"),
        (&["blocks"], "No server is blocked"),
        (&["reports"], "No reports"),
        (&["moves"], "No followed union says"),
        (&["alias", "list"], "No other account"),
        (&["migrate"], "up to date"),
    ] {
        let ended = press.run(arguments);
        assert!(ended.code == Some(0) && ended.stdout.contains(words), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn statements_that_are_not_there_are_refused_by_name() {
    let press = Union::start(&Database::Sqlite, "press");
    let nowhere = press.at("/statements/none");
    let text = press.file("text.md", "Text.");
    for command in ["show", "withdraw", "deliveries"] {
        assert!(press.run(&["statement", command, &nowhere]).refusal(1).contains(&nowhere), "{command}");
    }
    assert!(press.run(&["statement", "edit", &nowhere, argument(&text)]).refusal(1).contains(&nowhere));
    let id = press.publish("Text.", &[]);
    press.json(&["statement", "withdraw", &id]);
    for arguments in [&["statement", "withdraw", &id][..], &["statement", "edit", &id, argument(&text)]] {
        assert!(press.run(arguments).refusal(1).contains("withdrawn"), "{arguments:?}");
    }
    assert!(press.run(&["boost", &id]).refusal(1).contains("our own"));
    assert!(press.run(&["follow", &press.address()]).refusal(1).contains("our own"));
    for nobody in ["@nobody@127.0.0.1:1", "nonsense", "@nobody", "http://127.0.0.1:1/actor"] {
        press.run(&["follow", nobody]).refusal(1);
    }
    let unknown = format!("@nobody@{}", press.domain);
    press.run(&["follow", &unknown]).refusal(1);
}

#[test]
fn lists_of_servers_come_in_and_go_out() {
    let press = Union::without_server(&Database::Sqlite, "press");
    let list =
        press.file("list.csv", "#domain,#severity,#public_comment\nbad.example,suspend,spam\nloud.example,silence,\n");
    let list = argument(&list);
    let would = press.json(&["blocks", "import", list, "--dry-run"]);
    assert_eq!((&would["domains"][0], &would["skipped"][0]["place"]), (&Value::from("bad.example"), &Value::from(3)));
    assert!(press.list(&["blocks"]).is_empty());
    let said = press.run(&["blocks", "import", list]);
    assert!(
        said.stdout.contains("1 server blocked") && said.stdout.contains("skipped line 3, loud.example"),
        "{said:?}"
    );
    assert_eq!(press.list(&["blocks"])[0]["reason"], "spam");
    let exported = press.run(&["blocks", "export"]).stdout;
    assert!(exported.ends_with("\nbad.example,suspend,true,true,spam,false\n"), "{exported:?}");
    let broken = press.file("broken.csv", "domain\ngood.example\nno host\n");
    assert!(press.run(&["blocks", "import", argument(&broken)]).refusal(1).contains("line 3"));
    assert_eq!(press.list(&["blocks"]).len(), 1);

    let said = press.run(&["allow", "Good.Example"]);
    assert!(said.stdout.contains("no effect yet"), "{said:?}");
    assert!(press.run(&["allow", "sub.bad.example"]).refusal(1).contains("is blocked"));
    assert!(press.run(&["allowed", "import", list]).refusal(1).contains("list of blocks"));
    assert_eq!(press.run(&["allowed", "export"]).stdout, "#domain\ngood.example\n");
    assert_eq!(press.list(&["allowed"])[0]["domain"], "good.example");
    press.json(&["disallow", "good.example"]);
    assert!(press.list(&["allowed"]).is_empty());
}

#[test]
fn a_blocked_server_is_listed_refused_and_heard_again_when_the_block_is_lifted() {
    let press = Union::start(&Database::Sqlite, "press");
    let ally = Union::start(&Database::Sqlite, "ally");
    assert_eq!(press.json(&["block", "Spam.Example"])["domain"], "spam.example");
    press.json(&["block", "spam.example"]);
    assert_eq!(press.list(&["blocks"]).len(), 1);
    assert!(press.run(&["unblock", "other.example"]).refusal(1).contains("other.example"));
    press.json(&["unblock", "spam.example"]);
    assert!(press.list(&["blocks"]).is_empty());
    for wrong in ["", "no host", "..."] {
        press.run(&["block", wrong]).refusal(1);
    }

    press.json(&["block", "127.0.0.1"]);
    press.run(&["follow", &ally.address()]).refusal(1);
    // Our own address is on the blocked host here, and still nothing of ours breaks.
    let id = press.publish("Text.", &[]);
    assert_eq!(press.document(&id).status, 200);
    // What it asks for is missing, as for anybody who asks for what does not exist.
    ally.run(&["follow", &press.address()]).refusal(1);
    assert!(press.list(&["followers"]).is_empty());
    press.json(&["unblock", "127.0.0.1"]);
    ally.json(&["follow", &press.address()]);
    ally.is_accepted_by(&press);
}

#[test]
fn inspect_says_what_would_become_of_a_document_and_ends_well_whatever_that_is() {
    let union = Union::without_server(&Database::Sqlite, "press");
    let note = r#"{"@context":"https://www.w3.org/ns/activitystreams","id":"https://a.example/1","type":"Note",
        "attributedTo":"https://a.example/actor","to":["https://www.w3.org/ns/activitystreams#Public"],
        "inReplyTo":"https://b.example/2","content":"<p>Selam<script>x</script></p>","contentMap":{"tr":"<p>Selam</p>"}}"#;
    let create = format!(
        r#"{{"id":"https://a.example/1/a","type":"Create","actor":"https://a.example/actor","object":{note}}}"#
    );
    for (document, verdict, kind) in [
        (note, "accept", Some("Note")),
        (&create, "accept", Some("Create")),
        (&create.replacen("a.example/actor", "evil.example/actor", 1), "reject", Some("Create")),
        (r#"{"id":"https://a.example/2","type":"Dance","actor":"https://a.example/actor"}"#, "ignore", Some("Dance")),
        ("[]", "reject", None),
        ("{", "reject", None),
        ("", "reject", None),
        ("null", "reject", None),
    ] {
        let ended = union.run_with_input(&["inspect", "-", "--json"], document);
        let told = ended.json();
        assert_eq!((told["verdict"].as_str(), told["as"].as_str()), (Some(verdict), kind), "{document}: {told}");
        for key in ["reason", "author", "content", "language", "attachments", "in_reply_to"] {
            assert!(told.get(key).is_some(), "{key} is missing in {told}");
        }
        assert!(!told["reason"].as_str().expect("a reason").is_empty());
        let for_people = union.run_with_input(&["inspect", "-"], document);
        assert!(for_people.code == Some(0) && for_people.stdout.starts_with(verdict), "{for_people:?}");
    }
    let file = union.file("note.json", note);
    let told = union.json(&["inspect", argument(&file)]);
    assert_eq!(told["content"], "<p>Selam</p>");
    assert_eq!(told["language"], "tr");
    assert_eq!(told["in_reply_to"], "https://b.example/2");
    assert_eq!(union.run(&["inspect", "/nowhere.json"]).code, Some(1));
    assert!(!union.data().exists(), "nothing is stored");
}

#[test]
fn the_demo_tells_its_story_to_the_end() {
    let union = Union::without_server(&Database::Sqlite, "press");
    let mut demo = union.program();
    let ended = super::ended::ended(demo.args(["demo", "--once"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stdout.is_empty());
}
