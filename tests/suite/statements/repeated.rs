//! The same text twice: a button pressed twice, or a program that ran twice, would send everybody the same again.

use chrono::TimeDelta;
use picket::clock::rfc3339;
use picket::error::Error;
use picket::federation::outbox::{self, Repeated};
use picket::statements::draft::Draft;

use crate::harness::{TestNode, on_both_databases};

const TEXT: &str = "---\nlanguage: en\nlead: They ask for rest.\n---\n# Locked out\n\nSince Monday.";

/// Publishes unless the very same text is there.
async fn once(node: &TestNode, text: &str) -> Result<String, Error> {
    let draft = Draft::from_file_text(text).expect("a draft");
    outbox::publish_unless(&node.node, draft, Repeated::Refused).await.map(|published| published.statement.uri)
}

on_both_databases! {
    async fn the_same_text_within_a_day_is_noticed_and_refused_where_that_is_wanted(world) {
        let node = world.node().await;
        let first = node.publish(TEXT).await;
        assert!(first.twin.is_none());
        world.pass(TimeDelta::hours(23));
        let refused = once(&node, TEXT).await.expect_err("refused");
        assert!(matches!(&refused, Error::Conflict(why) if why.contains(&first.statement.uri) && why.contains("--once")), "{refused}");
        assert_eq!(node.count("statements").await, 1, "nothing is kept");
        let again = node.publish(TEXT).await;
        assert_eq!(again.twin.map(|twin| twin.uri), Some(first.statement.uri), "published, and noticed");
        assert_eq!(node.count("statements").await, 2);
        world.pass(TimeDelta::hours(25));
        once(&node, TEXT).await.expect("a day later it is no mistake");
    }

    async fn another_text_title_language_or_answered_post_is_another_statement(world) {
        let node = world.node().await;
        let first = node.publish_at(TEXT).await;
        for other in [
            TEXT.replace("Monday", "Tuesday"),
            TEXT.replace("# Locked out", "# Shut out"),
            TEXT.replace("# Locked out\n\n", ""),
            TEXT.replace("rest.", "sleep."),
            TEXT.replace("language: en", "language: en-GB"),
            TEXT.replace("language: en", &format!("language: en\nin_reply_to: {first}")),
        ] {
            once(&node, &other).await.unwrap_or_else(|error| panic!("{other}: {error}"));
            once(&node, &other).await.expect_err("a second time");
        }
    }

    async fn a_withdrawn_text_may_be_published_anew_and_a_scheduled_or_backdated_one_counts(world) {
        let node = world.node().await;
        let first = node.publish_at(TEXT).await;
        outbox::withdraw(&node.node, &first).await.expect("withdrawn");
        let second = once(&node, TEXT).await.expect("published anew");
        outbox::withdraw(&node.node, &second).await.expect("withdrawn");
        let dated = |date: &str| TEXT.replace("language: en", &format!("language: en\ndate: {date}"));
        once(&node, &dated("1986-11-10")).await.expect("backdated");
        once(&node, &dated("1986-11-10")).await.expect_err("of the same day");
        once(&node, &dated("1986-11-11")).await.expect("of another day");
        let scheduled = once(&node, &dated(&rfc3339(world.clock.now() + TimeDelta::days(9)))).await.expect("scheduled");
        let refused = once(&node, TEXT).await.expect_err("it is to be published");
        assert!(refused.to_string().contains(&scheduled), "{refused}");
    }

    async fn of_two_at_the_same_moment_one_is_published(world) {
        let node = world.node().await;
        let (one, other) = tokio::join!(once(&node, TEXT), once(&node, TEXT));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        assert_eq!(node.count("statements").await, 1);
    }
}
