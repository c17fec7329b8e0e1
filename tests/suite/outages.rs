//! A database that somebody else holds for longer than we wait: who writes is told to come again, who reads is served, and nothing is lost
//! or done twice.

use std::time::{Duration, Instant};

use picket::error::Error;
use picket::federation::outbox;
use picket::statements::draft::Draft;
use picket::storage::Location;
use picket::transport::SignatureForm;

use crate::harness::{Answered, Letter, TestNode, on_both_databases, other_connection};

/// Far above what a page takes, far below what a lock lasts.
const SOON: Duration = Duration::from_secs(5);

/// Sends all letters at once.
async fn send(node: &TestNode, letters: &[Letter]) -> Vec<Answered> {
    futures::future::join_all(letters.iter().map(|letter| letter.clone().post(node))).await
}

async fn serves_readers(node: &TestNode, statement: &str) {
    for _ in 0..3 {
        let begun = Instant::now();
        assert_eq!((node.page(statement).await.status, node.get("/actor").await.status), (200, 200));
        assert!(begun.elapsed() < SOON, "readers wait: {:?}", begun.elapsed());
    }
}

on_both_databases! {
    async fn a_database_that_is_locked_for_long_refuses_writers_and_serves_readers(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let statement = node.publish_at("# Strike").await;
        let people: Vec<_> = (0..12).map(|number| remote.person(&format!("worker{number}"))).collect();
        for person in &people {
            person.says(&node, &person.activity("Like", statement.as_str())).await;
        }
        let letters: Vec<Letter> = people
            .iter()
            .map(|person| {
                let answer = person.activity("Create", person.answer(&statement, "<p>With you</p>"));
                person.letter(SignatureForm::Cavage, &node, answer.to_string())
            })
            .collect();

        let mut other = other_connection(&node.node.config.database);
        let lock = match node.node.config.database {
            Location::Sqlite(_) => "BEGIN IMMEDIATE",
            Location::Postgres(_) => "BEGIN; LOCK TABLE heard_activities, settings, statements IN EXCLUSIVE MODE",
        };
        crate::harness::execute(&mut other, lock);
        let begun = Instant::now();
        let publish = outbox::publish(&node.node, Draft::from_file_text("# Unheard").expect("a draft"));
        let (refused, published, health, ()) =
            tokio::join!(send(&node, &letters), publish, node.page("/healthz"), serves_readers(&node, &statement));
        for answer in &refused {
            assert_eq!((answer.status, answer.header("retry-after")), (503, "30"), "{answer:?}");
            assert!(answer.body.contains("try again"), "{}", answer.body);
        }
        assert!(begun.elapsed() < Duration::from_secs(25), "they wait for one turn, not for one each: {:?}", begun.elapsed());
        let Err(Error::Unavailable(why)) = published else { panic!("published on a locked database: {published:?}") };
        assert!(why.contains("nothing was changed") && !why.contains('\n'), "{why}");
        assert_eq!((health.status, health.header("retry-after")), (503, "30"), "{health:?}");
        assert_eq!((node.count("posts").await, node.count("statements").await), (0, 1));

        crate::harness::execute(&mut other, "ROLLBACK");
        for answer in send(&node, &letters).await {
            assert_eq!(answer.status, 202, "{answer:?}");
        }
        for answer in send(&node, &letters).await {
            assert_eq!(answer.status, 202, "a second copy has no effect");
        }
        assert_eq!(node.count("posts").await, 12);
        tokio::time::timeout(SOON, async {
            // What was found a moment ago is told for a moment.
            while node.page("/healthz").await.status != 200 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }).await.expect("well again");
        node.publish("# Heard").await;
        node.deliver_all().await;
    }
}
