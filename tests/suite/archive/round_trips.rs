//! What comes back: everything, on either database, from one moment.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use picket::archive::{self, Backup};
use picket::clock;
use picket::crypto::PrivateKey;
use picket::delivery;
use picket::node::Node;
use picket::storage::{self, Conn, Location};
use picket::transport::signature::{Request, read_claim};
use serde_json::json;

use super::{content, databases, elsewhere, file_in, insert, lived_in, pictures, restore, save};
use crate::harness::{Database, TestNode, execute, on_both_databases};

/// Texts, numbers and times that a hurried encoding would lose.
fn insert_oddities(conn: &mut Conn) {
    let texts = [
        String::new(),
        "'; DROP TABLE actors; -- \" \\ \\u0000 \n\r\t".to_owned(),
        "\u{1}\u{7f}\u{85}\u{2028}\u{feff}\u{10ffff}".to_owned(),
        "{\"json\": [1, 2.0, null, true]}".to_owned(),
        "null".to_owned(),
        "12345678901234567890".to_owned(),
        "2026-05-01T09:30:00Z".to_owned(),
        "ﷺ 港湾 e\u{301} 👩🏽‍🏭".repeat(100_000),
    ];
    for (number, text) in texts.iter().enumerate() {
        insert(conn, "settings", &json!({"key": format!("odd {number}"), "value": text}));
    }
    // The largest whole number, times to the second and the millisecond, and at either end of what can be written.
    for (number, time) in
        ["2026-05-01T09:30:00Z", "2026-05-01T09:30:00.007Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]
            .iter()
            .enumerate()
    {
        let row = json!({"host": format!("odd{number}.example"), "signature_form": null, "failures": i32::MAX, "next_probe_at": time,
            "last_success_at": null, "last_failure_at": time});
        insert(conn, "hosts", &row);
    }
    execute(conn, "UPDATE lanes SET leased_until = '2026-05-01 09:30:00'");
    execute(conn, "UPDATE statements SET likes_count = 9007199254740993");
}

on_both_databases! {
    async fn everything_comes_back_on_either_database(world) {
        let (node, _remote) = lived_in(world).await;
        node.write(|conn| {
            insert_oddities(conn);
            Ok(())
        }).await;
        let config = &node.node.config;
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(&folder);
        let saved = save(config, &file, &[]).expect("saved");
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
        node.write(|conn| {
            // What a lease says is of no use elsewhere.
            execute(conn, "UPDATE lanes SET leased_until = NULL");
            Ok(())
        }).await;
        let before = content(&config.database);
        assert_eq!(saved.manifest.rows(), before.values().map(|rows| rows.len() as u64).sum::<u64>());
        assert!(before.values().filter(|rows| !rows.is_empty()).count() > 12, "the node has something of most kinds");
        for database in databases() {
            let (other, _folder, _created) = elsewhere(config, &database);
            let restored = restore(&other, &file).expect("restored");
            assert_eq!(content(&other.database), before);
            assert_eq!(pictures(&other), pictures(config));
            assert_eq!((restored.manifest.statements(), restored.followers, restored.media), (2, 1, 2));
            assert!(restored.pending > 0);
            // And from there once more.
            let again = folder.path().join("again.backup");
            save(&other, &again, &[]).expect("saved");
            let (third, _folder, _created) = elsewhere(config, &Database::Sqlite);
            restore(&third, &again).expect("restored");
            assert_eq!(content(&third.database), before);
            fs::remove_file(&again).expect("removed");
        }
    }

    async fn a_restored_node_has_its_keys_and_delivers_what_waited(world) {
        let (node, remote) = lived_in(world).await;
        let waiting = node.waiting().await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(&folder);
        save(&node.node.config, &file, &[]).expect("saved");
        for database in databases() {
            let (other, _folder, _created) = elsewhere(&node.node.config, &database);
            assert_eq!(restore(&other, &file).expect("restored").pending, waiting);
            let restored = Node::open(other, world.clock.clone()).await.expect("a node");
            remote.forget();
            delivery::deliver_due(&restored).await.expect("a readable queue");
            let posted = remote.posted();
            assert_eq!(i64::try_from(posted.len()).expect("few"), waiting);
            let key = node.node.keys().await.expect("keys").union.key.public_key().expect("its public half");
            for asked in posted {
                let request =
                    Request { method: "POST", path_and_query: &asked.target, headers: &asked.headers, body: &asked.body };
                let claim = read_claim(&request, &remote.host, "http", world.clock.now()).expect("a good signature");
                assert!(claim.verify(&key), "signed by the key that the world knows");
            }
            // New rows get numbers that nobody has.
            let draft = picket::statements::draft::Draft::from_file_text("# After").expect("a draft");
            picket::federation::outbox::publish(&restored, draft).await.expect("published");
            assert_eq!(restored.db.read(picket::statements::count_published).await.expect("a count"), 3);
        }
    }

    async fn a_backup_under_write_load_is_one_moment(world) {
        let (node, remote) = lived_in(world).await;
        let config = node.node.config.clone();
        let before = content(&config.database);
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(&folder);
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (go_on, gate) = std::sync::mpsc::channel();
        let to = file.clone();
        // After its first row the backup waits, and others write as much as they like.
        let saving = tokio::task::spawn_blocking(move || {
            let begin = std::cell::Cell::new(Some(begin));
            let watch = |_: &'static str, _, _| {
                if let Some(begin) = begin.take() {
                    begin.send(()).expect("the test waits");
                    gate.recv().expect("the test goes on");
                }
            };
            let now = clock::Clock::default().now();
            archive::backup(&Backup { config: &config, recipients: &[], now, watch: &watch }, &to, false)
        });
        begun.await.expect("begun");
        remote.person("noor").follows(&node).await;
        let withdrawn = node.publish_at("# Number 3").await;
        node.publish("# Number 4").await;
        picket::federation::outbox::withdraw(&node.node, &withdrawn).await.expect("withdrawn");
        node.deliver_all().await;
        go_on.send(()).expect("the backup waits");
        saving.await.expect("no panic").expect("saved");
        assert_ne!(content(&node.node.config.database), before);
        for database in databases() {
            let (other, _folder, _created) = elsewhere(&node.node.config, &database);
            restore(&other, &file).expect("restored");
            assert_eq!(content(&other.database), before);
        }
    }

    async fn a_backup_of_the_first_version_comes_back_as_todays(world) {
        let node = world.node().await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(&folder);
        let config = &node.node.config;
        for database in databases() {
            let (old, _old_folder, _old_created) = elsewhere(config, &database);
            picket::node::make_folders(&old).expect("folders");
            storage::alone(&old.database, |conn| {
                storage::take_steps(conn, &["20261123000001".to_owned()])?;
                insert_first_node(conn, &node);
                Ok(())
            }).expect("written");
            let saved = save(&old, &file, &[]).expect("saved");
            assert_eq!(saved.manifest.steps, ["20261123000001"], "a backup leaves the database at its version");
            let (new, _folder, _created) = elsewhere(config, &database);
            restore(&new, &file).expect("restored");
            let steps = storage::snapshot(&new.database, storage::steps).expect("readable");
            assert_eq!(steps, storage::snapshot(&config.database, storage::steps).expect("readable"));
            Node::open(new, world.clock.clone()).await.expect("a node that starts");
            fs::remove_file(&file).expect("removed");
        }
    }
}

