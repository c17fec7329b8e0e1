//! The database: what keeps a node from starting, and that a refusal leaves everything as it was.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::Connection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use picket::clock::Clock;
use picket::config::Config;
use picket::error::Error;
use picket::federation::outbox;
use picket::node::Node;
use picket::statements::draft::{Draft, PictureDraft};

use crate::harness::{Database, World, execute, on_both_databases};

fn config(folder: &Path, database: &str) -> Config {
    let environment: BTreeMap<String, String> = [
        ("PICKET_DOMAIN", "127.0.0.1:4000"),
        ("PICKET_INSECURE", "true"),
        ("PICKET_DATA_DIR", folder.to_str().expect("a plain path")),
        ("PICKET_DATABASE_URL", database),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    Config::from_sources(None, environment).expect("settings")
}

async fn refusal(config: Config) -> Error {
    match Node::open(config, Clock::default()).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

fn assert_one_line(refusal: &Error, says: &str) {
    let line = refusal.to_string();
    assert!(!line.contains('\n') && line.contains(says), "{line}");
}

on_both_databases! {
    async fn an_older_program_refuses_a_newer_database_and_touches_nothing(world) {
        let node = world.node().await;
        node.publish("# One").await;
        node.write(|conn| {
            execute(conn, "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')");
            execute(conn, "CREATE TABLE from_the_future (id BIGINT)");
            Ok(())
        }).await;
        let error = refusal((*node.node.config).clone()).await;
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert_one_line(&error, "newer version");
        assert!(error.to_string().contains("99991231235959"));
        assert_eq!((node.count("statements").await, node.count("from_the_future").await), (1, 0));
        assert_eq!(node.count("__diesel_schema_migrations WHERE version = '99991231235959'").await, 1);
    }

    async fn two_processes_may_start_on_one_new_database_at_once(world) {
        let node = world.node().await;
        let config = (*node.node.config).clone();
        node.write(|conn| {
            // As at the first start, but for the tables of the running node itself.
            execute(conn, "DELETE FROM settings");
            Ok(())
        }).await;
        let opened = futures::future::join_all((0..4).map(|_| Node::open(config.clone(), Clock::default()))).await;
        for opened in opened {
            let opened = opened.expect("a node");
            assert_eq!(opened.identity.union.uri, node.union());
        }
        assert_eq!((node.count("actors").await, node.count("actor_keys").await), (2, 4));
    }

    async fn a_write_that_fails_leaves_nothing_behind(world) {
        let node = world.node().await;
        let failed: picket::error::Result<()> = node
            .node
            .db
            .write(|conn| {
                execute(conn, "INSERT INTO settings (key, value) VALUES ('half', 'written')");
                Err(Error::Forbidden("no".to_owned()))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(node.count("settings WHERE key = 'half'").await, 0);
    }

    async fn a_write_that_panics_leaves_nothing_behind_and_others_go_on(world) {
        let node = world.node().await;
        let failed: picket::error::Result<()> = node
            .node
            .db
            .write(|conn| {
                execute(conn, "INSERT INTO settings (key, value) VALUES ('half', 'written')");
                panic!("on purpose")
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(node.count("settings WHERE key = 'half'").await, 0);
        node.publish("# One").await;
        assert_eq!(node.count("statements").await, 1);
    }
}

#[tokio::test]
async fn several_first_starts_at_once_found_one_node() {
    let mut databases = vec![Database::Sqlite];
    databases.extend(Database::postgres());
    for database in databases {
        let folder = tempfile::tempdir().expect("a folder");
        let created = database.create(folder.path());
        let config = config(folder.path(), &created.url);
        let opened = futures::future::join_all((0..3).map(|_| Node::open(config.clone(), Clock::default()))).await;
        let mut keys = Vec::new();
        for node in opened {
            keys.push(
                node.expect("a node").keys().await.expect("keys").union.key.public_key().expect("its public half"),
            );
        }
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "all speak with one key");
    }
}

#[tokio::test]
async fn a_damaged_database_file_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("picket.sqlite");
    for damage in [b"This is no database, and long enough to be looked at as one.".repeat(100), vec![0xff; 8192]] {
        std::fs::write(&file, &damage).expect("written");
        let error = refusal(config(folder.path(), &format!("sqlite:{}", file.display()))).await;
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert_one_line(&error, "picket.sqlite");
        assert_eq!(std::fs::read(&file).expect("read"), damage, "and it is left as it was");
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_refused_in_one_line_without_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = refusal(config(folder.path(), "postgres://picket:geheim@127.0.0.1:1/picket")).await;
    assert_one_line(&error, "cannot be used");
    assert!(!error.to_string().contains("geheim"), "{error}");
    let nowhere = format!("sqlite:{}/no/such/folder/x.sqlite", folder.path().display());
    assert_one_line(&refusal(config(folder.path(), &nowhere)).await, "no/such/folder");
}

/// A disk without room: SQLite may not grow its file any more.
#[tokio::test]
async fn a_full_disk_refuses_a_statement_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("picket.sqlite");
    let node = Node::open(config(folder.path(), &format!("sqlite:{}", file.display())), Clock::default())
        .await
        .expect("a node");
    outbox::publish(&node, Draft::from_file_text("# Before").expect("a draft")).await.expect("published");
    let limit = async |pages: &'static str| {
        let set = move |conn: &mut picket::storage::Conn| {
            execute(conn, &format!("PRAGMA max_page_count = {pages}"));
            Ok(())
        };
        node.db.write(set).await.expect("limited");
    };
    limit("1").await;
    let picture = folder.path().join("march.png");
    image::RgbImage::new(8, 8).save(&picture).expect("a picture");
    let mut draft = Draft::from_file_text(&format!("# After\n\n{}", "words ".repeat(30_000))).expect("a draft");
    draft.pictures.get_or_insert_default().push(PictureDraft {
        file: picture,
        alt: "A march".to_owned(),
        ..PictureDraft::default()
    });
    let Err(error) = outbox::publish(&node, draft.clone()).await else { panic!("published on a full disk") };
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    assert_one_line(&error, "disk");
    let mut reader = SqliteConnection::establish(&file.to_string_lossy()).expect("a reader");
    reader.batch_execute("PRAGMA integrity_check").expect("whole");
    let mut conn = picket::storage::Conn::Sqlite(reader);
    assert_eq!(crate::harness::count(&mut conn, "statements"), 1);
    assert_eq!(crate::harness::count(&mut conn, "activities"), 1);
    let media = std::fs::read_dir(node.config.media_dir()).expect("a folder").count();
    assert_eq!(media, 0, "the picture of what was not published is gone");
    // Readers are served meanwhile, and with room again it goes on without hands.
    node.db.read(picket::statements::count_published).await.expect("read");
    limit("1073741823").await;
    outbox::publish(&node, draft).await.expect("published");
}

#[tokio::test]
async fn a_flood_of_writes_waits_in_a_queue_with_an_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("picket.sqlite").display());
    let node = Node::open(config(folder.path(), &database), Clock::default()).await.expect("a node");
    let (mut impatient, patient) = (node.db.clone(), node.db.clone());
    impatient.patience = std::time::Duration::from_millis(20);
    let (go_on, stuck) = std::sync::mpsc::channel::<()>();
    let first = patient.clone();
    let first = async move {
        // Until the test lets go.
        let wait = move |_: &mut picket::storage::Conn| Ok(_ = stuck.recv());
        first.write(wait).await
    };
    let mut waiting = vec![tokio::spawn(first)];
    waiting.extend((0..1_500).map(|_| {
        let db = patient.clone();
        tokio::spawn(async move { db.write(|_| Ok(())).await })
    }));
    let refused = loop {
        // Those that found a place before all were taken wait with the others.
        let tried = tokio::time::timeout(5 * impatient.patience, impatient.write(|_| Ok(()))).await;
        if let Ok(Err(error)) = tried {
            break error;
        }
    };
    assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
    assert_one_line(&refused, "try again");
    drop(go_on);
    for write in waiting {
        write.await.expect("no panic").expect("written in the end");
    }
    impatient.write(|_| Ok(())).await.expect("room again");
}

#[tokio::test]
async fn no_table_of_sqlite_gives_a_number_to_a_second_row() {
    let world = World::on(Database::Sqlite);
    let forgetful = "sqlite_schema WHERE type = 'table' AND sql LIKE '% id INTEGER PRIMARY KEY NOT NULL,%'";
    assert!(world.node().await.texts("name", forgetful).await.is_empty(), "AUTOINCREMENT is missing");
}
