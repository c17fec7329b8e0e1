//! Wrong settings, a taken port, a database that cannot be used: one line that says what to do, and exit code 2.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use super::database::Database;
use super::ended::{argument, ended, eventually};
use super::union::{Union, free_port};

fn not_serving() -> Union {
    Union::without_server(&Database::Sqlite, "press")
}

#[test]
fn a_wrong_setting_is_named_with_its_value_and_the_mend() {
    for (key, value, mend) in [
        ("PICKET_DOMAIN", "https://union.example/", "without https://"),
        ("PICKET_ACCOUNT_DOMAIN", "union example", "such as social.union.example"),
        ("PICKET_LISTEN", "8080", "127.0.0.1:8080"),
        ("PICKET_DATABASE_URL", "mysql://localhost/x", "sqlite:PATH"),
        ("PICKET_HANDLE", "штаб", "PICKET_NAME"),
        ("PICKET_LANGUAGE", "english", "pt-BR"),
        ("PICKET_INSECURE", "yes", "true or false"),
        ("PICKET_PROXY", "tor", "socks5h://"),
        ("PICKET_DOMIAN", "union.example", "spelling"),
    ] {
        let mut union = not_serving();
        union.set(key, value);
        for command in [&["serve"][..], &[], &["statement", "list"]] {
            let ended = union.run(command);
            let said = ended.refusal(2);
            let named = said.contains(key) && said.contains(mend) && (said.contains(value) || key == "PICKET_DOMIAN");
            assert!(named, "{command:?}: {said}");
        }
        assert!(!union.data().exists(), "{key}: nothing was made");
    }
}

#[test]
fn a_wrong_settings_file_is_named_as_well() {
    let mut union = not_serving();
    for (name, text, words) in [
        ("missing.toml", None, "--config"),
        ("broken.toml", Some("domain = \"a.test\"\nhandle = press"), "line 2"),
        ("unknown.toml", Some("handel = \"press\""), "handel"),
        ("list.toml", Some("handle = [\"press\"]"), "handle"),
        ("wrong.toml", Some("language = \"english\""), "\"english\""),
    ] {
        let path = text.map_or_else(|| union.data().join(name), |text| union.file(name, text));
        let ended = union.run(&["statement", "list", "--config", argument(&path)]);
        assert!(ended.refusal(2).contains(words), "{name}: {ended:?}");
    }
    // The one in the data folder is read by itself, and the environment wins over it.
    std::fs::create_dir_all(union.data()).expect("a folder");
    std::fs::write(union.data().join("picket.toml"), "language = \"tr\"\nhandle = \"otherwise\"\n").expect("a file");
    let id = union.publish("Merhaba", &["--at", "2020-01-01"]);
    assert_eq!(union.json(&["statement", "show", &id])["language"], "tr");
    union.serve();
    assert_eq!(union.document(&union.actor()).json()["preferredUsername"], "press");
}

#[test]
fn what_would_harm_in_public_is_refused() {
    let mut union = not_serving();
    union.set("PICKET_DOMAIN", "");
    union.set("PICKET_INSECURE", "");
    union.set("PICKET_LISTEN", "0.0.0.0:8080");
    let ended = union.run(&["serve"]);
    let said = ended.refusal(2);
    assert!(
        said.contains("PICKET_DOMAIN") && said.contains("localhost:8080") && said.contains("0.0.0.0:8080"),
        "{said}"
    );

    union.set("PICKET_DOMAIN", "union.example");
    union.set("PICKET_INSECURE", "true");
    let ended = union.run(&["serve"]);
    let said = ended.refusal(2);
    assert!(said.contains("PICKET_INSECURE") && said.contains("union.example"), "{said}");
    assert!(!union.data().exists(), "nothing was made");
}

#[test]
fn a_second_server_on_the_same_port_is_refused_and_the_first_goes_on() {
    let mut first = Union::start(&Database::Sqlite, "first");
    let ended = first.run(&["serve"]);
    assert!(ended.refusal(2).contains("another picket serve"), "the same folder says more than the port: {ended:?}");
    let mut second = Union::without_server(&Database::Sqlite, "second");
    second.set("PICKET_LISTEN", &first.domain);
    let ended = second.run(&["serve"]);
    assert!(ended.refusal(2).contains(&format!("PICKET_LISTEN: {}", first.domain)), "{ended:?}");
    assert!(!second.data().exists(), "nothing was made");
    assert!(first.is_up());
    assert_eq!(first.document(&first.actor()).status, 200);
}

