//! A node in one file, and back: all of it, on either database, or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use picket::archive::{self, Backup, RecoveryKey, Restored, Saved, Source};
use picket::clock;
use picket::config::Config;
use picket::crypto::PrivateKey;
use picket::delivery;
use picket::error::{Error, Result};
use picket::node::Node;
use picket::storage::{self, Conn, Location};
use picket::transport::signature::{Request, read_claim};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::documents;
use crate::harness::{Database, Remote, TestNode, World, execute, on_both_databases};

/// What somebody did to a manifest.
type Change = fn(&mut Value);

const SILENT: archive::Watch<'static> = &|_, _, _| {};

/// The databases of this run.
fn databases() -> Vec<Database> {
    std::iter::once(Database::Sqlite).chain(Database::postgres()).collect()
}

/// An empty data folder and database for the same node, and what keeps them there.
fn elsewhere(config: &Config, database: &Database) -> (Config, TempDir, impl Sized + use<>) {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().join("data");
    let created = database.create(&data_dir);
    let config = Config { data_dir, database: created.url.parse().expect("a location"), ..config.clone() };
    (config, folder, created)
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("picket.backup")
}

fn save(config: &Config, file: &Path, keys: &[&RecoveryKey]) -> Result<Saved> {
    let recipients: Vec<String> = keys.iter().map(|key| key.recipient()).collect();
    let recipients = archive::parse_recipients(&recipients).expect("recipients");
    let now = clock::Clock::default().now();
    archive::backup(&Backup { config, recipients: &recipients, now, watch: SILENT }, file, false)
}

fn restore(config: &Config, file: &Path) -> Result<Restored> {
    restore_with(config, file, &[])
}

fn restore_with(config: &Config, file: &Path, keys: &[RecoveryKey]) -> Result<Restored> {
    archive::restore(config, &Source { file, keys }, SILENT)
}

/// All rows of all tables, in the order of their text.
fn content(location: &Location) -> BTreeMap<String, Vec<String>> {
    let read = |conn: &mut Conn| {
        let mut content = BTreeMap::new();
        for table in storage::tables(conn)? {
            let mut rows = Vec::new();
            storage::read_rows(conn, &table, |line| {
                // PostgreSQL puts spaces between.
                let row: Value = serde_json::from_str(line)?;
                rows.push(row.to_string());
                Ok(())
            })?;
            rows.sort();
            content.insert(table.name, rows);
        }
        Ok(content)
    };
    storage::snapshot(location, read).expect("readable")
}

fn pictures(config: &Config) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(config.media_dir()).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| (path.display().to_string(), fs::read(&path).expect("readable"))).map(named).collect()
}

fn named((path, bytes): (String, Vec<u8>)) -> (String, Vec<u8>) {
    (path.rsplit('/').next().unwrap_or_default().to_owned(), bytes)
}

/// A node with something of most kinds: followers, answers, likes, statements with and without files, deliveries that wait.
async fn lived_in(world: &World) -> (TestNode, Remote) {
    let (node, remote) = (world.node().await, world.remote().await);
    node.expect_undelivered();
    let amal = remote.person("amal");
    amal.follows(&node).await;
    let id = node.publish_at("# مرحبا\n\nإضراب في الميناء").await;
    node.deliver_all().await;
    let answer = amal.answer(&id, "<p>Solidarité ✊🏽</p>");
    remote.serve(&answer);
    amal.says(&node, &amal.activity("Create", answer)).await;
    amal.says(&node, &amal.activity("Like", id.as_str())).await;
    node.edit(&id, "# Corrected").await;
    let picture = node.data_dir().join("march.png");
    image::RgbImage::new(8, 8).save(&picture).expect("a picture");
    let letter = node.data_dir().join("letter.pdf");
    fs::write(&letter, documents::leaflet()).expect("a document");
    let picture = format!("pictures: [{{file: {}, alt: A march}}]", picture.display());
    let document = format!("documents: [{{file: {}, title: A letter}}]", letter.display());
    let text = format!("---\n{picture}\n{document}\n---\n# With a picture and a document");
    node.publish(&text).await;
    (node, remote)
}

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

fn insert(conn: &mut Conn, table: &str, row: &Value) {
    let tables = storage::tables(conn).expect("tables");
    let table = tables.iter().find(|known| known.name == table).expect("the table");
    storage::insert_rows(conn, table, &json!([row]).to_string()).expect("inserted");
}

fn assert_refused(refused: Result<Restored>, says: &str, config: &Config) -> Error {
    let error = refused.expect_err("to be refused");
    let line = error.to_string();
    assert!(line.contains(says) && !line.contains('\n'), "{line}");
    assert!(!config.data_dir.exists(), "nothing was touched, but {} is there after: {line}", config.data_dir.display());
    error
}

