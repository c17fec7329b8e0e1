//! A node in one file, and back: all of it, on either database, or nothing.

mod refusals;
mod round_trips;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use picket::archive::{self, Backup, RecoveryKey, Restored, Saved, Source};
use picket::clock;
use picket::config::Config;
use picket::error::Result;
use picket::storage::{self, Conn, Location};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::documents;
use crate::harness::{Database, Remote, TestNode, World};

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

fn insert(conn: &mut Conn, table: &str, row: &Value) {
    let tables = storage::tables(conn).expect("tables");
    let table = tables.iter().find(|known| known.name == table).expect("the table");
    storage::insert_rows(conn, table, &json!([row]).to_string()).expect("inserted");
}