/// Two would deliver everything twice.
#[test]
fn a_second_server_on_the_same_folder_is_refused_on_any_port_until_the_first_is_gone() {
    let mut union = Union::start(&Database::Sqlite, "first");
    let first = union.setting("PICKET_LISTEN").expect("an address");
    let address = format!("127.0.0.1:{}", free_port());
    union.set("PICKET_LISTEN", &address);
    let ended = union.run(&["serve"]);
    let said = ended.refusal(2);
    assert!(said.contains("another picket serve") && said.contains("picket.sqlite"), "{said}");
    // What is no server works beside one.
    assert_eq!(union.run(&["statement", "list"]).code, Some(0));
    assert_eq!(union.run(&["migrate"]).code, Some(0));
    union.set("PICKET_LISTEN", &first);
    assert!(union.is_up());
    union.kill();
    union.serve();
    assert!(union.is_up());
}

#[test]
fn a_database_that_cannot_be_used_is_refused_and_left_as_it_is() {
    let mut union = not_serving();
    std::fs::create_dir_all(union.data()).expect("a folder");
    let database = union.data().join("picket.sqlite");
    let garbage = b"This is no database, but somebody's letter.\n".repeat(100);
    std::fs::write(&database, &garbage).expect("a file");
    for command in [&["serve"][..], &["statement", "list", "--json"], &["migrate"]] {
        let ended = union.run(command);
        assert!(ended.refusal(2).contains("picket.sqlite"), "{command:?}: {ended:?}");
    }
    assert_eq!(std::fs::read(&database).expect("the file"), garbage);

    std::fs::remove_file(&database).expect("to remove it");
    std::fs::create_dir(&database).expect("a folder of that name");
    assert!(union.run(&["serve"]).refusal(2).contains("picket.sqlite"));

    // Nobody listens on port 1, and the password stays unsaid.
    union.set("PICKET_DATABASE_URL", "postgres://press:secret@127.0.0.1:1/press");
    let ended = union.run(&["serve"]);
    let said = ended.refusal(2);
    assert!(said.contains("127.0.0.1:1") && !said.contains("secret"), "{said}");
    assert!(
        said.ends_with("check that PostgreSQL runs there, and the address, user and password in database_url"),
        "{said}"
    );
    assert!(!said.contains('\t') && !said.contains("  "), "{said}");

    union.set("PICKET_DATABASE_URL", "");
    let file = union.file("a-file", "");
    union.set("PICKET_DATA_DIR", argument(&file));
    assert!(union.run(&["serve"]).refusal(2).contains("PICKET_DATA_DIR"));
}

#[test]
fn a_database_that_is_cut_short_is_refused_and_a_newer_one_is_not_touched() {
    let mut union = Union::start(&Database::Sqlite, "press");
    union.publish("A text.", &[]);
    assert!(union.stop().success());
    let database = union.data().join("picket.sqlite");
    // What stands in the log beside the file would make up for what the file loses.
    let mut conn = SqliteConnection::establish(argument(&database)).expect("the database");
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
    drop(conn);
    let whole = std::fs::read(&database).expect("the database");
    std::fs::write(&database, &whole[..whole.len() / 3]).expect("a shorter one");
    let ended = union.run(&["serve"]);
    assert!(ended.refusal(2).contains("picket.sqlite"), "{ended:?}");
    std::fs::write(&database, &whole).expect("the whole one");
    union.serve();
    assert!(union.stop().success());

    let mut conn = SqliteConnection::establish(argument(&database)).expect("the database");
    conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')").expect("a step");
    drop(conn);
    let ended = union.run(&["serve"]);
    assert!(ended.refusal(2).contains("newer version of Picket"), "{ended:?}");
}

