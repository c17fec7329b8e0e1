//! Backup and restore as an operator does them: beside a running server, cut off at any moment, with recovery keys.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::database::{Database, OwnDatabase, on_both};
use super::ended::{PATIENCE, argument, ended, eventually};
use super::union::Union;

/// Another data folder and database for the same union.
struct Elsewhere {
    folder: tempfile::TempDir,
    database: Option<OwnDatabase>,
}

impl Elsewhere {
    fn new(on: &Database) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database: on.own() }
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let folder = self.folder.path().join("data").display().to_string();
        let database = self.database.as_ref().map(|database| ("PICKET_DATABASE_URL", database.url.clone()));
        std::iter::once(("PICKET_DATA_DIR", folder)).chain(database).collect()
    }

    /// A command of the union with this folder and database.
    fn program(&self, union: &Union, arguments: &[&str]) -> Command {
        let mut command = union.program();
        command.args(arguments).envs(self.settings());
        command
    }
}

fn with_a_picture(union: &Union, number: u32) -> String {
    let pixels = image::RgbImage::from_fn(400, 400, |x, y| {
        let shade = x.wrapping_mul(y).wrapping_mul(number + 7).to_le_bytes();
        image::Rgb([shade[0], shade[1], shade[2]])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    let picture = union.file("march.png", png.into_inner());
    union.publish(&format!("# Number {number}"), &["--image", argument(&picture), "--alt", "A march"])
}

/// Starts a command and kills it after a while; says whether it had ended by itself.
fn killed_after(mut command: Command, delay: Duration) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
    std::thread::sleep(delay);
    let ended = child.try_wait().expect("its state").is_some();
    child.kill().expect("to kill it");
    child.wait().expect("its end");
    ended
}

on_both! {
    fn a_node_that_was_lost_carries_on_from_its_backup(on) {
        let (mut one, mut other) = (Union::start(on, "one"), Union::start(on, "other"));
        other.follow(&one);
        let key = one.document(&one.actor()).json()["publicKey"]["publicKeyPem"].clone();
        let first = one.publish("# The first", &[]);
        other.receives(&first);
        other.kill();
        let waiting = with_a_picture(&one, 1);
        let file = one.file("x", "").with_file_name("picket.backup");
        let told = one.json(&["backup", argument(&file)]);
        assert_eq!((&told["encrypted"], &told["media"]), (&false.into(), &1.into()), "{told}");
        one.kill();
        let elsewhere = Elsewhere::new(on);
        for (name, value) in elsewhere.settings() {
            one.set(name, &value);
        }
        let told = one.json(&["restore", argument(&file)]);
        assert_eq!((&told["statements"], &told["followers"], &told["pending_deliveries"]), (&2.into(), &1.into(), &1.into()));
        one.serve();
        assert_eq!(one.document(&one.actor()).json()["publicKey"]["publicKeyPem"], key);
        other.serve();
        let last = one.publish("# The last", &[]);
        other.publish("We are back.", &[]);
        one.follow(&other);
        let entry = [&first, &waiting, &last].map(|id| other.receives(id))[1].clone();
        assert_eq!(entry["id"], waiting);
        eventually("its picture is served", PATIENCE, || {
            let note = one.document(&waiting).json();
            let picture = note["attachment"][0]["url"].as_str().or(note["attachment"]["url"].as_str())?.to_owned();
            (one.page(&picture).status == 200).then_some(())
        });
        let said = one.run(&["restore", argument(&file)]);
        assert!(said.refusal(1).contains("holds data already") && !said.stderr.contains("without a statement"), "{said:?}");
    }

    fn a_backup_that_is_killed_leaves_the_old_file_and_the_next_one_succeeds(on) {
        let one = Union::start(on, "one");
        for number in 0..4 {
            with_a_picture(&one, number);
        }
        let file = one.file("picket.backup", "the old one");
        let arguments = ["backup", argument(&file), "--force"];
        let mut ended = 0;
        for round in 0..12 {
            let mut command = one.program();
            command.args(arguments);
            ended += u32::from(killed_after(command, Duration::from_millis(round * round * 2)));
            let bytes = std::fs::read(&file).expect("the file");
            assert!(bytes == b"the old one" || bytes.starts_with(b"\x1f\x8b"), "the old one or the new one");
        }
        println!("{ended} of 12 backups had ended before they were killed");
        one.json(&arguments);
        let elsewhere = Elsewhere::new(on);
        let restored = super::ended::ended(&mut elsewhere.program(&one, &["restore", argument(&file), "--json"])).json();
        assert_eq!((&restored["statements"], &restored["media"]), (&4.into(), &4.into()));
        let left = std::fs::read_dir(file.parent().expect("a folder")).expect("a folder");
        assert!(!left.flatten().any(|entry| entry.file_name().to_string_lossy().contains("unfinished")));
    }

    fn a_restore_that_is_killed_can_be_done_again(on) {
        let one = Union::start(on, "one");
        for number in 0..4 {
            with_a_picture(&one, number);
        }
        let file = one.file("x", "").with_file_name("picket.backup");
        one.json(&["backup", argument(&file)]);
        let arguments = ["restore", argument(&file), "--json"];
        let mut elsewhere = Elsewhere::new(on);
        let mut again = 0;
        for round in 0..14 {
            killed_after(elsewhere.program(&one, &arguments), Duration::from_millis(5 + 25 * round));
            if round % 2 == 0 {
                // Killed twice in a row, half of the time.
                continue;
            }
            let restored = ended(&mut elsewhere.program(&one, &arguments));
            if restored.code == Some(0) {
                again += 1;
                let told = restored.json();
                assert_eq!((&told["statements"], &told["media"]), (&4.into(), &4.into()));
                assert_eq!(media_of(&elsewhere), media_of_union(&one));
            } else {
                // It had been committed before.
                assert!(restored.refusal(1).contains("holds data already"), "{restored:?}");
            }
            let statements = ended(&mut elsewhere.program(&one, &["statement", "list", "--json"])).json();
            assert_eq!(statements.as_array().map(Vec::len), Some(4));
            elsewhere = Elsewhere::new(on);
        }
        println!("{again} of 7 restores were done after one that was killed");
        assert!(again > 0);
    }
}

fn media_of(elsewhere: &Elsewhere) -> Vec<String> {
    names(&elsewhere.folder.path().join("data/media"))
}

fn media_of_union(union: &Union) -> Vec<String> {
    names(&union.data().join("media"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_recovery_key_in_the_settings_encrypts_every_backup() {
    let mut one = Union::without_server(&Database::Sqlite, "one");
    one.publish("# One", &[]);
    let plain = one.file("x", "").with_file_name("plain.backup");
    let said = one.run(&["backup", argument(&plain)]);
    assert!(said.stdout.contains("private keys unencrypted"), "{said:?}");
    let key = one.json(&["recovery-key"]);
    let (secret, recipient) = (key["secret"].as_str().expect("a secret"), key["recipient"].as_str().expect("a key"));
    assert!(one.run(&["recovery-key"]).stdout.contains("keep it off this machine"));
    one.set("PICKET_BACKUP_RECIPIENT", recipient);
    let file = plain.with_file_name("encrypted.backup");
    assert_eq!(one.json(&["backup", argument(&file)])["encrypted"], true);
    assert!(std::fs::read(&file).expect("readable").starts_with(b"age-encryption.org/v1"));
    let wrong = one.file("wrong.key", one.json(&["recovery-key"])["secret"].as_str().expect("a secret"));
    let printed = one.run(&["recovery-key"]).stdout;
    let (settings, shown) =
        printed.lines().filter(|line| !line.starts_with('#')).partition::<Vec<_>, _>(|line| line.contains(" = "));
    assert!(settings.len() == 1 && shown.len() == 1, "one line to paste and one to write down: {printed}");
    // As the key is printed, with its comments.
    let right = one.file("right.key", format!("# The secret\n{secret}\nbackup_recipient = \"{recipient}\"\n"));
    let elsewhere = Elsewhere::new(&Database::Sqlite);
    let restore = ["restore", argument(&file), "--identity"];
    let refused = ended(&mut elsewhere.program(&one, &[&restore[..], &[argument(&wrong)]].concat()));
    assert!(refused.refusal(1).contains("does not open the backup"));
    let restored = ended(&mut elsewhere.program(&one, &[&restore[..], &[argument(&right)]].concat()));
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert!(
        restored.stdout.contains("1 statement,") && restored.stdout.contains("Settings are not in a backup"),
        "{restored:?}"
    );
    let folder = format!("PICKET_DATA_DIR={} picket serve", elsewhere.folder.path().join("data").display());
    assert!(restored.stdout.contains(&folder), "{restored:?}");
    // The key on standard input.
    let empty = tempfile::tempdir().expect("a folder");
    one.set("PICKET_DATA_DIR", argument(empty.path()));
    assert_eq!(one.run_with_input(&["restore", argument(&file), "--json"], secret).json()["statements"], 1);
    one.set("PICKET_BACKUP_RECIPIENT", "age1nobody");
    let wrong = one.run(&["doctor"]);
    assert!(
        wrong.stdout.contains("PICKET_BACKUP_RECIPIENT") && wrong.stdout.contains("picket recovery-key"),
        "{wrong:?}"
    );
    assert!(one.run(&["serve"]).refusal(2).contains("picket recovery-key"));
}

#[test]
fn whoever_founded_a_node_before_the_restore_is_told_that_nobody_needs_it_and_how_to_make_room() {
    let one = Union::without_server(&Database::Sqlite, "one");
    one.publish("# One", &[]);
    let file = one.file("x", "").with_file_name("picket.backup");
    let told = one.run(&["backup", argument(&file)]).stdout;
    let elsewhere = Elsewhere::new(&Database::Sqlite);
    assert_eq!(ended(&mut elsewhere.program(&one, &["migrate"])).code, Some(0));
    let refused = ended(&mut elsewhere.program(&one, &["statement", "list"]));
    assert_eq!(refused.code, Some(0), "it founds a node");
    let restore = ["restore", argument(&file)];
    let said = ended(&mut elsewhere.program(&one, &restore)).refusal(1).to_owned();
    assert!(
        said.contains("without a statement and without a follower") && said.contains("picket.sqlite* and "),
        "{said}"
    );
    let data = elsewhere.folder.path().join("data");
    std::fs::rename(&data, elsewhere.folder.path().join("away")).expect("moved");
    let restored = ended(&mut elsewhere.program(&one, &restore)).stdout;
    for counted in ["1 statement,", "0 files,"] {
        assert!(told.contains(counted) && restored.contains(counted), "{counted} in both: {told} {restored}");
    }
}

#[test]
fn a_backup_that_cannot_be_written_names_the_folder_and_what_is_wrong_with_it() {
    let one = Union::without_server(&Database::Sqlite, "one");
    one.publish("# One", &[]);
    let folder = one.file("x", "").with_file_name("nowhere");
    let said = one.run(&["backup", argument(&folder.join("picket.backup"))]).refusal(1).to_owned();
    assert!(said.contains(argument(&folder)) && said.contains("is there") && !said.contains("space"), "{said}");
    std::fs::create_dir(&folder).expect("a folder");
    for arguments in [&["backup", argument(&folder)][..], &["backup", argument(&folder), "--force"]] {
        let said = one.run(arguments).refusal(1).to_owned();
        assert!(said.contains("is a folder; name a file in it"), "{said}");
    }
}

#[test]
fn a_backup_goes_to_standard_output_as_well() {
    let one = Union::without_server(&Database::Sqlite, "one");
    one.publish("# One", &[]);
    let output = one.program().args(["backup", "-"]).stderr(Stdio::piped()).output().expect("the program");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
    let file = one.file("piped.backup", output.stdout);
    let elsewhere = Elsewhere::new(&Database::Sqlite);
    let restored = ended(&mut elsewhere.program(&one, &["restore", argument(&file), "--json"]));
    assert_eq!(restored.json()["statements"], 1);
    assert!(one.run(&["backup", "-", "--json"]).refusal(1).contains("name a file"));
}
