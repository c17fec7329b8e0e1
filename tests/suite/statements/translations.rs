//! A statement in several languages: each has one text, and all stand together.

use chrono::TimeDelta;
use picket::clock::rfc3339;
use picket::error::{Error, Result};
use picket::federation::outbox;
use picket::statements::draft::Draft;

use crate::harness::{TestNode, on_both_databases};

const ENGLISH: &str = "---\nlanguage: en\n---\n# Strike\n\nFrom Monday on.";

fn turkish(original: &str) -> String {
    format!("---\nlanguage: tr\ntranslates: {original}\n---\n# Grev\n\nPazartesi.")
}

async fn publish(node: &TestNode, text: &str) -> Result<String> {
    let draft = Draft::from_file_text(text).expect("a draft");
    outbox::publish(&node.node, draft).await.map(|published| published.statement.uri)
}

async fn edit(node: &TestNode, address: &str, text: &str) -> Result<()> {
    outbox::edit(&node.node, address, Draft::from_file_text(text).expect("a draft")).await.map(drop)
}

fn assert_taken<T: std::fmt::Debug>(said: Result<T>, by: &str) {
    let error = said.expect_err("to be refused");
    let names = matches!(&error, Error::Invalid { field, why } if field == "language" && why.contains(by) && why.contains("statement edit"));
    assert!(names, "{error}");
}

on_both_databases! {
    async fn a_second_text_in_a_language_is_refused_by_the_name_of_the_first(world) {
        let node = world.node().await;
        let english = node.publish_at(ENGLISH).await;
        assert_taken(publish(&node, &format!("---\ntranslates: {english}\n---\n# Grev")).await, &english);
        let first = node.publish_at(&turkish(&english)).await;
        assert_taken(publish(&node, &turkish(&english).replace("tr", "TR").replace("TRanslates", "translates")).await, &first);
        let at = rfc3339(world.clock.now() + TimeDelta::hours(1));
        let spanish = |date: &str| turkish(&english).replace("language: tr", &format!("language: es\n{date}"));
        let scheduled = node.publish_at(&spanish(&format!("date: {at}"))).await;
        assert_taken(publish(&node, &spanish("")).await, &scheduled);
        assert_eq!(node.count("statements").await, 3);
        outbox::withdraw(&node.node, &first).await.expect("withdrawn");
        node.publish(&turkish(&english)).await;
    }

    async fn an_edit_leaves_each_language_its_one_text(world) {
        let node = world.node().await;
        let english = node.publish_at(ENGLISH).await;
        let first = node.publish_at(&turkish(&english)).await;
        assert_taken(edit(&node, &english, "---\nlanguage: tr\n---\n# Grev").await, &first);
        assert_taken(edit(&node, &first, "---\nlanguage: en\n---\n# Strike!").await, &english);
        edit(&node, &first, "---\nlanguage: az\n---\n# Tətil").await.expect("another language");
        edit(&node, &first, "---\nlanguage: az\n---\n# Tətil!").await.expect("its own language");
    }

    async fn whoever_translates_a_translation_adds_to_its_original(world) {
        let node = world.node().await;
        let english = node.publish_at(ENGLISH).await;
        let first = node.publish_at(&turkish(&english)).await;
        let french = |original: &str| turkish(original).replace("language: tr", "language: fr");
        let added = node.publish(&french(&format!("{first}?lang=tr"))).await.statement;
        assert_eq!(added.translates.as_deref(), Some(&*english));
        assert_taken(publish(&node, &french(&english)).await, &added.uri);
        edit(&node, &added.uri, &french(&first).replace("Grev", "Grève")).await.expect("the same file, corrected");
        edit(&node, &added.uri, &french(&added.uri).replace("Grev", "La grève")).await.expect("the same original");
        outbox::withdraw(&node.node, &english).await.expect("withdrawn");
        let late = node.publish(&turkish(&first).replace("language: tr", "language: de")).await.statement;
        assert_eq!(late.translates.as_deref(), Some(&*english), "they stay together");
    }

    async fn the_address_that_a_browser_shows_names_a_statement(world) {
        let node = world.node().await;
        let english = node.publish_at(ENGLISH).await;
        for (number, ending) in ["?lang=tr", "#main", "/", "?lang=tr#main"].into_iter().enumerate() {
            edit(&node, &format!("{english}{ending}"), &format!("# Strike {number}")).await.expect("edited");
            let answer = node.publish(&format!("---\nin_reply_to: {english}{ending}\n---\nYes, {number}.")).await.statement;
            assert_eq!(answer.in_reply_to.as_deref(), Some(&*english), "{ending}");
        }
    }
}
