//! A disk that is full: a clear refusal to each, readers served, nothing lost, and no hands needed once there is room again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::TimeDelta;
use picket::clock::{self, Clock};

use super::database::Database;
use super::ended::{PATIENCE, argument, eventually};
use super::union::Union;

/// What the log says of a scheduled statement for which there is no room.
const UNPUBLISHED: &str = "scheduled statements could not be published";

/// A small disk of its own, which goes with this value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None`, said aloud, where this user may not mount one.
    fn at(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs"]).arg(folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: a small disk is mounted for this test, which root may do");
        }
        mounted.then(|| Self(folder.to_owned()))
    }

    /// Fills it to the last byte; gives the file that does.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        let mut file = std::fs::File::create(&path).expect("a file");
        while file.write_all(&[0; 4096]).is_ok() {}
        while file.write_all(&[0]).is_ok() {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whatever still has a file open there loses it later.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_refused_clearly_and_with_room_again_everything_arrives() {
    let mut one = Union::without_server(&Database::Sqlite, "one");
    let Some(disk) = SmallDisk::at(&one.data()) else { return };
    one.serve();
    let other = Union::start(&Database::Sqlite, "other");
    one.follow(&other);
    let before = other.publish("# Before", &[]);
    one.receives(&before);
    // Longer than whatever room the database's own files have left.
    let long = format!("# Long\n\n{}", "All of us stand together. ".repeat(7_000));
    let soon = clock::rfc3339(Clock::default().now() + TimeDelta::seconds(3));
    one.publish(&format!("+++\ndate = {soon}\n+++\n# Scheduled\n\n{}", &long[..60_000]), &[]);
    let filler = disk.fill();

    eventually("the scheduled one is due", PATIENCE, || one.log().contains(UNPUBLISHED).then_some(()));
    let refused = one.run_with_input(&["statement", "publish", "-"], &long);
    let said = refused.refusal(1);
    assert!(said.contains("disk") && said.contains("nothing was changed"), "{said}");
    let ids: Vec<String> =
        (0..3).map(|number| other.publish(&format!("# Number {number}\n\n{}", &long[..60_000]), &[])).collect();
    eventually("the full node refuses", PATIENCE, || other.log().contains("answered 503").then_some(()));
    // What did not fit into the log of the database may leave room for less.
    for path in ["/", "/actor", "/feed.atom"] {
        assert_eq!(one.page(path).status, 200, "{path} is served");
    }
    let health = one.page("/healthz");
    assert!(health.status == 200 || health.text().contains("free some space"), "{health:?}");
    assert!(one.log().contains("the database takes no writes"), "{}", one.log());
    assert_eq!(one.log().matches(UNPUBLISHED).count(), 1, "the log tells once: {}", one.log());
    assert!(one.list(&["timeline"]).iter().all(|entry| entry["id"] == before.as_str()), "nothing is half there");
    let ill = one.run(&["doctor", "--json"]);
    assert!(ill.stdout.contains("free some space"), "{ill:?}");

    std::fs::remove_file(filler).expect("room again");
    eventually("well again", PATIENCE, || (one.page("/healthz").status == 200).then_some(()));
    other.hurry();
    for id in &ids {
        one.receives(id);
    }
    assert_eq!(one.list(&["timeline"]).len(), 4, "each once");
    assert!(one.is_up(), "it was the same process all along");
    let short = one.file("short.md", "# After\n\nA text.");
    one.json(&["statement", "publish", argument(&short)]);
    eventually("the scheduled one appears", PATIENCE, || (one.list(&["statement", "list"]).len() == 2).then_some(()));
    assert!(one.log().contains("scheduled statements are published again"), "{}", one.log());
    drop(one);
}