/// The union as the first version kept it.
fn insert_first_node(conn: &mut Conn, node: &TestNode) {
    let config = &node.node.config;
    insert(conn, "settings", &json!({"key": "domain", "value": node.node.urls.base()}));
    insert(conn, "settings", &json!({"key": "account_domain", "value": config.account_domain}));
    let now = "2026-11-23T12:00:00Z";
    let actors = [(1, node.node.urls.actor()), (2, node.node.urls.instance_actor())];
    for (id, uri) in actors {
        let row = json!({"id": id, "uri": uri, "kind": "Organization", "local": true, "handle": "union@x", "host": config.domain,
            "name": "A union", "summary": "", "url": null, "inbox": format!("{uri}/inbox"), "shared_inbox": null, "outbox": null,
            "followers": null, "icon": null, "created_at": now, "fetched_at": now, "keys_checked_at": now});
        insert(conn, "actors", &row);
        let keys = [("rsa", PrivateKey::generate_rsa()), ("ed25519", PrivateKey::generate_ed25519())];
        for (algorithm, key) in keys {
            let key = key.expect("a key");
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            let row = json!({"id": format!("{uri}#{algorithm}"), "actor_id": id, "algorithm": algorithm, "created_at": now,
                "public_key": hex(&key.public_key().expect("public").bytes), "private_key": hex(&key.to_pkcs8().expect("private"))});
            insert(conn, "actor_keys", &row);
        }
    }
}

/// Both databases have the same tables and columns, and the schema names each: else a backup of one would not come back on the other.
#[tokio::test]
async fn no_table_is_forgotten_and_both_databases_have_the_same() {
    let storage_room = concat!(env!("CARGO_MANIFEST_DIR"), "/src/storage");
    let read = |file: &str| fs::read_to_string(format!("{storage_room}/{file}")).expect("readable");
    let files = fs::read_dir(format!("{storage_room}/schema")).expect("a folder");
    let files = files.map(|file| format!("schema/{}", file.expect("a file").file_name().display()));
    let schema = std::iter::once("schema.rs".to_owned()).chain(files).map(|file| read(&file)).collect::<String>();
    let named = schema.split("diesel::table! {").skip(1);
    let mut named: Vec<&str> = named.map(|rest| rest.split_whitespace().next().expect("a name")).collect();
    // The database fills it itself, so that no backup carries it.
    named.retain(|name| *name != "site_version");
    named.sort_unstable();
    let mut seen = Vec::new();
    for database in databases() {
        let folder = tempfile::tempdir().expect("a folder");
        let created = database.create(folder.path());
        let location: Location = created.url.parse().expect("a location");
        drop(storage::open(&location).expect("opened"));
        let tables = storage::snapshot(&location, storage::tables).expect("tables");
        let mut names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, named);
        seen.push(tables);
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:#?}");
}
