//! What is taken back: everybody is told, nothing of it stays.

use picket::federation::outbox;
use picket::statements::draft::Draft;
use serde_json::json;

use super::followed;
use crate::harness::on_both_databases;

on_both_databases! {
    async fn a_withdrawal_reaches_everybody_who_ever_got_the_statement(world) {
        let (node, follower_remote, follower) = followed(world).await;
        let (mentioned_remote, late_remote) = (world.remote().await, world.remote().await);
        let mentioned = mentioned_remote.person("bea");
        let statement = node.publish_at(&format!("+++\nto = [\"{}\"]\n+++\n# Strike\n\nSecret plan", mentioned.id)).await;
        node.deliver_all().await;
        // One follower leaves, another comes: both are told, as is the mentioned one whom a later wording no longer names.
        let undo = follower.activity("Undo", follower.activity("Follow", node.union()));
        follower.says(&node, &undo).await;
        late_remote.person("cem").follows(&node).await;
        node.edit(&statement, "# Strike\n\nOther plan").await;
        node.deliver_all().await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        for remote in [&follower_remote, &mentioned_remote, &late_remote] {
            let deletes = remote.heard_of("Delete");
            assert_eq!(deletes.len(), 1, "{}", remote.host);
            assert_eq!(deletes[0]["object"], json!({"id": statement, "type": "Tombstone"}));
            assert_eq!(deletes[0]["actor"], node.union());
        }
    }

    async fn a_withdrawn_statement_is_gone_everywhere_and_its_text_with_it(world) {
        let (node, _remote, _) = followed(world).await;
        let statement = node.publish_at("# Strike\n\nSecret plan").await;
        node.deliver_all().await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        node.deliver_all().await;
        let answered = node.get(&statement).await;
        assert_eq!(answered.status, 410);
        assert_eq!((answered.json()["type"].clone(), answered.json()["id"].clone()), (json!("Tombstone"), json!(statement)));
        for path in ["replies", "likes", "shares", "activity"] {
            assert_eq!(node.get(&format!("{statement}/{path}")).await.status, 410, "{path}");
        }
        assert_eq!(node.get("/actor/outbox").await.json()["totalItems"], 0);
        assert!(!node.get("/actor/outbox?page=true").await.body.contains(&statement));
        for (table, column) in [("statements", "markdown"), ("statements", "html"), ("statements", "title"), ("activities", "body"), ("revisions", "markdown")] {
            for kept in node.texts(column, table).await.into_iter().flatten() {
                assert!(!kept.contains("Secret plan") && !kept.contains("Strike"), "{table}.{column}: {kept}");
            }
        }
        assert!(outbox::withdraw(&node.node, &statement).await.is_err(), "twice");
        assert!(outbox::edit(&node.node, &statement, Draft::from_file_text("again").expect("a draft")).await.is_err());
        assert_eq!(node.count("statements WHERE state = 'withdrawn'").await, 1, "the row stays, so that the id is never used again");
    }

    async fn a_withdrawn_statement_answers_a_browser_with_410(world) {
        let node = world.node().await;
        let statement = node.publish_at("# Strike\n\nSecret plan").await;
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        let page = node.page(&statement).await;
        assert_eq!(page.status, 410);
        for path in [statement.as_str(), "/", "/feed.atom"] {
            assert!(!node.page(path).await.body.contains("Secret plan"), "{path}");
        }
    }

    async fn nothing_else_than_a_withdrawal_answers_410(world) {
        let node = world.node().await;
        for path in ["/actor", "/instance", "/statements/none", "/activities/none", "/actor/outbox", "/inbox", "/"] {
            assert_ne!(node.get(path).await.status, 410, "{path}");
        }
    }
}
