//! What is refused, before anything is touched; and what failed or was killed leaves nothing behind.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use picket::archive::{self, Backup, RecoveryKey, Restored};
use picket::config::Config;
use picket::error::{Error, Result};
use picket::storage::{self, Location};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{SILENT, content, databases, elsewhere, file_in, insert, lived_in, pictures, restore, restore_with, save};
use crate::harness::{Chance, Database, TestNode, World, execute, on_both_databases};

/// What somebody did to a manifest.
type Change = fn(&mut Value);

fn assert_refused(refused: Result<Restored>, says: &str, config: &Config) -> Error {
    let error = refused.expect_err("to be refused");
    let line = error.to_string();
    assert!(line.contains(says) && !line.contains('\n'), "{line}");
    assert!(!config.data_dir.exists(), "nothing was touched, but {} is there after: {line}", config.data_dir.display());
    error
}

/// A small backup of a node, and its settings.
async fn small_backup(world: &World) -> (TestNode, TempDir, Vec<u8>) {
    let node = world.node().await;
    let folder = tempfile::tempdir().expect("a folder");
    save(&node.node.config, &file_in(&folder), &[]).expect("saved");
    let bytes = fs::read(file_in(&folder)).expect("readable");
    (node, folder, bytes)
}

on_both_databases! {
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
}

#[tokio::test]
async fn a_damaged_backup_is_refused_wherever_the_damage_is() {
    let world = World::on(Database::Sqlite);
    let (node, folder, whole) = small_backup(&world).await;
    let (other, _folder, _created) = elsewhere(&node.node.config, &Database::Sqlite);
    let mut chance = Chance::new(1);
    let file = file_in(&folder);
    for round in 0..200 {
        let mut bytes = whole.clone();
        let at = chance.below(bytes.len());
        bytes[at] ^= 1 << chance.below(8);
        fs::write(&file, &bytes).expect("written");
        assert_refused(restore(&other, &file), "nothing was touched", &other);
        fs::write(&file, &whole[..if round == 0 { whole.len() - 1 } else { chance.below(whole.len()) }])
            .expect("written");
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
    let mut chance = Chance::new(2);
    for _ in 0..50 {
        let mut bytes = whole.clone();
        let at = chance.below(bytes.len());
        bytes[at] ^= 1 << chance.below(8);
        fs::write(&file, &bytes).expect("written");
        assert_refused(restore_with(&other, &file, &keys[..1]), "nothing was touched", &other);
        fs::write(&file, &whole[..chance.below(whole.len())]).expect("written");
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
