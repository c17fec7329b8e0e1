//! `kill -9` inside a migration: the tables are the old ones or the new ones, never between.

use std::process::Stdio;
use std::time::Duration;

use picket::storage::{Conn, Location, alone, snapshot, steps, take_steps};

use super::database::on_both;
use super::union::Union;
use crate::harness::{count, execute};

/// Posts of the first version, which the later steps sort, change and index.
const POSTS: i64 = 30_000;
const ROUNDS: u64 = 10;

fn now_taken(location: &Location) -> Vec<String> {
    snapshot(location, steps).expect("readable")
}

/// The database as the first version left it, with many posts.
fn old_database(location: &Location, first: &str) {
    let numbers = match location {
        Location::Sqlite(_) => {
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {POSTS}) SELECT i FROM n)"
            )
        }
        Location::Postgres(_) => format!("(SELECT i FROM generate_series(1, {POSTS}) AS n(i))"),
    };
    let fill = move |conn: &mut Conn| {
        take_steps(conn, &[first.to_owned()])?;
        execute(
            conn,
            "INSERT INTO actors (uri, kind, local, handle, host, name, summary, inbox, created_at, fetched_at, keys_checked_at) \
             VALUES ('https://a.example/1', 'Person', FALSE, 'a', 'a.example', '', '', 'https://a.example/1/inbox', \
                 '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
        );
        execute(
            conn,
            &format!(
                "INSERT INTO posts (uri, author_id, kind, visibility, review, content, sensitive, pictures, published, received_at) \
                 SELECT 'https://a.example/posts/' || i, (SELECT MIN(id) FROM actors), 'Note', \
                     CASE i % 3 WHEN 0 THEN 'private' ELSE 'public' END, CASE i % 3 WHEN 1 THEN 'held' ELSE 'none' END, \
                     '<p>A text of usual length, which many wrote.</p>', FALSE, '[]', '2026-01-01 00:00:00', '2026-01-01 00:00:00' \
                 FROM {numbers} AS numbers"
            ),
        );
        Ok(())
    };
    alone(location, fill).expect("an old database");
}

on_both! {
    fn a_migration_that_is_killed_leaves_the_old_tables_or_the_new_ones(on) {
        let all = {
            let newest = Union::without_server(on, "newest");
            newest.json(&["migrate"]);
            now_taken(&newest.location())
        };
        let first = all.first().expect("a first step").clone();
        let (mut killed_before, mut killed_after) = (0, 0);
        for round in 0..ROUNDS {
            let union = Union::without_server(on, "press");
            std::fs::create_dir_all(union.data()).expect("a folder");
            let location = union.location();
            old_database(&location, &first);
            let mut migrate = union.program();
            let mut child = migrate.arg("migrate").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
            std::thread::sleep(Duration::from_millis(3 + round * round * 6));
            child.kill().expect("to kill it");
            child.wait().expect("its end");
            let taken = now_taken(&location);
            if taken == all {
                killed_after += 1;
            } else {
                assert_eq!(taken, std::slice::from_ref(&first), "neither the old tables nor the new ones");
                killed_before += 1;
            }
            let rows = |table: &'static str| snapshot(&location, |conn| Ok(count(conn, table))).expect("readable");
            assert_eq!(rows("posts") , if taken == all { POSTS - POSTS / 3 } else { POSTS });
            // The next start does it, without hands.
            union.json(&["migrate"]);
            assert_eq!(now_taken(&location), all);
            assert_eq!((rows("posts"), rows("private_posts")), (POSTS - POSTS / 3, POSTS / 3));
            assert_eq!(rows("posts WHERE held_at IS NOT NULL"), POSTS / 3);
        }
        println!("{killed_before} were killed before their commit, {killed_after} after it");
        assert!(killed_before > 0);
    }
}