#[test]
fn a_wrong_command_line_is_wrong_usage() {
    let union = not_serving();
    for arguments in [
        &["strike"][..],
        &["statement"],
        &["statement", "shout"],
        &["statement", "publish"],
        &["serve", "--fast"],
        &["follow"],
        &["timeline", "--limit", "0"],
        &["timeline", "--limit", "many"],
    ] {
        let ended = union.run(arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert_eq!(ended.stdout, "", "{arguments:?}");
        assert!(!ended.stderr.is_empty(), "{arguments:?}");
    }
    assert!(!union.data().exists(), "nothing was made");
}

#[test]
fn a_file_that_is_no_text_is_named_for_what_it_is() {
    let union = not_serving();
    let id = union.publish("A text.", &["--at", "2020-01-01"]);
    for (start, what) in [
        (&b"%PDF-1.7\n1 0 obj"[..], "a PDF"),
        (b"{\\rtf1\\ansi Locked out}", "RTF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "Word or LibreOffice"),
        (b"<!doctype HTML><p>Locked out", "a web page"),
        (b"\x89PNG\r\n", "a picture"),
    ] {
        let file = union.file("text.md", start);
        for command in [&["statement", "publish", argument(&file)][..], &["statement", "edit", &id, argument(&file)]] {
            let ended = union.run(command);
            let said = ended.refusal(1);
            assert!(said.contains("text.md") && said.contains(what) && said.contains("no Markdown"), "{said}");
        }
    }
    assert_eq!(union.list(&["statement", "list"]).len(), 1);
}

#[test]
fn whoever_founds_a_second_node_by_mistake_is_told_where_and_once() {
    let mut union = not_serving();
    let first = union.run(&["statement", "list", "--json"]);
    assert_eq!((first.code, first.stdout.as_str()), (Some(0), "[]\n"));
    let folder = union.data();
    let told = format!(
        "A new node was founded in {} for {}: there was none. If yours lies elsewhere, set PICKET_DATA_DIR.\n",
        argument(&folder),
        union.domain
    );
    assert_eq!(first.stderr, told);
    assert_eq!(union.run(&["statement", "list"]).stderr, "");
    // Who serves for the first time means to.
    let mut other = not_serving();
    other.serve();
    assert!(!other.log().contains("was founded"), "{}", other.log());
    union.set("PICKET_DATA_DIR", argument(&folder.join("third")));
    assert!(union.run(&["doctor"]).stderr.contains("third for"), "the doctor founds one as well");
}

/// Whoever follows the advice to choose another folder founds a second node.
#[test]
fn whoever_is_not_the_nodes_user_is_told_whose_it_is_and_nothing_is_founded() {
    let union = not_serving();
    union.publish("A text.", &["--at", "2020-01-01"]);
    let folder = union.data();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.parent().expect("a folder"), open).expect("opened");
    if std::os::unix::fs::chown(&folder, Some(65_533), None).is_err() {
        println!("skipped: a folder is given to another user for this test, which root may do");
        return;
    }
    for arguments in [&["statement", "list"][..], &["doctor"], &["backup", "-"]] {
        let ended = ended(union.program().args(arguments).uid(65_534));
        let said = format!("{}{}", ended.stdout, ended.stderr);
        let advice = format!("sudo -u '#65533' env PICKET_DATA_DIR={} picket", argument(&folder));
        assert!(ended.code != Some(0) && said.contains(&advice) && !said.contains("choose"), "{arguments:?}: {said}");
    }
}

#[test]
fn what_was_not_found_is_said_in_a_sentence_with_where_to_look() {
    let union = Union::start(&Database::Sqlite, "press");
    for (command, sentence) in [
        (&["page", "show", "abuot"][..], "picket: a page abuot (`picket page list` names them all) was not found"),
        (
            &["page", "remove", "abuot", "--lang", "en"],
            "picket: a page abuot (`picket page list` names them all) was not found",
        ),
        (
            &["profile", "field", "remove", "Ofice"],
            "picket: a field \"Ofice\" (`picket profile` lists them) was not found",
        ),
    ] {
        assert_eq!(union.run(command).refusal(1), sentence);
    }
}

#[test]
fn the_port_answers_once_the_server_is_up_and_no_more_when_it_has_ended() {
    let mut union = not_serving();
    union.serve();
    assert_eq!(union.page("/healthz").text(), "ok\n");
    assert!(union.stop().success());
    let health = union.at("/healthz");
    eventually("nobody answers", super::ended::PATIENCE, || {
        super::web::try_get(&health, super::web::PAGE).is_none().then_some(())
    });
}