/// Numbers that are the same at each run, and look like any.
fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("a number") % below
    }
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
            assert_eq!((restored.statements, restored.followers, restored.media), (2, 1, 2));
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

    async fn a_node_that_holds_anything_is_not_restored_into(world) {
        let (node, _remote) = lived_in(world).await;
        let config = &node.node.config;
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(&folder);
        save(config, &file, &[]).expect("saved");
        let before = (content(&config.database), pictures(config));
        let said = restore(config, &file).expect_err("refused").to_string();
        assert!(said.contains("holds data already") && said.contains("nothing was touched"), "{said}");
        assert_eq!((content(&config.database), pictures(config)), before);
        for database in databases() {
            // One row of any table is enough, and so is a file.
            let (other, _folder, _created) = elsewhere(config, &database);
            picket::node::make_folders(&other).expect("folders");
            fs::write(other.media_dir().join("a1.png"), "a picture").expect("written");
            let said = restore(&other, &file).expect_err("refused").to_string();
            assert!(said.contains("media") && said.contains("nothing was touched"), "{said}");
            fs::remove_file(other.media_dir().join("a1.png")).expect("removed");
            storage::alone(&other.database, |conn| {
                storage::take_missing_steps(conn)?;
                insert(conn, "domain_blocks", &json!({"domain": "a.example", "reason": null, "created_at": "2026-05-01T09:30:00Z"}));
                Ok(())
            }).expect("written");
            assert!(restore(&other, &file).expect_err("refused").to_string().contains("domain_blocks"));
            storage::alone(&other.database, |conn| {
                execute(conn, "DELETE FROM domain_blocks");
                Ok(())
            }).expect("emptied");
            restore(&other, &file).expect("empty tables of the same version are as good as none");
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

/// A small backup of a node, and its settings.
async fn small_backup(world: &World) -> (TestNode, TempDir, Vec<u8>) {
    let node = world.node().await;
    let folder = tempfile::tempdir().expect("a folder");
    save(&node.node.config, &file_in(&folder), &[]).expect("saved");
    let bytes = fs::read(file_in(&folder)).expect("readable");
    (node, folder, bytes)
}

#[tokio::test]
async fn a_damaged_backup_is_refused_wherever_the_damage_is() {
    let world = World::on(Database::Sqlite);
    let (node, folder, whole) = small_backup(&world).await;
    let (other, _folder, _created) = elsewhere(&node.node.config, &Database::Sqlite);
    let mut number = numbers(1);
    let file = file_in(&folder);
    for round in 0..200 {
        let mut bytes = whole.clone();
        let at = number(bytes.len());
        bytes[at] ^= 1 << number(8);
        fs::write(&file, &bytes).expect("written");
        assert_refused(restore(&other, &file), "nothing was touched", &other);
        fs::write(&file, &whole[..if round == 0 { whole.len() - 1 } else { number(whole.len()) }]).expect("written");
        assert_refused(restore(&other, &file), "nothing was touched", &other);
    }
    fs::write(&file, [&whole[..], b"\n"].concat()).expect("written");
    assert_refused(restore(&other, &file), "damaged", &other);
    fs::write(&file, &whole).expect("written");
    restore(&other, &file).expect("and whole it comes back");
}

#[tokio::test]
async fn an_encrypted_backup_opens_with_any_of_its_keys_and_with_no_other() {
    let world = World::on(Database::Sqlite);
    let node = world.node().await;
    let config = &node.node.config;
    let keys = [RecoveryKey::generate(), RecoveryKey::generate()];
    let folder = tempfile::tempdir().expect("a folder");
    let file = file_in(&folder);
    save(config, &file, &[&keys[0], &keys[1]]).expect("saved");
    assert!(archive::is_encrypted(&file).expect("readable"));
    let whole = fs::read(&file).expect("readable");
    let (other, _folder, _created) = elsewhere(config, &Database::Sqlite);
    assert_refused(restore(&other, &file), "encrypted", &other);
    assert_refused(restore_with(&other, &file, &[RecoveryKey::generate()]), "does not open", &other);
    let mut number = numbers(2);
    for _ in 0..50 {
        let mut bytes = whole.clone();
        let at = number(bytes.len());
        bytes[at] ^= 1 << number(8);
        fs::write(&file, &bytes).expect("written");
        assert_refused(restore_with(&other, &file, &keys[..1]), "nothing was touched", &other);
        fs::write(&file, &whole[..number(whole.len())]).expect("written");
        assert_refused(restore_with(&other, &file, &keys[..1]), "nothing was touched", &other);
    }
    fs::write(&file, &whole).expect("written");
    for key in keys {
        let (other, _folder, _created) = elsewhere(config, &Database::Sqlite);
        restore_with(&other, &file, &[RecoveryKey::generate(), key]).expect("restored");
        assert_eq!(content(&other.database), content(&config.database));
    }
}

#[tokio::test]
async fn what_is_no_backup_or_of_another_node_or_version_is_refused() {
    let world = World::on(Database::Sqlite);
    let (node, folder, whole) = small_backup(&world).await;
    let config = &node.node.config;
    let (other, _folder, _created) = elsewhere(config, &Database::Sqlite);
    let file = file_in(&folder);
    let database = fs::read(config.data_dir.join("picket.sqlite")).expect("readable");
    for foreign in [&b""[..], b"x", b"Dear colleagues,", &[0; 2000], &database, &zipped(b"text"), &zipped(&[0; 4096])] {
        fs::write(&file, foreign).expect("written");
        assert_refused(restore(&other, &file), "nothing was touched", &other);
    }
    let of_somebody = zipped(&tar(&[("letter.txt", b"Dear colleagues,")]));
    fs::write(&file, of_somebody).expect("written");
    assert_refused(restore(&other, &file), "no backup of Picket", &other);

    let manifest = |change: &dyn Fn(&mut Value)| {
        let mut manifest = json!({"picket_backup": 1, "version": "7.0.0", "created": "2031-05-01T00:00:00Z",
            "node": node.node.urls.base(), "account_domain": config.account_domain, "steps": [], "tables": []});
        change(&mut manifest);
        zipped(&tar(&[("manifest.json", manifest.to_string().as_bytes())]))
    };
    let changes: [(Change, &str); 5] = [
        (|manifest| manifest["picket_backup"] = json!(2), "newer Picket (7.0.0)"),
        (|manifest| manifest["steps"] = json!(["99991231235959"]), "newer Picket (7.0.0)"),
        (|manifest| manifest["node"] = json!("https://other.example"), "set it to other.example"),
        (|manifest| manifest["tables"] = json!([{"name": "a\" (b", "rows": 0, "columns": {}}]), "never does"),
        // All is well with it, but for the seal.
        (|_| (), "checksum"),
    ];
    for (change, says) in changes {
        fs::write(&file, manifest(&change)).expect("written");
        assert_refused(restore(&other, &file), says, &other);
    }
    assert_refused(restore(&other, folder.path()), "cannot be read", &other);
    assert_refused(restore(&other, &folder.path().join("nowhere")), "cannot be read", &other);
    fs::write(&file, whole).expect("written");
    let elsewhere = Config { account_domain: "union.example".to_owned(), ..other.clone() };
    assert_refused(restore(&elsewhere, &file), "PICKET_ACCOUNT_DOMAIN", &other);
}

/// Zipped, and as many bytes behind it as a seal has.
fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
    zip.write_all(bytes).expect("written");
    [zip.finish().expect("zipped"), vec![0; 93]].concat()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, path, *bytes).expect("written");
    }
    tar.into_inner().expect("written")
}

#[tokio::test]
async fn a_backup_replaces_no_file_unless_it_is_told_to_and_leaves_none_when_it_fails() {
    let world = World::on(Database::Sqlite);
    let (node, folder, whole) = small_backup(&world).await;
    let config = &node.node.config;
    let file = file_in(&folder);
    let said = save(config, &file, &[]).expect_err("refused").to_string();
    assert!(said.contains("--force"), "{said}");
    assert_eq!(fs::read(&file).expect("readable"), whole);
    // What a killed one left does not matter.
    fs::write(folder.path().join(".picket.backup.unfinished"), vec![7; 1_000_000]).expect("written");
    let again = Backup { config, recipients: &[], now: node.node.now(), watch: SILENT };
    archive::backup(&again, &file, true).expect("replaced");
    assert!(fs::metadata(&file).expect("the file").len() < 500_000);
    // A picture that cannot be read: no backup without it.
    fs::create_dir(config.media_dir().join("a1.png")).expect("made");
    archive::backup(&again, &folder.path().join("other.backup"), false).expect_err("refused");
    let nobody = Config { database: Location::Sqlite(folder.path().join("none.sqlite")), ..(**config).clone() };
    save(&nobody, &folder.path().join("nobody.backup"), &[]).expect_err("refused");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside the backup");
}

#[tokio::test]
async fn what_a_killed_restore_left_is_taken_away_by_the_next() {
    let world = World::on(Database::Sqlite);
    let (node, folder, _) = small_backup(&world).await;
    let (other, _folder, _created) = elsewhere(&node.node.config, &Database::Sqlite);
    picket::node::make_folders(&other).expect("folders");
    for name in [".restoring", "a1.png"] {
        fs::write(other.media_dir().join(name), "half a picture").expect("written");
    }
    restore(&other, &file_in(&folder)).expect("restored");
    assert_eq!(pictures(&other).len(), 0);
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
